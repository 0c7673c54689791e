/** What changed in the account: by the export for admins, by search for others, and on where it was left off. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { makeTicketing } from "../src/index.ts"
import { overHttp } from "./fake/http.ts"
import { routes, scripted, type Seen } from "./fake/ScriptedServer.ts"
import { connectionTo, ticketJson } from "./fake/zendesk.ts"

const at = (n: number) => new Date(Date.UTC(2026, 10, 21, 9, 0, 0) + n * 1000).toISOString()
const start = Date.UTC(2026, 10, 21, 9, 0, 0)

const changed = (id: number, more: object = {}) =>
  ticketJson(id, { status: "open", updated_at: at(id), brand_id: 10, group_id: null, ...more })

const exportPath = "GET /api/v2/incremental/tickets/cursor"
const searchPath = "GET /api/v2/search"

const over = (table: Parameters<typeof routes>[0]) =>
  Effect.gen(function* () {
    const server = yield* scripted(routes(table))
    const ticketing = yield* makeTicketing(connectionTo(server.url))
    return { server, ticketing }
  })

const idsOf = (page: {
  readonly tickets: ReadonlyArray<{ readonly ticket: { readonly ticketId: string } }>
}) => page.tickets.map(({ ticket }) => ticket.ticketId)

describe("the export", () => {
  it.live("is read from a time, then from its cursor; deleted tickets are left out", () =>
    Effect.gen(function* () {
      const { server, ticketing } = yield* over({
        [exportPath]: (seen: Seen) =>
          seen.query.get("cursor") === null
            ? {
                json: {
                  tickets: [changed(1), changed(2, { status: "deleted" }), changed(3, { tags: ["vip"] })],
                  after_cursor: "c1",
                  end_of_stream: false,
                },
              }
            : { json: { tickets: [changed(4)], after_cursor: "c2", end_of_stream: true } },
      })
      const first = yield* ticketing.changed({ after: null, since: start })
      assert.deepStrictEqual(idsOf(first), ["1", "3"])
      assert.isFalse(first.atEnd)
      assert.deepInclude(first.tickets[1], { brandId: "10", groupId: null })
      assert.deepStrictEqual(first.tickets[1]?.ticket.tags, ["vip"])
      const second = yield* ticketing.changed({ after: first.cursor, since: start })
      assert.deepStrictEqual(idsOf(second), ["4"])
      assert.isTrue(second.atEnd)
      const [one, other] = server.seen
      assert.strictEqual(one?.query.get("start_time"), String(start / 1000))
      assert.strictEqual(other?.query.get("cursor"), "c1")
      assert.isNull(other?.query.get("start_time"))
    }).pipe(overHttp, Effect.scoped),
  )

  it.live("begins at least a minute ago, as Zendesk demands", () =>
    Effect.gen(function* () {
      const { server, ticketing } = yield* over({
        [exportPath]: { json: { tickets: [], after_cursor: "c", end_of_stream: true } },
      })
      const now = Date.now()
      yield* ticketing.changed({ after: null, since: now })
      const asked = Number(server.seen[0]?.query.get("start_time")) * 1000
      assert.isBelow(asked, now - 60_000)
      assert.isAbove(asked, now - 120_000)
    }).pipe(overHttp, Effect.scoped),
  )

  it.live("whose cursor has gone begins again at the time that is given", () =>
    Effect.gen(function* () {
      for (const status of [400, 404, 422]) {
        const { server, ticketing } = yield* over({
          [exportPath]: (seen: Seen) =>
            seen.query.get("cursor") === null
              ? { json: { tickets: [changed(7)], after_cursor: "new", end_of_stream: true } }
              : { status, json: { error: "InvalidValue", description: "The cursor is not valid" } },
        })
        const after = JSON.stringify({ by: "export", cursor: "old" })
        const page = yield* ticketing.changed({ after, since: start })
        assert.deepStrictEqual(idsOf(page), ["7"], String(status))
        assert.include(page.cursor, "new")
        assert.strictEqual(server.seen.length, 2)
      }
    }).pipe(overHttp, Effect.scoped),
  )

  it.live("without a cursor or an end in its answer stays where it was", () =>
    Effect.gen(function* () {
      const { ticketing } = yield* over({ [exportPath]: { json: { tickets: [changed(7)] } } })
      const after = JSON.stringify({ by: "export", cursor: "here" })
      const page = yield* ticketing.changed({ after, since: start })
      assert.strictEqual(page.cursor, after)
      assert.isTrue(page.atEnd, "nothing is asked again at once")
    }).pipe(overHttp, Effect.scoped),
  )

  it.live("that fails is a failure, and its reason says whether to try again", () =>
    Effect.gen(function* () {
      const { ticketing } = yield* over({ [exportPath]: { status: 401, json: {} } })
      const rejected = yield* Effect.flip(ticketing.changed({ after: null, since: start }))
      assert.strictEqual(rejected.reason._tag, "CredentialsRejected")
      const { ticketing: other } = yield* over({ [exportPath]: { json: { tickets: "none" } } })
      assert.strictEqual(
        (yield* Effect.flip(other.changed({ after: null, since: start })))._tag,
        "TicketingError",
      )
    }).pipe(overHttp, Effect.scoped),
  )
})

describe("search, where we are no admin", () => {
  const forbidden = { status: 403, json: { error: "Forbidden" } }

  it.live("is asked page by page, and again about the last minutes, which its index may hold back", () =>
    Effect.gen(function* () {
      const { server, ticketing } = yield* over({
        [exportPath]: forbidden,
        [searchPath]: (seen: Seen) =>
          seen.query.get("page") === "1"
            ? { json: { results: [changed(1), changed(2)], next_page: "https://x.example/2", count: 3 } }
            : { json: { results: [changed(3600)], next_page: null, count: 3 } },
      })
      const page = yield* ticketing.changed({ after: null, since: start })
      assert.deepStrictEqual(idsOf(page), ["1", "2", "3600"])
      assert.isTrue(page.atEnd)
      const query = server.seen[1]?.query.get("query")
      assert.strictEqual(query, "type:ticket status<solved updated>=2026-11-21T09:00:00Z")
      yield* ticketing.changed({ after: page.cursor, since: start })
      const again = server.seen.at(-1)
      assert.strictEqual(again?.path, "/api/v2/search", "the export is not tried again")
      assert.include(again?.query.get("query"), "updated>=2026-11-21T09:45:00Z")
    }).pipe(overHttp, Effect.scoped),
  )

  it.live("of more than a thousand is gone on with from the newest that was seen", () =>
    Effect.gen(function* () {
      const { server, ticketing } = yield* over({
        [exportPath]: forbidden,
        [searchPath]: (seen: Seen) => {
          const page = Number(seen.query.get("page"))
          const results = Array.from({ length: 100 }, (_, n) => changed((page - 1) * 100 + n + 1))
          return { json: { results, next_page: "https://x.example/next", count: 5000 } }
        },
      })
      const page = yield* ticketing.changed({ after: null, since: start })
      assert.lengthOf(page.tickets, 1000)
      assert.isFalse(page.atEnd)
      assert.strictEqual(server.seen.length, 11)
      assert.include(page.cursor, String(start + 1_000_000))
    }).pipe(overHttp, Effect.scoped),
  )

  it.live("takes over when the right to export is lost on the way", () =>
    Effect.gen(function* () {
      const { ticketing } = yield* over({
        [exportPath]: forbidden,
        [searchPath]: { json: { results: [changed(5)], next_page: null } },
      })
      const after = JSON.stringify({ by: "export", cursor: "c" })
      assert.deepStrictEqual(idsOf(yield* ticketing.changed({ after, since: start })), ["5"])
    }).pipe(overHttp, Effect.scoped),
  )
})
