import { assert, describe, it } from "@effect/vitest"
import { afterAll, beforeAll } from "vitest"
import { type Account, account, arr, at, num, str, tokenOf } from "./harness.ts"

const commentEvent = (body: unknown): unknown =>
  arr(body, "audit.events").find((event) => at(event, "type") === "Comment")

describe("ticket creation", () => {
  let acme: Account
  beforeAll(async () => {
    acme = await account({ limits: { requestsPerMinute: Number.POSITIVE_INFINITY } })
  })
  afterAll(() => acme.emulator.close())

  it("answers 201 with the ticket, its audit and a location", async () => {
    const created = await acme.call("POST", "/api/v2/tickets", {
      ticket: {
        subject: "Hello",
        external_id: "session-1",
        requester: { name: "Dana", email: "Dana@Example.com" },
        comment: { html_body: "<p>Hi <b>there</b></p><script>x()</script>", public: true },
        tags: ["OpenCX", "two words"],
        metadata: { session: "session-1" },
      },
    })
    assert.strictEqual(created.status, 201)
    const id = num(created.body, "ticket.id")
    assert.include(created.headers.get("location"), `/api/v2/tickets/${id}.json`)
    assert.strictEqual(str(created.body, "ticket.status"), "new")
    assert.strictEqual(str(created.body, "ticket.via.channel"), "api")
    assert.deepStrictEqual(at(created.body, "ticket.tags"), ["opencx", "two_words"])
    const comments = await acme.call("GET", `/api/v2/tickets/${id}/comments.json`)
    assert.strictEqual(num(comments.body, "comments.0.id"), num(commentEvent(created.body), "id"))
    assert.notInclude(str(comments.body, "comments.0.html_body"), "script")
    assert.strictEqual(str(comments.body, "comments.0.plain_body"), "Hi there")
    assert.strictEqual(str(comments.body, "comments.0.metadata.custom.session"), "session-1")
    assert.match(str(created.body, "ticket.created_at"), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  })

  it("replays the first answer for a repeated idempotency key, for two hours", async () => {
    const headers = { "idempotency-key": "handoff:1" }
    const ticket = { ticket: { subject: "once", comment: { body: "b" } } }
    const before = acme.emulator.counts().tickets
    const first = await acme.call("POST", "/api/v2/tickets", ticket, { headers })
    const second = await acme.call("POST", "/api/v2/tickets", ticket, { headers })
    assert.strictEqual(first.headers.get("x-idempotency-lookup"), "miss")
    assert.strictEqual(second.headers.get("x-idempotency-lookup"), "hit")
    assert.strictEqual(second.status, 201)
    assert.strictEqual(second.text, first.text)
    assert.strictEqual(acme.emulator.counts().tickets, before + 1)
    const other = await acme.call(
      "POST",
      "/api/v2/tickets",
      { ticket: { subject: "twice", comment: { body: "b" } } },
      { headers },
    )
    assert.strictEqual(other.status, 400)
    assert.strictEqual(at(other.body, "error"), "IdempotentRequestError")
    acme.emulator.advanceClock(2 * 3_600_000 + 1)
    // The access token is as old as the key by now.
    const authorization = `Bearer ${str((await tokenOf(acme.emulator.url)).body, "access_token")}`
    const later = await acme.call("POST", "/api/v2/tickets", ticket, {
      headers: { ...headers, authorization },
    })
    assert.strictEqual(later.headers.get("x-idempotency-lookup"), "miss")
    assert.strictEqual(acme.emulator.counts().tickets, before + 2)
    acme.emulator.advanceClock(-2 * 3_600_000 - 1)
  })

  it("answers 409 while the first request with a key is under way", async () => {
    acme.emulator.addFault({
      kind: "latency",
      ms: 600,
      times: 1,
      match: { method: "POST", path: "/tickets" },
    })
    const headers = { "idempotency-key": "in-flight" }
    const ticket = { ticket: { subject: "slow", comment: { body: "b" } } }
    const slow = acme.call("POST", "/api/v2/tickets", ticket, { headers })
    let struck: unknown = 0
    while (struck !== 1) struck = at((await acme.control("GET", "/faults")).body, "faults.0.struck")
    const early = await acme.call("POST", "/api/v2/tickets", ticket, { headers })
    assert.strictEqual(early.status, 409)
    assert.strictEqual((await slow).status, 201)
    const late = await acme.call("POST", "/api/v2/tickets", ticket, { headers })
    assert.strictEqual(late.headers.get("x-idempotency-lookup"), "hit")
  })

  it("does not keep a key whose request was refused", async () => {
    const headers = { "idempotency-key": "refused" }
    assert.strictEqual(
      (await acme.call("POST", "/api/v2/tickets", { ticket: { subject: "x" } }, { headers })).status,
      422,
    )
    const good = await acme.call(
      "POST",
      "/api/v2/tickets",
      { ticket: { subject: "x", comment: { body: "b" } } },
      { headers },
    )
    assert.strictEqual(good.status, 201)
  })

  it("takes the requester as id, address or object, and refuses a nameless stranger", async () => {
    const known = await acme.call("POST", "/api/v2/users", {
      user: { name: "Kim", email: "kim@example.com" },
    })
    const kim = num(known.body, "user.id")
    const cases: ReadonlyArray<readonly [object, number]> = [
      [{ requester: "kim@example.com" }, kim],
      [{ requester: { email: "KIM@example.com" } }, kim],
      [{ requester: kim }, kim],
      [{ requester_id: kim, requester: { name: "Other", email: "other@example.com" } }, kim],
    ]
    for (const [fields, id] of cases) {
      const created = await acme.call("POST", "/api/v2/tickets", {
        ticket: { subject: "s", comment: { body: "b" }, ...fields },
      })
      assert.strictEqual(num(created.body, "ticket.requester_id"), id, JSON.stringify(fields))
    }
    const users = acme.emulator.counts().users
    const nameless = await acme.call("POST", "/api/v2/tickets", {
      ticket: { subject: "s", comment: { body: "b" }, requester: { email: "nobody@example.com" } },
    })
    assert.strictEqual(nameless.status, 422)
    assert.include(str(nameless.body, "details.requester.0.description"), "Name: is too short")
    assert.strictEqual(acme.emulator.counts().users, users)
  })

  it("refuses suspended requesters, end users as assignees, and blank tickets", async () => {
    const user = await acme.call("POST", "/api/v2/users", { user: { name: "Sue", email: "sue@example.com" } })
    const id = num(user.body, "user.id")
    await acme.control("POST", `/users/${id}/suspend`)
    const suspended = await acme.call("POST", "/api/v2/tickets", {
      ticket: { subject: "s", comment: { body: "b" }, requester: { email: "sue@example.com" } },
    })
    assert.strictEqual(suspended.status, 422)
    assert.deepStrictEqual(at(suspended.body, "details.requester.0"), {
      description: "Requester: Sue is suspended.",
      error: "UserSuspended",
    })
    const assigned = await acme.call("POST", "/api/v2/tickets", {
      ticket: { subject: "s", comment: { body: "b" }, assignee_id: id },
    })
    assert.strictEqual(assigned.status, 422)
    assert.isDefined(at(assigned.body, "details.assignee"))
    assert.strictEqual((await acme.call("POST", "/api/v2/tickets", { ticket: { subject: "s" } })).status, 422)
    assert.strictEqual((await acme.call("POST", "/api/v2/tickets", {})).status, 400)
    assert.strictEqual((await acme.call("POST", "/api/v2/tickets", undefined, { raw: "{oops" })).status, 400)
  })

  it("ties drop-down values and tags together", async () => {
    const fields = await acme.call("GET", "/api/v2/ticket_fields.json")
    const reason = arr(fields.body, "ticket_fields").find((field) => at(field, "title") === "Reason")
    const id = num(reason, "id")
    const ticket = await acme.ticket({
      custom_fields: [
        { id, value: "refund_request" },
        { id: 1, value: "x" },
      ],
    })
    const valueOf = async (): Promise<unknown> => {
      const shown = await acme.call("GET", `/api/v2/tickets/${ticket}`)
      return [
        at(
          arr(shown.body, "ticket.custom_fields").find((field) => at(field, "id") === id),
          "value",
        ),
        at(shown.body, "ticket.tags"),
      ]
    }
    assert.deepStrictEqual(await valueOf(), ["refund_request", ["opencx", "refund_request"]])
    await acme.call("PUT", `/api/v2/tickets/${ticket}`, { ticket: { tags: ["opencx"] } })
    assert.deepStrictEqual(await valueOf(), [null, ["opencx"]])
    await acme.call("PUT", `/api/v2/tickets/${ticket}/tags`, { tags: ["late_delivery"] })
    assert.deepStrictEqual(await valueOf(), ["late_delivery", ["opencx", "late_delivery"]])
    await acme.call("PUT", `/api/v2/tickets/${ticket}`, {
      ticket: { custom_fields: [{ id, value: "Refund" }] },
    })
    assert.deepStrictEqual(await valueOf(), [null, ["opencx"]])
  })
})

describe("ticket updates", () => {
  let acme: Account
  beforeAll(async () => {
    acme = await account({
      limits: { requestsPerMinute: Number.POSITIVE_INFINITY, commentBytes: 1_000, commentsPerTicket: 5 },
    })
  })
  afterAll(() => acme.emulator.close())

  it("lets comments inherit the first comment's privacy until one says otherwise", async () => {
    const id = await acme.ticket()
    const quiet = await acme.call("PUT", `/api/v2/tickets/${id}`, {
      ticket: { comment: { body: "no flag" } },
    })
    assert.strictEqual(at(commentEvent(quiet.body), "public"), false)
    const loud = await acme.call("PUT", `/api/v2/tickets/${id}`, {
      ticket: { comment: { body: "out loud", public: true } },
    })
    assert.strictEqual(at(commentEvent(loud.body), "public"), true)
    assert.strictEqual(at(loud.body, "ticket.is_public"), true)
    const open = await acme.ticket({ comment: { body: "public start" } })
    const follows = await acme.call("PUT", `/api/v2/tickets/${open}`, {
      ticket: { comment: { body: "no flag" } },
    })
    assert.strictEqual(at(commentEvent(follows.body), "public"), true)
  })

  it("replaces tags on update, ignores additional_tags, and adds or removes on /tags", async () => {
    const id = await acme.ticket({ tags: ["a", "b"] })
    const put = await acme.call("PUT", `/api/v2/tickets/${id}`, { ticket: { additional_tags: ["c"] } })
    assert.deepStrictEqual(at(put.body, "ticket.tags"), ["a", "b"])
    const added = await acme.call("PUT", `/api/v2/tickets/${id}/tags.json`, { tags: ["c"] })
    assert.deepStrictEqual(added.body, { tags: ["a", "b", "c"] })
    const removed = await acme.call("DELETE", `/api/v2/tickets/${id}/tags?tags=a,b`)
    assert.deepStrictEqual(removed.body, { tags: ["c"] })
    const set = await acme.call("POST", `/api/v2/tickets/${id}/tags`, { tags: ["d"] })
    assert.deepStrictEqual([set.status, set.body], [201, { tags: ["d"] }])
    const replaced = await acme.call("PUT", `/api/v2/tickets/${id}`, { ticket: { tags: ["e"] } })
    assert.deepStrictEqual(at(replaced.body, "ticket.tags"), ["e"])
  })

  it("guards against collisions when asked to", async () => {
    const id = await acme.ticket()
    const stamp = str((await acme.call("GET", `/api/v2/tickets/${id}`)).body, "ticket.updated_at")
    acme.emulator.advanceClock(2_000)
    await acme.call("PUT", `/api/v2/tickets/${id}`, { ticket: { subject: "moved" } })
    const late = await acme.call("PUT", `/api/v2/tickets/${id}`, {
      ticket: { subject: "x", safe_update: true, updated_stamp: stamp },
    })
    assert.strictEqual(late.status, 409)
    const tags = await acme.call("PUT", `/api/v2/tickets/${id}/tags`, {
      tags: ["x"],
      safe_update: "true",
      updated_stamp: stamp,
    })
    assert.strictEqual(tags.status, 409)
    const fresh = str((await acme.call("GET", `/api/v2/tickets/${id}`)).body, "ticket.updated_at")
    const good = await acme.call("PUT", `/api/v2/tickets/${id}`, {
      ticket: { subject: "x", safe_update: true, updated_stamp: fresh },
    })
    assert.strictEqual(good.status, 200)
  })

  it("never changes a closed ticket; a follow-up is a new one, of closed tickets only", async () => {
    const id = await acme.ticket()
    const early = await acme.call("POST", "/api/v2/tickets", {
      ticket: { via_followup_source_id: id, comment: { body: "b" } },
    })
    assert.strictEqual(early.status, 422)
    await acme.control("POST", `/tickets/${id}/agent`, { action: "close" })
    for (const [method, path, body] of [
      ["PUT", `/api/v2/tickets/${id}`, { ticket: { comment: { body: "late" } } }],
      ["PUT", `/api/v2/tickets/${id}`, { ticket: { status: "open" } }],
      ["PUT", `/api/v2/tickets/${id}/tags`, { tags: ["x"] }],
    ] as const) {
      const answer = await acme.call(method, path, body)
      assert.strictEqual(answer.status, 422)
      assert.isDefined(at(answer.body, "details.status.0.description"))
    }
    const follow = await acme.call("POST", "/api/v2/tickets", {
      ticket: { via_followup_source_id: id, comment: { body: "b" } },
    })
    assert.strictEqual(follow.status, 201)
    assert.strictEqual(at(follow.body, "ticket.via.source.rel"), "follow_up")
    const source = await acme.call("GET", `/api/v2/tickets/${id}`)
    assert.deepStrictEqual(at(source.body, "ticket.followup_ids"), [num(follow.body, "ticket.id")])
  })

  it("limits comment size and count", async () => {
    const id = await acme.ticket()
    const long = await acme.call("PUT", `/api/v2/tickets/${id}`, {
      ticket: { comment: { body: "ä".repeat(501) } },
    })
    assert.strictEqual(long.status, 422)
    assert.isDefined(at(long.body, "details.comment"))
    for (let i = 0; i < 4; i++) {
      assert.strictEqual(
        (await acme.call("PUT", `/api/v2/tickets/${id}`, { ticket: { comment: { body: `c${i}` } } })).status,
        200,
      )
    }
    assert.strictEqual(
      (await acme.call("PUT", `/api/v2/tickets/${id}`, { ticket: { comment: { body: "one more" } } })).status,
      422,
    )
    assert.strictEqual(
      (await acme.call("PUT", `/api/v2/tickets/${id}`, { ticket: { subject: "still" } })).status,
      200,
    )
  })

  it("keeps the marker of an update in the audit, and writes no audit without a change", async () => {
    const id = await acme.ticket()
    await acme.call("PUT", `/api/v2/tickets/${id}`, {
      ticket: { comment: { body: "x" }, metadata: { dedupe: "k1" } },
    })
    const audits = await acme.call("GET", `/api/v2/tickets/${id}/audits.json?sort_order=desc`)
    assert.strictEqual(str(audits.body, "audits.0.metadata.custom.dedupe"), "k1")
    const count = arr(audits.body, "audits").length
    await acme.call("PUT", `/api/v2/tickets/${id}`, { ticket: { subject: "Refund for order 1042" } })
    assert.strictEqual(
      arr((await acme.call("GET", `/api/v2/tickets/${id}/audits`)).body, "audits").length,
      count,
    )
  })

  it("updates many as a job, merging tags, and reports each failure on its own", async () => {
    const a = await acme.ticket({ tags: ["a"] })
    const b = await acme.ticket({ tags: ["b"] })
    await acme.control("POST", `/tickets/${b}/agent`, { action: "close" })
    const queued = await acme.call("PUT", "/api/v2/tickets/update_many", {
      tickets: [
        { id: a, additional_tags: ["x"], remove_tags: ["a"], comment: { body: "many", public: false } },
        { id: b, additional_tags: ["x"] },
      ],
    })
    assert.strictEqual(str(queued.body, "job_status.status"), "queued")
    const jobId = str(queued.body, "job_status.id")
    let job = queued
    while (at(job.body, "job_status.status") !== "completed")
      job = await acme.call("GET", `/api/v2/job_statuses/${jobId}.json`)
    assert.deepStrictEqual(
      arr(job.body, "job_status.results").map((item) => at(item, "success")),
      [true, false],
    )
    const shown = await acme.call("GET", `/api/v2/tickets/${a}`)
    assert.deepStrictEqual(at(shown.body, "ticket.tags"), ["x"])
  })

  it("merges tickets: the source is closed and tagged", async () => {
    const target = await acme.ticket()
    const source = await acme.ticket()
    await acme.call("POST", `/api/v2/tickets/${target}/merge`, { ids: [source] })
    const statusOf = async (): Promise<unknown> =>
      at((await acme.call("GET", `/api/v2/tickets/${source}`)).body, "ticket")
    while (at(await statusOf(), "status") !== "closed") await new Promise((resolve) => setTimeout(resolve, 5))
    assert.include(arr(await statusOf(), "tags"), "closed_by_merge")
    const comments = await acme.call("GET", `/api/v2/tickets/${target}/comments`)
    assert.include(str(comments.body, "comments.1.body"), `#${source}`)
    assert.strictEqual(at(comments.body, "comments.1.public"), false)
  })
})
