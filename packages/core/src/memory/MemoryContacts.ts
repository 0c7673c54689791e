/** `Contacts` in memory. */
import { Effect, Layer } from "effect"
import { Contacts } from "../ports/Contacts.ts"
import { ContactBook, type ContactState, sameAddress } from "./ContactBook.ts"

type Port = Contacts["Service"]

/** Where anything is proven, mere claims decide nothing: they would open somebody's history. */
const resolve = (book: ContactState, input: Parameters<Port["resolve"]>[0]) => {
  const { orgId, identity, also = [], name, locale } = input
  const claims = [identity, ...also]
  const proven = claims.filter((one) => one.verified)
  const deciding = proven.length > 0 ? proven : claims
  const found = deciding.flatMap((one) => book.holder(orgId, one) ?? [])[0] ?? book.create(orgId)
  const contact = claims.reduce((known, one) => book.take(known, one, "merge"), found)
  return book.save({ ...contact, name: contact.name ?? name, locale: contact.locale ?? locale })
}

/** An unverified new address takes nothing away: else a claim would end a proof. */
const move = (
  book: ContactState,
  ...[orgId, from, to]: Parameters<Port["moveIdentity"]>
): ReturnType<ContactState["get"]> => {
  const known = book.holder(orgId, from)
  if (known === null) return null
  const gained = book.take(known, to, "merge")
  const keeps = from.kind !== to.kind || sameAddress(from, to) || (from.verified && !to.verified)
  return keeps ? gained : book.drop(gained, from)
}

/** `Contacts` in memory. `conversationsMemory` follows its merges. */
export const contactsMemory: Layer.Layer<Contacts> = Layer.effect(
  Contacts,
  Effect.map(ContactBook, (book) =>
    Contacts.of({
      resolve: (input) => Effect.sync(() => resolve(book, input)),
      get: (orgId, id) => Effect.sync(() => book.get(orgId, id)),
      addIdentity: (orgId, id, identity) =>
        Effect.sync(() => {
          const contact = book.get(orgId, id)
          if (contact !== null) book.take(contact, identity, "leave")
        }),
      moveIdentity: (orgId, from, to) => Effect.sync(() => move(book, orgId, from, to)),
      merge: (orgId, survivorId, loserId) =>
        Effect.sync(() => {
          const survivor = book.get(orgId, survivorId)
          const loser = book.get(orgId, loserId)
          if (survivor !== null && loser !== null && survivor.id !== loser.id) book.merge(survivor, loser)
        }),
    }),
  ),
).pipe(Layer.provide(ContactBook.layer))
