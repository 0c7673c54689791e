/** What a contact's addresses are, without any database. */
import { type Contact, foldAddress, type Identity } from "@opencx/core"

/** Mail addresses are compared without regard to case; everything else as it is. */
export const addressOf = (identity: Identity): string =>
  identity.kind === "email" ? foldAddress(identity.value) : identity.value

export const sameAddress = (a: Identity, b: Identity): boolean =>
  a.kind === b.kind && addressOf(a) === addressOf(b)

/** Somebody proved an address of this contact. No mere claim finds it from then on. */
export const isProven = (contact: Contact): boolean => contact.identities.some((one) => one.verified)

/** The address is there, and proven if that is what is asked for. */
export const holds = (contact: Contact, identity: Identity): boolean =>
  contact.identities.some((one) => sameAddress(one, identity) && (one.verified || !identity.verified))

/** Proof takes the place of a claim to the same address, and a claim never that of a proof. */
export const withIdentity = (contact: Contact, identity: Identity): Contact => {
  if (holds(contact, identity)) return contact
  const others = contact.identities.filter((one) => !sameAddress(one, identity))
  return { ...contact, identities: [...others, identity] }
}

export const withoutAddress = (contact: Contact, identity: Identity): Contact => ({
  ...contact,
  identities: contact.identities.filter((one) => !sameAddress(one, identity)),
})

/** What is known stays; what is missing is filled in. */
export const filledIn = (
  contact: Contact,
  { name, locale }: { readonly name: string | null; readonly locale: string | null },
): Contact => ({ ...contact, name: contact.name ?? name, locale: contact.locale ?? locale })

/** The survivor of a merge, with all that both had. */
export const merged = (survivor: Contact, loser: Contact): Contact =>
  loser.identities.reduce(withIdentity, filledIn(survivor, loser))
