/** Sending through Meta: in order, once, within the window, and told when it fails. */
import { assert, describe, it } from "@effect/vitest"
import { DeliveryId, StoreError } from "@opencx/core"
import { Effect } from "effect"
import * as A from "./support/accounts.ts"
import type { ShownMessage } from "./support/fakeMeta.ts"
import { kindOf, metaWorld } from "./support/worlds.ts"

const HOUR = 3_600_000
const texts = (sent: ReadonlyArray<ShownMessage>) => sent.map((m) => m.text)
let deliveries = 0x9000
const nextDelivery = () => {
  deliveries += 1
  return DeliveryId.make(`00000000-0000-4000-8000-${deliveries.toString(16).padStart(12, "0")}`)
}

describe("addresses", () => {
  it.live("the number where there is one, else the id", () =>
    Effect.gen(function* () {
      const { fake, sender } = yield* metaWorld()
      const both = A.addressOf({ bsuid: "DE.13491208655302741918" })
      const hidden = A.addressOf({ phone: null, bsuid: "DE.13491208655302741918" })
      yield* sender.send(A.saying("One", { deliveryId: nextDelivery() }), A.threadAt(fake.now(), both))
      const receipt = yield* sender.send(
        A.saying("Two", { deliveryId: nextDelivery() }),
        A.threadAt(fake.now(), hidden),
      )
      assert.deepStrictEqual(
        fake.sent().map((m) => [m.text, m.addressedBy]),
        [
          ["One", "to"],
          ["Two", "recipient"],
        ],
      )
      assert.strictEqual(receipt.providerId, fake.sent()[1]?.id)
    }),
  )

  it.live("none, or one that cannot be read, fails in words", () =>
    Effect.gen(function* () {
      const { fake, sender } = yield* metaWorld()
      for (const address of ["", "{}", A.addressOf({ phone: null })]) {
        const kind = yield* kindOf(
          sender.send(A.saying("x", { deliveryId: nextDelivery() }), A.threadAt(fake.now(), address)),
        )
        assert.strictEqual(kind._tag, "Permanent")
      }
      assert.strictEqual(fake.sent().length, 0)
    }),
  )
})

describe("long answers", () => {
  it.live("9,000 characters of Arabic and emoji arrive whole and in order", () =>
    Effect.gen(function* () {
      const { customer, fake, sender } = yield* metaWorld()
      const sentence = (i: number) => `الجملة رقم ${i} تقول إن المصباح مضاء 👩‍👩‍👧‍👦.`
      const long = Array.from({ length: 250 }, (_, i) => sentence(i))
        .join(" ")
        .slice(0, 9_000)
      const text = `${long}\n\nhttps://help.acme.example/${"x".repeat(300)}`
      yield* sender.send(A.saying(text, { deliveryId: nextDelivery() }), A.threadAt(fake.now()))
      const shown = texts(fake.shown(customer.id))
      assert.isAtLeast(shown.length, 3)
      for (const part of shown) {
        assert.isAtMost(part.length, 4096)
        assert.notMatch(part, /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/)
      }
      const squeezed = (s: string) => s.replace(/\s+/g, "")
      assert.strictEqual(squeezed(shown.join("")), squeezed(text))
      assert.isTrue(shown.some((p) => p.includes(`https://help.acme.example/${"x".repeat(300)}`)))
    }),
  )

  it.live("a try that fails in the middle goes on from there, and nothing shows twice", () =>
    Effect.gen(function* () {
      const { fake, sender } = yield* metaWorld()
      const message = A.saying("Sentence. ".repeat(1_000), { deliveryId: nextDelivery() })
      const thread = A.threadAt(fake.now())
      fake.faults.add({ on: "messages", kind: "error", code: 131056, after: 1, times: 3 })
      const waits: Array<number | null> = []
      for (let i = 0; i < 3; i++) {
        const kind = yield* kindOf(sender.send(message, thread))
        if (kind._tag === "Retry") waits.push(kind.afterMs)
      }
      assert.deepStrictEqual(waits, [4_000, 16_000, 64_000])
      yield* sender.send(message, thread)
      yield* sender.send(message, thread)
      assert.strictEqual(fake.sent().length, 3)
      assert.deepStrictEqual(
        fake.sent().map((m) => m.correlation?.replace(/^[^.]*\./, "").replace(/\.\d*$/, "")),
        ["1.3", "2.3", "3.3"],
      )
    }),
  )
})

