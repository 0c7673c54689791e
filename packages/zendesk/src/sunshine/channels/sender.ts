/** Sends the AI's words on a channel that Zendesk owns: as a message of the business in the customer's conversation. */
import {
  type ChatControl,
  type MessagingError,
  type OutboundMessage,
  type OutboundThread,
  type Sender,
  SendFailure,
  describeReason,
  retryAfterOf,
} from "@opencx/core"
import { Clock, DateTime, Effect } from "effect"
import type { SunshineMessaging } from "../SunshineMessaging.ts"
import { decodeSunshineAddress } from "./address.ts"
import type { SunshineSource } from "./sources.ts"

const permanent = (code: string, explanation: string): SendFailure =>
  new SendFailure({ kind: { _tag: "Permanent", code, explanation } })

/** What became of a call that failed. The post looks for its marker first, so that sending again is safe. */
const ofError = (error: MessagingError): SendFailure => {
  const detail = error.message
  switch (error.reason._tag) {
    case "RateLimited":
    case "Unavailable":
    case "Conflict":
      return new SendFailure({ kind: { _tag: "Retry", afterMs: retryAfterOf(error.reason), detail } })
    case "Ambiguous":
      return new SendFailure({ kind: { _tag: "Ambiguous", detail, resendIsSafe: true } })
    case "NotFound":
      return permanent("conversation_gone", "The conversation no longer exists in Zendesk.")
    case "Closed":
      return permanent("conversation_full", "The conversation takes no more messages in Zendesk.")
    default:
      return permanent("refused", describeReason(error.reason))
  }
}

const whoHasIt: Readonly<Record<Exclude<ChatControl, "ours">, string>> = {
  humans: "Not sent: a human has the conversation in Zendesk.",
  bot: "Not sent: Zendesk's own bot has the conversation.",
  other: "Not sent: another integration has the conversation in Zendesk.",
  nobody: "Not sent: the conversation was released in Zendesk; the customer's next message brings it back.",
}

/** Null while the window is open. */
const closedWindow = (source: SunshineSource, thread: OutboundThread, now: number): string | null => {
  if (source.replyWindowMinutes === null || thread.lastInboundAt === null) return null
  const closedAt = thread.lastInboundAt + source.replyWindowMinutes * 60_000
  if (now < closedAt) return null
  const when = DateTime.formatIso(DateTime.makeUnsafe(closedAt))
  return `${source.title}: free messages are allowed for ${source.replyWindowMinutes / 60} hours after the customer's last message; that ended at ${when}.`
}

/** The AI never talks over a human. What our side says to close a part (`handoffConfirmed`) may come after them. */
const needsControl = (message: OutboundMessage): boolean => message.author === "ai"

/** A sender over one organization's app. Every send first looks for its own delivery id, so that none goes out twice. */
export const sunshineSender = (messaging: SunshineMessaging, source: SunshineSource): Sender => ({
  send: Effect.fn("Sunshine.send")(function* (message, thread) {
    const address = decodeSunshineAddress(thread.address)
    if (address === null)
      return yield* permanent("bad_address", "The thread does not say which Zendesk conversation it is.")
    const closed = closedWindow(source, thread, yield* Clock.currentTimeMillis)
    if (closed !== null) return yield* new SendFailure({ kind: { _tag: "Hold", explanation: closed } })
    if (needsControl(message)) {
      const control = yield* messaging.port.control(address.conversationId).pipe(Effect.mapError(ofError))
      if (control !== "ours")
        return yield* new SendFailure({ kind: { _tag: "Withheld", why: whoHasIt[control] } })
    }
    const ids = yield* messaging
      .postWithin(
        {
          conversationId: address.conversationId,
          userId: address.userId,
          marker: message.deliveryId,
          author: message.author,
          authorName: message.authorName,
          text: message.text,
          files: message.files,
          silent: false,
          checkFirst: true,
        },
        source.limit,
      )
      .pipe(Effect.mapError(ofError))
    return { providerId: ids[0] ?? null, messageId: ids.at(-1) ?? null }
  }),
  typing: (thread) => {
    const address = decodeSunshineAddress(thread.address)
    return address === null ? Effect.void : Effect.ignore(messaging.port.typing(address.conversationId))
  },
})
