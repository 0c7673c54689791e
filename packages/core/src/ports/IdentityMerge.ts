/**
 * Whether the customer of a live chat is somebody whom the help desk knows already, and making them one. Decided from
 * evidence that channels have proved; never on a claim, never two agents, never when several people match.
 */
import { Context, type Effect } from "effect"
import type { Contact, IdentityKind } from "../domain/Contact.ts"
import type { IdentityMergeError } from "../errors/PortErrors.ts"

export interface MergeInput {
  readonly contact: Contact
  /** The channel's merge order, strongest first. */
  readonly order: ReadonlyArray<IdentityKind>
  /** The customer's id at the messaging side. */
  readonly chatUserId: string
}

/** `evidence`: what was looked at, in plain words, in the order in which it was looked at. */
export interface MergeDecision {
  /** `linked`: the messaging side had linked them by itself. `nothing`: nobody to merge with. */
  readonly decision: "merged" | "linked" | "refused" | "nothing"
  readonly reason: string
  readonly evidence: ReadonlyArray<string>
}

export class IdentityMerge extends Context.Service<
  IdentityMerge,
  {
    /** Safe to repeat: what is merged already is found to be so. */
    merge(input: MergeInput): Effect.Effect<MergeDecision, IdentityMergeError>
  }
>()("@opencx/core/ports/IdentityMerge") {}
