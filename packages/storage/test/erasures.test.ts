/** An older copy of the data does not bring back whom we were told to forget. */
import { assert, describe, it } from "@effect/vitest"
import { ContactRecords, Contacts, ConversationStore, OrgId } from "@opencx/core"
import { ErasureMarks, Erasures } from "@opencx/storage"
import { acquirePostgres, reportSkipped } from "@opencx-tooling/postgres"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { randomUUID } from "node:crypto"
import { afterAll } from "vitest"
import { conversation, person } from "./support/conversations.ts"
import { postgresStores, sqliteStores, temporaryDirectory } from "./support/databases.ts"
import { deliver, message, newLane } from "./support/fixtures.ts"

const directory = temporaryDirectory()
const postgres = await acquirePostgres()

afterAll(async () => {
  directory.remove()
  if (!("skipped" in postgres)) await postgres.close()
})

const withErasures = (stores: ReturnType<typeof sqliteStores>) =>
  ErasureMarks.layer.pipe(Layer.provideMerge(stores))

/** Takes the marks of these out again: the database is as it was before, as a restored one is. */
const asIfOlder = Effect.fnUntraced(function* (marks: ReadonlyArray<ErasureMarks.ErasureMark>) {
  const sql = yield* SqlClient.SqlClient
  for (const { mark } of marks) yield* sql`DELETE FROM opencx_erasures WHERE mark = ${mark}`
})

const suite = (name: string, stores: ReturnType<typeof withErasures>) =>
  describe(`erasures on ${name}`, () => {
    it.live("are noted without anything that leads back to the person", () =>
      Effect.gen(function* () {
        const orgId = OrgId.make(`o${randomUUID()}`)
        const [contacts, erasures] = [yield* Contacts, yield* Erasures]
        const [ana, former] = [
          yield* person(orgId, "ana@example.com", "Ana"),
          yield* person(orgId, "ana@old.example"),
        ]
        yield* contacts.merge(orgId, ana.id, former.id)
        yield* (yield* ContactRecords).erase(orgId, ana.id)
        const marks = (yield* erasures.known).filter((one) => one.orgId === orgId)
        assert.lengthOf(marks, 2)
        for (const { at, mark } of marks) {
          assert.match(mark, /^[0-9a-f]{64}$/)
          assert.closeTo(at, Date.now(), 60_000)
        }
        for (const word of [ana.id, former.id, "ana@"]) assert.notInclude(JSON.stringify(marks), word)
      }).pipe(Effect.provide(stores)),
    )

    it.live("are done again on data that came back, with what was on its way, and touch nobody else", () =>
      Effect.gen(function* () {
        const orgId = OrgId.make(`o${randomUUID()}`)
        const [erasures, records, store] = [yield* Erasures, yield* ContactRecords, yield* ConversationStore]
        const [ana, ben] = [yield* person(orgId, "ana@example.com"), yield* person(orgId, "ben@example.com")]
        const work = deliver(1)
        const hers = yield* conversation(newLane(orgId), ana, [message("hello")], {}, [work])
        const his = yield* conversation(newLane(orgId), ben, [message("hello")])
        assert.strictEqual((yield* Effect.flip(records.erase(orgId, ana.id)))._tag, "ContactBusy")
        const at = 1_234
        const strange = { orgId, mark: "0".repeat(64), at }
        const other = OrgId.make(`o${randomUUID()}`)
        const mark = ErasureMarks.markOf(orgId, ana.id)
        // The mark of another organization means nobody here.
        assert.strictEqual((yield* erasures.again([{ orgId: other, mark, at }])).contacts, 0)
        assert.isNotNull(yield* store.session(orgId, hers.id))
        const marks = [{ orgId, mark, at }, strange]
        assert.deepStrictEqual(yield* erasures.again(marks), { contacts: 1, compacted: true })
        assert.isNull(yield* records.read(orgId, ana.id))
        assert.isNull(yield* store.session(orgId, hers.id))
        assert.isNull(yield* store.work(orgId, work.id))
        assert.isNotNull(yield* store.session(orgId, his.id))
        const known = (yield* erasures.known).filter((one) => one.orgId === orgId)
        assert.sameDeepMembers([...known], marks)
        assert.strictEqual((yield* erasures.again(marks)).contacts, 0)
      }).pipe(Effect.provide(stores)),
    )

    it.live("that were cut off are taken up where they stood", () =>
      Effect.gen(function* () {
        const orgId = OrgId.make(`o${randomUUID()}`)
        const [erasures, records] = [yield* Erasures, yield* ContactRecords]
        const people = yield* Effect.forEach(Array.from({ length: 3 }), (_, n) =>
          person(orgId, `p${n}@example.com`),
        )
        const marks = people.map(({ id }) => ({ orgId, mark: ErasureMarks.markOf(orgId, id), at: 1 }))
        yield* erasures.again(marks.slice(0, 1))
        yield* asIfOlder(marks)
        assert.strictEqual((yield* erasures.again(marks)).contacts, 2)
        for (const { id } of people) assert.isNull(yield* records.read(orgId, id))
      }).pipe(Effect.provide(stores)),
    )
  })

suite("SQLite", withErasures(sqliteStores(directory.path)))
if ("skipped" in postgres) {
  reportSkipped(postgres.skipped)
  describe("erasures on Postgres", () =>
    it("is skipped", (context) => context.skip(`no Postgres: ${postgres.skipped}`)))
} else {
  suite("Postgres", withErasures(postgresStores(await postgres.createDatabase("erasures"))))
}
