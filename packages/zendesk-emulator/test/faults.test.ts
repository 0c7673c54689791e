import { assert, describe, it } from "@effect/vitest"
import { afterAll, afterEach, beforeAll } from "vitest"
import { type Account, account, arr, at, num, str } from "./harness.ts"

const ticket = { ticket: { subject: "s", external_id: "lost", comment: { body: "b" } } }

describe("faults", () => {
  let acme: Account
  beforeAll(async () => {
    acme = await account()
  })
  afterEach(() => acme.emulator.clearFaults())
  afterAll(() => acme.emulator.close())

  const failure = (attempt: Promise<unknown>): Promise<string> =>
    attempt.then(
      () => "answered",
      (error: unknown) => (error instanceof Error ? "broken" : "odd"),
    )

  it("resets before the write: nothing was made", async () => {
    const before = acme.emulator.counts().tickets
    await acme.control("POST", "/faults", {
      kind: "resetBeforeCommit",
      times: 1,
      match: { method: "POST", path: "^/api/v2/tickets" },
    })
    assert.strictEqual(await failure(acme.call("POST", "/api/v2/tickets", ticket)), "broken")
    assert.strictEqual(acme.emulator.counts().tickets, before)
  })

  it("resets after the write: the ticket is there, findable, and its key answers again", async () => {
    const before = acme.emulator.counts().tickets
    acme.emulator.addFault({ kind: "resetAfterCommit", times: 1, match: { method: "POST", path: "tickets" } })
    const headers = { "idempotency-key": "lost-answer" }
    assert.strictEqual(await failure(acme.call("POST", "/api/v2/tickets", ticket, { headers })), "broken")
    assert.strictEqual(acme.emulator.counts().tickets, before + 1)
    const found = await acme.call("GET", "/api/v2/tickets?external_id=lost")
    assert.lengthOf(arr(found.body, "tickets"), 1)
    const retried = await acme.call("POST", "/api/v2/tickets", ticket, { headers })
    assert.strictEqual(retried.headers.get("x-idempotency-lookup"), "hit")
    assert.strictEqual(num(retried.body, "ticket.id"), num(found.body, "tickets.0.id"))
    const lost = acme.emulator.calls().find((call) => call.fault === "resetAfterCommit")
    assert.deepStrictEqual(
      [lost?.status, lost?.headers["idempotency-key"], at(lost?.body, "ticket.external_id")],
      [0, "lost-answer", "lost"],
    )
  })

  it("commits an appended comment before a reset, so that a blind retry doubles it", async () => {
    const id = await acme.ticket()
    const before = acme.emulator.counts().comments
    acme.emulator.addFault({ kind: "resetAfterCommit", times: 1, match: { method: "PUT" } })
    const update = { ticket: { comment: { body: "appended" }, metadata: { marker: "m1" } } }
    assert.strictEqual(await failure(acme.call("PUT", `/api/v2/tickets/${id}`, update)), "broken")
    assert.strictEqual(acme.emulator.counts().comments, before + 1)
    const comments = await acme.call("GET", `/api/v2/tickets/${id}/comments?sort=-created_at&page[size]=5`)
    assert.strictEqual(str(comments.body, "comments.0.metadata.custom.marker"), "m1")
  })

  it("answers 429 as JSON and as text, 503, and HTML 500", async () => {
    const expectations = [
      ["status429json", 429, "application/json", "APIRateLimitExceeded"],
      ["status429text", 429, "text/plain", "Number of allowed API requests"],
      ["status503", 503, "text/plain", "Unavailable"],
      ["status500html", 500, "text/html", "<!DOCTYPE html>"],
    ] as const
    for (const [kind, status, type, part] of expectations) {
      acme.emulator.addFault({ kind, times: 1, retryAfter: 7 })
      const answer = await acme.call("GET", "/api/v2/tickets/count")
      assert.strictEqual(answer.status, status)
      assert.include(answer.headers.get("content-type"), type)
      assert.include(answer.text, part)
      assert.strictEqual(answer.headers.get("retry-after"), "7")
    }
    assert.strictEqual((await acme.call("GET", "/api/v2/tickets/count")).status, 200)
  })

  it("hangs until the client gives up, before or after the write", async () => {
    for (const [phase, made] of [
      ["before", 0],
      ["after", 1],
    ] as const) {
      const before = acme.emulator.counts().tickets
      acme.emulator.addFault({ kind: "hang", times: 1, phase })
      const aborted = fetch(`${acme.emulator.url}/api/v2/tickets`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${acme.token}` },
        body: JSON.stringify(ticket),
        signal: AbortSignal.timeout(60),
      })
      assert.strictEqual(await failure(aborted), "broken")
      assert.strictEqual(acme.emulator.counts().tickets, before + made)
    }
  })

  it("counts matches: skips the first, strikes so often, can be listed and removed", async () => {
    const made = await acme.control("POST", "/faults", {
      kind: "status503",
      afterN: 1,
      times: 1,
      match: { path: "/count" },
    })
    const statuses: Array<number> = []
    for (let i = 0; i < 3; i++) statuses.push((await acme.call("GET", "/api/v2/tickets/count")).status)
    assert.deepStrictEqual(statuses, [200, 503, 200])
    const listed = await acme.control("GET", "/faults")
    assert.strictEqual(num(listed.body, "faults.0.struck"), 1)
    assert.strictEqual((await acme.control("DELETE", `/faults/${num(made.body, "ids.0")}`)).status, 204)
    assert.strictEqual((await acme.control("POST", "/faults", { kind: "nonsense" })).status, 400)
    assert.strictEqual(
      (await acme.control("POST", "/faults", { kind: "latency", match: { path: "(" } })).status,
      400,
    )
    acme.emulator.addFault({ kind: "status503", probability: 0 })
    assert.strictEqual((await acme.call("GET", "/api/v2/tickets/count")).status, 200)
  })
})

describe("control plane", () => {
  it("logs calls in order, filters them, bounds them, and knows who called", async () => {
    const acme = await account({ callsLogSize: 5 })
    await acme.call("GET", "/api/v2/tickets/count")
    await acme.call("GET", "/api/v2/users/me", undefined, { anonymous: true })
    await acme.ticket()
    const all = await acme.control("GET", "/calls")
    const calls = arr(all.body, "calls")
    assert.deepStrictEqual(
      calls.map((call) => [at(call, "n"), at(call, "path"), at(call, "auth"), at(call, "pool")]),
      [
        [1, "/oauth/tokens", "none", "none"],
        [2, "/api/v2/tickets/count", "bearer", "support"],
        [3, "/api/v2/users/me", "none", "support"],
        [4, "/api/v2/tickets.json", "bearer", "support"],
      ],
    )
    assert.strictEqual(at(calls[1], "userId"), acme.emulator.integrationUserId)
    const since = await acme.control("GET", "/calls?since=3&method=post")
    assert.lengthOf(arr(since.body, "calls"), 1)
    for (let i = 0; i < 20; i++) await acme.call("GET", "/api/v2/tickets/count")
    assert.lengthOf(acme.emulator.calls(), 5)
    assert.strictEqual(acme.emulator.calls()[4]?.n, 24)
    assert.strictEqual((await acme.control("DELETE", "/calls")).status, 204)
    assert.lengthOf(acme.emulator.calls(), 0)
    await acme.call("GET", "/api/v2/tickets/count")
    assert.strictEqual(acme.emulator.calls()[0]?.n, 25)
    await acme.emulator.close()
  })

  it("forgets the oldest bodies first", async () => {
    const acme = await account({ callsLogBytes: 600 })
    await acme.ticket()
    await acme.ticket()
    await acme.ticket()
    await acme.ticket()
    const bodies = acme.emulator
      .calls()
      .filter((call) => call.method === "POST" && call.path.includes("tickets"))
      .map((call) => call.body)
    assert.isUndefined(at(bodies[0], "ticket"))
    assert.isDefined(at(bodies[3], "ticket"))
    await acme.emulator.close()
  })

  it("shows state by part, moves and skews the clock, and goes back to the seed", async () => {
    const acme = await account({ seed: { users: [{ name: "Seeded", email: "seeded@example.com" }] } })
    const id = await acme.ticket()
    const state = await acme.control("GET", "/state?only=tickets,notifications")
    assert.strictEqual(num(state.body, "tickets.0.id"), id)
    assert.strictEqual(num(state.body, "counts.comments"), 1)
    assert.isUndefined(at(state.body, "users"))
    const before = acme.emulator.now()
    await acme.control("POST", "/clock", { advanceMs: 60_000, setSkewMs: -5_000 })
    assert.isAtLeast(acme.emulator.now() - before, 55_000)
    assert.strictEqual((await acme.control("POST", "/clock", {})).status, 400)
    assert.strictEqual((await acme.control("POST", "/reset")).status, 204)
    assert.strictEqual(acme.emulator.counts().tickets, 0)
    assert.strictEqual((await acme.call("GET", "/api/v2/tickets/count")).status, 401)
    const whole = await acme.control("GET", "/state")
    assert.includeMembers(
      arr(whole.body, "users").map((user) => at(user, "email")),
      ["seeded@example.com", "sam.rivera@acme.test"],
    )
    await acme.emulator.close()
  })

  it("says what is wrong with an agent action", async () => {
    const acme = await account()
    const id = await acme.ticket()
    for (const action of [
      { action: "dance" },
      { action: "reply" },
      { action: "reply", body: "x", author_id: 1 },
    ]) {
      const answer = await acme.control("POST", `/tickets/${id}/agent`, action)
      assert.strictEqual(answer.status, 400)
      assert.isString(at(answer.body, "description"))
    }
    assert.strictEqual((await acme.control("POST", "/tickets/999/agent", { action: "solve" })).status, 404)
    await acme.emulator.close()
  })
})
