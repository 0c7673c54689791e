/** What the identity merge suite must be able to do besides calling the port. */
import type { Contact, IdentityMerge } from "@opencx/core"
import type { Effect, Scope } from "effect"

/** Somebody whom the help desk knows already. */
export interface WrittenPerson {
  readonly email: string | null
  readonly phone: string | null
  readonly agent: boolean
  /** Whom another system says that this is. */
  readonly externalId: string | null
}

/** The adapter under test, and whom the help desk knows. */
export interface MergeDesk {
  readonly identityMerge: IdentityMerge["Service"]
  /** Somebody becomes known; answers with the desk's id of them. */
  readonly add: (person: WrittenPerson) => Effect.Effect<string>
  /** The contact has a live chat; answers with their id there. Nobody at the desk is linked with it yet. */
  readonly chatUser: (contact: Contact) => Effect.Effect<string>
  /** Who the customer of the chat is at the desk; null, or somebody new, when nobody whom it knew. */
  readonly personOf: (chatUserId: string) => Effect.Effect<string | null>
  /** The messaging side finds out by itself that they are one. */
  readonly link: (chatUserId: string, personId: string) => Effect.Effect<void>
}

/** Starts a help desk that knows nobody; runs once per test, in the test's scope. */
export type MakeMergeDesk = Effect.Effect<MergeDesk, unknown, Scope.Scope>
