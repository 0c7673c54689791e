import { channelContract, type FakeProvider, type SendScenario, type WebhookFixture } from "@opencx/testing"
import { Effect } from "effect"
import { makeWhatsappPlugin } from "../src/index.ts"
import * as A from "./support/accounts.ts"
import { type Fault, startFakeMeta } from "./support/fakeMeta.ts"
import { type Mood, tinyTwilio } from "./support/tinyTwilio.ts"
import { nextDelivery } from "./support/worlds.ts"

const plugin = makeWhatsappPlugin({ statusWaitMs: 300 })
const text = "My lamp is broken."

const metaHook: WebhookFixture = {
  name: "Meta",
  settings: A.metaSettings({ secondAppSecret: "app-secret-number-2" }),
  request: () => A.signed(A.messages(A.inbound())),
  yields: ["Message"],
  texts: [text],
  forgeries: [
    { name: "another secret", request: () => A.signed(A.messages(A.inbound()), "other") },
    {
      name: "an old kind of signature",
      request: () => A.request({ "x-hub-signature": "sha1=00" }, JSON.stringify(A.messages(A.inbound()))),
    },
    {
      name: "an empty signature",
      request: () => A.request({ "x-hub-signature-256": "sha256=" }, JSON.stringify(A.messages(A.inbound()))),
    },
  ],
  coversBody: true,
  redelivered: () => A.signed(A.messages(A.inbound({ sparkle: 1 })), "app-secret-number-2"),
  withUnknownFields: () =>
    A.signed({
      ...A.messages(A.inbound({ from_logical_id: "1", context: 7, referral: [], errors: "x" })),
      sparkle: { a: 1 },
    }),
  unknownType: () => A.signed(A.messages(A.inbound({ type: "hologram", hologram: {} }))),
  batchWithOneBad: {
    request: () =>
      A.signed(
        A.envelope(
          A.change({ messages: [A.inbound({ id: "wamid.1" }), { id: 7 }, A.inbound({ id: "wamid.2" })] }),
          "no change",
          A.change({ messages: [A.inbound({ id: "wamid.3" })] }),
        ),
      ),
    // The bad message has no timestamp and comes first.
    yields: ["Ignored", "Message", "Message", "Ignored", "Message"],
  },
  malformed: [
    { name: "no JSON", request: () => A.signed("{") },
    { name: "no entries", request: () => A.signed({ object: "whatsapp_business_account" }) },
  ],
  signed: { _tag: "json", body: A.messages(A.inbound()), request: (body) => A.signed(body) },
}

const twilioHook: WebhookFixture = {
  name: "Twilio",
  settings: A.twilioSettings({ secondAuthToken: "twilio-auth-token-2" }),
  request: () => A.twilio(A.twilioInbound()),
  yields: ["Message"],
  texts: [text],
  forgeries: [
    { name: "another token", request: () => A.twilio(A.twilioInbound(), A.hookUrl, "other") },
    {
      name: "another URL",
      request: () => ({ ...A.twilio(A.twilioInbound(), "https://evil.example/"), url: A.hookUrl }),
    },
    {
      name: "a parameter added",
      request: () => {
        const good = A.twilio(A.twilioInbound())
        return { ...good, body: new TextEncoder().encode(`${new TextDecoder().decode(good.body)}&Body2=x`) }
      },
    },
  ],
  // A form has several spellings of the same values.
  coversBody: false,
  redelivered: () => A.twilio(A.twilioInbound(), A.hookUrl, "twilio-auth-token-2"),
  withUnknownFields: () => A.twilio(A.twilioInbound({ Sparkle: "1", ApiVersion: "2010-04-01" })),
  unknownType: () => A.twilio({ AccountSid: A.accountSid, MessageSid: "SM1", EventType: "Rumour" }),
  batchWithOneBad: null,
  malformed: [{ name: "no message", request: () => A.twilio({ Sparkle: "1" }) }],
  signed: { _tag: "form", fields: A.twilioInbound(), request: (fields) => A.twilio({ ...fields }) },
}

const metaProvider = (...faults: ReadonlyArray<Fault>) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const fake = await startFakeMeta({ ...A.meta })
      const customer = fake.addCustomer({ name: "Ann", phone: "4915112345678" })
      customer.lastWroteAt = fake.now()
      for (const fault of faults) fake.faults.add(fault)
      return fake
    }),
    (fake) => Effect.promise(() => fake.close()),
  ).pipe(
    Effect.map((fake): FakeProvider => ({
      settings: A.metaSettings({ apiBaseUrl: fake.url, timeoutMs: 5_000 }),
      address: A.addressOf(),
      received: Effect.sync(() => fake.sent().map((m) => m.text)),
    })),
  )

const twilioProvider = (...moods: ReadonlyArray<Mood>) =>
  tinyTwilio.pipe(
    Effect.map((fake): FakeProvider => {
      fake.plan.push(...moods)
      return {
        settings: A.twilioSettings({ apiBaseUrl: fake.url, timeoutMs: 5_000 }),
        address: A.addressOf({ phone: "whatsapp:+4915112345678" }),
        received: Effect.sync(() => fake.sent.map((m) => m.form.get("Body") ?? "")),
      }
    }),
  )

