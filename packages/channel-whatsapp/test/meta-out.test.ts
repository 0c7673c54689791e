/** Sending through Meta: in order, once, within the window, and told when it fails. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { makeWhatsappPlugin } from "../src/index.ts"
import * as A from "./support/accounts.ts"
import type { ShownMessage } from "./support/fakeMeta.ts"
import { bindTo } from "./support/hook.ts"
import { kindOf, metaWorld, nextDelivery, plugin } from "./support/worlds.ts"

const HOUR = 3_600_000
const texts = (sent: ReadonlyArray<ShownMessage>) => sent.map((m) => m.text)

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
  it.live("a process that dies in the middle: the next one says so once, and a status clears it up", () =>
    Effect.gen(function* () {
      const { fake, hook, settings } = yield* metaWorld()
      const dying = yield* bindTo(hook, makeWhatsappPlugin({ statusWaitMs: 600_000 }), settings)
      fake.faults.add({ on: "messages", kind: "resetAfterCommit", after: 1 })
      const message = A.saying("Sentence. ".repeat(1_000), { deliveryId: nextDelivery() })
      const sending = yield* Effect.forkChild(dying.send(message, A.threadAt(fake.now())))
      while (fake.sent().length < 2) yield* Effect.sleep(10)
      yield* Fiber.interrupt(sending)
      const next = yield* bindTo(hook, plugin(), settings)
      const kind = yield* kindOf(next.send(message, A.threadAt(fake.now())))
      assert.isTrue(kind._tag === "Ambiguous" && !kind.resendIsSafe)
      assert.match(JSON.stringify(kind), /part 2\/3 was on its way/)
      assert.strictEqual(fake.sent().length, 2, "neither the first part nor the doubtful one goes again")
      fake.sendWebhooksTo(hook.url)
      yield* Effect.promise(() => fake.setStatus(fake.sent()[1]?.id ?? "", "delivered"))
      yield* next.send(message, A.threadAt(fake.now()))
      assert.deepStrictEqual(
        fake.sent().map((m) => m.correlation?.split(".")[1]),
        ["1", "2", "3"],
      )
    }),
  )
  it.live("who has it sent again after having been told of the doubt gets it sent", () =>
    Effect.gen(function* () {
      const { fake, sender } = yield* metaWorld()
      fake.faults.add({ on: "messages", kind: "reset" })
      const message = A.saying("Once", { deliveryId: nextDelivery() })
      assert.strictEqual((yield* kindOf(sender.send(message, A.threadAt(fake.now()))))._tag, "Ambiguous")
      yield* sender.send(message, A.threadAt(fake.now()))
      assert.strictEqual(fake.sent().length, 1)
    }),
  )
  it.live("a part that a status has called failed is sent again when it is asked for again", () =>
    Effect.gen(function* () {
      const { fake, sender } = yield* metaWorld({ webhooks: true })
      const message = A.saying("Once more", { deliveryId: nextDelivery() })
      yield* sender.send(message, A.threadAt(fake.now()))
      yield* Effect.promise(() => fake.settled())
      yield* Effect.promise(() =>
        fake.setStatus(fake.sent()[0]?.id ?? "", "failed", { code: 131000, details: "Something went wrong" }),
      )
      yield* sender.send(message, A.threadAt(fake.now()))
      assert.strictEqual(fake.sent().length, 2)
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
  it.live("a token that Meta repeats is not passed on", () =>
    Effect.gen(function* () {
      const { fake, sender } = yield* metaWorld()
      for (const code of [100, 139_999, 130_429]) {
        fake.faults.add({
          on: "messages",
          kind: "error",
          code,
          details: `Malformed token ${A.meta.accessToken}`,
        })
        const kind = yield* kindOf(
          sender.send(A.saying("x", { deliveryId: nextDelivery() }), A.threadAt(fake.now())),
        )
        assert.notInclude(JSON.stringify(kind), A.meta.accessToken)
        assert.include(JSON.stringify(kind), "Malformed token")
      }
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
      // By our reckoning it was open: no time is better than a wrong one.
      assert.include(event.explanation ?? "", "window closed, so it was not delivered")
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
