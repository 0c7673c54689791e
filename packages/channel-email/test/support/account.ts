/** Accounts, a signer and a journal for tests. */
import { createHmac } from "node:crypto"
import {
  AccountId,
  type ChannelEvent,
  CustomerText,
  DeliveryId,
  type MessageEvent,
  OrgId,
  type OutboundMessage,
  SessionId,
  type Signer,
  StoreError,
} from "@opencx/core"
import { sampleMessage } from "@opencx/testing"
import { Effect } from "effect"

const alphabet = "abcdefghijklmnopqrstuvwxyz234567"

const base32 = (bytes: Uint8Array): string => {
  let bits = ""
  for (const byte of bytes) bits += byte.toString(2).padStart(8, "0")
  return (bits.match(/.{1,5}/g) ?? []).map((b) => alphabet[Number.parseInt(b.padEnd(5, "0"), 2)]).join("")
}

const unbase32 = (text: string): string => {
  const bits = [...text].map((c) => alphabet.indexOf(c).toString(2).padStart(5, "0")).join("")
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((b) => Number.parseInt(b, 2))).toString("utf8")
}

/** As long as a real one may be: the text in base 32 and 80 bits of HMAC. */
export const signer = (key = "test"): Signer => {
  const tag = (purpose: string, text: string) =>
    base32(createHmac("sha256", key).update(`${purpose}\n${text}`).digest().subarray(0, 10))
  return {
    sign: (purpose, text) => base32(Buffer.from(text)) + tag(purpose, text),
    open: (purpose, token) => {
      const text = /^[a-z2-7]+$/.test(token) && token.length > 16 ? unbase32(token.slice(0, -16)) : ""
      return text.length > 0 && tag(purpose, text) === token.slice(-16) ? text : null
    },
  }
}

export const settings = (over: Record<string, unknown> = {}) => ({
  address: "support@acme.example",
  displayName: "Acme Support",
  outbound: { host: "127.0.0.1", port: 2525, timeoutMs: 5_000 },
  inbound: { smtp: true },
  allowInsecureTls: true,
  authentication: "trust",
  ...over,
})

export const undecoded = (over: Record<string, unknown> = {}, name = "mail", key = "test") => ({
  orgId: OrgId.make("acme"),
  accountId: AccountId.make(name),
  organizationName: "Acme",
  settings: settings(over),
  signer: signer(key),
  hookUrl: "https://hooks.acme.example/hooks/email/token",
  publicUrl: "https://hooks.acme.example",
})

/** A journal that keeps what it is given, and can be told to fail. */
export const journal = () => {
  const events: Array<ChannelEvent> = []
  const accounts: Array<string> = []
  const state = { failing: 0 }
  return {
    events,
    accounts,
    state,
    accept: (account: { readonly accountId: string }, batch: ReadonlyArray<ChannelEvent>) =>
      Effect.suspend(() => {
        if (state.failing > 0) {
          state.failing--
          return Effect.fail(new StoreError({ operation: "accept", detail: "disk full" }))
        }
        events.push(...batch)
        accounts.push(...batch.map(() => account.accountId))
        return Effect.void
      }),
    messages: () => events.filter((e): e is MessageEvent => e._tag === "Message"),
  }
}

export const deliveryId = DeliveryId.make("0b9e9a52-5c8e-4b7e-9b52-0d7d3f0c2a11")
export const sessionId = SessionId.make("f3b1c2d4-1111-4222-8333-abcdefabcdef")

export const outgoing = (over: Partial<OutboundMessage> = {}): OutboundMessage =>
  sampleMessage({
    deliveryId,
    sessionId,
    text: CustomerText.make("Hello **Ann**, see [the guide](https://help.acme.example/a)."),
    subject: null,
    ...over,
  })

export const replyTo = (over: Record<string, unknown> = {}): string =>
  JSON.stringify({
    to: [{ name: "Ann Lee", address: "ann@customer.example" }],
    cc: [],
    from: "support@acme.example",
    messageId: "<q1@customer.example>",
    references: ["<q0@customer.example>", "<q1@customer.example>"],
    subject: "Broken lamp",
    ...over,
  })

export const mail = (headers: Record<string, string>, body: string): string =>
  Object.entries({
    From: "Ann Lee <ann@customer.example>",
    To: "support@acme.example",
    Subject: "Broken lamp",
    Date: "Fri, 20 Nov 2026 10:00:00 +0000",
    "Message-ID": "<q1@customer.example>",
    ...headers,
  })
    .filter(([, value]) => value.length > 0)
    .map(([key, value]) => `${key}: ${value}\r\n`)
    .join("") + `\r\n${body.replace(/\r?\n/g, "\r\n")}`
