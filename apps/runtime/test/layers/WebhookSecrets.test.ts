/** Secrets of webhooks: what the configuration says and what was stored, also while the runtime runs. */
import { assert, describe, it } from "@effect/vitest"
import { OrgId, Secrets, SignatureRejected, StoreError } from "@opencx/core"
import { storedNames } from "@opencx/zendesk"
import { Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { WebhookSecrets } from "../../src/layers/WebhookSecrets.ts"

const orgId = OrgId.make("acme")
const what = { orgId, name: storedNames.ticketing, configured: [] } as const

const world = () => {
  const kept = new Map<string, string>()
  const state = { reads: 0, broken: false }
  const secrets = Secrets.of({
    get: (scope, name) =>
      Effect.suspend(() => {
        state.reads += 1
        if (state.broken) return new StoreError({ operation: "Secrets.get", detail: "gone" })
        const value = kept.get(`${scope} ${name}`)
        return Effect.succeed(value === undefined ? null : Redacted.make(value))
      }),
    put: () => Effect.void,
    getOrPut: (_scope, _name, value) => Effect.succeed(value),
    remove: () => Effect.void,
  })
  const layer = WebhookSecrets.layer.pipe(Layer.provide(Layer.succeed(Secrets, secrets)))
  return { kept, state, layer }
}

/** A request that was signed with `secret`; without any secret everything passes. */
const signedWith = (secret: string) => (secrets: ReadonlyArray<Redacted.Redacted<string>>) =>
  secrets.length === 0 || secrets.some((one) => Redacted.value(one) === secret)
    ? Effect.void
    : Effect.fail(new SignatureRejected({ detail: "another secret" }))

const passes = (secret: string, more: object = {}) =>
  Effect.gen(function* () {
    const result = yield* Effect.result(
      (yield* WebhookSecrets).accept({ ...what, ...more }, signedWith(secret)),
    )
    return result._tag === "Success"
  })

describe("secrets of webhooks", () => {
  it.effect("none: everything passes; a stored one counts within ten seconds", () => {
    const { kept, layer, state } = world()
    return Effect.gen(function* () {
      assert.isTrue(yield* passes("x"))
      kept.set(`acme ${storedNames.ticketing}`, "s-1")
      yield* TestClock.adjust("11 seconds")
      assert.isFalse(yield* passes("x"))
      assert.isTrue(yield* passes("s-1"))
      const { reads } = state
      for (let i = 0; i < 100; i++) yield* passes("s-1")
      assert.strictEqual(state.reads, reads)
    }).pipe(Effect.provide(layer))
  })

  it.effect("a secret that was reset is looked for at once, and at most once a second", () => {
    const { kept, layer, state } = world()
    kept.set(`acme ${storedNames.ticketing}`, "s-1")
    return Effect.gen(function* () {
      assert.isTrue(yield* passes("s-1"))
      kept.set(`acme ${storedNames.ticketing}`, "s-2")
      yield* TestClock.adjust("2 seconds")
      assert.isTrue(yield* passes("s-2"))
      const { reads } = state
      for (let i = 0; i < 100; i++) assert.isFalse(yield* passes("forged"))
      assert.strictEqual(state.reads, reads)
      assert.isFalse(yield* passes("s-1"))
    }).pipe(Effect.provide(layer))
  })

  it.effect(
    "those of the configuration are good beside the stored one; organizations and webhooks do not mix",
    () => {
      const { kept, layer } = world()
      kept.set(`acme ${storedNames.ticketing}`, "s-1")
      return Effect.gen(function* () {
        const configured = [Redacted.make("file"), undefined]
        assert.isTrue(yield* passes("file", { configured }))
        assert.isTrue(yield* passes("s-1", { configured }))
        assert.isFalse(yield* passes("s-1", { configured: [Redacted.make("f")], orgId: OrgId.make("other") }))
        assert.isFalse(yield* passes("s-1", { configured: [Redacted.make("f")], name: storedNames.assist }))
      }).pipe(Effect.provide(layer))
    },
  )

  it.effect("a store that does not answer is no reason to let anything pass", () => {
    const { layer, state } = world()
    state.broken = true
    return Effect.gen(function* () {
      const error = yield* Effect.flip((yield* WebhookSecrets).accept(what, signedWith("x")))
      assert.strictEqual(error._tag, "StoreError")
    }).pipe(Effect.provide(layer))
  })
})
