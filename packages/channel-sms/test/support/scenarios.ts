/** Good and bad days of every provider, for the contract suite. */
import type { FakeProvider, SendScenario } from "@opencx/testing"
import { Effect } from "effect"
import * as F from "./fakes.ts"
import { replyAddress } from "./host.ts"

type Plan = ReadonlyArray<F.Fault>

export const atTwilio = (plan: Plan = [], lists: Plan = [], over: Record<string, unknown> = {}) =>
  F.fakeTwilio().pipe(
    Effect.map((fake): FakeProvider => {
      fake.faults.next("create", ...plan)
      fake.faults.next("list", ...lists)
      return {
        settings: F.twilioSettings(fake.url, {}, { timeoutMs: 400, ...over }),
        address: replyAddress(),
        received: Effect.sync(() => fake.sent().map((m) => m.body)),
      }
    }),
  )
const atTelnyx = (plan: Plan = []) =>
  F.fakeTelnyx.pipe(
    Effect.map((fake): FakeProvider => {
      fake.faults.next("create", ...plan)
      return {
        settings: F.telnyxSettings(fake.publicKey, fake.url),
        address: replyAddress(),
        received: Effect.sync(() => fake.sent().map((m) => m.text)),
      }
    }),
  )
const atVonage = (plan: Plan = []) =>
  F.fakeVonage.pipe(
    Effect.map((fake): FakeProvider => {
      fake.faults.next("create", ...plan)
      return {
        settings: F.vonageSettings(fake.url),
        address: replyAddress("14155550199", "14155550100"),
        received: Effect.sync(() => fake.sent().map((m) => m.text)),
      }
    }),
  )
const atPlivo = (plan: Plan = []) =>
  F.fakePlivo.pipe(
    Effect.map((fake): FakeProvider => {
      fake.faults.next("create", ...plan)
      return {
        settings: F.plivoSettings(fake.url),
        address: replyAddress("14155550199", "14155550100"),
        received: Effect.sync(() => fake.sent().map((m) => m.text)),
      }
    }),
  )
const nowhere = Effect.succeed<FakeProvider>({
  settings: F.twilioSettings("http://127.0.0.1:9"),
  address: replyAddress(),
  received: Effect.succeed([]),
})
const refuse = (status: number, code?: number | string, retryAfter?: number): F.Fault => ({
  kind: "refuse",
  status,
  ...(code === undefined ? {} : { code }),
  ...(retryAfter === undefined ? {} : { retryAfter }),
})

export const scenarios: ReadonlyArray<SendScenario> = [
  { name: "Twilio takes it", start: atTwilio(), expect: "sent" },
  { name: "Twilio: too many requests", start: atTwilio([refuse(429, 20429, 7)]), expect: "Retry" },
  { name: "Twilio: unavailable", start: atTwilio([refuse(503)]), expect: "Retry" },
  { name: "Twilio: opted out", start: atTwilio([refuse(400, 21610)]), expect: "Permanent" },
  { name: "Twilio: an unknown code", start: atTwilio([refuse(400, 29_999)]), expect: "Permanent" },
  { name: "Twilio: wrong credentials", start: atTwilio([refuse(401, 20003)]), expect: "Permanent" },
  { name: "Twilio: forbidden", start: atTwilio([refuse(403)]), expect: "Permanent" },
  {
    name: "Twilio: the answer is lost, the message is found in the list",
    start: atTwilio([{ kind: "resetAfter" }]),
    expect: "sent",
  },
  {
    name: "Twilio: the answer is garbage, the message is found",
    start: atTwilio([{ kind: "garbage", body: "<html>" }]),
    expect: "sent",
  },
  {
    name: "Twilio: the answer is lost, and so is the list",
    start: atTwilio([{ kind: "resetAfter" }], [refuse(500), refuse(500), refuse(500), refuse(500)]),
    expect: "Ambiguous",
  },
  {
    name: "Twilio: nothing happened, and the list shows it",
    start: atTwilio([{ kind: "resetBefore" }]),
    expect: "Retry",
  },
  { name: "Twilio: an inner error", start: atTwilio([refuse(500, 20500)]), expect: "Retry" },
  { name: "Twilio: no answer in time", start: atTwilio([{ kind: "hang" }]), expect: "Retry" },
  { name: "the provider cannot be reached", start: nowhere, expect: "Retry" },
  {
    name: "an address of another channel",
    start: atTwilio(),
    thread: { address: '{"to":[]}' },
    expect: "Permanent",
  },
  { name: "Telnyx takes it", start: atTelnyx(), expect: "sent" },
  { name: "Telnyx: too many requests", start: atTelnyx([refuse(429, "10011", 2)]), expect: "Retry" },
  { name: "Telnyx: opted out", start: atTelnyx([refuse(400, "40300")]), expect: "Permanent" },
  { name: "Telnyx: wrong key", start: atTelnyx([refuse(401, "10009")]), expect: "Permanent" },
  { name: "Telnyx: the answer is lost", start: atTelnyx([{ kind: "resetAfter" }]), expect: "Ambiguous" },
  { name: "Vonage takes it", start: atVonage(), expect: "sent" },
  { name: "Vonage: throttled", start: atVonage([refuse(429, "1000")]), expect: "Retry" },
  { name: "Vonage: refused", start: atVonage([refuse(422, "1120")]), expect: "Permanent" },
  { name: "Vonage: wrong credentials", start: atVonage([refuse(401, "unauthorized")]), expect: "Permanent" },
  { name: "Vonage: the answer is lost", start: atVonage([{ kind: "resetAfter" }]), expect: "Ambiguous" },
  { name: "Plivo takes it", start: atPlivo(), expect: "sent" },
  { name: "Plivo: too many requests", start: atPlivo([refuse(429, undefined, 3)]), expect: "Retry" },
  { name: "Plivo: refused", start: atPlivo([refuse(400)]), expect: "Permanent" },
  {
    name: "Plivo: the answer is lost, the message is found",
    start: atPlivo([{ kind: "resetAfter" }]),
    expect: "sent",
  },
]
