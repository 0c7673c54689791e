import { assert, it } from "@effect/vitest"
import { Bookmarks } from "@opencx/core"
import { Effect, type Layer } from "effect"
import { newOrg } from "./samples.ts"

/** Registers what every `Bookmarks` does: the latest place of each feed. */
export const bookmarksContract = (name: string, layer: Layer.Layer<Bookmarks, unknown>): void =>
  it.layer(layer, { timeout: "30 seconds" })(`Bookmarks: ${name}`, (it) => {
    it.effect("keeps the latest place of each feed of each organization", () =>
      Effect.gen(function* () {
        const bookmarks = yield* Bookmarks
        const [org, other] = [newOrg(), newOrg()]
        assert.isNull(yield* bookmarks.get(org, "tickets"))
        yield* bookmarks.keep(org, "tickets", "MTU3=")
        yield* bookmarks.keep(org, "tickets", "MTU4=")
        yield* bookmarks.keep(org, "users", '{"at":1,"ماذا":true}')
        assert.strictEqual(yield* bookmarks.get(org, "tickets"), "MTU4=")
        assert.strictEqual(yield* bookmarks.get(org, "users"), '{"at":1,"ماذا":true}')
        assert.isNull(yield* bookmarks.get(other, "tickets"))
      }),
    )
  })
