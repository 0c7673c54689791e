/** What a session may still cost. Counted call by call, so that a turn that dies in the middle has been counted, too. */
import type { OrgId, SessionId, StoreError, TokenLedger } from "@opencx/core"
import { Effect } from "effect"
import { failureOf, type LlmFailure } from "./model/LlmFailure.ts"
import type { LlmSettings } from "./settings.ts"

interface Spender {
  readonly orgId: OrgId
  readonly sessionId?: SessionId
}

interface Purse {
  readonly ledger: TokenLedger["Service"]
  readonly settings: LlmSettings
}

/** Tokens; 0 or less when there are none. The whole budget outside of a session. */
export const tokensLeft = (
  { orgId, sessionId }: Spender,
  { ledger, settings }: Purse,
): Effect.Effect<number, StoreError> =>
  sessionId === undefined
    ? Effect.succeed(settings.budget.tokens)
    : Effect.map(ledger.spent({ orgId, sessionId }), (spent) => settings.budget.tokens - spent)

/** The answer is there and paid for: it is not thrown away because its cost cannot be written down. */
export const spend = (
  { orgId, sessionId }: Spender,
  tokens: number,
  { ledger }: Purse,
): Effect.Effect<void> =>
  sessionId === undefined || tokens === 0
    ? Effect.void
    : ledger
        .add({ orgId, sessionId }, tokens)
        .pipe(
          Effect.catch((error) =>
            Effect.logWarning("Tokens of a session were not counted", { sessionId, error: error.message }),
          ),
        )

/** Does what costs only while there is a budget. Without one, or while nobody knows, it is as if no model had answered. */
export const withinBudget = <A>(
  spender: Spender,
  purse: Purse,
  work: Effect.Effect<A, LlmFailure>,
): Effect.Effect<A, LlmFailure> =>
  tokensLeft(spender, purse).pipe(
    Effect.catch(() => Effect.succeed(0)),
    Effect.flatMap((left) => (left > 0 ? work : Effect.fail(failureOf("over_budget")))),
  )
