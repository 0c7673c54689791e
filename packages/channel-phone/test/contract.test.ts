import { createHmac } from "node:crypto"
import {
  type ChannelFixtures,
  channelContract,
  contractHookUrl,
  type FakeProvider,
  type SendScenario,
  type WebhookFixture,
} from "@opencx/testing"
import { CustomerText, type RawRequest } from "@opencx/core"
import { Effect } from "effect"
import { makePhonePlugin } from "../src/index.ts"
import { begin, firstWords } from "./support/call.ts"
import {
  retellBody,
  retellSignature,
  type RestFault,
  callSignature,
  type VapiProof,
  vapiHeaders,
  vapiReport,
} from "./support/fakes.ts"
import {
  accountSid,
  american,
  authToken,
  germanMobile,
  retell,
  textFrom,
  twilio,
  vapi,
} from "./support/settings.ts"
import { startNetwork } from "./support/world.ts"

const plugin = makePhonePlugin()
const hook = contractHookUrl("phone")
const bytes = (text: string) => new TextEncoder().encode(text)

const form = (fields: Readonly<Record<string, string>>, query = "", token = authToken): RawRequest => ({
  method: "POST",
  url: hook + query,
  headers: {
    "content-type": "application/x-www-form-urlencoded",
    "x-twilio-signature": callSignature(token, hook + query, fields),
  },
  body: bytes(new URLSearchParams(fields).toString()),
  remoteAddress: null,
})

const callSid = "CA0123456789abcdef0123456789abcdef"
const call = {
  CallSid: callSid,
  AccountSid: accountSid,
  From: american,
  To: textFrom,
  CallStatus: "in-progress",
}
const ended = { ...call, CallStatus: "completed", SessionId: "VX1" }
const action = "?event=action&tries=0&caller=claimed"

const voice: WebhookFixture = {
  name: "Twilio: a call comes in",
  settings: twilio(),
  request: () => form(call),
  yields: ["Ignored"],
  forgeries: [
    { name: "another key", request: () => form(call, "", "another-token") },
    { name: "another URL", request: () => ({ ...form(call), url: `${hook}?event=action` }) },
    { name: "another Twilio account", request: () => form({ ...call, AccountSid: "AC-other" }) },
    {
      name: "a form that is too large",
      request: () => form({ ...call, Big: "x".repeat(200_000) }),
    },
  ],
  coversBody: true,
  redelivered: () => form({ ...call, RetryCount: "1" }),
  withUnknownFields: () => form({ ...call, Sparkle: "1", From_City: "مكة" }),
  unknownType: null,
  batchWithOneBad: null,
  malformed: [
    { name: "no call", request: () => form({ AccountSid: accountSid, Body: "an SMS" }) },
    { name: "a query that is not ours", request: () => form(call, "?event=dance") },
  ],
  signed: { _tag: "form", fields: call, request: (fields) => form(fields) },
}

const over: WebhookFixture = {
  ...voice,
  name: "Twilio: a call is over",
  request: () => form(ended, action),
  yields: ["CallEnded"],
  forgeries: [{ name: "another key", request: () => form(ended, action, "another-token") }],
  redelivered: () => form({ ...ended, SessionDuration: "9" }, action),
  withUnknownFields: () => form({ ...ended, Sparkle: "1" }, action),
  malformed: [],
  signed: { _tag: "form", fields: ended, request: (fields) => form(fields, action) },
}

const proof: VapiProof = { kind: "hmac", secret: "vapi-hmac-secret-1", timestamped: true }
const startedAt = Date.UTC(2026, 10, 21)
const report = vapiReport({
  id: "vapi-call-1",
  number: germanMobile,
  startedAt,
  endedAt: startedAt + 1_000,
  endedReason: "customer-ended-call",
  turns: [{ role: "user", message: "Hello", time: startedAt }],
})

const json = (headers: Readonly<Record<string, string>>, body: string): RawRequest => ({
  method: "POST",
  url: hook,
  headers,
  body: bytes(body),
  remoteAddress: null,
})
const fromVapi = (message: unknown, with_: VapiProof = proof, now = Date.now()) => {
  const body = typeof message === "string" ? message : JSON.stringify({ message })
  return json(vapiHeaders(with_, body, now), body)
}

