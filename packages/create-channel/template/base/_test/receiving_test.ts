/** What receiving does beyond the contract: files, receipts, consent, the handshake. */
import type { ChannelEvent, RawRequest } from "@opencx/core"
import { bindAccount } from "@opencx/testing"
import { Effect } from "effect"
import { afterAll, beforeAll, expect, test } from "vitest"
import { plugin } from "../src/index.ts"
import { type FakeAcme, startFakeAcme } from "./support/fakeAcme.ts"
import { apiKey, created, deliveryId, settings, status, webhook, webhookSecret } from "./support/fixtures.ts"

let fake: FakeAcme
beforeAll(async () => {
  fake = await startFakeAcme({ apiKey, webhookSecret })
})
afterAll(() => fake.close())

const receive = (request: RawRequest): Promise<ReadonlyArray<ChannelEvent>> =>
  Effect.runPromise(
    Effect.gen(function* () {
      const bound = yield* bindAccount(plugin, { ...settings, apiBaseUrl: fake.url })
      return yield* bound.receive?.(request) ?? Effect.succeed([])
    }),
  )

const withMedia = (...urls: ReadonlyArray<string>) =>
  webhook(
    created("Look", {
      media: urls.map((url, index) => ({ url, filename: `f${index}.txt`, content_type: "text/plain" })),
    }),
  )

test("who wrote, where, and what else that proves", async () => {
  const [event] = await receive(webhook(created("مرحبا، أين طلبي؟")))
  expect(event).toMatchObject({
    _tag: "Message",
    dedupKey: "message:in_1",
    text: "مرحبا، أين طلبي؟",
    sender: {
      kind: "external",
      value: "user-7",
      verified: true,
      also: [{ kind: "phone", value: "+14155550107" }],
    },
    thread: { defaultKey: "conversation-7", participant: "user-7" },
    sentAt: 1_750_000_000_000,
    automatic: null,
  })
})

test("files are fetched from known hosts only; the message comes whatever becomes of them", async () => {
  const [event] = await receive(
    withMedia(
      `${fake.url}/files/a`,
      "http://169.254.169.254/latest",
      "https://evil.example/x",
      `${fake.url}/files/large`,
      "no address",
    ),
  )
  if (event?._tag !== "Message") throw new Error("no message")
  expect(event.files.map((file) => new TextDecoder().decode(file.bytes))).toEqual(["file a"])
  expect(event.text.split("\n")).toHaveLength(5)
  expect(event.text).toContain("f1.txt is not here: it lies on a host that is not known")
})

test("an automatic reply is kept and marked", async () => {
  const [event] = await receive(webhook(created("I am away", { automatic: true })))
  expect(event).toMatchObject({ _tag: "Message", automatic: "it is an automatic reply" })
})

test("a refusal counts only as the whole message, and can be taken back", async () => {
  const tags = async (text: string) => (await receive(webhook(created(text))))[0]
  expect(await tags("Unsubscribe")).toMatchObject({ _tag: "OptOut", optedOut: true })
  expect(await tags("start")).toMatchObject({ _tag: "OptOut", optedOut: false })
  expect(await tags("Please stop the delivery")).toMatchObject({ _tag: "Message" })
})

test("a long text has arrived when its last part has, and failed when any part has", async () => {
  const report = async (state: string, reference: string) =>
    (
      await receive(
        webhook(status(state, { client_reference: reference, error: { code: "recipient_gone" } })),
      )
    )[0]
  expect(await report("delivered", `${deliveryId}/1/2`)).toMatchObject({ _tag: "Ignored" })
  expect(await report("delivered", `${deliveryId}/2/2`)).toMatchObject({
    _tag: "Delivery",
    status: "delivered",
  })
  expect(await report("failed", `${deliveryId}/1/2`)).toMatchObject({
    _tag: "Delivery",
    status: "failed",
    explanation: "The customer has deleted this conversation.",
  })
  expect(await report("delivered", "somebody else's")).toMatchObject({ _tag: "Ignored" })
})

test("the handshake says the challenge back, and nothing else", async () => {
  const bound = await Effect.runPromise(bindAccount(plugin, settings))
  const ask = (query: string) =>
    bound.handshake?.({
      method: "GET",
      url: `https://a.example/hook${query}`,
      headers: {},
      body: new Uint8Array(),
      remoteAddress: null,
    })
  expect(ask("?challenge=abc-123")).toMatchObject({ status: 200, body: "abc-123" })
  expect(ask("?challenge=<script>")).toMatchObject({ status: 400 })
  expect(ask("")).toMatchObject({ status: 400 })
})
