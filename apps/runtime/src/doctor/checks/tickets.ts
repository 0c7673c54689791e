/** Handoffs that made no ticket or two, and tickets whose replies cannot find their way back. */
import { normalizeTag } from "@opencx/core"
import { type Check, notice } from "../Check.ts"
import { valueOf } from "../Reading.ts"
import type { Chart, SessionChart } from "../Chart.ts"
import { failedHandoff, sessionCheck } from "./sessions.ts"

const replay =
  "Mend that, then replay the dead letter (opencx dead-letters replay): it looks for the ticket before it makes one."

/** What verification has found to be wrong with what a handoff needs. */
const missingRight = ({ findings }: Chart): string | null => {
  const needed = ["credentials", "role", "create_tickets", "create_users", "read_users", "scopes", "account"]
  const bad = findings.ticketing.find(({ id, ok }) => !ok && needed.includes(id))
  return bad === undefined ? null : `${bad.problem ?? bad.id} ${bad.fix ?? ""}`
}

const handoff = sessionCheck(
  "handoff.ticket",
  {
    problem: "Handoff runs but no ticket appears in Zendesk.",
    fix: (chart) => `${missingRight(chart) ?? "The evidence names the cause."} ${replay}`,
  },
  (one) => {
    const why = failedHandoff(one)
    return why.length === 0 ? null : why
  },
)

/** A handoff that is still under way after this is late. */
const lateMs = 10 * 60_000

const slowHandoff = sessionCheck(
  "handoff.pending",
  {
    problem: "A handoff has been under way for more than ten minutes.",
    fix: "Check that opencx serve runs and that Zendesk answers (ticketing.reachable, https://status.zendesk.com). It goes on by itself when it does.",
  },
  ({ dead, session }, { now }) =>
    session.handoffPending && dead.length === 0 && now - session.updatedAt > lateMs
      ? `since ${Math.round((now - session.updatedAt) / 60_000)} minutes`
      : null,
)

/** What the trigger looks for. */
const wantedTag = ({ organization }: Chart): string => normalizeTag(organization.tags.prefix)

/** The linked ticket, while something can still come from it. */
const openTicket = ({ ticket }: SessionChart) => {
  const now = valueOf(ticket)
  return now === null || now.status === "closed" ? null : now
}

const needs = ({ ticket }: SessionChart) => ticket

const gone = sessionCheck(
  "replies.ticket_gone",
  {
    problem:
      "The linked ticket is not in Zendesk any more: it was deleted, or the credentials cannot see it.",
    fix: "Restore it in Zendesk (Views > Deleted tickets) if it is still needed; else the customer's next handoff makes a new one.",
  },
  ({ ticket }) => (ticket._tag === "Read" && ticket.value === null ? "Zendesk does not list it" : null),
  { needs, say: notice },
)

const merged = sessionCheck(
  "replies.ticket_merged",
  {
    problem:
      "The linked ticket was merged into another one: it is closed, and what agents write on the other ticket does not come to us.",
    fix: "Reply on a ticket of ours: the customer's next message makes a new one, and the AI or a human answers there. Agents should merge others' tickets into ours (tag opencx), not the other way round.",
  },
  ({ ticket }) => {
    const now = valueOf(ticket)
    return now?.status === "closed" && now.tags.includes("closed_by_merge")
      ? "it carries the tag closed_by_merge"
      : null
  },
  { needs, say: notice },
)

const tag = sessionCheck(
  "replies.tag",
  {
    problem:
      "Agent replies do nothing: the ticket lacks our tag, and the trigger fires only for tickets that have it.",
    fix: (chart) =>
      `Add the tag ${wantedTag(chart)} to the ticket, and look for what takes it away: a trigger, macro or automation that sets tags removes all others; so do \`tags.off\` and \`tags.rename\` of this tag.`,
  },
  (one, chart) => {
    const ticket = openTicket(one)
    return ticket === null || ticket.tags.includes(wantedTag(chart))
      ? null
      : `its tags are ${ticket.tags.slice(0, 20).join(", ") || "none"}`
  },
  { needs },
)

const externalId = sessionCheck(
  "replies.external_id",
  {
    problem:
      "Agent replies do nothing: the ticket's external_id is not the session's id, so that its webhooks find no session.",
    fix: "Set the ticket's external_id to the session's id again (API: PUT /api/v2/tickets/{id}), and look for the integration that writes it.",
  },
  (one) => {
    const ticket = openTicket(one)
    if (ticket === null || ticket.externalId === one.session.id) return null
    const now = ticket.externalId ?? ""
    return `its external_id is ${now === "" ? "empty" : `"${now.slice(0, 80)}"`}`
  },
  { needs },
)

const twice = sessionCheck(
  "duplicates.tickets",
  {
    problem: "Duplicate tickets for the same conversation: several open ones carry the same external_id.",
    fix: "Merge them in Zendesk into the one that the session is linked to. OpenCX looks before it creates: find who else writes this external_id (a copied ticket, an import).",
  },
  ({ session, tickets }) => {
    const open = (valueOf(tickets) ?? []).filter(({ status }) => status !== "closed")
    return open.length > 1
      ? `tickets ${open.map(({ ticketId }) => ticketId).join(", ")}; linked is ${session.ticket?.ticketId ?? "none"}`
      : null
  },
  { needs: ({ tickets }) => tickets },
)

const unfilled = sessionCheck(
  "fields.left_blank",
  {
    problem: "AI fields show blank on the ticket: a value was left out at the handoff.",
    fix: "The evidence says why; the checks fields.* look at each mapping.",
  },
  ({ timeline }) => {
    const remarks = timeline.flatMap(({ body }) =>
      (body._tag === "SystemEvent" || body._tag === "InternalNote") &&
      /is left blank|are left blank/.test(body.text)
        ? [body.text.slice(0, 300)]
        : [],
    )
    return remarks.length === 0 ? null : remarks
  },
  { say: notice },
)

export const ticketChecks: ReadonlyArray<Check> = [handoff, slowHandoff, gone, merged, tag, externalId, twice]
export const unfilledChecks: ReadonlyArray<Check> = [unfilled]