const vapiHook: WebhookFixture = {
  name: "Vapi",
  settings: vapi({ auth: { _tag: "hmac", secret: "vapi-hmac-secret-1" } }),
  request: () => fromVapi(report),
  yields: ["Transcript", "CallEnded"],
  forgeries: [
    { name: "another secret", request: () => fromVapi(report, { ...proof, secret: "another" }) },
    { name: "an old signature", request: () => fromVapi(report, proof, Date.now() - 400_000) },
    {
      name: "no time",
      request: () => {
        const good = fromVapi(report)
        return { ...good, headers: { ...good.headers, "x-timestamp": "" } }
      },
    },
  ],
  coversBody: true,
  redelivered: () => fromVapi({ ...report, attempt: 2 }),
  withUnknownFields: () => fromVapi({ ...report, sparkle: { a: [1] }, costs: [] }),
  unknownType: () => fromVapi({ type: "from-the-future", call: { id: "vapi-call-1" } }),
  batchWithOneBad: {
    request: () =>
      fromVapi({
        ...report,
        artifact: { messages: [7, null, { role: 3 }, { role: "user", message: "Hi", time: 1 }] },
      }),
    yields: ["Transcript", "CallEnded"],
  },
  malformed: [
    { name: "no JSON", request: () => fromVapi("{") },
    { name: "no message", request: () => fromVapi('{"hello":1}') },
  ],
  signed: { _tag: "json", body: report, request: (body) => fromVapi(body) },
}

const retellCall = {
  callId: "call_1",
  direction: "inbound",
  from: germanMobile,
  to: textFrom,
  startedAt,
  endedAt: startedAt + 1_000,
  disconnectionReason: "user_hangup",
  turns: [{ role: "user", content: "Hello", start: 1 }],
} as const
const fromRetell = (body: unknown, key = "retell-key-1", now = Date.now()) => {
  const text = typeof body === "string" ? body : JSON.stringify(body)
  return json({ "x-retell-signature": retellSignature(key, text, now) }, text)
}
const endedBody = retellBody("call_ended", retellCall)

const retellHook: WebhookFixture = {
  name: "Retell",
  settings: retell(),
  request: () => fromRetell(endedBody),
  yields: ["Transcript", "CallEnded"],
  forgeries: [
    { name: "another key", request: () => fromRetell(endedBody, "another") },
    { name: "an old signature", request: () => fromRetell(endedBody, "retell-key-1", Date.now() - 400_000) },
    {
      name: "a bare digest, without a time",
      request: () =>
        json(
          {
            "x-retell-signature": createHmac("sha256", "retell-key-1")
              .update(JSON.stringify(endedBody))
              .digest("hex"),
          },
          JSON.stringify(endedBody),
        ),
    },
  ],
  coversBody: true,
  redelivered: () => fromRetell(endedBody, "retell-key-1", Date.now() - 5_000),
  withUnknownFields: () => fromRetell({ ...endedBody, sparkle: 1 }),
  unknownType: () => fromRetell({ event: "transcript_updated", call: { call_id: "call_1" } }),
  batchWithOneBad: {
    request: () =>
      fromRetell({
        event: "call_ended",
        call: {
          call_id: "call_1",
          transcript_object: [1, { role: "user" }, { role: "user", content: "Hi" }],
        },
      }),
    yields: ["Transcript", "CallEnded"],
  },
  malformed: [
    { name: "no JSON", request: () => fromRetell("{") },
    { name: "no call id", request: () => fromRetell({ event: "call_ended", call: {} }) },
  ],
  signed: { _tag: "json", body: endedBody, request: (body) => fromRetell(body) },
}

/** A caller who is connected; the contract's own account finds the call, because it is the same plugin and account. */
const live = Effect.gen(function* () {
  const c = yield* begin({}, {}, { plugin })
  const thread = yield* firstWords(c)
  const provider: FakeProvider = {
    settings: twilio({ apiBaseUrl: c.network.url }),
    address: thread.address,
    received: Effect.sync(() => c.phone.heard.map((h) => h.token)).pipe(
      Effect.tap(() =>
        Effect.promise(() =>
          c.phone.until("speech", () => (c.phone.heard.at(-1)?.last === true ? true : null)),
        ),
      ),
      Effect.map(() => c.phone.heard.map((h) => h.token)),
    ),
  }
  return provider
})

/** A call that Twilio says is over, and a number to text from. */
const gone = (caller: string | null, ...faults: ReadonlyArray<RestFault>) =>
  Effect.gen(function* () {
    const network = yield* startNetwork
    network.rest.faults.push(...faults)
    const provider: FakeProvider = {
      settings: twilio({ apiBaseUrl: network.url, smsFallback: { from: textFrom, consent: "caller_id" } }),
      address: JSON.stringify({
        v: 1,
        provider: "twilio",
        call: callSid.replace("0", "9"),
        caller,
        agreed: false,
      }),
      received: Effect.sync(() => network.texts.map((t) => t.body)),
    }
    return provider
  })

