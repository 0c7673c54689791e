/** Webhooks of every provider, genuine and forged, for the contract suite. */
import { generateKeyPairSync, randomUUID, sign } from "node:crypto"
import { contractHookUrl, type WebhookFixture } from "@opencx/testing"
import { Effect } from "effect"
import * as F from "./fakes.ts"
import { toRequest } from "./host.ts"

const url = contractHookUrl("sms")
const text = "Where is my order? 🚲"

// Fixtures are made before any test runs, so the signing halves of the fakes stand here without their servers.
const twilioPairs = (over: Record<string, string> = {}) =>
  Object.entries({
    MessageSid: "SM00000000000000000000000000000001",
    AccountSid: F.accountSid,
    From: F.customer,
    To: F.ours,
    Body: text,
    NumMedia: "0",
    SmsStatus: "received",
    ...over,
  })
const twilioRequest = (over: Record<string, string> = {}, token = F.authToken, at = url) =>
  twilioSigned(twilioPairs(over), token, at)
const twilioSigned = (pairs: Array<[string, string]>, token = F.authToken, at = url) => {
  return toRequest({
    url: at,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-twilio-signature": F.signTwilioForm(token, at, pairs),
    },
    body: new URLSearchParams(pairs).toString(),
  })
}

export const twilio: WebhookFixture = {
  name: "Twilio",
  settings: F.twilioSettings(),
  request: () => twilioRequest(),
  yields: ["Message"],
  texts: [text],
  forgeries: [
    { name: "another token", request: () => twilioRequest({}, "guessed-token") },
    { name: "another URL", request: () => ({ ...twilioRequest(), url: `${url}?delivery=abc` }) },
    {
      name: "a parameter more",
      request: () => {
        const good = twilioRequest()
        const body = `${new TextDecoder().decode(good.body)}&OptOutType=STOP`
        return { ...good, body: new TextEncoder().encode(body) }
      },
    },
    {
      name: "an empty signature",
      request: () => ({ ...twilioRequest(), headers: { "x-twilio-signature": "" } }),
    },
  ],
  coversBody: true,
  redelivered: () => twilioRequest({ SmsStatus: "received", ApiVersion: "2010-04-01" }),
  withUnknownFields: () => twilioRequest({ SparkleLevel: "9", ChannelMetadata: "{}" }),
  unknownType: () => twilioRequest({ MessageStatus: "sparkling", SmsStatus: "sparkling" }),
  batchWithOneBad: null,
  malformed: [
    { name: "no sender", request: () => twilioRequest({ From: "" }) },
    { name: "no id", request: () => twilioRequest({ MessageSid: "" }) },
  ],
  signed: {
    _tag: "form",
    fields: Object.fromEntries(twilioPairs()),
    request: (fields) => twilioSigned(Object.entries(fields)),
  },
}

const telnyxKeys = generateKeyPairSync("ed25519")
const telnyxPublic = telnyxKeys.publicKey
  .export({ format: "der", type: "spki" })
  .subarray(-32)
  .toString("base64")
