/** Who has refused further messages, per channel account and thread: an opt-out holds for a pair of numbers. */
import { Context, type Effect } from "effect"
import type { AccountId, OrgId, ThreadKey } from "../domain/Ids.ts"
import type { StoreError } from "../errors/PortErrors.ts"

/** The word with which they refused, and when (epoch ms, by the provider's clock). */
export interface OptOutRecord {
  readonly word: string
  readonly at: number
}

export class Consents extends Context.Service<
  Consents,
  {
    /** Records the newest decision; an older one than the recorded changes nothing. Null: they take messages again. */
    record(
      scope: { readonly orgId: OrgId; readonly accountId: AccountId },
      thread: ThreadKey,
      decision: { readonly optedOut: boolean; readonly word: string; readonly at: number },
    ): Effect.Effect<void, StoreError>
    /** Null when they take messages. */
    optOut(
      scope: { readonly orgId: OrgId; readonly accountId: AccountId },
      thread: ThreadKey,
    ): Effect.Effect<OptOutRecord | null, StoreError>
  }
>()("@opencx/core/ports/Consents") {}
