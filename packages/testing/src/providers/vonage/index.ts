/** A fake Vonage (Messages API, version 1) for tests and demonstrations. */
import { createHash, createHmac } from "node:crypto"
import {
  isoTime,
  parseJson,
  postUntilTaken,
  systemClock,
  textAt,
  toJson,
  uuid,
  valueAt,
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

export interface FakeVonageOptions {
  readonly apiKey: string
  readonly apiSecret: string
  readonly signatureSecret: string
  readonly host?: string
  readonly port?: number
  /** Epoch milliseconds; default: the system's clock. */
  readonly now?: () => number
}

export interface VonageMessage {
  readonly id: string
  readonly channel: string
  readonly from: string
  readonly to: string
  readonly text: string
  readonly imageUrl: string
  readonly clientRef: string
  readonly webhookUrl: string
  /** `Authorization` of the call. */
  readonly authorization: string
}

/** A signed webhook, not sent. */
export interface VonageHook {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface VonageCustomerText {
  readonly from: string
  readonly to: string
  readonly text: string
  readonly imageUrl?: string
  readonly webhookUrl: string
  /** The same message again. */
  readonly id?: string
}

export interface FakeVonage {
  /** Base URL of the API, for `apiBaseUrl`. */
  readonly url: string
  readonly requests: ReadonlyArray<LoggedRequest>
  /** Operations: `create`, `media`. */
  readonly faults: FaultPlan
  sent(): ReadonlyArray<VonageMessage>
  /** Puts a file behind the API's `/v3/media/`, which wants credentials, and answers with its URL. */
  store(bytes: Uint8Array, contentType: string): string
  inboundHook(text: VonageCustomerText): VonageHook
  /** A status report, with Vonage's words: `submitted`, `delivered`, `rejected`, `undeliverable`. */
  statusHook(id: string, status: string, code?: string): VonageHook
  /** Signs any event. `claims` replaces claims of the token; `secret` another secret. */
  hook(url: string, event: unknown, claims?: Readonly<Record<string, unknown>>, secret?: string): VonageHook
  /** Calls a webhook, up to three times, until it is answered with 2xx. Answers with the last status. */
  call(hook: VonageHook): Promise<number>
  close(): Promise<void>
}

const base64url = (value: unknown): string => Buffer.from(toJson(value)).toString("base64url")

const problem = (status: number, code: string, detail: string, headers: Record<string, string> = {}): Reply =>
  jsonReply(
    status,
    {
      type: `https://developer.vonage.com/api-errors/messages#${code}`,
      title: code,
      detail,
      instance: uuid(),
    },
    headers,
  )

const isAuthorized = (call: Call, options: FakeVonageOptions): boolean => {
  const given = call.headers["authorization"] ?? ""
  const basic = Buffer.from(`${options.apiKey}:${options.apiSecret}`).toString("base64")
  return given === `Basic ${basic}` || /^Bearer [\w-]+\.[\w-]+\.[\w-]+$/.test(given)
}

const create = (call: Call, messages: Array<VonageMessage>, options: FakeVonageOptions): Reply => {
  if (!isAuthorized(call, options))
    return problem(401, "unauthorized", "You did not provide correct credentials.")
  const body = parseJson(call.body)
  const message: VonageMessage = {
    id: uuid(),
    channel: textAt(body, "channel"),
    from: textAt(body, "from"),
    to: textAt(body, "to"),
    text: textAt(body, "text"),
    imageUrl: textAt(valueAt(body, "image"), "url"),
    clientRef: textAt(body, "client_ref"),
    webhookUrl: textAt(body, "webhook_url"),
    authorization: call.headers["authorization"] ?? "",
  }
  if (!/^\d{5,15}$/.test(message.to)) return problem(422, "1020", "The value of to is invalid.")
  if (message.clientRef.length > 100) return problem(422, "1020", "client_ref is too long.")
  if (message.channel === "sms" && (message.text === "" || message.text.length > 1000))
    return problem(422, "1020", "The value of text is invalid.")
  if (message.channel === "mms" && message.imageUrl === "") return problem(422, "1010", "image is missing.")
  messages.push(message)
  return jsonReply(202, { message_uuid: message.id })
}

type Stored = Map<string, { readonly bytes: Uint8Array; readonly contentType: string }>

const routeOf = (
  call: Call,
  messages: Array<VonageMessage>,
  stored: Stored,
  options: FakeVonageOptions,
): Route | null => {
  const refuse: Route["refuse"] = ({ code, message, retryAfter, status }) =>
    problem(
      status,
      String(code ?? ""),
      message ?? "refused",
      retryAfter === undefined ? {} : { "retry-after": String(retryAfter) },
    )
  if (call.method === "POST" && call.url.pathname === "/v1/messages")
    return { operation: "create", refuse, run: () => create(call, messages, options) }
  const file = stored.get(call.url.pathname)
  if (file === undefined || call.method !== "GET") return null
  const run = (): Reply =>
    isAuthorized(call, options)
      ? { status: 200, headers: { "content-type": file.contentType }, body: file.bytes }
      : problem(401, "unauthorized", "You did not provide correct credentials.")
  return { operation: "media", refuse, run }
}

const inboundEvent = ({ from, id, imageUrl, text, to }: VonageCustomerText, now: number) => ({
  channel: imageUrl === undefined ? "sms" : "mms",
  message_uuid: id ?? uuid(),
  to,
  from,
  timestamp: isoTime(now),
  ...(imageUrl === undefined
    ? { message_type: "text", text, sms: { num_messages: "1" } }
    : { message_type: "image", image: { url: imageUrl, ...(text === "" ? {} : { caption: text }) } }),
})

const statusEvent = (
  message: VonageMessage | undefined,
  id: string,
  status: string,
  code: string | undefined,
  now: number,
) => ({
  message_uuid: id,
  to: message?.to ?? "",
  from: message?.from ?? "",
  timestamp: isoTime(now),
  status,
  channel: message?.channel ?? "sms",
  client_ref: message?.clientRef ?? "",
  ...(code === undefined
    ? {}
    : {
        error: {
          type: `https://developer.vonage.com/api-errors/messages#${code}`,
          title: Number(code),
          detail: "",
        },
      }),
})

/** Starts a fake account. */
export const startFakeVonage = async (options: FakeVonageOptions): Promise<FakeVonage> => {
  const now = options.now ?? systemClock
  const messages: Array<VonageMessage> = []
  const stored: Stored = new Map()
  const server = await startLoopback(options, (call) => routeOf(call, messages, stored, options))
  const hook: FakeVonage["hook"] = (url, event, claims = {}, secret = options.signatureSecret) => {
    const body = toJson(event)
    const iat = Math.floor(now() / 1000)
    const payload_hash = createHash("sha256").update(body).digest("hex")
    const own = { iss: "Vonage", iat, jti: uuid(), api_key: options.apiKey, payload_hash }
    const unsigned = `${base64url({ alg: "HS256", typ: "JWT" })}.${base64url({ ...own, ...claims })}`
    const token = `${unsigned}.${createHmac("sha256", secret).update(unsigned).digest("base64url")}`
    return { url, body, headers: { "content-type": "application/json", authorization: `Bearer ${token}` } }
  }
  return {
    url: server.url,
    requests: server.requests,
    faults: server.faults,
    sent: () => [...messages],
    store: (bytes, contentType) => {
      const path = `/v3/media/${uuid()}`
      stored.set(path, { bytes, contentType })
      return server.url + path
    },
    inboundHook: (text) => hook(text.webhookUrl, inboundEvent(text, now())),
    statusHook: (id, status, code) => {
      const message = messages.find((m) => m.id === id)
      return hook(message?.webhookUrl ?? "", statusEvent(message, id, status, code, now()))
    },
    hook,
    call: postUntilTaken(5_000),
    close: server.close,
  }
}
