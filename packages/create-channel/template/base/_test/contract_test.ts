/** The contract of every channel plugin, over this one and the fake provider. */
import { channelContract, type FakeProvider } from "@opencx/testing"
import { Effect } from "effect"
import { plugin } from "../src/index.ts"
import { type Fault, startFakeAcme } from "./support/fakeAcme.ts"
import {
  apiKey,
  bytes,
  created,
  request,
  settings,
  status,
  webhook,
  webhookSecret,
} from "./support/fixtures.ts"
import { coversBody, forgedHeaders } from "./support/proof.ts"

const address = JSON.stringify({ conversation: "conversation-7" })

/** The fake, with what goes wrong in it. */
const provider = (faults: ReadonlyArray<Fault> = [], lists: ReadonlyArray<Fault> = []) =>
  Effect.acquireRelease(
    Effect.promise(() => startFakeAcme({ apiKey, webhookSecret })),
    (fake) => Effect.promise(fake.close),
  ).pipe(
    Effect.map((fake): FakeProvider => {
      fake.fail("send", ...faults)
      fake.fail("list", ...lists)
      return {
        settings: { ...settings, apiBaseUrl: fake.url, timeoutMs: 500 },
        address,
        received: Effect.sync(() => fake.messages().map((message) => message.text)),
      }
    }),
  )

const refused = (status: number, code: string): Fault => ({
  kind: "answer",
  status,
  body: JSON.stringify({ error: { code } }),
})
const gone = Effect.succeed<FakeProvider>({
  settings: { ...settings, apiBaseUrl: "http://127.0.0.1:1", timeoutMs: 500 },
  address,
  received: Effect.succeed([]),
})
const body = bytes({ events: [created("Hello")] })

channelContract(plugin, {
  settings,
  secrets: [apiKey, webhookSecret],
  rejected: [
    { name: "no API key", settings: { webhookSecret }, mentions: "apiKey" },
    { name: "a short secret", settings: { apiKey, webhookSecret: "short" }, mentions: "webhookSecret" },
    {
      name: "an API without TLS",
      settings: { ...settings, apiBaseUrl: "http://api.example.com" },
      mentions: "https",
    },
    {
      name: "a host with a path",
      settings: { ...settings, mediaHosts: ["a.example/b"] },
      mentions: "mediaHosts",
    },
  ],
  webhooks: [
    {
      name: "messages and statuses",
      settings,
      request: () => webhook(created("Where is my order?"), status("delivered")),
      yields: ["Message", "Delivery"],
      texts: ["Where is my order?"],
      forgeries: forgedHeaders(body, webhookSecret).map(({ headers, name }) => ({
        name,
        request: () => request(body, headers),
      })),
      coversBody,
      redelivered: () => webhook(created("Where is my order?"), status("delivered")),
      withUnknownFields: () =>
        webhook(
          { ...created("Where is my order?", { mood: "fine" }), v: 2 },
          { ...status("delivered"), v: 2 },
        ),
      unknownType: () => webhook({ type: "reaction.added", id: "evt_9", reaction: "👍" }),
      batchWithOneBad: {
        request: () =>
          webhook(
            created("One"),
            { type: "message.created", id: "evt_x" },
            17,
            created("Two", {}, "2"),
            status("read"),
          ),
        yields: ["Message", "Ignored", "Ignored", "Message", "Delivery"],
      },
      malformed: [
        { name: "no JSON", request: () => request(new TextEncoder().encode("events=1")) },
        { name: "another shape", request: () => request(bytes([created("Hello")])) },
      ],
      signed: { _tag: "json", body: created("Hello"), request: (body) => webhook(body) },
    },
    {
      name: "an opt-out",
      settings,
      request: () => webhook(created(" stop ")),
      yields: ["OptOut"],
      forgeries: [],
      coversBody,
      redelivered: () => webhook(created(" stop ")),
      withUnknownFields: null,
      unknownType: null,
      batchWithOneBad: null,
      malformed: [],
    },
  ],
  sending: [
    { name: "taken", start: provider(), expect: "sent" },
    {
      name: "the answer gets lost, the list has it",
      start: provider([{ kind: "reset", taken: true }]),
      expect: "sent",
    },
    {
      name: "the answer gets lost, the list does not have it",
      start: provider([{ kind: "reset", taken: false }]),
      expect: "Retry",
    },
    {
      name: "a 500 after which the list has it",
      start: provider([{ kind: "answer", status: 500, taken: true }]),
      expect: "sent",
    },
    {
      name: "too many",
      start: provider([{ kind: "answer", status: 429, headers: { "retry-after": "3" } }]),
      expect: "Retry",
    },
    { name: "overloaded", start: provider([{ kind: "answer", status: 503 }]), expect: "Retry" },
    {
      name: "the answer gets lost, and so does the list",
      start: provider([{ kind: "reset", taken: true }], [{ kind: "answer", status: 502 }]),
      expect: "Ambiguous",
    },
    { name: "nobody there", start: gone, expect: "Ambiguous" },
    {
      name: "the customer blocked us",
      start: provider([refused(422, "recipient_blocked")]),
      expect: "Permanent",
    },
    { name: "an unknown refusal", start: provider([refused(400, "quux")]), expect: "Permanent" },
    { name: "a wrong key", start: provider([refused(401, "unauthorized")]), expect: "Permanent" },
    {
      name: "the window closed at the provider",
      start: provider([refused(409, "window_closed")]),
      expect: "Hold",
    },
    {
      name: "the window is known to be closed",
      start: provider(),
      thread: { lastInboundAt: Date.now() - 8 * 86_400_000 },
      expect: "Hold",
    },
    { name: "an address that is none", start: provider(), thread: { address: "{}" }, expect: "Permanent" },
  ],
  rendering: { start: provider() },
})
