/** What each session has used of language models: over restarts, and over all processes on one database. */
import { Context, type Effect } from "effect"
import type { OrgId, SessionId } from "../domain/Ids.ts"
import type { StoreError } from "../errors/PortErrors.ts"

export interface TokenAccount {
  readonly orgId: OrgId
  readonly sessionId: SessionId
}

/** Tokens in and out together, as the providers count them. */
export class TokenLedger extends Context.Service<
  TokenLedger,
  {
    /** 0 for a session that has used none. */
    spent(account: TokenAccount): Effect.Effect<number, StoreError>
    /** Adds to what was spent, also when several processes do so at once. */
    add(account: TokenAccount, tokens: number): Effect.Effect<void, StoreError>
  }
>()("@opencx/core/ports/TokenLedger") {}
