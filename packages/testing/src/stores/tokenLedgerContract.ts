import { assert, it } from "@effect/vitest"
import { SessionId, TokenLedger } from "@opencx/core"
import { Effect, type Layer } from "effect"
import { randomUUID } from "node:crypto"
import { newOrg } from "./samples.ts"

const newSession = () => SessionId.make(randomUUID())

/** Registers what every `TokenLedger` does: sums for each session, of which none gets lost. */
export const tokenLedgerContract = (name: string, layer: Layer.Layer<TokenLedger, unknown>): void =>
  it.layer(layer, { timeout: "30 seconds" })(`TokenLedger: ${name}`, (it) => {
    it.effect("adds up what a session used, also when many add at once", () =>
      Effect.gen(function* () {
        const ledger = yield* TokenLedger
        const account = { orgId: newOrg(), sessionId: newSession() }
        assert.strictEqual(yield* ledger.spent(account), 0)
        yield* Effect.forEach(
          Array.from({ length: 20 }, (_, at) => at + 1),
          (tokens) => ledger.add(account, tokens),
          { concurrency: "unbounded", discard: true },
        )
        assert.strictEqual(yield* ledger.spent(account), 210)
        yield* ledger.add(account, 3_000_000_000)
        assert.strictEqual(yield* ledger.spent(account), 3_000_000_210)
      }),
    )

    it.effect("keeps sessions and organizations apart", () =>
      Effect.gen(function* () {
        const ledger = yield* TokenLedger
        const account = { orgId: newOrg(), sessionId: newSession() }
        yield* ledger.add(account, 7)
        assert.strictEqual(yield* ledger.spent({ ...account, sessionId: newSession() }), 0)
        assert.strictEqual(yield* ledger.spent({ ...account, orgId: newOrg() }), 0)
        assert.strictEqual(yield* ledger.spent(account), 7)
      }),
    )
  })
