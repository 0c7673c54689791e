/** Retention as it is configured, over the runtime's own stores. */
import { assert, describe, it } from "@effect/vitest"
import { AccountId, ChannelId, Contacts, ConversationStore, type Lane, OrgId, ThreadKey } from "@opencx/core"
import { Deferred, Effect, Fiber, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { randomUUID } from "node:crypto"
import { checkConfig } from "../../src/config/load.ts"
import { upkeep } from "../../src/operate/upkeep.ts"
import { refusal } from "../support/run.ts"
import { startServer } from "../support/server.ts"
import { closedSession } from "../support/sessions.ts"

const day = 86_400_000

const orgId = OrgId.make("acme")

/** A closed conversation whose last word was so long ago. */
const closed = (ageMs: number) =>
  Effect.gen(function* () {
    const store = yield* ConversationStore
    const contact = yield* (yield* Contacts).resolve({
      orgId,
      identity: { kind: "email", value: `${randomUUID()}@example.com`, verified: true },
      name: null,
      locale: null,
    })
    const lane: Lane = {
      orgId,
      channel: ChannelId.make("email"),
      accountId: AccountId.make("support"),
      threadKey: ThreadKey.make(randomUUID()),
    }
    const at = Date.now() - ageMs
    const session = closedSession(lane, { at, contactId: contact.id })
    yield* store.apply({
      lane,
      eventKey: randomUUID(),
      sessionId: null,
      decide: () => ({ session, entries: [], work: [], address: null }),
    })
    return session.id
  })

const leftAfter = async (retention: object) => {
  const server = await startServer({ retention })
  try {
    return await server.within(
      Effect.gen(function* () {
        const ids = [yield* closed(2 * day), yield* closed(40 * day)]
        yield* upkeep
        const store = yield* ConversationStore
        const found = yield* Effect.forEach(ids, (id) => store.session(orgId, id))
        return found.map((session) => session !== null)
      }),
    )
  } finally {
    await server.close()
  }
}

/** More than one step's worth of each, from before everything that is kept, and one record of today's. */
const rows = 4_500

const longAgo = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const old = 1_000
  const numbers = sql`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})`
  yield* sql`${numbers} INSERT INTO opencx_events (lane, event_key, at) SELECT 'l', 'old-' || i, ${old} FROM n`
  yield* sql`${numbers} INSERT INTO opencx_delivery_parts (org_id, delivery_id, name, begun_at, doubted)
    SELECT 'acme', 'd-' || i, 'p', ${old}, 0 FROM n`
  yield* sql`${numbers} INSERT INTO opencx_work
    (id, org_id, lane, session_id, queue, task, status, epoch, attempts, created_at, updated_at)
    SELECT 'w-' || i, 'acme', 'l', 's', 'out', '{}', 'done', 0, 0, ${old}, ${old} FROM n`
  yield* sql`${numbers} INSERT INTO opencx_audit (org_id, at, actor, actor_name, action, target, changes)
    SELECT 'acme', ${old}, 'a', 'a', 'old', 't', '[]' FROM n`
  yield* sql`${numbers} INSERT INTO cluster_messages
    (id, request_id, shard_id, entity_type, entity_id, kind, tag, payload, processed)
    SELECT i, i, 'default:1', 'Conversation', 'l', 0, 'Receive', '{}', TRUE FROM n`
  const today = Date.now()
  yield* sql`INSERT INTO opencx_audit (org_id, at, actor, actor_name, action, target, changes)
    VALUES ('acme', ${today}, 'a', 'a', 'new', 't', '[]')`
})

const Count = Schema.decodeUnknownSync(Schema.Tuple([Schema.Struct({ n: Schema.Number })]))

const countsOfOld = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const count = (query: Effect.Effect<ReadonlyArray<unknown>, unknown>) =>
    Effect.map(Effect.orDie(query), (found) => Count(found)[0].n)
  return {
    audit: yield* count(sql`SELECT count(*) AS n FROM opencx_audit WHERE action = 'old'`),
    events: yield* count(sql`SELECT count(*) AS n FROM opencx_events WHERE event_key LIKE 'old-%'`),
    messages: yield* count(sql`SELECT count(*) AS n FROM cluster_messages WHERE id <= ${rows}`),
    parts: yield* count(sql`SELECT count(*) AS n FROM opencx_delivery_parts WHERE delivery_id LIKE 'd-%'`),
    work: yield* count(sql`SELECT count(*) AS n FROM opencx_work WHERE id LIKE 'w-%'`),
  }
})

describe("retention", () => {
  it("keeps conversations where nothing else is said, and deletes them after the days that are", async () => {
    assert.deepStrictEqual(await leftAfter({}), [true, true])
    assert.deepStrictEqual(await leftAfter({ transcriptDays: 30 }), [true, false])
    assert.deepStrictEqual(await leftAfter({ transcriptDays: 1 }), [false, false])
  })

  it(
    "removes all that it names in small steps, while conversations go on",
    { timeout: 120_000 },
    async () => {
      const server = await startServer({
        retention: { journalDays: 7, transcriptDays: 30, auditDays: 90 },
      })
      try {
        await server.within(
          Effect.gen(function* () {
            yield* longAgo
            const gone = yield* Effect.forEach(Array.from({ length: 250 }), () => closed(40 * day))
            const done = yield* Deferred.make<void>()
            const clearing = yield* Effect.forkChild(
              Effect.andThen(upkeep, Deferred.succeed(done, undefined)),
            )
            const made: Array<Effect.Success<ReturnType<typeof closed>>> = []
            while (!(yield* Deferred.isDone(done))) made.push(yield* closed(1))
            yield* Fiber.join(clearing)
            // Not one after the other: these came in while it was going on.
            assert.isAtLeast(made.length, 5)
            const store = yield* ConversationStore
            for (const id of made) assert.isNotNull(yield* store.session(orgId, id))
            for (const id of gone) assert.isNull(yield* store.session(orgId, id))
            assert.deepStrictEqual(yield* countsOfOld, {
              audit: 0,
              events: 0,
              messages: 0,
              parts: 0,
              work: 0,
            })
            const sql = yield* SqlClient.SqlClient
            assert.lengthOf(yield* sql`SELECT 1 AS x FROM opencx_audit`, 1)
            assert.lengthOf(yield* sql`SELECT id FROM opencx_contacts`, 250 + made.length)
          }),
        )
      } finally {
        await server.close()
      }
    },
  )

  it("is refused where repeated webhooks would be taken for new ones", async () => {
    const raw = { organizations: [{ id: "acme", name: "Acme" }], retention: { journalDays: 2 } }
    const error = await refusal(checkConfig(raw, {}, "the test"))
    assert.include(error.message, "journalDays")
  })
})
