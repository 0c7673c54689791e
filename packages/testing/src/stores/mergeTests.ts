/** Contacts that turn out to be one. */
import { assert, type Vitest } from "@effect/vitest"
import { type ContactId, Contacts, ConversationStore, type OrgId } from "@opencx/core"
import { Effect, Random } from "effect"
import { appending, newLane, newOrg, newSession, proven } from "./samples.ts"

type Suite = Vitest.MethodsNonLive<Contacts | ConversationStore>

const make = (orgId: OrgId, value: string, name: string | null = null) =>
  Contacts.use((contacts) =>
    contacts.resolve({ orgId, identity: proven("external", value), name, locale: null }),
  )

const openSession = Effect.fnUntraced(function* (orgId: OrgId, contactId: ContactId, createdAt: number) {
  const store = yield* ConversationStore
  const lane = newLane(orgId)
  const session = newSession(lane, { contactId, createdAt })
  yield* store.apply({ lane, eventKey: "m1", sessionId: null, decide: () => appending(session, []) })
  return { lane, session }
})

const merging = (it: Suite) =>
  it.effect(
    "a merge moves the addresses, and the loser's id leads to the survivor, over several merges",
    () =>
      Effect.gen(function* () {
        const contacts = yield* Contacts
        const orgId = newOrg()
        const [a, b, c] = [yield* make(orgId, "a"), yield* make(orgId, "b", "Bea"), yield* make(orgId, "c")]
        yield* contacts.merge(orgId, b.id, c.id)
        yield* contacts.merge(orgId, a.id, b.id)
        // Again, the other way round, with itself, with nobody: nothing happens.
        yield* contacts.merge(orgId, a.id, c.id)
        yield* contacts.merge(orgId, c.id, a.id)
        yield* contacts.merge(orgId, a.id, a.id)
        yield* contacts.merge(orgId, a.id, newSession(newLane()).contactId)
        const survivor = yield* contacts.get(orgId, a.id)
        assert.strictEqual(survivor?.id, a.id)
        assert.strictEqual(survivor?.name, "Bea", "what the survivor lacked")
        assert.sameMembers(survivor?.identities.map((one) => one.value) ?? [], ["a", "b", "c"])
        for (const one of [b, c]) assert.deepStrictEqual(yield* contacts.get(orgId, one.id), survivor)
        for (const value of ["a", "b", "c"]) assert.strictEqual((yield* make(orgId, value)).id, a.id)
        // What is said of the loser concerns the survivor.
        yield* contacts.addIdentity(orgId, c.id, proven("phone", "+15550100"))
        assert.lengthOf((yield* contacts.get(orgId, a.id))?.identities ?? [], 4)
      }),
  )

const sessions = (it: Suite) =>
  it.effect("sessions of the loser are the survivor's, also when they go on", () =>
    Effect.gen(function* () {
      const contacts = yield* Contacts
      const store = yield* ConversationStore
      const orgId = newOrg()
      const [a, b, c] = [yield* make(orgId, "a"), yield* make(orgId, "b"), yield* make(orgId, "c")]
      const own = yield* openSession(orgId, a.id, 1)
      const theirs = yield* openSession(orgId, b.id, 2)
      const third = yield* openSession(orgId, c.id, 3)
      yield* openSession(orgId, (yield* make(orgId, "d")).id, 4)
      yield* contacts.merge(orgId, b.id, c.id)
      yield* contacts.merge(orgId, a.id, b.id)
      const all = [third.session.id, theirs.session.id, own.session.id]
      const open = (id: ContactId) =>
        Effect.map(store.openSessionsOf(orgId, id), (found) => found.map((one) => one.id))
      for (const one of [a, b, c]) assert.deepStrictEqual(yield* open(one.id), all)
      yield* store.apply({
        lane: theirs.lane,
        eventKey: "m2",
        sessionId: theirs.session.id,
        decide: (current) => appending(current ?? theirs.session, []),
      })
      assert.deepStrictEqual(yield* open(a.id), all)
      assert.deepStrictEqual(yield* store.openSessionsOf(newOrg(), a.id), [])
    }),
  )

const withinOrganization = (it: Suite) =>
  it.effect("nobody is merged across organizations", () =>
    Effect.gen(function* () {
      const contacts = yield* Contacts
      const [here, there] = [newOrg(), newOrg()]
      const a = yield* make(here, "a")
      const b = yield* make(there, "b")
      for (const orgId of [here, there]) {
        yield* contacts.merge(orgId, a.id, b.id)
        yield* contacts.merge(orgId, b.id, a.id)
      }
      assert.deepStrictEqual(yield* contacts.get(here, a.id), a)
      assert.deepStrictEqual(yield* contacts.get(there, b.id), b)
      assert.isNull(yield* contacts.get(here, b.id))
    }),
  )

const simultaneous = (it: Suite) =>
  it.effect("merges at the same time, in every direction, leave one survivor with everything", () =>
    Effect.gen(function* () {
      const contacts = yield* Contacts
      const orgId = newOrg()
      const names = ["a", "b", "c", "d", "e", "f"]
      const people = yield* Effect.forEach(names, (value) => make(orgId, value))
      const pairs = people.flatMap((one) => people.map((other) => contacts.merge(orgId, one.id, other.id)))
      const busy = names.map((value) => Effect.asVoid(make(orgId, value, `named ${value}`)))
      yield* Effect.all(yield* Random.shuffle([...pairs, ...busy]), { concurrency: "unbounded" })
      const found = yield* Effect.forEach(people, (one) => contacts.get(orgId, one.id))
      assert.strictEqual(new Set(found.map((one) => one?.id)).size, 1)
      assert.sameMembers(found[0]?.identities.map((one) => one.value) ?? [], names)
      for (const value of names) assert.strictEqual((yield* make(orgId, value)).id, found[0]?.id)
    }),
  )

/** How a `Contacts` merges. */
export const mergeTests = (it: Suite): void => {
  for (const test of [merging, sessions, withinOrganization, simultaneous]) test(it)
}
