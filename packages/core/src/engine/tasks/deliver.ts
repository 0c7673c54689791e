/** One message to the customer, through the channel account that the conversation came by. */
import { Effect } from "effect"
import type { Attachment } from "../../domain/Attachment.ts"
import type { Entry, Source } from "../../domain/Entry.ts"
import type { DeliveryId } from "../../domain/Ids.ts"
import type { Session } from "../../domain/Session.ts"
import type { CustomerText } from "../../domain/Surface.ts"
import type { Outcome, Task, Work } from "../../domain/Work.ts"
import type { OutboundMessage, SendFailure } from "../../plugin/Plugin.ts"
import { Consents } from "../../ports/Consents.ts"
import { ConversationStore } from "../../ports/ConversationStore.ts"
import { DeliveryParts } from "../../ports/DeliveryParts.ts"
import { Threads } from "../../ports/Threads.ts"
import { filesOf, organizationOf, sessionOf } from "./context.ts"
import { sendProgress } from "./sendProgress.ts"
import { fromSend, permanent } from "./TaskFailure.ts"

interface Spoken {
  readonly deliveryId: DeliveryId
  readonly author: OutboundMessage["author"]
  readonly authorName: string | null
  readonly purpose: string | null
  readonly text: CustomerText
  readonly sources: ReadonlyArray<Source>
  readonly attachments: ReadonlyArray<Attachment>
}

const quiet = { authorName: null, purpose: null, sources: [], attachments: [] } as const

/** The part of an entry that can be said to a customer; null for every other kind of entry. */
export const spoken = (entry: Entry): Spoken | null => {
  const { body } = entry
  switch (body._tag) {
    case "AiAnswer": {
      const { deliveryId, sources, text } = body
      return { ...quiet, deliveryId, author: "ai", text, sources }
    }
    case "HumanReply": {
      const { attachments, authorName, deliveryId, text } = body
      return { ...quiet, deliveryId, author: "human", authorName, text, attachments }
    }
    case "SystemMessage": {
      const { deliveryId, purpose, text } = body
      return { ...quiet, deliveryId, author: "system", purpose, text }
    }
    default:
      return null
  }
}

/**
 * What the customer said of messages here. Sending to somebody who has refused is against the law in places, and costs the
 * number its standing.
 */
const consentOf = Effect.fnUntraced(function* (session: Session) {
  const decision = yield* (yield* Consents).decision(session, session.threadKey)
  if (decision?.optedOut !== true) return decision
  return yield* permanent(
    `The customer opted out of messages on this channel by writing "${decision.word}". They must opt in again first.`,
  )
})

/** What is no failure: it waits, or it was not to be sent any more. */
const outcomeOf = ({ kind }: SendFailure, seq: number): Outcome | null => {
  if (kind._tag === "Hold") return { _tag: "Held", seq, explanation: kind.explanation }
  return kind._tag === "Withheld" ? { _tag: "Skipped", why: kind.why } : null
}

const recordSent = Effect.fnUntraced(function* (session: Session, messageId: string | null) {
  if (messageId === null) return
  const threads = yield* Threads
  yield* threads.record(session, session.threadKey, { messageIds: [messageId], participants: [] })
})

export const runDeliver = Effect.fnUntraced(function* (work: Work, task: Extract<Task, { _tag: "Deliver" }>) {
  const session = yield* sessionOf(work)
  const store = yield* ConversationStore
  const [entry] = yield* store.timeline(session.orgId, session.id, { after: task.seq - 1, limit: 1 })
  const message = entry === undefined || entry.seq !== task.seq ? null : spoken(entry)
  if (message === null) return yield* permanent(`Entry ${task.seq} is nothing that can be sent.`)
  // Never talk over the human: the state counts as it is now, not as it was when the answer was decided.
  if (message.author === "ai" && session.state === "human") {
    return { _tag: "Skipped", why: "a human has taken over" } satisfies Outcome
  }
  const optIn = yield* consentOf(session)
  const organization = yield* organizationOf(session.orgId)
  const channel = organization.channels.get(session.accountId)
  if (channel === undefined) {
    return yield* permanent(`The channel account "${session.accountId}" is not configured any more.`)
  }
  const address = yield* (yield* Threads).address(session, session.threadKey)
  if (address === null) return yield* permanent("The customer's address on this channel is not known.")
  const sent = yield* channel.sender
    .send(
      {
        deliveryId: message.deliveryId,
        sessionId: session.id,
        author: message.author,
        authorName: message.authorName,
        purpose: message.purpose,
        text: message.text,
        subject: session.subject,
        sources: message.sources,
        files: yield* filesOf(session.orgId, message.attachments),
        progress: sendProgress(yield* DeliveryParts, {
          orgId: session.orgId,
          deliveryId: message.deliveryId,
        }),
      },
      { key: session.threadKey, address, lastInboundAt: session.lastInboundAt, optIn },
    )
    .pipe(
      Effect.map((receipt) => ({ receipt, instead: null })),
      Effect.catchTag("SendFailure", (failure) => {
        const instead = outcomeOf(failure, task.seq)
        return instead === null ? Effect.fail(fromSend(failure)) : Effect.succeed({ receipt: null, instead })
      }),
    )
  if (sent.receipt === null) return sent.instead
  yield* recordSent(session, sent.receipt.messageId)
  return { _tag: "Delivered", seq: task.seq, ...sent.receipt } satisfies Outcome
})
