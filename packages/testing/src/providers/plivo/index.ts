/** A fake Plivo (messaging) for tests and demonstrations. */
import { createHmac } from "node:crypto"
import {
  hexId,
  isoTime,
  parseJson,
  postUntilTaken,
  systemClock,
  textAt,
  textsAt,
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

export interface FakePlivoOptions {
  readonly authId: string
  readonly authToken: string
  readonly host?: string
  readonly port?: number
  /** Epoch milliseconds; default: the system's clock. */
  readonly now?: () => number
}

export interface PlivoMessage {
  readonly uuid: string
  readonly src: string
  readonly dst: string
  readonly text: string
  readonly mediaUrls: ReadonlyArray<string>
  /** Where reports go. */
  readonly url: string
  readonly units: number
  readonly createdAt: number
}

/** A signed webhook, not sent. */
export interface PlivoHook {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface PlivoCustomerText {
  readonly from: string
  readonly to: string
  readonly text: string
  readonly media?: ReadonlyArray<string>
  readonly webhookUrl: string
  /** The same message again. */
  readonly uuid?: string
}

export interface FakePlivo {
  /** Base URL of the API, for `apiBaseUrl`. */
  readonly url: string
  readonly requests: ReadonlyArray<LoggedRequest>
  /** Operations: `create`, `list`, `media`. */
  readonly faults: FaultPlan
  sent(): ReadonlyArray<PlivoMessage>
  /** Puts a file behind the API, which wants credentials, and answers with its URL. */
  store(bytes: Uint8Array, contentType: string): string
  inboundHook(text: PlivoCustomerText): PlivoHook
  statusHook(uuid: string, status: string, errorCode?: string): PlivoHook
  /** Signs any form, with V3 and V2 headers, or with V2 alone. */
  hook(
    url: string,
    fields: Readonly<Record<string, string>>,
    options?: { readonly token?: string; readonly only?: "v2" },
  ): PlivoHook
  /** Calls a webhook, up to three times, until it is answered with 2xx. Answers with the last status. */
  call(hook: PlivoHook): Promise<number>
  close(): Promise<void>
}

const hmac = (token: string, text: string): string =>
  createHmac("sha256", token).update(text).digest("base64")

/** V3 over a POST: address, sorted query, dot, sorted fields, dot, nonce. */
const signV3 = (
  token: string,
  url: string,
  fields: Readonly<Record<string, string>>,
  nonce: string,
): string => {
  const parsed = new URL(url)
  const query = [...parsed.searchParams].map(([k, v]) => `${k}=${v}`).sort()
  const posted = Object.keys(fields)
    .sort()
    .map((k) => k + (fields[k] ?? ""))
    .join("")
  const base = `${parsed.origin}${parsed.pathname}?${query.join("&")}${query.length > 0 ? "." : ""}`
  return hmac(token, `${base}${posted}.${nonce}`)
}

const create = (call: Call, state: Array<PlivoMessage>, now: number): Reply => {
  const body = parseJson(call.body)
  const text = textAt(body, "text")
  const mediaUrls = textsAt(body, "media_urls")
  const dst = textAt(body, "dst")
  if (!/^\d{5,15}$/.test(dst))
    return jsonReply(400, { api_id: uuid(), error: `${dst} is not a valid phone number` })
  if (text === "" && mediaUrls.length === 0)
    return jsonReply(400, { api_id: uuid(), error: "text parameter not present" })
  if (Buffer.byteLength(text) > 1600) return jsonReply(400, { api_id: uuid(), error: "message too long" })
  const message: PlivoMessage = {
    uuid: uuid(),
    src: textAt(body, "src"),
    dst,
    text,
    mediaUrls,
    url: textAt(body, "url"),
    units: text.length <= 160 ? 1 : Math.ceil(text.length / 153),
    createdAt: now,
  }
  state.push(message)
  return jsonReply(202, { api_id: uuid(), message: "message(s) queued", message_uuid: [message.uuid] })
}

const list = (call: Call, state: ReadonlyArray<PlivoMessage>): Reply => {
  const query = call.url.searchParams
  const found = state.filter(
    (m) => m.dst === (query.get("to_number") ?? m.dst) && m.src === (query.get("from_number") ?? m.src),
  )
  return jsonReply(200, {
    api_id: uuid(),
    meta: { limit: 20, offset: 0, next: null, previous: null },
    objects: found
      .toReversed()
      .slice(0, 20)
      .map((m) => ({
        message_uuid: m.uuid,
        message_direction: "outbound",
        message_state: "queued",
        message_time: isoTime(m.createdAt).replace("T", " ").replace("Z", "000+00:00"),
        from_number: m.src,
        to_number: m.dst,
        message_type: m.mediaUrls.length > 0 ? "mms" : "sms",
        units: m.units,
      })),
  })
}

type Stored = Map<string, { readonly bytes: Uint8Array; readonly contentType: string }>

const routeOf = (
  call: Call,
  messages: Array<PlivoMessage>,
  stored: Stored,
  options: FakePlivoOptions,
  now: () => number,
): Route | null => {
  const basic = `Basic ${Buffer.from(`${options.authId}:${options.authToken}`).toString("base64")}`
  const guarded = (operation: string, run: () => Reply): Route => ({
    operation,
    refuse: ({ message, retryAfter, status }) =>
      jsonReply(
        status,
        { api_id: uuid(), error: message ?? "refused" },
        retryAfter === undefined ? {} : { "retry-after": String(retryAfter) },
      ),
    run: () =>
      call.headers["authorization"] === basic
        ? run()
        : {
            status: 401,
            headers: { "content-type": "text/plain" },
            body: "Could not verify your access level.",
          },
  })
  const path = call.url.pathname
  if (path === `/v1/Account/${options.authId}/Message/`)
    return call.method === "POST"
      ? guarded("create", () => create(call, messages, now()))
      : guarded("list", () => list(call, messages))
  const file = stored.get(path)
  if (file === undefined) return null
  return guarded("media", () => ({
    status: 200,
    headers: { "content-type": file.contentType },
    body: file.bytes,
  }))
}

const signedHook = (
  url: string,
  fields: Readonly<Record<string, string>>,
  token: string,
  only: "v2" | undefined,
): PlivoHook => {
  const nonce = String(BigInt(`0x${hexId(8)}`))
  const bare = url.split("?")[0] ?? url
  const v2 = { "x-plivo-signature-v2": hmac(token, bare + nonce), "x-plivo-signature-v2-nonce": nonce }
  const v3 = {
    // Several signatures at once while a token is being replaced.
    "x-plivo-signature-v3": `AAAA,${signV3(token, url, fields, nonce)}`,
    "x-plivo-signature-v3-nonce": nonce,
  }
  const type = { "content-type": "application/x-www-form-urlencoded" }
  return {
    url,
    body: new URLSearchParams(fields).toString(),
    headers: { ...type, ...v2, ...(only === "v2" ? {} : v3) },
  }
}

const inboundFields = ({
  from,
  media = [],
  text,
  to,
  uuid: id,
}: PlivoCustomerText): Record<string, string> => ({
  From: from,
  To: to,
  MessageUUID: id ?? uuid(),
  Type: media.length > 0 ? "mms" : "sms",
  ...(media.length > 0 ? { MediaCount: String(media.length), Body: text } : { Text: text }),
  ...Object.fromEntries(media.map((url, i) => [`Media${i}`, url])),
})

/** Starts a fake account. */
export const startFakePlivo = async (options: FakePlivoOptions): Promise<FakePlivo> => {
  const now = options.now ?? systemClock
  const messages: Array<PlivoMessage> = []
  const stored: Stored = new Map()
  const server = await startLoopback(options, (call) => routeOf(call, messages, stored, options, now))
  const hook: FakePlivo["hook"] = (url, fields, { only, token = options.authToken } = {}) =>
    signedHook(url, fields, token, only)
  return {
    url: server.url,
    requests: server.requests,
    faults: server.faults,
    sent: () => [...messages],
    store: (bytes, contentType) => {
      const path = `/v1/Account/${options.authId}/Message/${uuid()}/Media/${uuid()}`
      stored.set(path, { bytes, contentType })
      return server.url + path
    },
    inboundHook: (text) => hook(text.webhookUrl, inboundFields(text)),
    statusHook: (id, status, errorCode) => {
      const message = messages.find((m) => m.uuid === id)
      return hook(message?.url ?? "", {
        MessageUUID: id,
        From: message?.src ?? "",
        To: message?.dst ?? "",
        Status: status,
        Units: "1",
        PartInfo: "1 of 1",
        ErrorCode: errorCode ?? "000",
      })
    },
    hook,
    call: postUntilTaken(15_000),
    close: server.close,
  }
}
