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
  })
