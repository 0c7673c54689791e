/** A fake Telnyx (messaging, API version 2) for tests and demonstrations. */
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto"
import {
  hexId,
  isoTime,
  parseJson,
  postUntilTaken,
  systemClock,
  textAt,
  textsAt,
  toJson,
  uuid,
} from "../twilio/edge.ts"
import {
  type Call,
  type FaultPlan,
  jsonReply,
  type LoggedRequest,
  type Reply,
  type Route,
  startLoopback,
} from "../twilio/loopback.ts"

export interface FakeTelnyxOptions {
  readonly apiKey: string
  readonly host?: string
  readonly port?: number
  /** Epoch milliseconds; default: the system's clock. */
  readonly now?: () => number
}

export interface TelnyxMessage {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly text: string
  readonly mediaUrls: ReadonlyArray<string>
  readonly webhookUrl: string
  readonly messagingProfileId: string
}

/** A signed webhook, not sent. */
export interface TelnyxHook {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface TelnyxCustomerText {
  readonly from: string
  readonly to: string
  readonly text: string
  readonly media?: ReadonlyArray<{ readonly url: string; readonly content_type: string | null }>
  readonly webhookUrl: string
  /** The same message again. */
  readonly id?: string
  /** Further or replaced fields of the payload: `autoresponse_type`, … */
  readonly extra?: Readonly<Record<string, unknown>>
}

export interface FakeTelnyx {
  /** Base URL of the API, for `apiBaseUrl`. */
  readonly url: string
  /** The account's Ed25519 public key, 32 bytes in base64. */
  readonly publicKey: string
  readonly requests: ReadonlyArray<LoggedRequest>
  /** Operations: `create`, `media`. */
  readonly faults: FaultPlan
  sent(): ReadonlyArray<TelnyxMessage>
  /** Puts a file on the fake's own storage and answers with its URL. */
  store(bytes: Uint8Array, contentType: string): string
  inboundHook(text: TelnyxCustomerText): TelnyxHook
  /** `message.sent` or `message.finalized` about a message, with Telnyx's status words. */
  statusHook(
    id: string,
    status: string,
    error?: { readonly code: string; readonly title: string },
  ): TelnyxHook
  /** Signs any event. `at`: epoch seconds, default now. */
  hook(url: string, event: unknown, at?: number): TelnyxHook
  /** Calls a webhook, up to three times, until it is answered with 2xx. Answers with the last status. */
  call(hook: TelnyxHook): Promise<number>
  close(): Promise<void>
}

const refused = (status: number, code: string, title: string, headers: Record<string, string> = {}): Reply =>
  jsonReply(status, { errors: [{ code, title, detail: title }] }, headers)

const optOut = /^(?:stop|stopall|stop all|unsubscribe|cancel|end|quit)$/i

class TelnyxState {
  readonly messages: Array<TelnyxMessage> = []
  readonly stored = new Map<string, { readonly bytes: Uint8Array; readonly contentType: string }>()
  readonly optedOut = new Set<string>()
}

const create = (call: Call, state: TelnyxState, options: FakeTelnyxOptions): Reply => {
  if (call.headers["authorization"] !== `Bearer ${options.apiKey}`)
    return refused(401, "10009", "Authentication failed")
  const body = parseJson(call.body)
  const message: TelnyxMessage = {
    id: uuid(),
    from: textAt(body, "from"),
    to: textAt(body, "to"),
    text: textAt(body, "text"),
    mediaUrls: textsAt(body, "media_urls"),
    webhookUrl: textAt(body, "webhook_url"),
    messagingProfileId: textAt(body, "messaging_profile_id"),
  }
  if (!/^\+\d{7,15}$/.test(message.to)) return refused(400, "40310", "Invalid 'to' address")
  if (message.text === "" && message.mediaUrls.length === 0) return refused(400, "40304", "Nothing to send")
  if (state.optedOut.has(`${message.to}|${message.from}`))
    return refused(400, "40300", "Blocked due to STOP message")
  state.messages.push(message)
  return jsonReply(200, {
    data: {
      record_type: "message",
      direction: "outbound",
      id: message.id,
      type: message.mediaUrls.length > 0 ? "MMS" : "SMS",
      from: { phone_number: message.from },
      to: [{ phone_number: message.to, status: "queued" }],
      text: message.text,
    },
  })
}

const inboundEvent = (text: TelnyxCustomerText, now: number, id: string) => ({
  data: {
    record_type: "event",
    event_type: "message.received",
    id: uuid(),
    occurred_at: isoTime(now),
    payload: {
      record_type: "message",
      direction: "inbound",
      id,
      type: (text.media?.length ?? 0) > 0 ? "MMS" : "SMS",
      from: { phone_number: text.from, carrier: "T-Mobile", line_type: "Wireless" },
      to: [{ phone_number: text.to, status: "webhook_delivered" }],
      text: text.text,
      media: text.media ?? [],
      received_at: isoTime(now),
      ...text.extra,
    },
  },
  meta: { attempt: 1, delivered_to: text.webhookUrl },
})

const statusEvent = (
  message: TelnyxMessage | undefined,
  id: string,
  status: string,
  error: { readonly code: string; readonly title: string } | undefined,
  now: number,
) => ({
  data: {
    event_type: status === "sent" ? "message.sent" : "message.finalized",
    id: uuid(),
    occurred_at: isoTime(now),
    payload: {
      id,
      direction: "outbound",
      to: [{ phone_number: message?.to ?? "", status }],
      errors: error === undefined ? [] : [{ ...error, detail: error.title }],
    },
  },
})

const fileRoute = (state: TelnyxState, call: Call): Route | null => {
  const file = state.stored.get(call.url.pathname)
  if (file === undefined || call.method !== "GET") return null
  const run = () => ({ status: 200, headers: { "content-type": file.contentType }, body: file.bytes })
  return { operation: "media", refuse: (f) => jsonReply(f.status, {}), run }
}

const apiRoute = (state: TelnyxState, options: FakeTelnyxOptions, call: Call): Route | null =>
  call.method === "POST" && call.url.pathname === "/v2/messages"
    ? {
        operation: "create",
        refuse: ({ code, message, retryAfter, status }) =>
          refused(
            status,
            String(code ?? ""),
            message ?? "refused",
            retryAfter === undefined ? {} : { "retry-after": String(retryAfter) },
          ),
        run: () => create(call, state, options),
      }
    : null

/** Keywords change who is opted out, whether or not anybody reads the webhook. */
const noteKeyword = (state: TelnyxState, { from, text, to }: TelnyxCustomerText): void => {
  if (optOut.test(text.trim())) state.optedOut.add(`${from}|${to}`)
  if (/^(?:start|unstop)$/i.test(text.trim())) state.optedOut.delete(`${from}|${to}`)
}

const signedHook = (privateKey: KeyObject, url: string, event: unknown, at: number): TelnyxHook => {
  const body = toJson(event)
  return {
    url,
    body,
    headers: {
      "content-type": "application/json",
      "telnyx-timestamp": String(at),
      "telnyx-signature-ed25519": sign(null, Buffer.from(`${at}|${body}`), privateKey).toString("base64"),
    },
  }
}

/** Starts a fake account with a key pair of its own. */
export const startFakeTelnyx = async (options: FakeTelnyxOptions): Promise<FakeTelnyx> => {
  const now = options.now ?? systemClock
  const state = new TelnyxState()
  const { privateKey, publicKey } = generateKeyPairSync("ed25519")
  const server = await startLoopback(options, (call) => apiRoute(state, options, call))
  // Files lie on another origin than the API, as they do at Telnyx.
  const storage = await startLoopback({}, (call) => fileRoute(state, call))
  const hook = (url: string, event: unknown, at = Math.floor(now() / 1000)) =>
    signedHook(privateKey, url, event, at)
  return {
    url: server.url,
    publicKey: publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("base64"),
    requests: server.requests,
    faults: server.faults,
    sent: () => [...state.messages],
    store: (bytes, contentType) => {
      const path = `/${hexId(12)}`
      state.stored.set(path, { bytes, contentType })
      return storage.url + path
    },
    inboundHook: (text) => {
      noteKeyword(state, text)
      return hook(text.webhookUrl, inboundEvent(text, now(), text.id ?? uuid()))
    },
    statusHook: (id, status, error) => {
      const message = state.messages.find((m) => m.id === id)
      return hook(message?.webhookUrl ?? "", statusEvent(message, id, status, error, now()))
    },
    hook,
    call: postUntilTaken(2_000),
    close: async () => {
      await server.close()
      await storage.close()
    },
  }
}
