import { assert, it } from "@effect/vitest"
import { Secrets } from "@opencx/core"
import { Effect, type Layer, Redacted } from "effect"
import { orgA, orgB } from "./samples.ts"

/** Registers what every `Secrets` does: by scope and name, replaced and removed. */
export const secretsContract = (name: string, layer: Layer.Layer<Secrets, unknown>): void =>
  it.layer(layer, { timeout: "30 seconds" })(`Secrets: ${name}`, (it) => {
    it.effect("keeps secrets by scope and name", () =>
      Effect.gen(function* () {
        const secrets = yield* Secrets
        yield* secrets.put(orgA, "token", Redacted.make("s3cret ✓"))
        yield* secrets.put(orgA, "token", Redacted.make("newer ✓"))
        const found = yield* secrets.get(orgA, "token")
        assert.strictEqual(found === null ? null : Redacted.value(found), "newer ✓")
        assert.isNull(yield* secrets.get(orgB, "token"))
        assert.isNull(yield* secrets.get(orgA, "other"))
        yield* secrets.remove(orgA, "token")
        assert.isNull(yield* secrets.get(orgA, "token"))
      }),
    )

    it.effect("gives all who need a first one at once the same", () =>
      Effect.gen(function* () {
        const secrets = yield* Secrets
        const asked = Array.from({ length: 8 }, (_, n) =>
          secrets.getOrPut(orgA, "first", Redacted.make(`${n}`)),
        )
        const got = (yield* Effect.all(asked, { concurrency: "unbounded" })).map(Redacted.value)
        const stands = yield* secrets.get(orgA, "first")
        assert.deepStrictEqual(
          got,
          asked.map(() => (stands === null ? "" : Redacted.value(stands))),
        )
        assert.strictEqual(Redacted.value(yield* secrets.getOrPut(orgB, "first", Redacted.make("b"))), "b")
      }),
    )
  })
