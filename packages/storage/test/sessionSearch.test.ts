import { assert, describe, it } from "@effect/vitest"
import { ChannelId, type EntryBody, OrgId, type SessionQuery, SessionSearch, TicketId } from "@opencx/core"
import { acquirePostgres, reportSkipped } from "@opencx-tooling/postgres"
import { Effect, type Layer } from "effect"
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

const handedOff = (tags: ReadonlyArray<string>, summary = "wants a refund"): EntryBody => ({
  _tag: "HandoffConfirmed",
  ticketId: TicketId.make("42"),
  chatId: null,
  brief: { summary, sentiment: "neutral", language: "en", reason: "no_answer" },
  created: true,
  tags,
})

const newOrg = () => OrgId.make(`o${randomUUID()}`)

const found = Effect.fnUntraced(function* (orgId: OrgId, query: SessionQuery) {
  const search = yield* SessionSearch
  return (yield* search.search(orgId, query, { limit: 50, after: null })).sessions.map(({ id }) => id)
})

const suite = (
  name: string,
  stores: Layer.Layer<SessionSearch | Layer.Success<ReturnType<typeof sqliteStores>>, unknown>,
) =>
  describe(`finding sessions on ${name}`, () => {
    it.live("by external id, ticket, chat, contact, tag, channel and state", () =>
      Effect.gen(function* () {
        const orgId = newOrg()
        const ana = yield* person(orgId, "ana@example.com", "Ana Mâlik")
        const ben = yield* person(orgId, "Ben@Example.com", "Ben Stone")
        const sms = { ...newLane(orgId), channel: ChannelId.make("sms") }
        const one = yield* conversation(newLane(orgId), ana, [message("hello"), handedOff(["opencx_vip"])], {
          state: "human",
          ticket: { ticketId: TicketId.make("77"), status: "open", requesterId: null, commentCursor: null },
          updatedAt: 3_000,
        })
        const two = yield* conversation(sms, ben, [message('"opencx_vip" is a tag')], { updatedAt: 2_000 })
        assert.deepStrictEqual(yield* found(orgId, {}), [one.id, two.id])
        assert.deepStrictEqual(yield* found(orgId, { externalId: two.id }), [two.id])
        assert.deepStrictEqual(yield* found(orgId, { externalId: "77" }), [one.id])
        assert.deepStrictEqual(yield* found(orgId, { contact: ana.id }), [one.id])
        assert.deepStrictEqual(yield* found(orgId, { contact: "ben@example.com" }), [two.id])
        assert.deepStrictEqual(yield* found(orgId, { contact: "Mâlik" }), [one.id])
        assert.deepStrictEqual(yield* found(orgId, { tag: "opencx_vip" }), [one.id])
        assert.deepStrictEqual(yield* found(orgId, { tag: "opencx_vi" }), [])
        assert.deepStrictEqual(yield* found(orgId, { tag: "opencx_vip", contact: "Mâlik" }), [one.id])
        assert.deepStrictEqual(yield* found(orgId, { tag: "opencx_vip", contact: ben.id }), [])
        assert.deepStrictEqual(yield* found(orgId, { tag: "opencx_vip", text: "hello" }), [one.id])
        assert.deepStrictEqual(yield* found(orgId, { channel: sms.channel }), [two.id])
        assert.deepStrictEqual(yield* found(orgId, { channel: one.channel }), [one.id])
        assert.deepStrictEqual(yield* found(orgId, { states: ["human"] }), [one.id])
        assert.deepStrictEqual(yield* found(orgId, { states: [] }), [])
        assert.deepStrictEqual(yield* found(orgId, { since: 2_500 }), [one.id])
        const search = yield* SessionSearch
        const order = deliver(1)
        const busy = yield* conversation(sms, ben, [message("x")], { updatedAt: 1_000 }, [order])
        assert.deepStrictEqual(
          (yield* search.work(orgId, busy.id)).map(({ id, status }) => [id, status]),
          [[order.id, "pending"]],
        )
        assert.deepStrictEqual(yield* search.work(newOrg(), busy.id), [])
        assert.include(yield* search.organizations, orgId)
        assert.deepStrictEqual(yield* found(orgId, { until: 3_000, states: ["ai"] }), [two.id, busy.id])
        assert.deepStrictEqual(yield* found(orgId, { states: ["human"], contact: "ben@example.com" }), [])
      }).pipe(Effect.provide(stores)),
    )

    it.live("by every tag that went to the help desk: at handoffs, and with drafts for agents", () =>
      Effect.gen(function* () {
        const orgId = newOrg()
        const ana = yield* person(orgId, "ana@example.com")
        const drafted: EntryBody = {
          _tag: "Assist",
          ticketId: TicketId.make("7"),
          commentIds: [],
          result: "drafted",
          text: null,
          draft: null,
          sources: [],
          trace: { agent: "test", queries: [], hits: [], signals: {}, latencyMs: 0 },
          tags: ["opencx_assist_mode", "über/tag"],
        }
        const assisted = yield* conversation(newLane(orgId), ana, [drafted, drafted], { updatedAt: 9_000 })
        const twice = yield* conversation(newLane(orgId), ana, [
          handedOff(["opencx_first"]),
          handedOff(["opencx_second", "opencx_first"]),
        ])
        assert.deepStrictEqual(yield* found(orgId, { tag: "opencx_assist_mode" }), [assisted.id])
        assert.deepStrictEqual(yield* found(orgId, { tag: "über/tag" }), [assisted.id])
        for (const tag of ["opencx_first", "opencx_second"])
          assert.deepStrictEqual(yield* found(orgId, { tag }), [twice.id])
        // Many have this one: then sessions are walked through from the newest.
        const many = yield* Effect.forEach(Array.from({ length: 505 }), (_, n) =>
          conversation(newLane(orgId), ana, [handedOff(["opencx_many"])], { updatedAt: 10_000 + n }),
        )
        const newest = many.slice(-50).toReversed()
        for (const query of [{ tag: "opencx_many" }, { tag: "opencx_many", contact: ana.id }])
          assert.deepStrictEqual(
            yield* found(orgId, query),
            newest.map(({ id }) => id),
          )
        // Words far back, behind windows in which nobody said them.
        const far = yield* conversation(newLane(orgId), ana, [message("zeppelin")], { updatedAt: 1 })
        yield* Effect.forEach(Array.from({ length: 600 }), (_, n) =>
          conversation(newLane(orgId), ana, [message("x")], { updatedAt: 20_000 + (n % 7) }),
        )
        assert.deepStrictEqual(yield* found(orgId, { text: "zeppelin" }), [far.id])
        assert.lengthOf(yield* found(orgId, { text: "x" }), 50)
      }).pipe(Effect.provide(stores)),
    )

    it.live("by words, in any script, whatever stands in them, and never by the names of fields", () =>
      Effect.gen(function* () {
        const orgId = newOrg()
        const ana = yield* person(orgId, "ana@example.com")
        const said = (text: string, subject: string | null = null) =>
          conversation(newLane(orgId), ana, [message(text)], { subject })
        const arabic = yield* said("أين طلبي؟ انتظرت أسبوعا")
        const odd = yield* said('100% of "C:\\temp_1"\nis gone')
        const other = yield* said("100 percent of C:/temp-1 is there", "Ärger mit der Lieferung")
        assert.deepStrictEqual(yield* found(orgId, { text: "طلبي" }), [arabic.id])
        assert.deepStrictEqual(yield* found(orgId, { text: '100% OF "C:\\TEMP_1"\nis' }), [odd.id])
        assert.deepStrictEqual(yield* found(orgId, { text: "temp_1" }), [odd.id])
        assert.deepStrictEqual(yield* found(orgId, { text: "Ärger" }), [other.id])
        for (const name of ["attachments", "CustomerMessage", "rawBlobId", "threadKey"])
          assert.deepStrictEqual(yield* found(orgId, { text: name }), [], name)
        assert.deepStrictEqual(yield* found(orgId, { text: "'; DROP TABLE opencx_sessions; --" }), [])
      }).pipe(Effect.provide(stores)),
    )

    it.live("in pages without gaps, and never in another organization", () =>
      Effect.gen(function* () {
        const [orgId, stranger] = [newOrg(), newOrg()]
        const ana = yield* person(orgId, "ana@example.com")
        const made = yield* Effect.forEach(Array.from({ length: 7 }), (_, n) =>
          conversation(newLane(orgId), ana, [message(n % 2 === 0 ? "even" : "odd")], {
            updatedAt: n < 4 ? 5_000 : 6_000 + n,
          }),
        )
        const search = yield* SessionSearch
        const seen: Array<string> = []
        let after: Parameters<typeof search.search>[2]["after"] = null
        for (let pages = 0; pages < 10; pages += 1) {
          const page: Effect.Success<ReturnType<typeof search.search>> = yield* search.search(
            orgId,
            { text: "even" },
            { limit: 2, after },
          )
          seen.push(...page.sessions.map(({ id }) => id))
          after = page.next
          if (after === null) break
        }
        const even = made.filter((_, n) => n % 2 === 0).map(({ id }) => id)
        assert.deepStrictEqual(seen.toSorted(), even.toSorted())
        assert.strictEqual(new Set(seen).size, seen.length)
        for (const query of [{}, { externalId: made[0]?.id ?? "" }, { contact: ana.id }, { text: "even" }])
          assert.deepStrictEqual(yield* found(stranger, query), [])
      }).pipe(Effect.provide(stores)),
    )
  })

suite("SQLite", sqliteStores(directory.path))
if ("skipped" in postgres) {
  reportSkipped(postgres.skipped)
  describe("finding sessions on Postgres", () =>
    it("is skipped", (context) => context.skip(`no Postgres: ${postgres.skipped}`)))
} else {
  suite("Postgres", postgresStores(await postgres.createDatabase("search")))
}
