/**
 * The contacts that `MemoryContacts` keeps and `MemoryConversations` follows merges in. Methods are synchronous, so each is
 * a transaction by itself.
 */
import { Context, Layer } from "effect"
import { SecureRandom } from "effect/crypto"
import type { Contact, Identity } from "../domain/Contact.ts"
import { ContactId, type OrgId } from "../domain/Ids.ts"
import { foldAddress } from "../text/foldAddress.ts"

/** Mail addresses are compared without regard to case; everything else as it is. */
const addressOf = ({ kind, value }: Identity): string =>
  `${kind}|${kind === "email" ? foldAddress(value) : value}`

const claimKey = (orgId: OrgId, identity: Identity): string =>
  `${orgId}|${identity.verified}|${addressOf(identity)}`

const isProven = (contact: Contact): boolean => contact.identities.some((one) => one.verified)

/** Proof takes the place of a claim to the same address, and a claim never that of a proof. */
const withIdentity = (known: ReadonlyArray<Identity>, identity: Identity): ReadonlyArray<Identity> => {
  const same = known.find((one) => addressOf(one) === addressOf(identity))
  if (same !== undefined && (same.verified || !identity.verified)) return known
  return [...known.filter((one) => one !== same), identity]
}

export class ContactState {
  readonly #contacts = new Map<string, Contact>()
  /** Proof and claims apart. Claims lead to contacts of which nothing was proven yet. */
  readonly #holders = new Map<string, ContactId>()
  readonly #mergedInto = new Map<string, ContactId>()

  /** The survivor, when this contact was merged; else itself. */
  survivorOf(id: string): string {
    let at = id
    for (let next = this.#mergedInto.get(at); next !== undefined; next = this.#mergedInto.get(at)) at = next
    return at
  }

  get(orgId: OrgId, id: ContactId): Contact | null {
    const contact = this.#contacts.get(this.survivorOf(id))
    return contact?.orgId === orgId ? contact : null
  }

  holder(orgId: OrgId, identity: Identity): Contact | null {
    const id = this.#holders.get(claimKey(orgId, identity))
    return id === undefined ? null : this.get(orgId, id)
  }

  create(orgId: OrgId): Contact {
    const id = ContactId.make(SecureRandom.uuidV4Unsafe())
    return this.save({ id, orgId, name: null, locale: null, identities: [] })
  }

  /** From the first proof on, this contact's claims find it no longer. */
  save(contact: Contact): Contact {
    this.#contacts.set(contact.id, contact)
    if (!isProven(contact)) return contact
    for (const one of contact.identities) {
      const claim = claimKey(contact.orgId, { ...one, verified: false })
      if (this.#holders.get(claim) === contact.id) this.#holders.delete(claim)
    }
    return contact
  }

  /** Adds an address. Where somebody else has it, proven: `ifHeld` says whether they become one. */
  take(contact: Contact, identity: Identity, ifHeld: "merge" | "leave"): Contact {
    const key = claimKey(contact.orgId, identity)
    const other = this.holder(contact.orgId, identity)
    if (identity.verified && other !== null && other.id !== contact.id)
      return ifHeld === "leave" ? contact : this.merge(contact, other)
    if (other === null && (identity.verified || !isProven(contact))) this.#holders.set(key, contact.id)
    return this.save({ ...contact, identities: withIdentity(contact.identities, identity) })
  }

  /** Takes an address away. */
  drop(contact: Contact, identity: Identity): Contact {
    this.#holders.delete(claimKey(contact.orgId, identity))
    const identities = contact.identities.filter((one) => addressOf(one) !== addressOf(identity))
    return this.save({ ...contact, identities })
  }

  merge(survivor: Contact, loser: Contact): Contact {
    this.#mergedInto.set(loser.id, survivor.id)
    for (const [key, id] of this.#holders) if (id === loser.id) this.#holders.set(key, survivor.id)
    return this.save({
      ...survivor,
      name: survivor.name ?? loser.name,
      locale: survivor.locale ?? loser.locale,
      identities: loser.identities.reduce(withIdentity, survivor.identities),
    })
  }
}

/** Whether two identities are the same address. */
export const sameAddress = (a: Identity, b: Identity): boolean => addressOf(a) === addressOf(b)

export class ContactBook extends Context.Service<ContactBook, ContactState>()(
  "@opencx/core/memory/ContactBook",
) {
  static readonly layer = Layer.sync(ContactBook, () => new ContactState())
}
