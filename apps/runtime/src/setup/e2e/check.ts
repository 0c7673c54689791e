/** What Zendesk itself shows of a handoff: that the ticket or chat carries what makes it traceable. */
import { Organizations, type Session } from "@opencx/core"
import { Effect } from "effect"
import type { Trouble } from "./steps.ts"

const lacks = (what: string): Trouble => ({
  problem: `The ticket is there, but ${what}.`,
  fix: "Somebody or something in Zendesk has changed it: look at the ticket's events, and for triggers that set tags.",
})

/** Null when all is well, or when there is nothing to look at. */
export const checkInZendesk = Effect.fnUntraced(function* (session: Session) {
  const { messaging, settings, ticketing } = yield* (yield* Organizations).get(session.orgId)
  if (session.chat !== null && messaging !== null) {
    const control = yield* messaging.control(session.chat.conversationId)
    return control === "humans"
      ? null
      : ({
          problem: `The handoff was accepted, but the chat is with ${control}.`,
          fix: "opencx verify says what the switchboard lacks.",
        } satisfies Trouble)
  }
  if (session.ticket === null || ticketing === null) return null
  const ticket = yield* ticketing.get(session.ticket.ticketId)
  if (ticket.externalId !== session.id) return lacks("its external_id is not the session's id")
  const tag = settings.tags.prefix
  return settings.tags.off.includes("opencx") || ticket.tags.includes(settings.tags.rename["opencx"] ?? tag)
    ? null
    : lacks(`it has no tag ${tag}`)
})
