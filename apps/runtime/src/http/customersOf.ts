/** Who wrote, for lists of sessions: most channels know no subject, and without a name such rows look all alike. */
import { Contacts, type Session } from "@opencx/core"
import { Effect } from "effect"

/** By session: the name that the customer goes by, or the first address. Customers who were erased are left out. */
export const customersOf = Effect.fnUntraced(function* (sessions: ReadonlyArray<Session>) {
  const contacts = yield* Contacts
  const ids = new Map(sessions.map(({ contactId, orgId }) => [`${orgId} ${contactId}`, { contactId, orgId }]))
  const found = yield* Effect.forEach(
    ids,
    ([key, { contactId, orgId }]) =>
      Effect.map(contacts.get(orgId, contactId), (contact): readonly [string, string] => [
        key,
        contact?.name ?? contact?.identities[0]?.value ?? "",
      ]),
    { concurrency: 4 },
  )
  const names = new Map(found)
  return new Map(
    sessions.map(({ contactId, id, orgId }): readonly [string, string] => [
      id,
      names.get(`${orgId} ${contactId}`) ?? "",
    ]),
  )
})
