import { assert, describe, it } from "@effect/vitest"
import { type ContactRecords, type Contacts, ConversationStore, OrgId } from "@opencx/core"
import { Figures, WorkFigures } from "@opencx/storage"
import { acquirePostgres, reportSkipped } from "@opencx-tooling/postgres"
import { Effect, Layer } from "effect"
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

type Needed = ContactRecords | Contacts | ConversationStore | WorkFigures

const suite = (name: string, stores: Layer.Layer<Needed, unknown>) =>
  describe(`figures on ${name}`, () => {
    it.live("count work whose time has come, by queue, and dead letters by organization", () =>
      Effect.gen(function* () {
        const [figures, store] = [yield* WorkFigures, yield* ConversationStore]
        assert.deepStrictEqual([yield* figures.queues, yield* figures.deadLetters], [[], []])
        const orgId = OrgId.make(`o${randomUUID()}`)
        const ana = yield* person(orgId, "ana@example.com")
        const soon = Date.now() + 60_000
        const orders = [
          deliver(1),
          deliver(1),
          deliver(1, { queue: "desk" }),
          deliver(1, { queue: "timer", notBefore: soon }),
          deliver(1, { queue: "timer", notBefore: Date.now() - 5_000 }),
        ]
        yield* conversation(newLane(orgId), ana, [message("hello")], {}, orders)
        const queues = yield* figures.queues
        assert.deepStrictEqual(
          queues.map(({ due, queue }) => [queue, due]),
          [
            ["desk", 1],
            ["out", 2],
            ["timer", 1],
          ],
        )
        const timer = queues.find(({ queue }) => queue === "timer")
        assert.isAtLeast(timer?.oldestMs ?? 0, 5_000)
        for (const { id } of orders.slice(0, 2))
          yield* store.settle(id, "dead", { _tag: "Failed", explanation: "no", permanent: true })
        assert.deepStrictEqual(yield* figures.deadLetters, [{ organization: orgId, dead: 2 }])
        assert.strictEqual((yield* figures.queues).length, 2)
      }).pipe(Effect.provide(stores)),
    )
  })

const withFigures = (stores: ReturnType<typeof sqliteStores>) =>
  Figures.layer.pipe(Layer.provideMerge(stores))

suite("SQLite", withFigures(sqliteStores(directory.path)))
if ("skipped" in postgres) {
  reportSkipped(postgres.skipped)
  describe("figures on Postgres", () =>
    it("is skipped", (context) => context.skip(`no Postgres: ${postgres.skipped}`)))
} else {
  suite("Postgres", withFigures(postgresStores(await postgres.createDatabase("figures"))))
}
