/** Messages that do not reach the customer on their channel. */
import { type Check, judged, notice, ok, problem } from "../Check.ts"
import type { Focus } from "../Chart.ts"
import { lastUpdates, newest, sessionCheck, undelivered } from "./sessions.ts"

/** The words that our SMS channels use for it; providers' codes 30034 and 30035 (Twilio), 40010 (Telnyx) become them. */
const registration = /10DLC/

const notRegistered = sessionCheck(
  "sms.registration",
  {
    problem:
      "Texts do not reach customers in the United States: the number is not registered for 10DLC, and carriers block it.",
    fix: "Finish the A2P 10DLC registration (or toll-free verification) of the number at the SMS provider; nothing in Zendesk changes it.",
  },
  (one) => {
    const why = undelivered(one).filter((text) => registration.test(text))
    return why.length === 0 ? null : why
  },
)

const unreachable = sessionCheck(
  "replies.unreachable",
  {
    problem: "A message could not be delivered: the contact cannot be reached on this channel.",
    fix: "Confirm that the email address is valid, or that the number is still subscribed (no STOP); the evidence has the provider's reason. Reach the contact on another channel, and replay it when that is mended (opencx dead-letters replay).",
  },
  (one) => {
    const why = undelivered(one).filter((text) => !registration.test(text))
    return why.length === 0 ? null : why
  },
)

const held = sessionCheck(
  "replies.held",
  {
    problem:
      "A reply waits, because the channel's reply window is closed (WhatsApp: 24 hours after the customer's last message).",
    fix: "It is sent by itself when the customer writes again. Configure a template for the channel to reach customers after the window.",
  },
  (one) => {
    if (one.session.held.length === 0) return null
    const why = lastUpdates(one).flatMap(({ explanation, status }) =>
      status === "held" ? [explanation ?? "it waits for the customer's next message"] : [],
    )
    return why.length === 0 ? "a message waits for the customer's next one" : why
  },
  // It goes out by itself.
  { say: notice },
)

/** The newest words of an agent on the ticket, and whether we have them. */
const privateReply = ({ session, thread }: Focus) =>
  judged(thread, ({ comments }) => {
    const last = comments.findLast(({ by }) => by === "agent")
    if (session === null || last === undefined || last.public) return ok()
    const sent = newest(session, "HumanReply")
    // Agents write notes for each other too: only they know what this one was to be.
    return notice({
      problem: "The agent's newest comment is an internal note: notes never go to the contact.",
      fix: "Post it again as Public reply, not Internal note.",
      evidence: [
        sent === null
          ? "no public reply has come from this ticket yet"
          : "an earlier public reply has reached us",
      ],
    })
  })

const unsynced = ({ session, thread }: Focus) =>
  judged(thread, ({ comments }) => {
    if (session === null) return null
    const arrived = new Set(
      session.timeline.flatMap(({ body }) =>
        body._tag === "HumanReply" && body.commentId !== null ? [String(body.commentId)] : [],
      ),
    )
    // The timeline was read from here on: older replies may have come before it.
    const since = session.timeline[0]?.at ?? 0
    const lost = comments.filter(
      (one) =>
        one.public && one.by === "agent" && one.createdAt >= since && !arrived.has(String(one.commentId)),
    )
    return lost.length === 0
      ? ok()
      : problem({
          problem: `${lost.length === 1 ? "A public reply has" : `${lost.length} public replies have`} not reached OpenCX.`,
          fix: "Mend what the checks replies.* name (opencx setup zendesk). A running opencx serve looks for missed replies every minute and sends them then.",
          evidence: lost.map(({ commentId }) => `comment ${commentId}`),
        })
  })

export const deliveryChecks: ReadonlyArray<Check> = [
  unreachable,
  held,
  notRegistered,
  { id: "replies.private", look: ({ focus }) => (focus === null ? null : privateReply(focus)) },
  { id: "replies.unsynced", look: ({ focus }) => (focus === null ? null : unsynced(focus)) },
]
