/**
 * Who has refused messages, and who has agreed to them, per channel account and thread: an opt-out holds for a pair of
 * numbers, a consent for the call in which it was given.
 */
import { Context, type Effect } from "effect"
import type { AccountId, OrgId, ThreadKey } from "../domain/Ids.ts"
import type { StoreError } from "../errors/PortErrors.ts"

/** What the customer decided, with which word, and when (epoch ms, by the provider's clock). */
export interface ConsentRecord {
  /** False: they take messages (again). */
  readonly optedOut: boolean
  readonly word: string
  readonly at: number
}

export class Consents extends Context.Service<
  Consents,
  {
    /** Records the newest decision; an older one than the recorded changes nothing. */
    record(
      scope: { readonly orgId: OrgId; readonly accountId: AccountId },
      thread: ThreadKey,
      decision: ConsentRecord,
    ): Effect.Effect<void, StoreError>
    /** The newest decision; null when they have never said anything about it. */
    decision(
      scope: { readonly orgId: OrgId; readonly accountId: AccountId },
      thread: ThreadKey,
    ): Effect.Effect<ConsentRecord | null, StoreError>
  }
>()("@opencx/core/ports/Consents") {}
