/** `Contacts` in memory. */
import { Effect, Layer } from "effect"
import { SecureRandom } from "effect/crypto"
import type { Contact, Identity } from "../domain/Contact.ts"
import { ContactId, type OrgId } from "../domain/Ids.ts"
import { Contacts } from "../ports/Contacts.ts"

/** Mail addresses are compared without regard to case; everything else as it is. */
const claimKey = (orgId: OrgId, { kind, value, verified }: Identity): string =>
  [orgId, kind, verified, kind === "email" ? value.trim().toLowerCase() : value].join("|")

/** `Contacts` in memory. */
export const contactsMemory: Layer.Layer<Contacts> = Layer.sync(Contacts, () => {
  const contacts = new Map<ContactId, Contact>()
  const claims = new Map<string, ContactId>()
  return Contacts.of({
    resolve: ({ orgId, identity, name, locale }) =>
      Effect.sync(() => {
        const key = claimKey(orgId, identity)
        const id = claims.get(key) ?? ContactId.make(SecureRandom.uuidV4Unsafe())
        const known = contacts.get(id) ?? { id, orgId, name: null, locale: null, identities: [identity] }
        const contact = { ...known, name: known.name ?? name, locale: known.locale ?? locale }
        claims.set(key, id)
        contacts.set(id, contact)
        return contact
      }),
    get: (orgId, id) =>
      Effect.sync(() => {
        const contact = contacts.get(id)
        return contact?.orgId === orgId ? contact : null
      }),
  })
})
