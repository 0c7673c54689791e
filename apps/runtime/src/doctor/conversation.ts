/** One conversation told in facts: where it stands on both sides, what happened last, and what comes next. */
import { DateTime } from "effect"
import type { Chart, SessionChart } from "./Chart.ts"
import type { CheckResult, ConversationReport } from "./Diagnosis.ts"
import { valueOf } from "./Reading.ts"

const shown = { timeline: 15, deliveries: 5 } as const

const iso = (ms: number): string => DateTime.formatIso(DateTime.makeUnsafe(ms))

type Body = SessionChart["timeline"][number]["body"]

/** A line about an entry without its words. */
const factOf = (body: Body): string => {
  switch (body._tag) {
    case "HandoffRequested":
      return `handoff requested (${body.reason})`
    case "HandoffConfirmed":
      return body.ticketId === null
        ? `handed over by chat ${body.chatId ?? ""}`
        : `handed over by ticket ${body.ticketId}`
    case "HandoffFailed":
      return `handoff failed: ${body.explanation}`
    case "Handback":
      return `back to the AI: ${body.reason}`
    case "TicketStatusChanged":
      return `ticket ${body.ticketId} is ${body.status}`
    case "DeliveryUpdate":
      return `delivery ${body.status}${body.explanation === null ? "" : `: ${body.explanation}`}`
    case "ChatControlChanged":
      return `the chat is ${body.control}${body.reason === null ? "" : ` (${body.reason})`}`
    case "IdentityDecision":
      return `identity ${body.decision}: ${body.reason}`
    case "Assist":
      return `suggestion: ${body.result}`
    default:
      return body._tag
  }
}

const explained = (work: SessionChart["dead"][number]): string =>
  work.outcome?._tag === "Failed" ? work.outcome.explanation : (work.lastError ?? "no reason was kept")

const waiting = ({ session }: SessionChart): string => {
  if (session.handoffPending) return "The handoff is under way; opencx serve carries it out."
  switch (session.state) {
    case "ai":
      return "The AI answers the customer's next message."
    case "closed":
      return "The session is closed; the customer's next message opens a new one."
    case "handing_off":
      return "A human is to answer; the AI is silent until the ticket is closed or solved."
    case "human":
      return session.chat === null
        ? "A human has it. The AI answers again when the ticket is solved or closed."
        : "A human has it. The AI answers again when the ticket of the chat is closed."
  }
}

/** Notices about this conversation alone, as opposed to the whole account. Why no suggestion came matters on others' tickets. */
const isOwn =
  (one: SessionChart | null) =>
  ({ evidence, id }: CheckResult): boolean =>
    one === null
      ? /^assist\.(?:own_ticket|topic|not_helpful|status|question)$/.test(id)
      : id === "replies.private" || evidence.some((line) => line.startsWith("session "))

/** The first thing to do: the fix of the first problem, causes first, else of what is to be known of this conversation. */
const nextOf = (one: SessionChart | null, results: ReadonlyArray<CheckResult>): string => {
  const problems = results.filter(({ status }) => status === "problem")
  const first = problems.find(({ needed }) => needed) ?? problems.find(isOwn(one))
  if (first?.fix != null) return `${first.fix} (${first.id})`
  return one === null
    ? "The ticket is none of our conversations: the checks assist.* say what is to be expected."
    : waiting(one)
}

const sessionPart = (one: SessionChart | null) => ({
  sessionId: one?.session.id ?? null,
  channel: one?.session.channel ?? null,
  state: one?.session.state ?? null,
  handoffPending: one?.session.handoffPending ?? false,
  control: one === null ? null : (valueOf(one.chat)?.control ?? one.session.chat?.control ?? null),
  deadLetters: (one?.dead ?? []).map((work) => ({ id: work.id, task: work.task._tag, why: explained(work) })),
  deliveries: (one?.timeline ?? [])
    .flatMap(({ at, body }) =>
      body._tag === "DeliveryUpdate" ? [{ at: iso(at), status: body.status, why: body.explanation }] : [],
    )
    .slice(-shown.deliveries),
  timeline: (one?.timeline ?? [])
    .slice(-shown.timeline)
    .map(({ at, body }) => ({ at: iso(at), what: factOf(body) })),
})

/** Null where no conversation was asked about. */
export const conversationReport = (
  { focus }: Chart,
  results: ReadonlyArray<CheckResult>,
): ConversationReport | null => {
  if (focus === null) return null
  const linked = focus.session === null ? null : valueOf(focus.session.ticket)
  const ticket = valueOf(focus.thread)?.ticket ?? linked
  return {
    ...sessionPart(focus.session),
    ticketId: focus.ticketId,
    ticketStatus: ticket?.status ?? null,
    ticketTags: ticket?.tags ?? [],
    next: nextOf(focus.session, results),
  }
}