describe("the same delivery after a doubt", () => {
  it.live("a status settles it: sent once, and reported as sent", () =>
    Effect.gen(function* () {
      const { fake, sender } = yield* metaWorld({ webhooks: true })
      fake.faults.add({ on: "messages", kind: "resetAfterCommit", after: 1 })
      const message = A.saying("Sentence. ".repeat(1_000), { deliveryId: nextDelivery() })
      const receipt = yield* sender.send(message, A.threadAt(fake.now()))
      assert.strictEqual(fake.sent().length, 3)
      assert.strictEqual(receipt.messageId, fake.sent()[2]?.id)
    }),
  )
  it.live("without one it stays a doubt, and no resend is called safe", () =>
    Effect.gen(function* () {
      const { fake, sender } = yield* metaWorld()
      fake.faults.add({ on: "messages", kind: "resetAfterCommit" })
      const kind = yield* kindOf(
        sender.send(A.saying("Once", { deliveryId: nextDelivery() }), A.threadAt(fake.now())),
      )
      assert.isTrue(kind._tag === "Ambiguous" && !kind.resendIsSafe)
      assert.strictEqual(fake.sent().length, 1)
    }),
  )
  it.live("a slow answer is a doubt too", () =>
    Effect.gen(function* () {
      const { fake, sender } = yield* metaWorld({ settings: { timeoutMs: 300 } })
      fake.faults.add({ on: "messages", kind: "latency", ms: 2_000 })
      const kind = yield* kindOf(
        sender.send(A.saying("Once", { deliveryId: nextDelivery() }), A.threadAt(fake.now())),
      )
      assert.strictEqual(kind._tag, "Ambiguous")
    }),
  )
})

describe("throttling", () => {
  it.live("the pair limit of the fake bites at the 46th message and lets go with time", () =>
    Effect.gen(function* () {
      const { customer, fake, sender } = yield* metaWorld()
      const say = (n: number) =>
        sender.send(A.saying(`Message ${n}`, { deliveryId: nextDelivery() }), A.threadAt(fake.now()))
      yield* Effect.forEach(
        Array.from({ length: 45 }, (_, i) => i),
        say,
      )
      const kind = yield* kindOf(say(46))
      assert.strictEqual(kind._tag === "Retry" && kind.afterMs, 4_000)
      fake.advance(6_000)
      customer.lastWroteAt = fake.now()
      yield* say(47)
      assert.deepStrictEqual(texts(fake.sent()).slice(0, 3), ["Message 0", "Message 1", "Message 2"])
      assert.strictEqual(fake.sent().length, 46)
    }),
  )
  it.live("Retry-After is kept", () =>
    Effect.gen(function* () {
      const { fake, sender } = yield* metaWorld()
      fake.faults.add({ on: "messages", kind: "status", status: 429, retryAfter: 17 })
      const kind = yield* kindOf(
        sender.send(A.saying("x", { deliveryId: nextDelivery() }), A.threadAt(fake.now())),
      )
      assert.strictEqual(kind._tag === "Retry" && kind.afterMs, 17_000)
    }),
  )
})

