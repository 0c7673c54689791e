/** Customers of an organization and the addresses that we know them by. */
import { Context, type Effect } from "effect"
import type { Contact, Identity } from "../domain/Contact.ts"
import type { ContactId, OrgId } from "../domain/Ids.ts"
import type { StoreError } from "../errors/PortErrors.ts"

export class Contacts extends Context.Service<
  Contacts,
  {
    /**
     * The contact with this identity, made if there is none. Only an identity marked `verified` finds a contact that
     * was verified before; an unverified claim to a verified address gets a contact of its own, so that nobody reads
     * another's history by claiming an address. `also`: further addresses that the same message proves; the first of all
     * that is known decides, the others are added to that contact. Where another contact holds one of them, both being
     * verified, that contact is merged into the found one: the provider has proved that they are one person.
     */
    resolve(input: {
      readonly orgId: OrgId
      readonly identity: Identity
      readonly also?: ReadonlyArray<Identity>
      readonly name: string | null
      readonly locale: string | null
    }): Effect.Effect<Contact, StoreError>
    /** Follows merges: the id of a merged contact finds the one that it was merged into. */
    get(orgId: OrgId, id: ContactId): Effect.Effect<Contact | null, StoreError>
    /** Adds an address to a contact; one that belongs to somebody else stays there. */
    addIdentity(orgId: OrgId, id: ContactId, identity: Identity): Effect.Effect<void, StoreError>
    /**
     * The provider says that the person with `from` now has `to`. The contact of `from` gets `to`, and loses `from` where
     * the kinds are the same. Null when nobody is known by `from`.
     */
    moveIdentity(orgId: OrgId, from: Identity, to: Identity): Effect.Effect<Contact | null, StoreError>
    /** The loser's identities and sessions become the survivor's. Repeating is harmless. */
    merge(orgId: OrgId, survivor: ContactId, loser: ContactId): Effect.Effect<void, StoreError>
  }
>()("@opencx/core/ports/Contacts") {}
