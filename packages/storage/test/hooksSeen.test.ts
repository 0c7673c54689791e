/** When webhooks were last heard of, told by several processes in any order. */
import { assert, describe, it } from "@effect/vitest"
import { OrgId } from "@opencx/core"
import { HooksSeen, HookSightings, Migrations, Postgres, Sqlite } from "@opencx/storage"
import { acquirePostgres, reportSkipped } from "@opencx-tooling/postgres"
import { Effect, Layer } from "effect"
import { randomUUID } from "node:crypto"
import { afterAll } from "vitest"
import { temporaryDirectory } from "./support/databases.ts"

const directory = temporaryDirectory()
const postgres = await acquirePostgres()

afterAll(async () => {
  directory.remove()
  if (!("skipped" in postgres)) await postgres.close()
})

/** Built anew each time: a connection of its own, as another process has. */
const process = (client: Layer.Layer<Layer.Success<ReturnType<typeof Sqlite.layer>>, unknown>) =>
  HookSightings.layer.pipe(Layer.provideMerge(Migrations.layer), Layer.provideMerge(client))

const suite = (name: string, client: () => Parameters<typeof process>[0]) =>
  describe(`sightings of webhooks on ${name}`, () => {
    it.live("the newest stands, whoever tells it, and outlives whoever told it", () =>
      Effect.gen(function* () {
        const [orgId, other] = [OrgId.make(`o${randomUUID()}`), OrgId.make(`o${randomUUID()}`)]
        const tell = (at: number, hook = "zendesk_ticketing", org = orgId) =>
          Effect.flatMap(HooksSeen, ({ note }) => note({ orgId: org, hook, at }))
        const one = process(client())
        const another = process(client())
        yield* Effect.all(
          [
            Effect.forEach([5_000, 1_000, 9_000], (at) => tell(at)).pipe(Effect.provide(one)),
            Effect.forEach([8_000, 7_000, 9_500], (at) => tell(at)).pipe(Effect.provide(another)),
          ],
          { concurrency: 2 },
        )
        yield* tell(3_000, "sms").pipe(Effect.andThen(tell(4_000, "sms", other)), Effect.provide(another))
        const seen = yield* Effect.flatMap(HooksSeen, ({ all }) => all).pipe(
          Effect.provide(process(client())),
        )
        assert.deepStrictEqual(
          seen.filter((found) => found.orgId === orgId),
          [
            { orgId, hook: "sms", at: 3_000 },
            { orgId, hook: "zendesk_ticketing", at: 9_500 },
          ],
        )
      }),
    )
  })

suite("SQLite", () => Sqlite.layer({ directory: directory.path }))
if ("skipped" in postgres) {
  reportSkipped(postgres.skipped)
  describe("sightings of webhooks on Postgres", () =>
    it("is skipped", (context) => context.skip(`no Postgres: ${postgres.skipped}`)))
} else {
  const url = await postgres.createDatabase("sightings")
  suite("Postgres", () => Postgres.layer({ url }))
}
