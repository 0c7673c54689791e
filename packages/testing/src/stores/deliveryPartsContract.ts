import { assert, it, type Vitest } from "@effect/vitest"
import { DeliveryId, DeliveryParts, type DeliveryRef } from "@opencx/core"
import { Effect, type Layer } from "effect"
import { randomUUID } from "node:crypto"
import { newOrg } from "./samples.ts"

const newDelivery = (): DeliveryRef => ({ orgId: newOrg(), deliveryId: DeliveryId.make(randomUUID()) })

type Suite = Vitest.MethodsNonLive<DeliveryParts>

const ownTests = (it: Suite): void => {
  it.effect("knows what was begun, what is out, and of what people were told that nobody knows", () =>
    Effect.gen(function* () {
      const parts = yield* DeliveryParts
      const delivery = newDelivery()
      assert.deepStrictEqual(yield* parts.known(delivery), [])
      yield* parts.begin(delivery, "1/3", 1_790_000_000_000)
      yield* parts.sent(delivery, "1/3", "SM-1 🛑 قف")
      yield* parts.begin(delivery, "2/3", 1_790_000_000_500)
      yield* parts.doubted(delivery, "2/3")
      assert.deepStrictEqual(yield* parts.known(delivery), [
        { name: "1/3", begunAt: 1_790_000_000_000, providerId: "SM-1 🛑 قف", doubted: false },
        { name: "2/3", begunAt: 1_790_000_000_500, providerId: null, doubted: true },
      ])
      yield* parts.sent(delivery, "2/3", "SM-2")
      assert.deepStrictEqual((yield* parts.known(delivery))[1], {
        name: "2/3",
        begunAt: 1_790_000_000_500,
        providerId: "SM-2",
        doubted: false,
      })
    }),
  )

  it.effect("keeps the time of the first try, and ends a doubt when it is tried again", () =>
    Effect.gen(function* () {
      const parts = yield* DeliveryParts
      const delivery = newDelivery()
      yield* parts.begin(delivery, "1/1", 1_000)
      yield* parts.doubted(delivery, "1/1")
      yield* parts.begin(delivery, "1/1", 9_000)
      assert.deepStrictEqual(yield* parts.known(delivery), [
        { name: "1/1", begunAt: 1_000, providerId: null, doubted: false },
      ])
    }),
  )

  it.effect(
    "a part that was not taken is as if it had not been begun, and reports do not bring it back",
    () =>
      Effect.gen(function* () {
        const parts = yield* DeliveryParts
        const delivery = newDelivery()
        yield* parts.sent(delivery, "1/1", "SM-never-begun")
        yield* parts.doubted(delivery, "1/1")
        assert.deepStrictEqual(yield* parts.known(delivery), [])
        yield* parts.begin(delivery, "1/1", 1_000)
        yield* parts.notSent(delivery, "1/1")
        yield* parts.sent(delivery, "1/1", "SM-late")
        assert.deepStrictEqual(yield* parts.known(delivery), [])
        assert.isFalse(yield* parts.isTaken(delivery.orgId, "SM-late"))
      }),
  )
}

const sharedTests = (it: Suite): void => {
  it.effect("tells whose a provider's message is, within one organization, whatever its id looks like", () =>
    Effect.gen(function* () {
      const parts = yield* DeliveryParts
      const delivery = newDelivery()
      const other = { ...newDelivery(), deliveryId: delivery.deliveryId }
      const long = `wamid.${"ü".repeat(3_000)}`
      yield* parts.begin(delivery, "1/2", 1_000)
      yield* parts.begin(delivery, "2/2", 1_000)
      yield* parts.sent(delivery, "1/2", "SM-1")
      yield* parts.sent(delivery, "2/2", long)
      assert.isTrue(yield* parts.isTaken(delivery.orgId, "SM-1"))
      assert.isTrue(yield* parts.isTaken(delivery.orgId, long))
      assert.isFalse(yield* parts.isTaken(delivery.orgId, "SM-2"))
      assert.isFalse(yield* parts.isTaken(other.orgId, "SM-1"))
      assert.deepStrictEqual(yield* parts.known(other), [])
      yield* parts.notSent(other, "1/2")
      assert.strictEqual((yield* parts.known(delivery)).length, 2)
    }),
  )

  it.effect("forgets what is old", () =>
    Effect.gen(function* () {
      const parts = yield* DeliveryParts
      const [old, young] = [newDelivery(), newDelivery()]
      yield* parts.begin(old, "1/1", 10)
      yield* parts.begin(young, "1/1", 20)
      assert.strictEqual(yield* parts.purge(20), 1)
      assert.deepStrictEqual(yield* parts.known(old), [])
      assert.strictEqual((yield* parts.known(young)).length, 1)
      assert.strictEqual(yield* parts.purge(20), 0)
    }),
  )
}

/** Registers what every `DeliveryParts` does: it remembers what may be out, and of whom. */
export const deliveryPartsContract = (name: string, layer: Layer.Layer<DeliveryParts, unknown>): void =>
  it.layer(layer, { timeout: "30 seconds" })(`DeliveryParts: ${name}`, (it) => {
    ownTests(it)
    sharedTests(it)
  })
