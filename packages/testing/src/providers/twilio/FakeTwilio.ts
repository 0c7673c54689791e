/**
 * Twilio on loopback: Messages (SMS, MMS and `whatsapp:` addresses), the media host behind them, signed webhooks with
 * Twilio's one retry, status callbacks, and opt-out as Twilio does it by itself.
 */
import { type HookAnswer, hexId, sleep } from "./edge.ts"
import {
  callHook,
  type CustomerText,
  echoOf,
  hookOf,
  inboundPairs,
  type SignedHook,
  statusPairs,
} from "./hooks.ts"
import { autoReplyOf } from "./keywords.ts"
import { type FaultPlan, type LoggedRequest, startLoopback } from "./loopback.ts"
import type { TwilioMessage, TwilioStatus } from "./model.ts"
import { makeCdn, makeRouter } from "./router.ts"
import type { Pairs } from "./signing.ts"
import { type FakeTwilioOptions, TwilioState } from "./State.ts"

/** A webhook and how each try of it was answered. */
export interface TwilioHookResult {
  readonly sid: string
  /** Every try in order; Twilio makes a second one after a 5xx answer or none. */
  readonly answers: ReadonlyArray<HookAnswer>
  /** What the customer gets from the answer itself: text/plain bodies and TwiML messages are sent. */
  readonly echoed: ReadonlyArray<string>
  /** Twilio's own answer to STOP, START or HELP. */
  readonly autoReply: string | null
}

export interface FakeTwilio {
  /** Base URL of the API, for `apiBaseUrl`. */
  readonly url: string
  readonly accountSid: string
  readonly requests: ReadonlyArray<LoggedRequest>
  /** Requests to the host behind the API that holds the files. */
  readonly cdnRequests: ReadonlyArray<LoggedRequest>
  /** Operations: `create`, `list`, `fetch`, `media`. */
  readonly faults: FaultPlan
  /** All messages, oldest first. */
  messages(): ReadonlyArray<TwilioMessage>
  /** Messages that went out over the API, oldest first. */
  sent(): ReadonlyArray<TwilioMessage>
  /** Both directions of one customer's number, oldest first. */
  messagesWith(number: string): ReadonlyArray<TwilioMessage>
  /** A customer writes: the message is kept and the webhook called. */
  customerSends(text: CustomerText): Promise<TwilioHookResult>
  /** The webhook of a customer's message, signed but not called. */
  inboundHook(text: CustomerText): SignedHook
  /** A message changes its state: its status callback is called, when it has one. */
  setStatus(sid: string, status: TwilioStatus, errorCode?: number): Promise<ReadonlyArray<HookAnswer> | null>
  /** The status callback, signed but not called. */
  statusHook(sid: string, status: TwilioStatus, errorCode?: number): SignedHook | null
  /** Signs any form as Twilio would, with this account's token or another. */
  sign(url: string, pairs: Pairs, authToken?: string): SignedHook
  close(): Promise<void>
}

const sidOf = (text: CustomerText): string =>
  text.sid ?? `${(text.media?.length ?? 0) > 0 ? "MM" : "SM"}${hexId(16)}`

const keep = (state: TwilioState, text: CustomerText, sid: string): void => {
  if (state.messages.some((m) => m.sid === sid)) return
  state.messages.push({
    sid,
    direction: "inbound",
    from: text.from,
    to: text.to,
    body: text.text,
    mediaUrls: (text.media ?? []).map((m) => m.url ?? ""),
    messagingServiceSid: null,
    statusCallback: null,
    contentSid: null,
    contentVariables: null,
    status: "received",
    errorCode: null,
    createdAt: state.now(),
  })
}

/** Starts a fake account. */
export const startFakeTwilio = async (options: FakeTwilioOptions): Promise<FakeTwilio> => {
  const state = new TwilioState(options)
  const cdn = await startLoopback({}, makeCdn(state))
  state.cdnUrl = cdn.url
  const timeoutMs = options.webhookTimeoutMs ?? 15_000
  const statusHook = (sid: string, status: TwilioStatus, errorCode?: number): SignedHook | null => {
    const message = state.messages.find((m) => m.sid === sid)
    if (message === undefined) return null
    message.status = status
    message.errorCode = errorCode ?? null
    if (message.statusCallback === null) return null
    return hookOf(state, message.statusCallback, statusPairs(state, message), sid)
  }
  const setStatus = async (sid: string, status: TwilioStatus, errorCode?: number) => {
    const hook = statusHook(sid, status, errorCode)
    return hook === null ? null : await callHook(hook, timeoutMs)
  }
  const deliver = async (sid: string): Promise<void> => {
    await sleep(50)
    await setStatus(sid, "sent")
    await sleep(150)
    await setStatus(sid, "delivered")
  }
  const server = await startLoopback(
    options,
    makeRouter(state, (message) => {
      if (options.autoDeliver === true) deliver(message.sid).catch(() => undefined)
    }),
  )
  const inboundHook = (text: CustomerText): SignedHook => {
    const sid = sidOf(text)
    return hookOf(state, text.webhookUrl, inboundPairs(state, server.url, text, sid), sid)
  }
  return {
    url: server.url,
    accountSid: state.accountSid,
    requests: server.requests,
    cdnRequests: cdn.requests,
    faults: server.faults,
    messages: () => [...state.messages],
    sent: () => state.messages.filter((m) => m.direction !== "inbound"),
    messagesWith: (number) => state.messages.filter((m) => m.from === number || m.to === number),
    customerSends: async (text) => {
      const hook = inboundHook(text)
      keep(state, text, hook.sid)
      const autoReply = autoReplyOf(state, text)
      const answers = await callHook(hook, timeoutMs)
      return { sid: hook.sid, answers, echoed: answers.flatMap(echoOf), autoReply }
    },
    inboundHook,
    setStatus,
    statusHook,
    sign: (url, pairs, token) => hookOf(state, url, pairs, "", token),
    close: async () => {
      await server.close()
      await cdn.close()
    },
  }
}
