/** Files and signs of life through Meta. */
import { assert, describe, it } from "@effect/vitest"
import { StoreError } from "@opencx/core"
import { Effect } from "effect"
import * as A from "./support/accounts.ts"
import { kindOf, metaWorld, nextDelivery } from "./support/worlds.ts"

describe("files", () => {
  it.live("a short text goes under the first picture; the others follow", () =>
    Effect.gen(function* () {
      const { fake, sender } = yield* metaWorld()
      const pdf = A.fileOf(
        { fileName: 'bill "1".pdf', contentType: "application/pdf" },
        new Uint8Array(3_000),
      )
      yield* sender.send(
        A.saying("Here it is.", { deliveryId: nextDelivery(), files: [A.fileOf(), pdf] }),
        A.threadAt(fake.now()),
      )
      assert.deepStrictEqual(
        fake.sent().map((m) => [m.text, m.media?.kind, m.media?.size, m.media?.fileName]),
        [
          ["Here it is.", "image", 3, "lamp.png"],
          ["", "document", 3_000, 'bill "1".pdf'],
        ],
      )
    }),
  )
  it.live("a long text goes before them; pictures of more than 5 MB and odd types go as documents", () =>
    Effect.gen(function* () {
      const { fake, sender } = yield* metaWorld()
      const big = A.fileOf({}, new Uint8Array(6 * 1_048_576))
      const odd = A.fileOf({ fileName: "a.svg", contentType: "image/svg+xml" })
      yield* sender.send(
        A.saying("Word ".repeat(300), { deliveryId: nextDelivery(), files: [big, odd] }),
        A.threadAt(fake.now()),
      )
      assert.deepStrictEqual(
        fake.sent().map((m) => m.media?.kind ?? "text"),
        ["text", "document", "document"],
      )
    }),
  )
  it.live("more than 100 MB is refused in words before anything is sent", () =>
    Effect.gen(function* () {
      const { fake, sender } = yield* metaWorld()
      const kind = yield* kindOf(
        sender.send(
          A.saying("x", { deliveryId: nextDelivery(), files: [A.fileOf({ size: 101 * 1_048_576 })] }),
          A.threadAt(fake.now()),
        ),
      )
      assert.include(kind._tag === "Permanent" ? kind.explanation : "", "at most 100 MB")
      assert.strictEqual(fake.requests().length, 0)
    }),
  )
  it.live("an upload that breaks off is tried again; a store that is down too", () =>
    Effect.gen(function* () {
      const { fake, sender } = yield* metaWorld()
      fake.faults.add({ on: "upload", kind: "resetAfterCommit" })
      const deliveryId = nextDelivery()
      const message = A.saying("x", { deliveryId, files: [A.fileOf()] })
      assert.strictEqual((yield* kindOf(sender.send(message, A.threadAt(fake.now()))))._tag, "Retry")
      const down = A.fileOf({ bytes: Effect.fail(new StoreError({ operation: "get", detail: "disk" })) })
      const broken = A.saying("x", { deliveryId: nextDelivery(), files: [down] })
      assert.strictEqual((yield* kindOf(sender.send(broken, A.threadAt(fake.now()))))._tag, "Retry")
      yield* sender.send(message, A.threadAt(fake.now()))
      assert.strictEqual(fake.sent().length, 1)
    }),
  )
  it.live("a file that Meta refuses to take is sent as a link where there is one", () =>
    Effect.gen(function* () {
      const { fake, sender } = yield* metaWorld()
      fake.faults.add({ on: "upload", kind: "error", code: 131053, times: 2 })
      const url = "https://support.acme.example/files/1"
      yield* sender.send(
        A.saying("x", { deliveryId: nextDelivery(), files: [A.fileOf({ url })] }),
        A.threadAt(fake.now()),
      )
      assert.strictEqual(fake.sent()[0]?.media?.link, url)
      const kind = yield* kindOf(
        sender.send(
          A.saying("x", { deliveryId: nextDelivery(), files: [A.fileOf()] }),
          A.threadAt(fake.now()),
        ),
      )
      assert.strictEqual(kind._tag, "Permanent")
    }),
  )
})

describe("typing", () => {
  it.live("marks the newest message as read and shows that an answer is being written", () =>
    Effect.gen(function* () {
      const { customer, fake, hook, sender } = yield* metaWorld({ webhooks: true })
      yield* Effect.promise(() => fake.customerSends(customer.id, { text: "Hello" }))
      const message = A.firstMessage(hook.events)
      assert.isFalse(fake.isRead(message.messageId ?? ""))
      yield* sender.typing?.(A.threadAt(fake.now(), message.address)) ?? Effect.void
      assert.isTrue(fake.isRead(message.messageId ?? ""))
      assert.isTrue(fake.isTyping(customer.id))
      fake.advance(26_000)
      assert.isFalse(fake.isTyping(customer.id))
    }),
  )
  it.live("does neither when switched off, and never fails", () =>
    Effect.gen(function* () {
      const { fake, sender } = yield* metaWorld({ settings: { markRead: false } })
      yield* sender.typing?.(A.threadAt(fake.now())) ?? Effect.void
      assert.strictEqual(fake.requests().length, 0)
      const on = yield* metaWorld()
      yield* on.sender.typing?.(A.threadAt(on.fake.now(), "broken")) ?? Effect.void
      yield* on.sender.typing?.(A.threadAt(on.fake.now())) ?? Effect.void
      assert.strictEqual(on.fake.requests()[0]?.status, 400)
    }),
  )
})
