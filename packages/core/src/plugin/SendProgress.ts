/** How far one delivery has come, over all its tries. What a plugin sees of `DeliveryParts`. */
import type { Effect } from "effect"
import type { KnownPart } from "../ports/DeliveryParts.ts"

/**
 * Durable memory of one delivery's parts. Nothing here fails: while the store does not answer, the methods wait. Most plugins
 * use it through `sendParts`.
 */
export interface SendProgress {
  /** What is known now, also from reports that came by webhook and from other processes. */
  readonly known: Effect.Effect<ReadonlyArray<KnownPart>>
  /** To be called before a part is handed to the provider. */
  begin(name: string): Effect.Effect<void>
  /** The provider has it, under this id. */
  sent(name: string, providerId: string): Effect.Effect<void>
  /** It is certain that the provider has not taken it. */
  notSent(name: string): Effect.Effect<void>
  /** Nobody can find out; the send fails as ambiguous, and people are told. */
  doubted(name: string): Effect.Effect<void>
  /** Whether a message in the provider's list is some delivery's part already. */
  isTaken(providerId: string): Effect.Effect<boolean>
}
