/** `Contacts` over SQL. The primary key of the identities decides every race about an address. */
import { type Contact, ContactId, Contacts, type Identity, type OrgId, StoreError } from "@opencx/core"
import { type Context, Effect, Layer } from "effect"
import type { SqlClient } from "effect/sql"
import { type Database, database } from "../sql/Database.ts"
import { newId } from "../sql/ids.ts"
import { type ContactRows, makeContactRows } from "./contactRows.ts"
import { filledIn, holds, isProven, sameAddress, withIdentity, withoutAddress } from "./identities.ts"

type Store = Context.Service.Shape<typeof Contacts>
type Claim = Parameters<Store["resolve"]>[0]

const newContact = ({ orgId, name, locale }: Claim): Contact => ({
  id: ContactId.make(newId()),
  orgId,
  name,
  locale,
  identities: [],
})

const claimsOf = ({ identity, also = [] }: Claim): ReadonlyArray<Identity> => [identity, ...also]

/** Where anything is proven, mere claims decide nothing: they would open somebody's history. */
const decidingOf = (claims: ReadonlyArray<Identity>): ReadonlyArray<Identity> => {
  const proven = claims.filter((one) => one.verified)
  return proven.length > 0 ? proven : claims
}

/**
 * The contact with one more address. Where somebody else has it, proven: `ifHeld` says whether they become one. Claims are
 * only noted when there is proof already, or somebody else made the same claim.
 */
const makeTake = (rows: ContactRows) =>
  Effect.fnUntraced(function* (contact: Contact, identity: Identity, ifHeld: "merge" | "leave") {
    if (holds(contact, identity)) return contact
    if (!identity.verified) {
      if (!isProven(contact)) yield* rows.claim(contact, identity)
      return withIdentity(contact, identity)
    }
    if (yield* rows.claim(contact, identity)) return withIdentity(contact, identity)
    const other = yield* rows.holder(contact.orgId, identity)
    if (other === null) {
      const detail = "an address was taken and given up by others at the same moment"
      return yield* new StoreError({ operation: "Contacts", detail })
    }
    if (other.id === contact.id) return withIdentity(contact, identity)
    return ifHeld === "leave" ? contact : yield* rows.absorb(contact, other)
  })

const makeResolve = (db: Database, rows: ContactRows) => {
  const take = makeTake(rows)

  const decided = Effect.fnUntraced(function* (input: Claim) {
    for (const identity of decidingOf(claimsOf(input))) {
      const found = yield* rows.holder(input.orgId, identity)
      if (found !== null) return found
    }
    return null
  })

  /** Without the lock, which only those need who change a contact. Null when someone else was faster. */
  const create = Effect.fnUntraced(function* (input: Claim) {
    const contact = withIdentity(newContact(input), input.identity)
    if (!(yield* rows.claim(contact, input.identity))) return null
    yield* rows.insert(contact)
    return contact
  })

  const isSettled = (contact: Contact, input: Claim): boolean => {
    const { name, locale } = filledIn(contact, input)
    const complete = name === contact.name && locale === contact.locale
    return complete && claimsOf(input).every((one) => holds(contact, one))
  }

  const settle = Effect.fnUntraced(function* (input: Claim) {
    yield* rows.lock(input.orgId)
    const known = yield* decided(input)
    let contact = filledIn(known ?? newContact(input), input)
    if (known === null) yield* rows.insert(contact)
    for (const identity of claimsOf(input)) contact = yield* take(contact, identity, "merge")
    yield* rows.save(contact)
    return contact
  })

  return Effect.fn("Contacts.resolve")(function* (input: Claim) {
    const known = yield* decided(input)
    if (known !== null && isSettled(known, input)) return known
    const made = known === null && claimsOf(input).length === 1 ? yield* create(input) : null
    return made ?? (yield* settle(input))
  }, db.transaction("Contacts.resolve"))
}

const makeChanges = (db: Database, rows: ContactRows) => {
  const take = makeTake(rows)

  const addIdentity = Effect.fn("Contacts.addIdentity")(function* (
    orgId: OrgId,
    id: ContactId,
    identity: Identity,
  ) {
    yield* rows.lock(orgId)
    const contact = yield* rows.get(orgId, id)
    if (contact !== null) yield* rows.save(yield* take(contact, identity, "leave"))
  }, db.transaction("Contacts.addIdentity"))

  /** An unverified new address takes nothing away: else a claim would end a proof. */
  const moveIdentity = Effect.fn("Contacts.moveIdentity")(function* (
    orgId: OrgId,
    from: Identity,
    to: Identity,
  ) {
    yield* rows.lock(orgId)
    const known = yield* rows.holder(orgId, from)
    if (known === null) return null
    const gained = yield* take(known, to, "merge")
    const keeps = from.kind !== to.kind || sameAddress(from, to) || (from.verified && !to.verified)
    if (!keeps) yield* rows.release(known, from)
    const contact = keeps ? gained : withoutAddress(gained, from)
    yield* rows.save(contact)
    return contact
  }, db.transaction("Contacts.moveIdentity"))

  const merge = Effect.fn("Contacts.merge")(function* (
    orgId: OrgId,
    survivorId: ContactId,
    loserId: ContactId,
  ) {
    yield* rows.lock(orgId)
    const survivor = yield* rows.get(orgId, survivorId)
    const loser = yield* rows.get(orgId, loserId)
    if (survivor === null || loser === null || survivor.id === loser.id) return
    yield* rows.save(yield* rows.absorb(survivor, loser))
  }, db.transaction("Contacts.merge"))

  return { addIdentity, moveIdentity, merge }
}

const makeContacts = (db: Database) => {
  const rows = makeContactRows(db)
  const get = Effect.fn("Contacts.get")(function* (orgId: OrgId, id: ContactId) {
    return yield* rows.get(orgId, id)
  }, db.run("Contacts.get"))
  return Contacts.of({ resolve: makeResolve(db, rows), get, ...makeChanges(db, rows) })
}

export const layer: Layer.Layer<Contacts, never, SqlClient.SqlClient> = Layer.effect(
  Contacts,
  Effect.map(database, makeContacts),
)
