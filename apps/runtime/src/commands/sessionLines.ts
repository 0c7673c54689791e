/** Sessions and timelines as lines for a terminal. */
import type { Entry, Session, Work } from "@opencx/core"
import { DateTime } from "effect"
import type { SessionStory } from "../operate/sessionStory.ts"
import { printable } from "../logging/printable.ts"

const iso = (ms: number): string => DateTime.formatIso(DateTime.makeUnsafe(ms))

const linked = ({ chat, ticket }: Session): string =>
  [
    ticket === null ? "" : `ticket ${ticket.ticketId} (${ticket.status})`,
    chat === null ? "" : `chat ${chat.conversationId} (${chat.control})`,
  ]
    .filter((text) => text !== "")
    .join(", ")

/** One session in a list. */
export const sessionLine = (session: Session): string => {
  const { channel, id, orgId, state, subject, updatedAt } = session
  return printable(
    [id, iso(updatedAt), orgId, channel, state, linked(session), subject ?? ""]
      .filter((text) => text !== "")
      .join("  "),
  )
}

const flat = (value: unknown): string => {
  if (typeof value === "string") return value
  if (Array.isArray(value)) return value.map(flat).join("; ")
  if (typeof value !== "object" || value === null) return String(value)
  return Object.entries(value)
    .flatMap(([name, item]) => (item === null || name === "_tag" ? [] : [`${name}: ${flat(item)}`]))
    .join(", ")
}

const entryLine = ({ at, body, seq }: Entry): string => {
  const { _tag, ...rest } = body
  const details = Object.entries(rest).flatMap(([name, value]) =>
    value === null || (Array.isArray(value) && value.length === 0) ? [] : [`     ${name}: ${flat(value)}`],
  )
  return [`${String(seq).padStart(4)} ${iso(at)} ${_tag}`, ...details].join("\n")
}

const workLine = ({
  attempts,
  epoch,
  id,
  lastError,
  outcome,
  queue,
  status,
  task,
  updatedAt,
}: Work): string => {
  const tries = attempts === 0 ? "" : `, ${attempts} failed ${attempts === 1 ? "try" : "tries"}`
  const replays = epoch === 0 ? "" : `, replayed ${epoch} times`
  const why = outcome?._tag === "Failed" ? outcome.explanation : lastError
  return `${id}  ${iso(updatedAt)}  ${queue} ${task._tag}: ${status}${tries}${replays}${why === null ? "" : `\n     ${why}`}`
}

/** The whole story: timeline with ids, deliveries, identity decisions and traces, then the work with its tries. */
export const storyLines = ({ contact, entries, session, work }: SessionStory): string => {
  const people = contact?.identities.map(
    ({ kind, value, verified }) => `${kind} ${value}${verified ? "" : " (claimed)"}`,
  )
  return printable(
    [
      sessionLine(session),
      `contact ${session.contactId}${contact?.name ? ` ${contact.name}` : ""}: ${people?.join(", ") || "not known any more"}`,
      "",
      ...entries.map(entryLine),
      ...(work.length === 0 ? [] : ["", "Work", ...work.map(workLine)]),
    ].join("\n"),
  )
}
