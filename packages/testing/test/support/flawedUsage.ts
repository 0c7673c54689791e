/** What sessions cost, and places in feeds, with one flaw each: every suite here must fail. */
import { Bookmarks, bookmarksMemory, OrgId, TokenLedger, tokenLedgerMemory } from "@opencx/core"
import { Effect, Layer } from "effect"
import { describe } from "vitest"
import { bookmarksContract, tokenLedgerContract } from "../../src/index.ts"

type Ledger = TokenLedger["Service"]

const ledger = (flaw: string, change: (sound: Ledger) => Partial<Ledger>) =>
  describe(flaw, () =>
    tokenLedgerContract(
      "flawed",
      Layer.effect(
        TokenLedger,
        TokenLedger.use((sound) => Effect.succeed({ ...sound, ...change(sound) })),
      ).pipe(Layer.provide(tokenLedgerMemory)),
    ),
  )

const everywhere = OrgId.make("everywhere")

ledger("sums-lost", (sound) => ({
  add: (account, tokens) =>
    Effect.gen(function* () {
      const before = yield* sound.spent(account)
      yield* Effect.yieldNow
      yield* sound.add(account, before + tokens - (yield* sound.spent(account)))
    }),
}))
ledger("purse-shared", (sound) => ({
  add: (account, tokens) => sound.add({ ...account, orgId: everywhere }, tokens),
  spent: (account) => sound.spent({ ...account, orgId: everywhere }),
}))

describe("first-place-kept", () =>
  bookmarksContract(
    "flawed",
    Layer.effect(
      Bookmarks,
      Bookmarks.use((sound) =>
        Effect.succeed({
          ...sound,
          keep: (orgId: OrgId, feed: string, place: string) =>
            Effect.flatMap(sound.get(orgId, feed), (known) => sound.keep(orgId, feed, known ?? place)),
        }),
      ),
    ).pipe(Layer.provide(bookmarksMemory)),
  ))