const telnyxEvent = (payload: Record<string, unknown> = {}, data: Record<string, unknown> = {}) => ({
  data: {
    event_type: "message.received",
    id: randomUUID(),
    occurred_at: "2026-11-21T10:00:00.000+00:00",
    payload: {
      id: "7ee4241c-f127-47e5-9c34-3aac291f8058",
      from: { phone_number: F.customer },
      to: [{ phone_number: F.ours }],
      text,
      media: [],
      ...payload,
    },
    ...data,
  },
})
const telnyxRequest = (event: unknown, at = Math.floor(Date.now() / 1000), key = telnyxKeys.privateKey) => {
  const body = typeof event === "string" ? event : JSON.stringify(event)
  return toRequest({
    url,
    body,
    headers: {
      "telnyx-timestamp": String(at),
      "telnyx-signature-ed25519": sign(null, Buffer.from(`${at}|${body}`), key).toString("base64"),
    },
  })
}
export const telnyx: WebhookFixture = {
  name: "Telnyx",
  settings: F.telnyxSettings(telnyxPublic),
  request: () => telnyxRequest(telnyxEvent()),
  yields: ["Message"],
  texts: [text],
  forgeries: [
    {
      name: "another key",
      request: () => telnyxRequest(telnyxEvent(), undefined, generateKeyPairSync("ed25519").privateKey),
    },
    {
      name: "a replay after ten minutes",
      request: () => telnyxRequest(telnyxEvent(), Math.floor(Date.now() / 1000) - 600),
    },
    {
      name: "from the future",
      request: () => telnyxRequest(telnyxEvent(), Math.floor(Date.now() / 1000) + 600),
    },
    {
      name: "another timestamp under the same signature",
      request: () => {
        const good = telnyxRequest(telnyxEvent())
        return {
          ...good,
          headers: { ...good.headers, "telnyx-timestamp": String(Math.floor(Date.now() / 1000) - 5) },
        }
      },
    },
    {
      name: "a signature that is none",
      request: () => {
        const good = telnyxRequest(telnyxEvent())
        return { ...good, headers: { ...good.headers, "telnyx-signature-ed25519": "AAAA" } }
      },
    },
  ],
  coversBody: true,
  redelivered: () => telnyxRequest(telnyxEvent()),
  withUnknownFields: () => telnyxRequest(telnyxEvent({ sparkle: [1] }, { sparkle: { a: 1 } })),
  unknownType: () => telnyxRequest(telnyxEvent({}, { event_type: "message.sparkled" })),
  batchWithOneBad: null,
  malformed: [
    { name: "no JSON", request: () => telnyxRequest("{") },
    { name: "no sender", request: () => telnyxRequest(telnyxEvent({ from: null })) },
    { name: "no receiver", request: () => telnyxRequest(telnyxEvent({ to: [] })) },
  ],
  signed: { _tag: "json", body: telnyxEvent(), request: (body) => telnyxRequest(body) },
}

const vonageEvent = (over: Record<string, unknown> = {}) => ({
  channel: "sms",
  message_uuid: "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab",
  from: "14155550199",
  to: "14155550100",
  timestamp: "2026-11-21T10:00:00.000Z",
  message_type: "text",
  text,
  sms: { num_messages: "1" },
  ...over,
})

const signing = await Effect.runPromise(
  Effect.scoped(
    Effect.gen(function* () {
      // Their servers are closed again at once; signing needs none.
      return { vonage: yield* F.fakeVonage, plivo: yield* F.fakePlivo }
    }),
  ),
)

export const vonage: WebhookFixture = {
  name: "Vonage",
  settings: F.vonageSettings(),
  request: () => toRequest(signing.vonage.hook(url, vonageEvent())),
  yields: ["Message"],
  texts: [text],
  forgeries: [
    {
      name: "another secret",
      request: () => toRequest(signing.vonage.hook(url, vonageEvent(), {}, "guessed-secret")),
    },
    {
      name: "an old token",
      request: () => toRequest(signing.vonage.hook(url, vonageEvent(), { iat: 1_700_000_000 })),
    },
    {
      name: "another account's token",
      request: () => toRequest(signing.vonage.hook(url, vonageEvent(), { api_key: "other" })),
    },
    {
      name: "no payload hash",
      request: () => toRequest(signing.vonage.hook(url, vonageEvent(), { payload_hash: undefined })),
    },
    {
      name: "an unsigned token",
      request: () => {
        const good = toRequest(signing.vonage.hook(url, vonageEvent()))
        const claims = good.headers["authorization"]?.split(".")[1] ?? ""
        const none = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url")
        return { ...good, headers: { authorization: `Bearer ${none}.${claims}.AA` } }
      },
    },
    {
      name: "no signature",
      request: () => ({ ...toRequest(signing.vonage.hook(url, vonageEvent())), headers: {} }),
    },
  ],
  coversBody: true,
  redelivered: () => toRequest(signing.vonage.hook(url, vonageEvent())),
  withUnknownFields: () => toRequest(signing.vonage.hook(url, vonageEvent({ sparkle: { a: [1] } }))),
  unknownType: () => toRequest(signing.vonage.hook(url, vonageEvent({ channel: "smoke_signals" }))),
  batchWithOneBad: null,
  malformed: [
    {
      name: "no id",
      request: () => toRequest(signing.vonage.hook(url, vonageEvent({ message_uuid: undefined }))),
    },
    {
      name: "no sender",
      request: () => toRequest(signing.vonage.hook(url, vonageEvent({ from: undefined }))),
    },
    { name: "a list", request: () => toRequest(signing.vonage.hook(url, [1, 2])) },
  ],
  signed: {
    _tag: "json",
    body: vonageEvent(),
    request: (body) => toRequest(signing.vonage.hook(url, body)),
  },
}

