/** Twilio's webhooks: calls, their callbacks, and news about text messages. */
import {
  type Account,
  type ChannelEvent,
  type HookAnswer,
  MalformedInput,
  type RawRequest,
  SignatureRejected,
} from "@opencx/core"
import { Clock, Effect, Result } from "effect"
import { callKey, type Calls } from "../relay/Calls.ts"
import type { TwilioSettings } from "../settings/twilio.ts"
import { decodeReceipt } from "../sms/receipts.ts"
import { goodbye, nothing } from "./answers.ts"
import { readVoice } from "./calls.ts"
import { hookQueryOf } from "./links.ts"
import { outcomeOf } from "./outcome.ts"
import { parseForm, type SigningTokens, verifyTwilio } from "./signature.ts"

type TwilioAccount = Account<TwilioSettings>

/** Twilio's forms are a few kilobytes. */
const MAX_BYTES = 131_072

/** Checks the signature over the configured URL and all parameters. */
export const verifyTwilioHook = (
  request: RawRequest,
  tokens: SigningTokens,
): Effect.Effect<void, SignatureRejected> =>
  request.body.length > MAX_BYTES
    ? Effect.fail(new SignatureRejected({ detail: `the form is larger than ${MAX_BYTES} bytes` }))
    : verifyTwilio(request.headers["x-twilio-signature"], request.url, parseForm(request.body), tokens)

/** Events of a verified request. */
export const decodeTwilio = Effect.fn("channel-phone.decodeTwilio")(function* (
  request: RawRequest,
  account: TwilioAccount,
  calls: Calls,
) {
  const query = hookQueryOf(request.url)
  const params = parseForm(request.body)
  const now = yield* Clock.currentTimeMillis
  if (query.event === "sms") return [yield* decodeReceipt(params, query, now)]
  const voice = yield* Effect.fromResult(readVoice(params, account))
  const outcome = outcomeOf(voice, query, account, now)
  if (outcome === null)
    return yield* new MalformedInput({
      detail: "the query names no event of ours",
      hint: "set the hook URL at Twilio as it is, without a query",
    })
  if (outcome.past !== null) calls.over(callKey(account, voice.CallSid), outcome.past)
  const events: ReadonlyArray<ChannelEvent> = [outcome.event]
  return events
})

/** The TwiML that a verified and journaled request gets. The same request gets the same answer but for the relay's token. */
export const answerTwilio = (request: RawRequest, account: TwilioAccount): HookAnswer => {
  const xml = (body: string): HookAnswer => ({ status: 200, contentType: "text/xml", body })
  const query = hookQueryOf(request.url)
  if (query.event === "sms") return xml(nothing)
  // The contract wants the answer at once, without an effect, so there is no Clock to ask.
  // @effect-diagnostics-next-line globalDate:off
  const now = Date.now()
  const voice = Result.getOrElse(readVoice(parseForm(request.body), account), () => null)
  const outcome = voice === null ? null : outcomeOf(voice, query, account, now)
  return xml(outcome === null ? goodbye(account, account.settings.troubleText) : outcome.body(now))
}
