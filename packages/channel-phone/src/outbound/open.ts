/** The sending half: spoken while the call lasts, texted afterwards where that is allowed, else refused with the reason. */
import {
  type Account,
  type OutboundMessage,
  type OutboundThread,
  type Receipt,
  type Sender,
  type SendFailure,
  sendParts,
} from "@opencx/core"
import { Effect } from "effect"
import { mayText } from "../caller/mayText.ts"
import { decodeReplyAddress, type ReplyAddress } from "../caller/ReplyAddress.ts"
import { permanent, retry, withheld } from "../failures.ts"
import { callKey, type Calls, type Past } from "../relay/Calls.ts"
import { type PhoneSettings, textLineOf } from "../settings/PhoneSettings.ts"
import { textsOf } from "../sms/split.ts"
import { textParts } from "../sms/textParts.ts"
import { callStatus } from "../sms/TwilioRest.ts"
import { hookUrl } from "../twilio/links.ts"

type PhoneAccount = Account<PhoneSettings>

/** While Twilio says that a call is up that has no connection here: it is being connected anew. */
const RECONNECT_MS = 2_000

const running: ReadonlySet<string> = new Set(["queued", "ringing", "in-progress"])

/** What became of a call without a connection here; Twilio is asked when this process does not know. */
const fateOf = Effect.fnUntraced(function* (
  account: PhoneAccount,
  callId: string,
  calls: Calls,
): Effect.fn.Return<Past, SendFailure> {
  const past = calls.pastOf(callKey(account, callId))
  const { settings } = account
  if (past !== null || settings.provider !== "twilio") return past ?? "ended"
  const answer = yield* callStatus(settings, callId).pipe(
    Effect.mapError((fault) => retry(`it is not known whether the call is still up: ${fault.message}`)),
  )
  if ("status" in answer && typeof answer.status === "string")
    return running.has(answer.status)
      ? yield* retry("the call is up, but not connected to this process", RECONNECT_MS)
      : "ended"
  if (answer.status === 404) return "ended"
  return yield* retry(`it is not known whether the call is still up: Twilio answered ${answer.status}`)
})

const text = Effect.fnUntraced(function* (
  account: PhoneAccount,
  message: OutboundMessage,
  address: ReplyAddress,
  agreed: boolean,
  past: Past,
): Effect.fn.Return<Receipt, SendFailure> {
  const ended = past === "transferred" ? "The call was transferred to a phone line" : "The call has ended"
  // "A colleague will answer you" is for those who are there: that nobody hears it any more is no failure.
  if (message.author === "system") return yield* withheld(`${ended}, so that nobody was there to be told.`)
  // Only people's own words follow a caller who has hung up.
  if (message.author !== "human")
    return yield* permanent("call-ended", `${ended} before this could be said to the caller.`)
  const may = mayText(address, textLineOf(account.settings), agreed)
  if (may._tag === "no") return yield* permanent(may.code, `${ended} and ${may.why}.`)
  const texts = textsOf(account.organizationName, message.text)
  if (texts.length === 0)
    return yield* permanent("empty", `${ended}, and there is no text in the reply to send.`)
  const sids = yield* sendParts(
    message.progress,
    textParts({
      message,
      line: may.line,
      to: may.to,
      texts,
      callback: (name, isLast) =>
        hookUrl(account, "sms", {
          delivery: message.deliveryId,
          part: isLast ? "last" : "more",
          name,
        }),
    }),
  )
  const sid = sids.at(-1) ?? null
  return { providerId: sid, messageId: sid }
})

const send = Effect.fn("channel-phone.send")(function* (
  account: PhoneAccount,
  message: OutboundMessage,
  thread: OutboundThread,
  calls: Calls,
): Effect.fn.Return<Receipt, SendFailure> {
  const address = yield* decodeReplyAddress(thread.address).pipe(
    Effect.mapError(() =>
      permanent("no-address", "It is not known any more which call this conversation was."),
    ),
  )
  const live = calls.find(callKey(account, address.call))
  const result = live === null ? "gone" : yield* live.speak(message)
  if (result === "spoken") return { providerId: `${address.call}:${message.deliveryId}`, messageId: null }
  if (result === "silent")
    return yield* permanent(
      "nothing-to-say",
      "There is nothing in this message that can be spoken in a call.",
    )
  return yield* text(
    account,
    message,
    address,
    (thread.optIn ?? null) !== null,
    yield* fateOf(account, address.call, calls),
  )
})

/** The sender of one account. */
export const openSender = (account: PhoneAccount, calls: Calls): Sender => ({
  send: (message, thread) => send(account, message, thread, calls),
  // Nobody waits for the filler: the turn goes on while it counts down.
  typing: (thread) =>
    decodeReplyAddress(thread.address).pipe(
      Effect.flatMap((address) =>
        Effect.forkDetach(calls.find(callKey(account, address.call))?.thinking ?? Effect.void),
      ),
      Effect.ignore,
    ),
})