const unreachable = (settings: unknown): SendScenario["start"] =>
  Effect.succeed({ settings, address: A.addressOf(), received: Effect.succeed([]) })

const error = (code: number, status = 400): Fault => ({ on: "messages", kind: "error", code, status })
/** Every scenario has a delivery of its own: the plugin remembers what became of it. */
const scenario = (
  name: string,
  start: SendScenario["start"],
  expect: SendScenario["expect"],
  over: Partial<SendScenario> = {},
): SendScenario => ({
  name,
  start,
  expect,
  ...over,
  message: { deliveryId: nextDelivery(), ...over.message },
})

const dayAgo = { lastInboundAt: Date.now() - 25 * 3_600_000 }

const scenarios: ReadonlyArray<SendScenario> = [
  scenario("Meta takes it", metaProvider(), "sent"),
  scenario("Meta: not on WhatsApp", metaProvider(error(131026)), "Permanent"),
  scenario("Meta: opted out at WhatsApp", metaProvider(error(131050)), "Permanent"),
  scenario("Meta: token expired", metaProvider(error(190, 401)), "Permanent"),
  scenario("Meta: a code of next year", metaProvider(error(139999)), "Permanent"),
  scenario("Meta: a code of next year, later", metaProvider(error(139999, 503)), "Retry"),
  scenario("Meta: window closed, says Meta", metaProvider(error(131047)), "Hold"),
  scenario("Meta: window closed, by our reckoning", metaProvider(), "Hold", { thread: dayAgo }),
  scenario("Meta: too fast for one customer", metaProvider(error(131056)), "Retry"),
  scenario("Meta: too fast", metaProvider(error(130429, 429)), "Retry"),
  scenario("Meta: out of order", metaProvider({ on: "messages", kind: "status", status: 503 }), "Retry"),
  scenario(
    "Meta: a gateway gives up",
    metaProvider({ on: "messages", kind: "status", status: 502 }),
    "Ambiguous",
  ),
  scenario("Meta: gone in mid-request", metaProvider({ on: "messages", kind: "reset" }), "Ambiguous"),
  scenario(
    "Meta: gone after taking it",
    metaProvider({ on: "messages", kind: "resetAfterCommit" }),
    "Ambiguous",
  ),
  scenario("Meta: an unreadable answer", metaProvider({ on: "messages", kind: "garbage" }), "Ambiguous"),
  scenario("Meta cannot be reached", unreachable(A.metaSettings()), "Retry"),
  scenario("Twilio takes it", twilioProvider(), "sent"),
  scenario("Twilio: opted out", twilioProvider({ kind: "error", status: 400, code: 21610 }), "Permanent"),
  scenario("Twilio: wrong token", twilioProvider({ kind: "error", status: 401, code: 20003 }), "Permanent"),
  scenario("Twilio: window closed", twilioProvider({ kind: "error", status: 400, code: 63016 }), "Hold"),
  scenario("Twilio: window closed, by our reckoning", twilioProvider(), "Hold", { thread: dayAgo }),
  scenario("Twilio: too fast", twilioProvider({ kind: "error", status: 429, code: 20429 }), "Retry"),
  scenario("Twilio: gone in mid-request, list says no", twilioProvider({ kind: "reset" }), "Retry"),
  scenario(
    "Twilio: gone after taking it, list says yes",
    twilioProvider({ kind: "resetAfterCommit" }),
    "sent",
  ),
  scenario("Twilio cannot be reached", unreachable(A.twilioSettings()), "Retry"),
]

channelContract(plugin, {
  settings: A.metaSettings({ secondAppSecret: "app-secret-number-2" }),
  secrets: ["EAAG-access-token-1", "app-secret-number-1", "app-secret-number-2", "verify-token-number-1"],
  rejected: [
    { name: "no provider", settings: { ...A.metaSettings(), provider: undefined }, mentions: "provider" },
    {
      name: "another provider",
      settings: A.metaSettings({ provider: "carrier pigeon" }),
      mentions: "provider",
    },
    { name: "no token", settings: A.metaSettings({ accessToken: undefined }), mentions: "accessToken" },
    {
      name: "a phone number in place of its id",
      settings: A.metaSettings({ phoneNumberId: "+14155550100" }),
      mentions: "phoneNumberId",
    },
    {
      name: "plain http",
      settings: A.metaSettings({ apiBaseUrl: "http://graph.example" }),
      mentions: "https",
    },
    { name: "a version that is none", settings: A.metaSettings({ graphVersion: "25" }), mentions: "v25.0" },
    {
      name: "a sender that is none",
      settings: A.twilioSettings({ from: "+14155550100" }),
      mentions: "whatsapp:",
    },
    {
      name: "an account that is none",
      settings: A.twilioSettings({ accountSid: "AC1" }),
      mentions: "Account SID",
    },
  ],
  webhooks: [metaHook, twilioHook],
  sending: scenarios,
  rendering: { start: metaProvider() },
})
