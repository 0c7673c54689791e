/** What sending does beyond the contract: nothing twice, nothing lost, whatever the provider does. */
import { CustomerText } from "@opencx/core"
import { bindAccount, sampleMessage } from "@opencx/testing"
import { Effect } from "effect"
import { afterEach, beforeEach, expect, test } from "vitest"
import { plugin } from "../src/index.ts"
import { type FakeAcme, startFakeAcme } from "./support/fakeAcme.ts"
import { apiKey, settings, webhookSecret } from "./support/fixtures.ts"

let fake: FakeAcme
beforeEach(async () => {
  fake = await startFakeAcme({ apiKey, webhookSecret })
})
afterEach(() => fake.close())

const thread = () => ({
  key: "conversation-7",
  address: JSON.stringify({ conversation: "conversation-7" }),
  lastInboundAt: Date.now(),
})

const openSender = Effect.gen(function* () {
  const bound = yield* bindAccount(plugin, { ...settings, apiBaseUrl: fake.url, timeoutMs: 300 })
  return yield* bound.open
})

const long = CustomerText.make("One sentence of a long answer. ".repeat(150))

test("an answer that never came is looked for, and the message is there once", async () => {
  fake.fail("send", { kind: "silence", taken: true })
  const receipt = await Effect.runPromise(
    Effect.scoped(Effect.flatMap(openSender, (sender) => sender.send(sampleMessage(), thread()))),
  )
  expect(receipt.providerId).toBe("msg_1")
  expect(fake.messages()).toHaveLength(1)
})

test("a retry goes on where the last try ended", async () => {
  // The first part is taken; the second is refused for now.
  await Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const sender = yield* openSender
        const message = sampleMessage({ text: long })
        fake.fail(
          "send",
          { kind: "answer", status: 201, taken: true, body: '{"id":"msg_1"}' },
          { kind: "answer", status: 429 },
        )
        const first = yield* Effect.flip(sender.send(message, thread()))
        expect(first.kind._tag).toBe("Retry")
        yield* sender.send(message, thread())
      }),
    ),
  )
  const references = fake.messages().map((message) => message.reference.split("/").slice(1).join("/"))
  expect(references).toEqual(["1/3", "2/3", "3/3"])
})

test("after a restart what the process before has sent is not sent again, and a doubt is looked up", async () => {
  // The same memory as the store keeps it, for two processes.
  const message = sampleMessage({ text: long })
  const sendOnce = Effect.scoped(Effect.flatMap(openSender, (sender) => sender.send(message, thread())))
  await Effect.runPromise(message.progress.begin("1/3"))
  await Effect.runPromise(Effect.andThen(sendOnce, sendOnce))
  expect(fake.messages()).toHaveLength(3)
  const looks = fake.calls().filter((call) => call.startsWith("GET /messages"))
  expect(looks.length, "only the part that was begun is looked for").toBe(3)
})

test("files travel with the first part; one without an address is named", async () => {
  const file = {
    fileName: "invoice.pdf",
    contentType: "application/pdf",
    size: 3,
    bytes: Effect.succeed(new Uint8Array(3)),
  }
  const message = sampleMessage({
    text: CustomerText.make("Here it is."),
    files: [
      { ...file, url: "https://support.acme.example/files/1" },
      { ...file, fileName: "terms.pdf" },
    ],
  })
  await Effect.runPromise(
    Effect.scoped(Effect.flatMap(openSender, (sender) => sender.send(message, thread()))),
  )
  expect(fake.messages()[0]?.media).toEqual([
    { url: "https://support.acme.example/files/1", filename: "invoice.pdf" },
  ])
  expect(fake.messages()[0]?.text).toContain("terms.pdf")
})

test("typing is shown, and its failure is nobody's", async () => {
  await Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const sender = yield* openSender
        yield* sender.typing?.(thread()) ?? Effect.void
        yield* sender.typing?.({ ...thread(), address: "" }) ?? Effect.void
      }),
    ),
  )
  expect(fake.calls()).toEqual(["POST /conversations/conversation-7/typing"])
})
