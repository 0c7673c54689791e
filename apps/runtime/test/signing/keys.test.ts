/** A signing key is changed while what it signed lies in other people's consoles and mailboxes. */
import { assert, describe, it } from "@effect/vitest"
import { Secrets, secretsMemory } from "@opencx/core"
import { Clock, Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { checkConfig } from "../../src/config/load.ts"
import { Settings } from "../../src/layers/Settings.ts"
import { Signing } from "../../src/layers/Signing.ts"
import { makeSigners, readOrMakeKeys, rotateKeys } from "../../src/signing/keys.ts"

const day = 86_400_000

const settings = Layer.unwrap(
  Effect.map(checkConfig({ organizations: [{ id: "acme", name: "Acme" }] }, {}, "the test"), Settings.layer),
)

const signersNow = Effect.gen(function* () {
  const clock = yield* Clock.Clock
  return makeSigners(yield* readOrMakeKeys(), () => clock.currentTimeMillisUnsafe())
})

/** As the first start of an installation leaves them. */
const withFirstKey = Layer.effectDiscard(
  Effect.gen(function* () {
    const first = Redacted.make(Buffer.alloc(32, 7).toString("base64"))
    yield* (yield* Secrets).put("installation", "signing-key", first)
  }),
).pipe(Layer.provideMerge(secretsMemory))

describe("rotating the signing key", () => {
  it.effect("accepts what the old key signed until its day, and signs with the new one", () =>
    Effect.gen(function* () {
      const before = yield* signersNow
      const url = before.urls.sign("hook", ["acme"])
      const token = before.account("acme", "support").sign("thread", "t-1")
      const until = yield* rotateKeys(30 * day)
      const after = yield* signersNow
      assert.notStrictEqual(after.urls.sign("hook", ["acme"]), url)
      assert.deepStrictEqual(after.urls.open("hook", url), ["acme"])
      assert.strictEqual(after.account("acme", "support").open("thread", token), "t-1")
      assert.isNull(after.account("globex", "support").open("thread", token))
      assert.isNull(after.urls.open("other", url))

      yield* rotateKeys(60 * day)
      const third = yield* signersNow
      const second = after.urls.sign("hook", ["acme"])
      for (const known of [url, second]) assert.deepStrictEqual(third.urls.open("hook", known), ["acme"])
      yield* TestClock.setTime(until)
      assert.isNull(third.urls.open("hook", url))
      assert.isNull(third.account("acme", "support").open("thread", token))
      assert.deepStrictEqual(third.urls.open("hook", second), ["acme"])
    }).pipe(Effect.provide(withFirstKey)),
  )

  it.effect("without an overlap refuses the old key at once, and forgets keys whose day is over", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets
      const before = yield* signersNow
      const url = before.urls.sign("hook", ["acme"])
      yield* rotateKeys(0)
      assert.isNull((yield* signersNow).urls.open("hook", url))
      yield* rotateKeys(day)
      yield* TestClock.adjust("2 days")
      yield* rotateKeys(day)
      const stored = yield* secrets.get("installation", "signing-keys-previous")
      assert.strictEqual(JSON.parse(stored === null ? "[]" : Redacted.value(stored)).length, 1)
    }).pipe(Effect.provide(withFirstKey)),
  )

  it.effect("is taken over by a process that runs", () =>
    Effect.gen(function* () {
      const { account, urls } = yield* Signing
      const [url, token] = [urls.sign("hook", ["acme"]), account("acme", "a").sign("p", "x")]
      yield* rotateKeys(day)
      const fresh = (yield* signersNow).urls.sign("hook", ["acme"])
      assert.isNull(urls.open("hook", fresh))
      yield* TestClock.adjust("4 seconds")
      assert.deepStrictEqual(urls.open("hook", fresh), ["acme"])
      assert.strictEqual(urls.sign("hook", ["acme"]), fresh)
      assert.deepStrictEqual(urls.open("hook", url), ["acme"])
      assert.strictEqual(account("acme", "a").open("p", token), "x")
    }).pipe(Effect.provide(Signing.layer.pipe(Layer.provideMerge(withFirstKey), Layer.provide(settings)))),
  )
})
