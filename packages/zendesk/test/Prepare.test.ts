import { Invalid } from "@opencx/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { makeTicketing } from "../src/index.ts"
import { dana, draft, file, sessionId } from "./fake/drafts.ts"
import { sentFields, sentTicket } from "./fake/json.ts"
import { overHttp, recording } from "./fake/http.ts"
import { routes, scripted } from "./fake/ScriptedServer.ts"
import { bodyJson, connectionTo, me, ourId } from "./fake/zendesk.ts"

const meRoute = { "GET /api/v2/users/me": me }
const users = (...list: ReadonlyArray<Record<string, unknown>>) => ({
  json: { users: list, count: list.length },
})

describe("prepare", () => {
  it.live("a known requester needs no look-up; the request says everything", () =>
    Effect.gen(function* () {
      const server = yield* scripted(routes(meRoute))
      const ticketing = yield* makeTicketing(connectionTo(server.url, { brandId: 123, groupId: "44" }))
      yield* ticketing.verify.pipe(Effect.ignore)
      const before = server.seen.length
      const prepared = yield* ticketing.prepare(draft())
      assert.strictEqual(server.seen.length, before, "no call at all")
      assert.strictEqual(prepared.requesterId, "501")
      const ticket = sentTicket(prepared.body)
      assert.deepInclude(sentFields(prepared.body), {
        subject: "Refund for order 1042",
        external_id: sessionId,
        requester_id: 501,
        submitter_id: ourId,
        brand_id: 123,
        group_id: 44,
        tags: ["opencx", "opencx_handedoff"],
        custom_fields: [{ id: 360012345678, value: "refund_request" }],
        metadata: { opencx_session: sessionId },
      })
      assert.isUndefined(ticket.assignee_id)
      assert.isUndefined(ticket.via_followup_source_id)
      assert.strictEqual(ticket.comment.public, false)
      assert.strictEqual(ticket.comment.author_id, ourId)
      assert.include(ticket.comment.html_body, "<strong>refund</strong>")
      assert.include(
        ticket.comment.html_body,
        '<a href="https://console.example.com/s/7b0b">View session in OpenCX</a>',
      )
      assert.include(ticket.comment.html_body, "Where is my refund?")
      assert.strictEqual(
        (yield* ticketing.prepare(draft())).body,
        prepared.body,
        "the same draft gives the same bytes",
      )
    }).pipe(overHttp),
  )

  it.live("finds the user by an exact address, in one call", () =>
    Effect.gen(function* () {
      const server = yield* scripted(
        routes({
          ...meRoute,
          "GET /api/v2/users/search": users(
            { id: 1, email: "dana@example.com.evil.test", role: "end-user" },
            { id: 2, email: "Dana@Example.com", role: "end-user", active: true },
            { id: 3, email: "dana@example.com", role: "end-user", active: false },
          ),
        }),
      )
      const ticketing = yield* makeTicketing(connectionTo(server.url))
      const prepared = yield* ticketing.prepare(draft({ requester: dana }))
      assert.strictEqual(prepared.requesterId, "2")
      assert.strictEqual(sentTicket(prepared.body).requester_id, 2)
      const search = server.to("GET /api/v2/users/search")
      assert.strictEqual(search.length, 1)
      assert.strictEqual(search[0]?.query.get("query"), 'email:"dana@example.com"')
    }).pipe(overHttp),
  )

  it.live("describes an unknown requester, with a name that Zendesk takes", () =>
    Effect.gen(function* () {
      const server = yield* scripted(routes({ ...meRoute, "GET /api/v2/users/search": users() }))
      const ticketing = yield* makeTicketing(connectionTo(server.url))
      const requesterOf = (requester: Partial<typeof dana>) =>
        Effect.map(
          ticketing.prepare(draft({ requester: { ...dana, ...requester } })),
          (p) => sentTicket(p.body).requester,
        )
      assert.deepStrictEqual(yield* requesterOf({}), {
        name: "Dana Lee",
        email: "dana@example.com",
        locale: "en-US",
      })
      assert.deepStrictEqual(yield* requesterOf({ name: null, locale: null }), {
        name: "dana",
        email: "dana@example.com",
      })
      assert.strictEqual((yield* requesterOf({ name: "D" }))?.["name"], "dana")
      assert.strictEqual((yield* requesterOf({ name: " ", email: "d@example.com" }))?.["name"], "Customer")
      assert.strictEqual((yield* requesterOf({ name: "منى" }))?.["name"], "منى")
    }).pipe(overHttp),
  )

  it.live("phone: only one exact match counts, else a user is made that a repetition finds again", () =>
    Effect.gen(function* () {
      let found = users(
        { id: 8, phone: "+1 555 123 4567", role: "end-user" },
        { id: 9, phone: "+15551234568", role: "end-user" },
      )
      const server = yield* scripted(
        routes({
          ...meRoute,
          "GET /api/v2/users/search": () => found,
          "POST /api/v2/users/create_or_update": {
            status: 201,
            json: { user: { id: 600, role: "end-user" } },
          },
        }),
      )
      const ticketing = yield* makeTicketing(connectionTo(server.url))
      const byPhone = draft({ requester: { ...dana, email: null, phone: "+1 (555) 123-4567" } })
      assert.strictEqual((yield* ticketing.prepare(byPhone)).requesterId, "8")
      assert.strictEqual(server.to("POST /api/v2/users/create_or_update").length, 0)
      for (const list of [
        users({ id: 8, phone: "+15551234567" }, { id: 9, phone: "+15551234567" }),
        users(),
      ]) {
        found = list
        const prepared = yield* ticketing.prepare(byPhone)
        assert.strictEqual(sentTicket(prepared.body).requester_id, 600, "two matches are no match")
      }
      assert.deepStrictEqual(bodyJson(server.to("POST /api/v2/users/create_or_update")[0]), {
        user: {
          name: "Dana Lee",
          phone: "+15551234567",
          external_id: "opencx:phone:+15551234567",
          role: "end-user",
          locale: "en-US",
        },
      })
    }).pipe(overHttp),
  )

  it.live(
    "neither address nor number: a user is made under the contact's own external id, without a search",
    () =>
      Effect.gen(function* () {
        const server = yield* scripted(
          routes({
            ...meRoute,
            "POST /api/v2/users/create_or_update": {
              status: 201,
              json: { user: { id: 601, role: "end-user" } },
            },
          }),
        )
        const ticketing = yield* makeTicketing(connectionTo(server.url))
        const visitor = draft({ requester: { ...dana, name: null, email: null, locale: null } })
        assert.strictEqual((yield* ticketing.prepare(visitor)).requesterId, "601")
        assert.deepStrictEqual(bodyJson(server.to("POST /api/v2/users/create_or_update")[0]), {
          user: { name: "Customer", external_id: "opencx:contact:dana", role: "end-user" },
        })
        assert.strictEqual(server.to("GET /api/v2/users/search").length, 0)
      }).pipe(overHttp),
  )

  it.live("an address cannot get out of the query", () =>
    Effect.gen(function* () {
      const server = yield* scripted(
        routes({ ...meRoute, "GET /api/v2/users/search": users({ id: 4, email: "victim@example.com" }) }),
      )
      const ticketing = yield* makeTicketing(connectionTo(server.url))
      for (const email of [
        'x@y.z" OR email:"victim@example.com',
        "x@y.z role:admin",
        "victim@example.com\\",
      ]) {
        const prepared = yield* ticketing.prepare(draft({ requester: { ...dana, email } }))
        assert.isNull(prepared.requesterId)
      }
      assert.strictEqual(server.to("GET /api/v2/users/search").length, 0)
    }).pipe(overHttp),
  )

  it.live("refuses a suspended requester, with a hint", () =>
    Effect.gen(function* () {
      const server = yield* scripted(
        routes({
          ...meRoute,
          "GET /api/v2/users/search": users({ id: 2, name: "X", email: "dana@example.com", suspended: true }),
        }),
      )
      const ticketing = yield* makeTicketing(connectionTo(server.url))
      const suspended = yield* Effect.flip(ticketing.prepare(draft({ requester: dana })))
      assert.isTrue(suspended.reason instanceof Invalid && /suspended/i.test(suspended.reason.hint))
    }).pipe(overHttp),
  )

  it.live("uploads files raw; one that Zendesk refuses is named in the comment instead", () =>
    Effect.gen(function* () {
      const server = yield* scripted(
        routes({
          ...meRoute,
          "POST /api/v2/uploads": (seen) =>
            seen.query.get("filename") === "huge.bin"
              ? { status: 413, json: { error: "AttachmentTooLarge", description: "too large" } }
              : { status: 201, json: { upload: { token: `t-${seen.query.get("filename")}` } } },
        }),
      )
      const ticketing = yield* makeTicketing(connectionTo(server.url))
      const files = [file("a b.txt", "hello"), file("huge.bin", "x"), file("../../etc/passwd", "p")]
      const ticket = sentTicket((yield* ticketing.prepare(draft({ files }))).body)
      assert.deepStrictEqual(ticket.comment.uploads, ["t-a b.txt", "t-passwd"])
      assert.include(ticket.comment.html_body, "huge.bin")
      const sent = server.to("POST /api/v2/uploads")[0]
      assert.strictEqual(sent?.body, "hello")
      assert.strictEqual(sent?.headers["content-type"], "text/plain")
    }).pipe(overHttp),
  )

  it.live("a lost upload may be sent again: not ambiguous", () =>
    Effect.gen(function* () {
      const server = yield* scripted(routes({ ...meRoute, "POST /api/v2/uploads": "reset" }))
      const ticketing = yield* makeTicketing(connectionTo(server.url))
      const failure = yield* Effect.flip(ticketing.prepare(draft({ files: [file("a.txt", "x")] })))
      assert.strictEqual(failure.reason._tag, "Unavailable")
    }).pipe(overHttp),
  )

  it.live("a transcript that is too long is attached as a whole, its latest part stays in the comment", () =>
    Effect.gen(function* () {
      let attached = ""
      const server = yield* scripted(
        routes({
          ...meRoute,
          "POST /api/v2/uploads": (seen) => {
            attached = seen.body
            assert.strictEqual(seen.query.get("filename"), "transcript.txt")
            return { status: 201, json: { upload: { token: "whole" } } }
          },
        }),
      )
      const ticketing = yield* makeTicketing(connectionTo(server.url))
      const lines = Array.from({ length: 4_000 }, (_, i) => `العميل ${i}: أين طلبي رقم ${i}؟`)
      const transcript = lines.join("\n\n")
      const ticket = sentTicket((yield* ticketing.prepare(draft({ transcript }))).body)
      const html: string = ticket.comment.html_body
      assert.isAtMost(Buffer.byteLength(html), 60_000)
      assert.isAtLeast(Buffer.byteLength(html), 50_000)
      assert.deepStrictEqual(ticket.comment.uploads, ["whole"])
      assert.include(attached, transcript)
      assert.include(attached, "Dana wants a")
      assert.include(html, "whole transcript is attached as transcript.txt")
      assert.include(html, "العميل 3999: أين طلبي رقم 3999؟")
      assert.notInclude(html, "العميل 0:")
      assert.include(html, "View session in OpenCX")
      assert.include(html, "refund")
      assert.notInclude(html, "\ufffd")
    }).pipe(overHttp),
  )

  it.live("one endless line is cut between letters, and a summary that is too long is attached too", () =>
    Effect.gen(function* () {
      let attached = ""
      const server = yield* scripted(
        routes({
          ...meRoute,
          "POST /api/v2/uploads": (seen) => {
            attached = seen.body
            return { status: 201, json: { upload: { token: "whole" } } }
          },
        }),
      )
      const ticketing = yield* makeTicketing(connectionTo(server.url, { commentLimit: 3_000 }))
      const transcript = `${"😀".repeat(20_000)}END`
      const ticket = sentTicket(
        (yield* ticketing.prepare(draft({ transcript, summary: "س".repeat(5_000) }))).body,
      )
      assert.isAtMost(Buffer.byteLength(ticket.comment.html_body), 3_000)
      assert.include(ticket.comment.html_body, "END")
      assert.notMatch(ticket.comment.html_body, /[\ud800-\udbff](?![\udc00-\udfff])/)
      assert.include(attached, transcript)
      assert.include(attached, "س".repeat(5_000))
    }).pipe(overHttp),
  )

  it.live("an assignee is checked once; a wrong one is left out with a warning", () => {
    const lines: Array<string> = []
    return Effect.gen(function* () {
      const server = yield* scripted(
        routes({
          ...meRoute,
          "GET /api/v2/users/1": { json: { user: { id: 1, role: "agent", active: true } } },
          "GET /api/v2/users/2": { json: { user: { id: 2, role: "end-user", active: true } } },
          "GET /api/v2/users/3": { status: 404, json: { error: "RecordNotFound" } },
          "GET /api/v2/users/4": { json: { user: { id: 4, role: "agent", active: false } } },
        }),
      )
      for (const [id, expected] of [
        ["1", 1],
        ["2", undefined],
        ["3", undefined],
        ["4", undefined],
      ] as const) {
        const ticketing = yield* makeTicketing(connectionTo(server.url, { defaultAssigneeId: id }))
        assert.strictEqual(sentTicket((yield* ticketing.prepare(draft())).body).assignee_id, expected)
        yield* ticketing.prepare(draft())
        assert.strictEqual(server.to(`GET /api/v2/users/${id}`).length, 1)
      }
      assert.strictEqual(lines.filter((line) => line.includes("without an assignee")).length, 3)
    }).pipe(Effect.provide(recording(lines)))
  })

  it.live("an idempotency key that Zendesk would not take is refused here", () =>
    Effect.gen(function* () {
      const server = yield* scripted(routes(meRoute))
      const ticketing = yield* makeTicketing(connectionTo(server.url))
      const failure = yield* Effect.flip(ticketing.prepare(draft({ idempotencyKey: "k".repeat(256) })))
      assert.strictEqual(failure.reason._tag, "Invalid")
    }).pipe(overHttp),
  )
})