describe("the 24-hour window", () => {
  const template = { name: "reply_ready", language: "en", bodyParameter: true }
  const fixed = { name: "answer_waits", language: "en", bodyParameter: false }
  const templates = [
    { name: "reply_ready", language: "en", body: "An answer for you: {{1}} Reply to go on." },
    { name: "answer_waits", language: "en", body: "We have an answer for you. Reply to read it." },
  ]
  const late = (settings: Record<string, unknown>) =>
    Effect.map(metaWorld({ meta: { templates }, settings }), (world) => {
      const lastInboundAt = world.fake.now() - 25 * HOUR
      world.customer.lastWroteAt = lastInboundAt
      return { ...world, thread: A.threadAt(lastInboundAt), closedAt: lastInboundAt + 24 * HOUR }
    })

  it.live("without a template the answer waits, the rep reads since when, and Meta is not asked", () =>
    Effect.gen(function* () {
      const { closedAt, fake, sender, thread } = yield* late({})
      const kind = yield* kindOf(sender.send(A.saying("Hi", { deliveryId: nextDelivery() }), thread))
      assert.strictEqual(
        kind._tag === "Hold" && kind.explanation,
        `The WhatsApp 24-hour window closed at ${new Date(closedAt).toISOString().slice(11, 16)} UTC on ${new Date(closedAt).toISOString().slice(0, 10)}; it will be sent when the customer writes again.`,
      )
      assert.strictEqual(fake.requests().length, 0)
    }),
  )

  it.live("a short answer goes inside the template, folded to one line", () =>
    Effect.gen(function* () {
      const { fake, sender, thread } = yield* late({ template })
      const receipt = yield* sender.send(
        A.saying("Your lamp is **ready**.\n\n- Today\n-     or   tomorrow", { deliveryId: nextDelivery() }),
        thread,
      )
      assert.deepStrictEqual(texts(fake.sent()), [
        "An answer for you: Your lamp is *ready*. · - Today · - or tomorrow Reply to go on.",
      ])
      assert.strictEqual(receipt.providerId, fake.sent()[0]?.id)
      assert.isNotNull(fake.sent()[0]?.correlation)
    }),
  )

  it.live("of a long one the customer hears once that it waits, and gets it when they write", () =>
    Effect.gen(function* () {
      const { customer, fake, sender, thread } = yield* late({ template })
      const long = A.saying("A long sentence about lamps. ".repeat(60), { deliveryId: nextDelivery() })
      const other = A.saying("Another long one about lamps. ".repeat(60), { deliveryId: nextDelivery() })
      for (const message of [long, other, long]) {
        const kind = yield* kindOf(sender.send(message, thread))
        assert.strictEqual(kind._tag, "Hold")
        if (kind._tag === "Hold") assert.include(kind.explanation, "template has told the customer")
      }
      assert.strictEqual(fake.sent().length, 1)
      assert.include(texts(fake.sent())[0], "…")
      assert.isNull(fake.sent()[0]?.correlation, "its statuses are not those of the answer")
      customer.lastWroteAt = fake.now()
      yield* sender.send(long, A.threadAt(fake.now()))
      assert.strictEqual(texts(fake.sent())[1]?.length, long.text.trim().length)
    }),
  )

  it.live("a template of fixed words announces, and files wait too", () =>
    Effect.gen(function* () {
      const { fake, sender, thread } = yield* late({ template: fixed })
      const kind = yield* kindOf(
        sender.send(A.saying("Hi", { deliveryId: nextDelivery(), files: [A.fileOf()] }), thread),
      )
      assert.strictEqual(kind._tag, "Hold")
      assert.deepStrictEqual(texts(fake.sent()), ["We have an answer for you. Reply to read it."])
    }),
  )

  it.live("our own sentences wait without a template", () =>
    Effect.gen(function* () {
      const { fake, sender, thread } = yield* late({ template })
      const kind = yield* kindOf(
        sender.send(
          A.saying("A human will answer.", {
            deliveryId: nextDelivery(),
            author: "system",
            purpose: "handoffConfirmed",
          }),
          thread,
        ),
      )
      assert.strictEqual(kind._tag, "Hold")
      assert.strictEqual(fake.sent().length, 0)
    }),
  )

  it.live("a template that is none leaves the answer waiting, and says what to repair", () =>
    Effect.gen(function* () {
      const { sender, thread } = yield* late({ template: { ...template, name: "gone" } })
      const kind = yield* kindOf(sender.send(A.saying("Hi", { deliveryId: nextDelivery() }), thread))
      assert.include(kind._tag === "Hold" ? kind.explanation : "", "does not exist in this language")
    }),
  )

  it.live("a notice that failed for the moment is tried again", () =>
    Effect.gen(function* () {
      const { fake, sender, thread } = yield* late({ template: fixed })
      fake.faults.add({ on: "messages", kind: "error", code: 130429, status: 429 })
      const message = A.saying("Hi", { deliveryId: nextDelivery() })
      assert.strictEqual((yield* kindOf(sender.send(message, thread)))._tag, "Retry")
      assert.strictEqual((yield* kindOf(sender.send(message, thread)))._tag, "Hold")
      assert.strictEqual(fake.sent().length, 1)
    }),
  )

  it.live("Meta's word counts when clocks differ, at once", () =>
    Effect.gen(function* () {
      const { customer, fake, sender } = yield* metaWorld({ meta: { templates }, settings: { template } })
      customer.lastWroteAt = fake.now() - 25 * HOUR
      yield* sender.send(A.saying("Hi", { deliveryId: nextDelivery() }), A.threadAt(fake.now() - 23 * HOUR))
      assert.deepStrictEqual(texts(fake.sent()), ["An answer for you: Hi Reply to go on."])
    }),
  )

  it.live("and when it comes late, by a status", () =>
    Effect.gen(function* () {
      const { customer, fake, hook, sender } = yield* metaWorld({
        meta: { refusals: "status" },
        webhooks: true,
      })
      customer.lastWroteAt = fake.now() - 25 * HOUR
      const deliveryId = nextDelivery()
      yield* sender.send(A.saying("Hi", { deliveryId }), A.threadAt(fake.now() - 23 * HOUR))
      yield* Effect.promise(() => fake.settled())
      const [event] = hook.events
      if (event?._tag !== "Delivery") return assert.fail("a receipt was expected")
      assert.strictEqual(event.deliveryId, deliveryId)
      assert.strictEqual(event.status, "failed")
      assert.include(event.explanation ?? "", "window closed at")
    }),
  )

  it.live("nobody knows when they last wrote: Meta decides", () =>
    Effect.gen(function* () {
      const { fake, sender } = yield* metaWorld()
      yield* sender.send(A.saying("Hi", { deliveryId: nextDelivery() }), A.threadAt(null))
      assert.strictEqual(fake.sent().length, 1)
    }),
  )
})

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
