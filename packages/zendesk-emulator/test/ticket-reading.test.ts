import { assert, describe, it } from "@effect/vitest"
import { afterAll, beforeAll } from "vitest"
import { type Account, account, arr, at, num, str } from "./harness.ts"

describe("reading tickets", () => {
  let acme: Account
  beforeAll(async () => {
    acme = await account({
      limits: { requestsPerMinute: Number.POSITIVE_INFINITY, ticketUpdatesPer10Minutes: 1_000 },
    })
  })
  afterAll(() => acme.emulator.close())

  it("finds every ticket of an external id, oldest first, at once", async () => {
    const ids = [await acme.ticket({ external_id: "s-1" }), await acme.ticket({ external_id: "s-1" })]
    const found = await acme.call("GET", "/api/v2/tickets?external_id=s-1")
    assert.deepStrictEqual(
      arr(found.body, "tickets").map((ticket) => at(ticket, "id")),
      ids,
    )
    assert.strictEqual(num(found.body, "count"), 2)
    const none = await acme.call("GET", "/api/v2/tickets.json?external_id=nobody&page[size]=10")
    assert.deepStrictEqual(at(none.body, "tickets"), [])
    assert.strictEqual(at(none.body, "meta.has_more"), false)
  })

  it("is behind in search and exact in the list", async () => {
    const id = await acme.ticket({ external_id: "s-lag" })
    const search = async (): Promise<ReadonlyArray<unknown>> =>
      arr((await acme.call("GET", "/api/v2/search.json?query=type:ticket external_id:s-lag")).body, "results")
    assert.lengthOf(await search(), 0)
    acme.emulator.advanceClock(60_000)
    assert.deepStrictEqual(
      (await search()).map((ticket) => at(ticket, "id")),
      [id],
    )
    assert.strictEqual(
      (await acme.call("GET", "/api/v2/search.json?query=type:ticket&page=11&per_page=100")).status,
      422,
    )
    assert.strictEqual((await acme.call("GET", "/api/v2/tickets?page=101&per_page=100")).status, 400)
  })

  it("pages comments by cursor in both orders, without gaps while new ones arrive", async () => {
    const id = await acme.ticket()
    for (let i = 1; i < 7; i++)
      await acme.call("PUT", `/api/v2/tickets/${id}`, { ticket: { comment: { body: `c${i}` } } })
    const walk = async (query: string): Promise<ReadonlyArray<unknown>> => {
      const bodies: Array<unknown> = []
      let url: unknown = `/api/v2/tickets/${id}/comments.json?page[size]=3${query}`
      while (typeof url === "string") {
        const page = await acme.call("GET", url)
        bodies.push(...arr(page.body, "comments").map((comment) => at(comment, "body")))
        url = at(page.body, "meta.has_more") === true ? at(page.body, "links.next") : null
      }
      return bodies
    }
    const ascending = ["Summary", "c1", "c2", "c3", "c4", "c5", "c6"]
    assert.deepStrictEqual(await walk(""), ascending)
    assert.deepStrictEqual(await walk("&sort=-created_at"), ascending.toReversed())
    const offset = await acme.call("GET", `/api/v2/tickets/${id}/comments?sort_order=desc&per_page=2`)
    assert.deepStrictEqual(
      arr(offset.body, "comments").map((comment) => at(comment, "body")),
      ["c6", "c5"],
    )
    assert.isString(at(offset.body, "next_page"))
    const first = await acme.call("GET", `/api/v2/tickets/${id}/comments?page[size]=3&sort=-created_at`)
    await acme.call("PUT", `/api/v2/tickets/${id}`, { ticket: { comment: { body: "newest" } } })
    const second = await acme.call("GET", str(first.body, "links.next"))
    assert.deepStrictEqual(
      arr(second.body, "comments").map((comment) => at(comment, "body")),
      ["c3", "c2", "c1"],
    )
  })

  it("exports changes by cursor and refuses a start within the last minute", async () => {
    const fresh = await account({ clock: () => 1_800_000_000_000 })
    const now = Math.floor(fresh.emulator.now() / 1_000)
    assert.strictEqual(
      (await fresh.call("GET", `/api/v2/incremental/tickets/cursor.json?start_time=${now}`)).status,
      422,
    )
    const ids = [await fresh.ticket(), await fresh.ticket(), await fresh.ticket()]
    const firstId = ids[0] ?? 0
    fresh.emulator.advanceClock(5_000)
    await fresh.call("PUT", `/api/v2/tickets/${firstId}`, { ticket: { subject: "changed" } })
    const page = await fresh.call(
      "GET",
      `/api/v2/incremental/tickets/cursor.json?start_time=${now - 61}&per_page=2`,
    )
    assert.deepStrictEqual(
      arr(page.body, "tickets").map((ticket) => at(ticket, "id")),
      [ids[1], ids[2]],
    )
    assert.strictEqual(at(page.body, "end_of_stream"), false)
    const rest = await fresh.call("GET", str(page.body, "after_url"))
    assert.deepStrictEqual(
      arr(rest.body, "tickets").map((ticket) => at(ticket, "id")),
      [firstId],
    )
    assert.strictEqual(at(rest.body, "end_of_stream"), true)
    const end = await fresh.call("GET", str(rest.body, "after_url"))
    assert.deepStrictEqual(at(end.body, "tickets"), [])
    await fresh.emulator.close()
  })

  it("counts, deletes and then no longer finds", async () => {
    const id = await acme.ticket()
    const before = num((await acme.call("GET", "/api/v2/tickets/count.json")).body, "count.value")
    assert.strictEqual((await acme.call("DELETE", `/api/v2/tickets/${id}`)).status, 204)
    assert.strictEqual(num((await acme.call("GET", "/api/v2/tickets/count")).body, "count.value"), before - 1)
    assert.strictEqual((await acme.call("GET", `/api/v2/tickets/${id}`)).status, 404)
  })

  it("wakes a solved ticket when the customer writes, and follows up a closed one", async () => {
    const id = await acme.ticket()
    await acme.control("POST", `/tickets/${id}/agent`, { action: "solve" })
    assert.strictEqual(at((await acme.call("GET", `/api/v2/tickets/${id}`)).body, "ticket.status"), "solved")
    const woken = await acme.control("POST", `/tickets/${id}/requester-reply`, { body: "still broken" })
    assert.strictEqual(at(woken.body, "ticket.status"), "open")
    assert.strictEqual(at(woken.body, "ticket.comments.1.via.channel"), "email")
    await acme.control("POST", `/tickets/${id}/agent`, { action: "close" })
    const follow = await acme.control("POST", `/tickets/${id}/requester-reply`, { body: "again" })
    assert.notStrictEqual(num(follow.body, "ticket.id"), id)
    assert.strictEqual(num(follow.body, "ticket.followup_source_id"), id)
  })
})
