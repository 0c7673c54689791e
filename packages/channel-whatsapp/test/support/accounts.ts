/** Settings, requests and messages for tests. */
import { createHmac } from "node:crypto"
import {
  type ChannelEvent,
  CustomerText,
  type MessageEvent,
  type OutboundMessage,
  type OutboundThread,
  type RawRequest,
} from "@opencx/core"
import { contractHookUrl, sampleMessage } from "@opencx/testing"
import { Effect } from "effect"

export const meta = {
  phoneNumberId: "106540352242922",
  wabaId: "102290129340398",
  accessToken: "EAAG-access-token-1",
  appSecret: "app-secret-number-1",
  verifyToken: "verify-token-number-1",
}

export const metaSettings = (over: Record<string, unknown> = {}) => ({
  provider: "meta",
  ...meta,
  apiBaseUrl: "http://127.0.0.1:9",
  ...over,
})

export const accountSid = `AC${"0123456789abcdef".repeat(2)}`
export const ourNumber = "whatsapp:+14155550100"

export const twilioSettings = (over: Record<string, unknown> = {}) => ({
  provider: "twilio",
  accountSid,
  authToken: "twilio-auth-token-1",
  from: ourNumber,
  apiBaseUrl: "http://127.0.0.1:9",
  ...over,
})

export const hookUrl = contractHookUrl("whatsapp")

export const request = (
  headers: Record<string, string>,
  body: string | Uint8Array,
  url = hookUrl,
  method = "POST",
): RawRequest => ({
  method,
  url,
  headers,
  body: typeof body === "string" ? new TextEncoder().encode(body) : body,
  remoteAddress: "192.0.2.10",
})

/** A body as Meta signs it. */
export const signed = (body: unknown, secret = meta.appSecret): RawRequest => {
  const bytes = typeof body === "string" ? body : JSON.stringify(body)
  const hmac = createHmac("sha256", secret).update(bytes).digest("hex")
  return request({ "content-type": "application/json", "x-hub-signature-256": `sha256=${hmac}` }, bytes)
}

type Json = Record<string, unknown>

export const value = (over: Json = {}, phoneNumberId = meta.phoneNumberId): Json => ({
  messaging_product: "whatsapp",
  metadata: { display_phone_number: "14155550100", phone_number_id: phoneNumberId },
  ...over,
})

export const change = (over: Json = {}, field = "messages", phoneNumberId = meta.phoneNumberId): Json => ({
  field,
  value: value(over, phoneNumberId),
})

export const envelope = (...changes: ReadonlyArray<unknown>): Json => ({
  object: "whatsapp_business_account",
  entry: [{ id: meta.wabaId, changes }],
})

export const now = Math.floor(Date.now() / 1000)

export const inbound = (over: Json = {}): Json => ({
  from: "4915112345678",
  from_user_id: "DE.13491208655302741918",
  id: "wamid.HBgM1",
  timestamp: String(now),
  type: "text",
  text: { body: "My lamp is broken." },
  ...over,
})

export const contacts = [
  {
    profile: { name: "Ann Lee" },
    wa_id: "4915112345678",
    user_id: "DE.13491208655302741918",
  },
]

export const messages = (...items: ReadonlyArray<unknown>) => envelope(change({ contacts, messages: items }))

export const twilioSignature = (url: string, fields: Record<string, string>, token = "twilio-auth-token-1") =>
  createHmac("sha1", token)
    .update(
      url +
        Object.keys(fields)
          .sort()
          .map((key) => key + fields[key])
          .join(""),
    )
    .digest("base64")

export const twilio = (fields: Record<string, string>, url = hookUrl, token?: string): RawRequest =>
  request(
    {
      "content-type": "application/x-www-form-urlencoded",
      "x-twilio-signature": twilioSignature(url, fields, token),
    },
    new URLSearchParams(fields).toString(),
    url,
  )

export const twilioInbound = (over: Record<string, string> = {}): Record<string, string> => ({
  AccountSid: accountSid,
  MessageSid: `SM${"a1".repeat(16)}`,
  From: "whatsapp:+4915112345678",
  To: ourNumber,
  WaId: "4915112345678",
  ProfileName: "Ann Lee",
  Body: "My lamp is broken.",
  NumMedia: "0",
  SmsStatus: "received",
  ...over,
})

export const addressOf = (over: Record<string, unknown> = {}): string =>
  JSON.stringify({ phone: "4915112345678", bsuid: null, messageId: "wamid.HBgM1", ...over })

export const threadAt = (lastInboundAt: number | null, address = addressOf()): OutboundThread => ({
  key: "bsuid:DE.1",
  address,
  lastInboundAt,
})

export const saying = (text: string, over: Partial<OutboundMessage> = {}): OutboundMessage =>
  sampleMessage({ text: CustomerText.make(text), ...over })

export const firstMessage = (events: ReadonlyArray<ChannelEvent>): MessageEvent => {
  const found = events.find((e): e is MessageEvent => e._tag === "Message")
  if (found === undefined) throw new Error(`no message but ${events.map((e) => e._tag).join(", ")}`)
  return found
}

export const fileOf = (
  over: Partial<OutboundMessage["files"][number]> = {},
  bytes = new Uint8Array([1, 2, 3]),
) => ({
  fileName: "lamp.png",
  contentType: "image/png",
  size: bytes.length,
  bytes: Effect.succeed(bytes),
  ...over,
})
