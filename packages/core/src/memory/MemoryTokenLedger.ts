/** `TokenLedger` in memory. */
import { Effect, Layer } from "effect"
import { type TokenAccount, TokenLedger } from "../ports/TokenLedger.ts"

const keyOf = ({ orgId, sessionId }: TokenAccount): string => `${orgId}|${sessionId}`

/** `TokenLedger` in memory: forgotten with the process. */
export const tokenLedgerMemory: Layer.Layer<TokenLedger> = Layer.sync(TokenLedger, () => {
  const totals = new Map<string, number>()
  const spent = (account: TokenAccount): number => totals.get(keyOf(account)) ?? 0
  return TokenLedger.of({
    spent: (account) => Effect.sync(() => spent(account)),
    add: (account, tokens) =>
      Effect.sync(() => void totals.set(keyOf(account), spent(account) + Math.round(tokens))),
  })
})