const human = { author: "human", authorName: "Sam" } as const
const sending: ReadonlyArray<SendScenario> = [
  { name: "spoken in a live call", start: live, expect: "sent" },
  {
    name: "nothing that can be said",
    start: live,
    expect: "Permanent",
    message: { text: CustomerText.make("https://x.example") },
  },
  { name: "texted after the call", start: gone(germanMobile), expect: "sent", message: human },
  { name: "an answer of the AI after the call", start: gone(germanMobile), expect: "Permanent" },
  { name: "a hidden number after the call", start: gone(null), expect: "Permanent", message: human },
  {
    name: "an address that cannot be read",
    start: Effect.map(gone(null), (p) => ({ ...p, address: "{}" })),
    expect: "Permanent",
  },
  {
    name: "opted out",
    start: gone(germanMobile, { kind: "refuse", status: 400, code: 21610 }),
    expect: "Permanent",
    message: human,
  },
  {
    name: "slow down",
    start: gone(germanMobile, { kind: "refuse", status: 429 }),
    expect: "Retry",
    message: human,
  },
  {
    name: "down",
    start: gone(germanMobile, { kind: "refuse", status: 503 }),
    expect: "Retry",
    message: human,
  },
  {
    name: "cut off after the text was taken",
    start: gone(germanMobile, { kind: "reset-after" }),
    expect: "sent",
    message: human,
  },
  {
    name: "cut off before",
    start: gone(germanMobile, { kind: "reset-before" }),
    expect: "Retry",
    message: human,
  },
]

const fixtures: ChannelFixtures = {
  settings: twilio({
    secondAuthToken: "twilio-auth-token-2",
    smsFallback: { from: textFrom, consent: "asked" },
    transfer: { _tag: "dial", number: germanMobile },
  }),
  secrets: [authToken, "twilio-auth-token-2"],
  rejected: [
    { name: "no provider", settings: { greeting: "Hello" }, mentions: "provider" },
    {
      name: "an account SID that is none",
      settings: twilio({ accountSid: "AC1" }),
      mentions: "Twilio account SID",
    },
    {
      name: "an API over plain http",
      settings: twilio({ apiBaseUrl: "http://api.example" }),
      mentions: "https",
    },
    {
      name: "an API with a path",
      settings: twilio({ apiBaseUrl: "https://api.example/x" }),
      mentions: "https",
    },
    { name: "a transfer to nowhere", settings: twilio({ transfer: { _tag: "dial" } }), mentions: "number" },
    {
      name: "a transfer to a number that is none",
      settings: twilio({ transfer: { _tag: "dial", number: "0800" } }),
      mentions: "international",
    },
    {
      name: "hours in no time zone",
      settings: twilio({ transferHours: { timeZone: "Mars/Olympus", open: [] } }),
      mentions: "Europe/Berlin",
    },
    {
      name: "hours that pass midnight",
      settings: twilio({
        transferHours: { timeZone: "UTC", open: [{ days: ["mon"], from: "22:00", to: "06:00" }] },
      }),
      mentions: "before",
    },
    {
      name: "consent that Vapi cannot ask for",
      settings: vapi({ smsFallback: { accountSid, authToken, from: textFrom, consent: "asked" } }),
      mentions: "caller_id",
    },
    { name: "Vapi without a proof", settings: { provider: "vapi" }, mentions: "auth" },
    { name: "Retell without a key", settings: { provider: "retell" }, mentions: "apiKey" },
  ],
  webhooks: [voice, over, vapiHook, retellHook],
  sending,
  rendering: {
    start: live,
    leaveOut: {
      emoji: "emoji are not read aloud; test/speech.test.ts checks that they go whole",
      "long URL": "addresses are not read aloud; test/speech.test.ts checks that they go whole",
    },
  },
}

channelContract(plugin, fixtures)

// The other providers' secrets are as silent.
const quiet = (settings: unknown, secrets: ReadonlyArray<string>) =>
  channelContract(makePhonePlugin(), {
    settings,
    secrets,
    rejected: [],
    webhooks: [],
    sending: null,
    rendering: null,
  })
quiet(vapi({ auth: { _tag: "hmac", secret: "vapi-hmac-secret-1" } }), ["vapi-hmac-secret-1"])
quiet(vapi({ auth: { _tag: "header", value: "vapi-header-secret-1" } }), ["vapi-header-secret-1"])
quiet(retell({ smsFallback: { accountSid, authToken, from: textFrom, consent: "caller_id" } }), [
  "retell-key-1",
  authToken,
])
