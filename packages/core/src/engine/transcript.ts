/** A timeline as humans read it in the help desk: Markdown, who said what and when, nothing left out. */
import { DateTime } from "effect"
import type { Attachment } from "../domain/Attachment.ts"
import type { Brief, HandoffReason } from "../domain/Brief.ts"
import type { Entry } from "../domain/Entry.ts"
import type { Session } from "../domain/Session.ts"

const reasons: Record<HandoffReason, string> = {
  customer_asked: "the customer asked for a human",
  no_answer: "the Help Center has no answer to this",
  repeated_failure: "the AI did not get the customer further",
  anger: "the customer is upset",
  listed_topic: "this topic always goes to a human",
  agent_failed: "the AI was not available",
  every_conversation: "every conversation gets a ticket",
  operator: "a person took over",
  rollout: "the AI does not take this conversation yet",
}

export const reasonText = (reason: HandoffReason): string => reasons[reason]

/** The last moment that ISO dates write with four digits for the year. */
const lastInstant = 253_402_300_799_999

/** Times come from foreign clocks and headers: an absurd one must not cost the handoff. */
const stamp = (at: number): string => {
  if (!(at >= 0 && at <= lastInstant)) return "at an unknown time"
  const iso = DateTime.formatIso(DateTime.makeUnsafe(at))
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
}

const filesLine = (attachments: ReadonlyArray<Attachment>): string =>
  attachments.length === 0 ? "" : `\n\n_Attachments: ${attachments.map((a) => a.fileName).join(", ")}_`

const line = (who: string, at: number, text: string, extra = ""): string =>
  `**${who}** (${stamp(at)})\n\n${text}${extra}`

const unproven = "\n\n_The sender's address could not be verified._"

/** How much of a spoken answer was heard, by its delivery id: what an interrupted caller did not hear was not said. */
export const heardOf = (entries: ReadonlyArray<Entry>): ReadonlyMap<string, string> =>
  new Map(
    entries.flatMap(({ body }) => (body._tag === "Heard" ? [[body.deliveryId, body.text] as const] : [])),
  )

/** What the customer was told by an entry of ours or of the AI's. */
export const saidText = (
  body: { readonly text: string; readonly deliveryId: string },
  heard: ReadonlyMap<string, string>,
): string => {
  const part = heard.get(body.deliveryId)
  return part === undefined ? body.text : `${part} … (interrupted)`
}

const callLine = ({ reason, recordingUrl, summary }: Extract<Entry["body"], { _tag: "CallEnded" }>): string =>
  [`_The call ended: ${reason}_`, summary ?? "", recordingUrl === null ? "" : `[Recording](${recordingUrl})`]
    .filter((part) => part !== "")
    .join("\n\n")

const renderEntry = (entry: Entry, heard: ReadonlyMap<string, string>): string | null => {
  const { at, body } = entry
  switch (body._tag) {
    case "CustomerMessage": {
      const who = body.automatic ? "Customer (automatic message)" : "Customer"
      const remark = body.identified ? "" : unproven
      return line(who, at, body.fullText ?? body.text, filesLine(body.attachments) + remark)
    }
    case "AiAnswer": {
      if (body.withheld) return null
      const sources = body.sources.map((s) => s.title).join(", ")
      return line("AI", at, saidText(body, heard), sources === "" ? "" : `\n\n_Sources: ${sources}_`)
    }
    case "HumanReply":
      return line(body.authorName ?? "Agent", at, body.text, filesLine(body.attachments))
    case "SystemMessage":
      return line("Automatic message", at, saidText(body, heard))
    case "AssistantLine":
      return line(body.by, at, body.text)
    case "CallEnded":
      return callLine(body)
    case "OptOut":
      return `_${stamp(at)}: the customer ${body.optedOut ? "opted out of messages" : "takes messages again"}_`
    case "DeliveryUpdate":
      return body.status === "failed"
        ? `_${stamp(at)}: not delivered: ${body.explanation ?? "unknown reason"}_`
        : null
    default:
      return null
  }
}

/** All of it, oldest first. */
export const renderTranscript = (entries: ReadonlyArray<Entry>): string => {
  const heard = heardOf(entries)
  return entries
    .map((entry) => renderEntry(entry, heard))
    .filter((text) => text !== null)
    .join("\n\n---\n\n")
}

/** What stands above the transcript. */
export const renderSummary = (brief: Brief): string =>
  [
    brief.summary,
    `**Why a human:** ${reasonText(brief.reason)}`,
    `**Sentiment:** ${brief.sentiment}${brief.language === null ? "" : ` · **Language:** ${brief.language}`}`,
  ].join("\n\n")

/** Until when a reply can reach the customer, for the human who is to write it; null where the channel has no window. */
export const windowLine = (lastInboundAt: number | null, windowMinutes: number | null): string | null =>
  lastInboundAt === null || windowMinutes === null
    ? null
    : `**Reply window:** open until ${stamp(lastInboundAt + windowMinutes * 60_000)}`

/** Never empty: help desks refuse an empty comment, and a message may be nothing but a picture. */
export const wordsOf = ({
  attachments,
  fullText,
  identified,
  text,
}: Extract<Entry["body"], { _tag: "CustomerMessage" }>): string => {
  const words = (fullText ?? text).trim()
  const files = attachments.length === 0 ? "_(a message without text)_" : filesLine(attachments).trim()
  return (words === "" ? files : words) + (identified ? "" : unproven)
}

/** The customer's words since `after`, as one comment in the customer's name. */
export const renderForward = (entries: ReadonlyArray<Entry>): string =>
  entries.flatMap(({ body }) => (body._tag === "CustomerMessage" ? [wordsOf(body)] : [])).join("\n\n---\n\n")

/** Files of customer messages, in order. */
export const customerFiles = (entries: ReadonlyArray<Entry>): ReadonlyArray<Attachment> =>
  entries.flatMap((entry) => (entry.body._tag === "CustomerMessage" ? entry.body.attachments : []))

/** A ticket's subject: the conversation's own, else the customer's first words. At most 150 characters. */
export const subjectOf = (session: Session, entries: ReadonlyArray<Entry>): string => {
  const first = entries.find((e) => e.body._tag === "CustomerMessage")
  const words = first?.body._tag === "CustomerMessage" ? first.body.text : ""
  const oneLine = (line: string) => line.toWellFormed().replace(/\s+/g, " ").trim()
  const text = oneLine(session.subject ?? "") || oneLine(words)
  if (text === "") return "Conversation without a subject"
  // Cut between characters: half an emoji is no valid text for the help desk.
  return text.length <= 150 ? text : `${text.slice(0, 149).replace(/[\ud800-\udbff]$/, "")}…`
}
