import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { make } from "../src/index.ts"

describe("as a scoped Effect", () => {
  it.live("closes with its scope", () =>
    Effect.gen(function* () {
      const url = yield* Effect.scoped(
        Effect.gen(function* () {
          const emulator = yield* make({ seed: { groups: ["Tier 1"] } })
          const me = yield* Effect.promise(() => fetch(`${emulator.url}/api/v2/users/me`))
          assert.strictEqual(me.status, 200)
          return emulator.url
        }),
      )
      const after = yield* Effect.promise(() =>
        fetch(url).then(
          () => "answers",
          () => "refused",
        ),
      )
      assert.strictEqual(after, "refused")
    }),
  )

  it.live("says which port is taken", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const first = yield* make()
        const error = yield* Effect.flip(make({ port: first.port }))
        assert.strictEqual(error._tag, "EmulatorError")
        assert.include(error.message, String(first.port))
      }),
    ),
  )
})
