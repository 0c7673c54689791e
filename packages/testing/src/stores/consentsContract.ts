import { assert, it } from "@effect/vitest"
import { AccountId, Consents, ThreadKey } from "@opencx/core"
import { Effect, type Layer } from "effect"
import { randomUUID } from "node:crypto"
import { newOrg } from "./samples.ts"

const accountId = AccountId.make("support")

/** Registers what every `Consents` does: the newest decision of a thread holds, whatever comes when. */
export const consentsContract = (name: string, layer: Layer.Layer<Consents, unknown>): void =>
  it.layer(layer, { timeout: "30 seconds" })(`Consents: ${name}`, (it) => {
    it.effect("keeps the newest decision, in whatever order and however often they come", () =>
      Effect.gen(function* () {
        const consents = yield* Consents
        const scope = { orgId: newOrg(), accountId }
        const thread = ThreadKey.make(`+15550100 → ${randomUUID()}`)
        const decide = (optedOut: boolean, word: string, at: number) =>
          consents.record(scope, thread, { optedOut, word, at })
        assert.isNull(yield* consents.decision(scope, thread))
        yield* decide(true, "STOP \u0000 🛑 قف", 2_000)
        const stopped = yield* consents.decision(scope, thread)
        assert.deepInclude(stopped, { optedOut: true, at: 2_000 })
        assert.include(stopped?.word, "🛑 قف")
        yield* decide(false, "START", 1_000)
        assert.strictEqual(
          (yield* consents.decision(scope, thread))?.at,
          2_000,
          "an older one changes nothing",
        )
        yield* decide(false, "START", 3_000)
        const agreed = { optedOut: false, word: "START", at: 3_000 }
        assert.deepStrictEqual(yield* consents.decision(scope, thread), agreed)
        yield* decide(true, "STOP", 2_500)
        assert.deepStrictEqual(yield* consents.decision(scope, thread), agreed, "nor does it afterwards")
        yield* decide(true, "END", 1_790_000_000_000)
        yield* decide(true, "END", 1_790_000_000_000)
        assert.deepStrictEqual(yield* consents.decision(scope, thread), {
          optedOut: true,
          word: "END",
          at: 1_790_000_000_000,
        })
      }),
    )

    it.effect("holds for one thread of one account of one organization", () =>
      Effect.gen(function* () {
        const consents = yield* Consents
        const orgId = newOrg()
        const thread = ThreadKey.make("+15550100")
        yield* consents.record({ orgId, accountId }, thread, { optedOut: true, word: "STOP", at: 1 })
        assert.isNotNull(yield* consents.decision({ orgId, accountId }, thread))
        assert.isNull(yield* consents.decision({ orgId, accountId }, ThreadKey.make("+15550101")))
        assert.isNull(yield* consents.decision({ orgId, accountId: AccountId.make("sales") }, thread))
        assert.isNull(yield* consents.decision({ orgId: newOrg(), accountId }, thread))
      }),
    )
  })
