/**
 * What is known of the parts of deliveries: a long text goes out as several messages of the provider, and most providers
 * know no idempotency. Kept apart from the process, so that a try after a crash, or in another process, goes on where the
 * one before ended. Ids of messages only, nothing of what they say.
 */
import { Context, type Effect } from "effect"
import type { DeliveryId, OrgId } from "../domain/Ids.ts"
import type { StoreError } from "../errors/PortErrors.ts"

/** One part that was at least about to go. */
export interface KnownPart {
  /** The plugin's name of it, unique within the delivery: at most 100 letters, digits and plain signs. */
  readonly name: string
  /** When its first try began, in epoch ms. */
  readonly begunAt: number
  /** The provider's id of it; null: nobody knows (yet) whether it went out. */
  readonly providerId: string | null
  /** People were told that nobody knows: who has it sent again then wants it sent. */
  readonly doubted: boolean
}

/** A delivery of one organization. */
export interface DeliveryRef {
  readonly orgId: OrgId
  readonly deliveryId: DeliveryId
}

export class DeliveryParts extends Context.Service<
  DeliveryParts,
  {
    /** Every part that was begun and not taken back, oldest first. */
    known(delivery: DeliveryRef): Effect.Effect<ReadonlyArray<KnownPart>, StoreError>
    /** The part is about to go. Of a part that was begun before, the first time stays, and a doubt is over. */
    begin(delivery: DeliveryRef, name: string, at: number): Effect.Effect<void, StoreError>
    /** The provider has it. Changes nothing for a part that was not begun. */
    sent(delivery: DeliveryRef, name: string, providerId: string): Effect.Effect<void, StoreError>
    /** The provider has not taken it, or it came to nothing there: as if it had not been begun. */
    notSent(delivery: DeliveryRef, name: string): Effect.Effect<void, StoreError>
    /** People are told that nobody knows. */
    doubted(delivery: DeliveryRef, name: string): Effect.Effect<void, StoreError>
    /** Whether a message of the provider's is known to be a part of some delivery of this organization. */
    isTaken(orgId: OrgId, providerId: string): Effect.Effect<boolean, StoreError>
    /** Forgets parts that were begun before then (epoch ms); answers with how many. */
    purge(before: number): Effect.Effect<number, StoreError>
  }
>()("@opencx/core/ports/DeliveryParts") {}