const plivoFields = (over: Record<string, string> = {}) => ({
  MessageUUID: "11111111-2222-4333-8444-555555555555",
  From: "14155550199",
  To: "14155550100",
  Text: text,
  Type: "sms",
  ...over,
})
export const plivo: WebhookFixture = {
  name: "Plivo",
  settings: F.plivoSettings(),
  request: () => toRequest(signing.plivo.hook(url, plivoFields())),
  yields: ["Message"],
  texts: [text],
  forgeries: [
    {
      name: "another token",
      request: () => toRequest(signing.plivo.hook(url, plivoFields(), { token: "guessed-token" })),
    },
    {
      name: "a V2 signature where V3 is wanted",
      request: () => toRequest(signing.plivo.hook(url, plivoFields(), { only: "v2" })),
    },
    {
      name: "another nonce",
      request: () => {
        const good = toRequest(signing.plivo.hook(url, plivoFields()))
        return { ...good, headers: { ...good.headers, "x-plivo-signature-v3-nonce": "1" } }
      },
    },
  ],
  coversBody: true,
  redelivered: () => toRequest(signing.plivo.hook(url, plivoFields())),
  withUnknownFields: () => toRequest(signing.plivo.hook(url, plivoFields({ Sparkle: "1" }))),
  unknownType: () => toRequest(signing.plivo.hook(url, { MessageUUID: "u1-1", Status: "sparkling" })),
  batchWithOneBad: null,
  malformed: [
    { name: "no sender", request: () => toRequest(signing.plivo.hook(url, plivoFields({ From: "" }))) },
    { name: "no id", request: () => toRequest(signing.plivo.hook(url, plivoFields({ MessageUUID: "" }))) },
  ],
  signed: {
    _tag: "form",
    fields: plivoFields(),
    request: (fields) => toRequest(signing.plivo.hook(url, fields)),
  },
}

export const plivoV2: WebhookFixture = {
  ...plivo,
  name: "Plivo with V2 signatures",
  settings: F.plivoSettings(undefined, { signature: "v2" }),
  request: () => toRequest(signing.plivo.hook(url, plivoFields(), { only: "v2" })),
  forgeries: [
    {
      name: "another token",
      request: () => toRequest(signing.plivo.hook(url, plivoFields(), { only: "v2", token: "guessed" })),
    },
  ],
  // V2 leaves the body open; that a nonce serves one body only is tested in signatures.test.ts.
  coversBody: false,
  redelivered: () => toRequest(signing.plivo.hook(url, plivoFields(), { only: "v2" })),
  withUnknownFields: null,
  unknownType: null,
  malformed: [],
  signed: {
    _tag: "form",
    fields: plivoFields(),
    request: (fields) => toRequest(signing.plivo.hook(url, fields, { only: "v2" })),
  },
}
