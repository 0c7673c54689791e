/** Contacts under contention: several clients on one database find, join and merge the same people at the same time. */
import { assert, describe, it } from "@effect/vitest"
import { type Contact, Contacts, type Identity, OrgId, type StoreError } from "@opencx/core"
import { acquirePostgres, reportSkipped } from "@opencx-tooling/postgres"
import { Context, Effect, Layer, Random } from "effect"
import { afterAll } from "vitest"
import { postgresStores, sqliteStores, temporaryDirectory } from "./support/databases.ts"

const directory = temporaryDirectory()
const postgres = await acquirePostgres()

afterAll(async () => {
  directory.remove()
  if (!("skipped" in postgres)) await postgres.close()
})

type Store = Contacts["Service"]
type Stores = Layer.Layer<Contacts, unknown>

const people = Array.from({ length: 6 }, (_, n) => n)
const kinds: ReadonlyArray<Identity["kind"]> = ["phone", "whatsapp_bsuid", "email"]

const address = (person: number, kind: Identity["kind"]): Identity => ({
  kind,
  value: `${kind}-${person}`,
  verified: true,
})

const resolve = (contacts: Store, orgId: OrgId, identity: Identity, ...also: ReadonlyArray<Identity>) =>
  contacts.resolve({ orgId, identity, also, name: `of ${identity.value}`, locale: null })

type Told = readonly [person: number, contact: Contact]

/** Messages with one and with two addresses of each person, in every order, and merges of the first two of them. */
const work = (
  clients: ReadonlyArray<Store>,
  orgId: OrgId,
): ReadonlyArray<Effect.Effect<ReadonlyArray<Told>, StoreError>> =>
  clients.flatMap((contacts) =>
    people.flatMap((person) =>
      kinds.flatMap((kind) => [
        ...[[], ...kinds.filter((other) => other !== kind).map((other) => [address(person, other)])].map(
          (also) =>
            Effect.map(
              resolve(contacts, orgId, address(person, kind), ...also),
              (found): ReadonlyArray<Told> => [[person, found]],
            ),
        ),
        Effect.gen(function* () {
          const both = person % 2 === 0 ? [0, 1] : [1, 0]
          const found = yield* Effect.forEach(both, (one) => resolve(contacts, orgId, address(one, kind)))
          const [survivor, loser] = found
          if (survivor !== undefined && loser !== undefined)
            yield* contacts.merge(orgId, survivor.id, loser.id)
          return found.map((contact): Told => [0, contact])
        }),
      ]),
    ),
  )

/** Whoever was told an id finds the one contact by it, which has all addresses. The first two people are one. */
const check = Effect.fnUntraced(function* (contacts: Store, orgId: OrgId, told: ReadonlyArray<Told>) {
  for (const person of people.slice(1)) {
    const same = person === 1 ? [0, 1] : [person]
    const ids = new Set(told.filter(([of]) => same.includes(of)).map(([, contact]) => contact.id))
    const found = yield* Effect.forEach(ids, (id) => contacts.get(orgId, id))
    assert.strictEqual(new Set(found.map((contact) => contact?.id)).size, 1, `person ${person}`)
    const addresses = same.flatMap((one) => kinds.map((kind) => address(one, kind)))
    assert.sameDeepMembers([...(found[0]?.identities ?? [])], addresses)
    for (const identity of addresses)
      assert.strictEqual((yield* resolve(contacts, orgId, identity)).id, found[0]?.id)
  }
})

const suite = (name: string, clients: Effect.Effect<ReadonlyArray<Stores>>) =>
  describe(`contacts on ${name}`, () => {
    it.live(
      "end as one contact for each person, with every address, whoever came first",
      () =>
        Effect.gen(function* () {
          const contexts = yield* Effect.forEach(yield* clients, (layer) => Layer.build(Layer.fresh(layer)), {
            concurrency: 1,
          })
          const stores = contexts.map((context) => Context.get(context, Contacts))
          for (let round = 0; round < 5; round++) {
            const orgId = OrgId.make(`round-${round}`)
            const calls = yield* Random.shuffle(work(stores, orgId))
            const told = yield* Effect.all(calls, { concurrency: 12 })
            for (const contacts of stores) yield* check(contacts, orgId, told.flat())
          }
        }),
      60_000,
    )
  })

suite(
  "SQLite",
  Effect.sync(() => [sqliteStores(directory.path)]),
)

if ("skipped" in postgres) {
  reportSkipped(postgres.skipped)
  describe("contacts on Postgres", () =>
    it("are skipped", (context) => context.skip(`no Postgres: ${postgres.skipped}`)))
} else {
  suite(
    "Postgres, by two clients",
    Effect.map(
      Effect.promise(() => postgres.createDatabase("contacts")),
      (url) => [postgresStores(url), postgresStores(url)],
    ),
  )
}
