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
     * another's history by claiming an address.
     */
    resolve(input: {
      readonly orgId: OrgId
      readonly identity: Identity
      readonly name: string | null
      readonly locale: string | null
    }): Effect.Effect<Contact, StoreError>
    get(orgId: OrgId, id: ContactId): Effect.Effect<Contact | null, StoreError>
  }
>()("@opencx/core/ports/Contacts") {}
