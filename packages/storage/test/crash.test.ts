import { assert, it } from "@effect/vitest"
import { ConversationStore, Lane } from "@opencx/core"
import { Effect, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { startChild } from "./support/child.ts"
import { sqliteStores, temporaryDirectory } from "./support/databases.ts"
import { newLane } from "./support/fixtures.ts"

const encodeLane = Schema.encodeSync(Schema.fromJsonString(Lane))

it.live(
  "SIGKILL in the middle of applying: all that was told is there, and nothing is half there",
  () =>
    Effect.gen(function* () {
      const directory = yield* Effect.acquireRelease(Effect.sync(temporaryDirectory), (d) =>
        Effect.sync(() => d.remove()),
      )
      const lane = newLane()
      const told: Array<string> = []
      for (const [run, kills] of [40, 95, 130].entries()) {
        yield* Effect.promise(async () => {
          const child = startChild("applyLoop.ts", [directory.path, encodeLane(lane), String(run)])
          for (let i = 0; i < kills; i++)
            told.push((await child.line()) ?? assert.fail("the child ended by itself"))
          await child.kill()
        })
      }
      const check = Effect.gen(function* () {
        const [store, sql] = [yield* ConversationStore, yield* SqlClient.SqlClient]
        assert.strictEqual((yield* sql`PRAGMA integrity_check`)[0]?.["integrity_check"], "ok")
        for (const eventKey of told) assert.isTrue(yield* store.wasApplied(lane, eventKey), eventKey)
        const [session] = yield* store.sessions(lane.orgId, { limit: 5 })
        if (session === undefined) return assert.fail("no session")
        const timeline = yield* store.timeline(session.orgId, session.id)
        assert.deepStrictEqual(
          timeline.map((entry) => entry.seq),
          timeline.map((_, i) => i + 1),
        )
        assert.strictEqual(session.lastSeq, timeline.length)
        const events = yield* sql`SELECT event_key FROM opencx_events`
        assert.strictEqual(timeline.length, 2 * events.length)
        assert.strictEqual((yield* store.workCounts).pending, events.length)
      })
      yield* check.pipe(Effect.provide(sqliteStores(directory.path)))
    }),
  60_000,
)
