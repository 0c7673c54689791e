/** Webhooks as Twilio makes, signs and repeats them. */
import { type HookAnswer, hexId, post } from "./edge.ts"
import type { FakeMedia, TwilioMessage } from "./model.ts"
import { type Pairs, signTwilioForm } from "./signing.ts"
import type { TwilioState } from "./State.ts"

export interface CustomerText {
  readonly from: string
  readonly to: string
  readonly text: string
  readonly media?: ReadonlyArray<FakeMedia>
  readonly webhookUrl: string
  /** Further or replaced parameters: `ProfileName`, `WaId`, `OptOutType`, … */
  readonly extra?: Readonly<Record<string, string>>
  /** The same message again, as a redelivery. */
  readonly sid?: string
}

/** A signed webhook, not sent: for tests that hand it over themselves. */
export interface SignedHook {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly sid: string
}

export const hookOf = (
  state: TwilioState,
  url: string,
  pairs: Pairs,
  sid: string,
  token?: string,
): SignedHook => ({
  url,
  sid,
  headers: {
    "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
    "user-agent": "TwilioProxy/1.1",
    "x-twilio-signature": signTwilioForm(token ?? state.authToken, url, pairs),
    "i-twilio-idempotency-token": hexId(16),
  },
  body: new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value])).toString(),
})

/** Calls a webhook as Twilio does: once more after a 5xx answer or none. */
export const callHook = async (hook: SignedHook, timeoutMs: number): Promise<ReadonlyArray<HookAnswer>> => {
  const answers: Array<HookAnswer> = []
  for (let attempt = 0; attempt < 2; attempt++) {
    const answer = await post(hook.url, hook.headers, hook.body, timeoutMs)
    answers.push(answer)
    if (answer.status !== 0 && answer.status < 500) break
  }
  return answers
}

/** Parameters of a customer's message; its files get URLs at the fake's own API. */
export const inboundPairs = (state: TwilioState, base: string, text: CustomerText, sid: string): Pairs => {
  const media = (text.media ?? []).flatMap((file, i): ReadonlyArray<readonly [string, string]> => {
    const id = `ME${sid.slice(2, 30)}${String(i).padStart(4, "0")}`
    state.media.set(id, file)
    const own = `${base}/2010-04-01/Accounts/${state.accountSid}/Messages/${sid}/Media/${id}`
    return [
      [`MediaUrl${i}`, file.url ?? own],
      [`MediaContentType${i}`, file.declared ?? file.contentType],
    ]
  })
  const fixed: Record<string, string> = {
    ToCountry: "US",
    SmsMessageSid: sid,
    NumMedia: String(text.media?.length ?? 0),
    SmsSid: sid,
    SmsStatus: "received",
    Body: text.text,
    To: text.to,
    NumSegments: "1",
    MessageSid: sid,
    AccountSid: state.accountSid,
    From: text.from,
    ApiVersion: "2010-04-01",
    ...text.extra,
  }
  return [...Object.entries(fixed), ...media]
}

export const statusPairs = (state: TwilioState, message: TwilioMessage): Pairs => {
  const fixed: Record<string, string> = {
    SmsSid: message.sid,
    SmsStatus: message.status,
    MessageStatus: message.status,
    To: message.to,
    MessageSid: message.sid,
    AccountSid: state.accountSid,
    From: message.from,
    ApiVersion: "2010-04-01",
    ...(message.errorCode === null ? {} : { ErrorCode: String(message.errorCode) }),
  }
  return Object.entries(fixed)
}

/** What Twilio would send to the customer because of the answer to a webhook. */
export const echoOf = ({ body, contentType, status }: HookAnswer): ReadonlyArray<string> => {
  if (status < 200 || status >= 300 || body.length === 0) return []
  if (/^text\/plain/i.test(contentType)) return [body]
  return [...body.matchAll(/<Message[^>]*>([^]*?)<\/Message>/g)].map((m) => m[1] ?? "")
}
