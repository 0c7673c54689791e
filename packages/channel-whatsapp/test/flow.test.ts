/** The whole way over sockets: Meta's webhooks in, answers out, statuses back. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as A from "./support/accounts.ts"
import { bytesOf, changeOf } from "./support/fakeMeta.ts"
import { metaWorld, nextDelivery } from "./support/worlds.ts"

describe("over the wire", () => {
  it.live("set-up: the challenge is answered, a wrong token is not", () =>
    Effect.gen(function* () {
      const { fake, hook } = yield* metaWorld()
      assert.isTrue(yield* Effect.promise(() => fake.verifyWebhook(hook.url)))
      assert.isFalse(yield* Effect.promise(() => fake.verifyWebhook(hook.url, "guess")))
    }),
  )

  it.live("Arabic, escaped as Meta escapes it, is verified over the bytes and read", () =>
    Effect.gen(function* () {
      const { customer, fake, hook } = yield* metaWorld({ webhooks: true })
      const text = "طلبي رقم ١٢٣ لم يصل 😡\u200f שלום"
      assert.deepStrictEqual(yield* Effect.promise(() => fake.customerSends(customer.id, { text })), {
        status: 200,
        tries: 1,
      })
      assert.strictEqual(A.firstMessage(hook.events).text, text)
      const escaped = new TextDecoder().decode(bytesOf({ text }))
      assert.match(escaped, /^[\x00-\x7f]*$/)
    }),
  )

  it.live("a journal that is down is asked again, and the keys are the same", () =>
    Effect.gen(function* () {
      const { customer, fake, hook } = yield* metaWorld({ webhooks: true })
      hook.state.failing = 2
      const body = fake.batchBody([{ customerId: customer.id, content: { text: "Hello?" } }])
      assert.deepStrictEqual(yield* Effect.promise(() => fake.webhook(body)), { status: 200, tries: 3 })
      yield* Effect.promise(() => fake.webhook(body))
      assert.strictEqual(hook.events.length, 2)
      assert.strictEqual(new Set(hook.events.map((e) => e.dedupKey)).size, 1)
    }),
  )

  it.live("a burst in one webhook keeps its order, for two customers and a foreign number at once", () =>
    Effect.gen(function* () {
      const { customer, fake, hook } = yield* metaWorld({ webhooks: true })
      const bo = fake.addCustomer({ name: "Bo", phone: "4917000000000", bsuid: "DE.2" })
      const foreign = { wabaId: "777777", phoneNumberId: "888888888", displayPhoneNumber: "1" }
      const says = (customerId: string, text: string) => ({ customerId, content: { text } })
      const body = fake.batchBody(
        [
          ...Array.from({ length: 20 }, (_, i) => says(customer.id, `Ann ${i}`)),
          { ...says(bo.id, "not for us"), target: foreign },
          says(bo.id, "Bo 0"),
        ],
        [changeOf(fake.target, "message_template_status_update", { event: "APPROVED" })],
      )
      yield* Effect.promise(() => fake.webhook(body))
      const messages = hook.events.flatMap((e) => (e._tag === "Message" ? [e] : []))
      assert.deepStrictEqual(
        messages.filter((m) => m.thread.participant === "DE.13491208655302741918").map((m) => m.text),
        Array.from({ length: 20 }, (_, i) => `Ann ${i}`),
      )
      assert.deepStrictEqual(
        messages.filter((m) => m.thread.participant === "DE.2").map((m) => m.text),
        ["Bo 0"],
      )
      assert.strictEqual(hook.events.filter((e) => e._tag === "Ignored").length, 2)
    }),
  )

  it.live("a hidden number appears later and changes: one lane, answered wherever it can be", () =>
    Effect.gen(function* () {
      const { customer, fake, hook, sender } = yield* metaWorld({ webhooks: true })
      customer.phoneVisible = false
      yield* Effect.promise(() => fake.customerSends(customer.id, { text: "One" }))
      customer.phoneVisible = true
      yield* Effect.promise(() => fake.customerSends(customer.id, { text: "Two" }))
      const [one, two] = hook.events.flatMap((e) => (e._tag === "Message" ? [e] : []))
      assert.strictEqual(one?.thread.defaultKey, two?.thread.defaultKey)
      assert.strictEqual(one?.sender.kind, "whatsapp_bsuid")
      assert.strictEqual(two?.sender.kind, "phone")
      for (const [i, message] of [one, two].entries())
        yield* sender.send(
          A.saying(`Answer ${i}`, {
            deliveryId: nextDelivery(),
          }),
          A.threadAt(fake.now(), message?.address),
        )
      yield* Effect.promise(() => fake.settled())
      assert.deepStrictEqual(
        fake.shown(customer.id).map((m) => `${m.from}: ${m.text}`),
        ["customer: One", "customer: Two", "business: Answer 0", "business: Answer 1"],
      )
      hook.events.length = 0
      yield* Effect.promise(() =>
        fake.changesNumber(customer.id, { phone: "4916000000000", bsuid: "DE.new" }),
      )
      assert.deepStrictEqual(
        hook.events.map((e) => (e._tag === "IdentityChanged" ? `${e.from.kind} > ${e.to.value}` : e._tag)),
        ["phone > +4916000000000", `whatsapp_bsuid > ${A.meta.wabaId}:DE.new`],
      )
    }),
  )

  it.live("receipts come back for what was sent, also out of order and twice", () =>
    Effect.gen(function* () {
      const { fake, hook, sender } = yield* metaWorld({ webhooks: true })
      const message = A.saying("Hello")
      yield* sender.send(message, A.threadAt(fake.now()))
      yield* Effect.promise(() => fake.settled())
      const [sent] = fake.sent()
      yield* Effect.promise(() => fake.setStatus(sent?.id ?? "", "read"))
      yield* Effect.promise(() => fake.setStatus(sent?.id ?? "", "delivered"))
      const receipts = hook.events.flatMap((e) => (e._tag === "Delivery" ? [e] : []))
      assert.deepStrictEqual(
        receipts.map((e) => e.status),
        ["sent", "delivered", "read", "delivered"],
      )
      for (const receipt of receipts) assert.strictEqual(receipt.deliveryId, message.deliveryId)
      assert.strictEqual(new Set(receipts.map((e) => e.dedupKey)).size, 3)
    }),
  )

  it.live("a customer who has blocked the business: the rep reads it", () =>
    Effect.gen(function* () {
      const { customer, fake, hook, sender } = yield* metaWorld({
        meta: { refusals: "status" },
        webhooks: true,
      })
      customer.blocked = true
      yield* sender.send(A.saying("Hello"), A.threadAt(fake.now()))
      yield* Effect.promise(() => fake.settled())
      const [event] = hook.events
      assert.include(
        (event?._tag === "Delivery" ? event.explanation : null) ?? "",
        "has blocked the business",
      )
    }),
  )
})
