import { TicketId } from "@opencx/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { makeTicketing } from "../src/index.ts"
import { draft, sessionId } from "./fake/drafts.ts"
import { sentTicket } from "./fake/json.ts"
import { overHttp } from "./fake/http.ts"
import { type Reply, routes, scripted } from "./fake/ScriptedServer.ts"
import { bodyJson, connectionTo, me, ticketJson } from "./fake/zendesk.ts"

const withCreate = (reply: Reply | ((nth: number) => Reply), tickets: ReadonlyArray<unknown> = []) =>
  Effect.gen(function* () {
    const server = yield* scripted(
      routes({
        "GET /api/v2/users/me": me,
        "POST /api/v2/tickets": (_, nth) => (typeof reply === "function" ? reply(nth) : reply),
        "GET /api/v2/tickets": { json: { tickets, meta: { has_more: false } } },
      }),
    )
    return { server, ticketing: yield* makeTicketing(connectionTo(server.url)) }
  })

const made: Reply = {
  status: 201,
  json: { ticket: ticketJson(35436, { external_id: sessionId }), audit: { events: [] } },
}

describe("create", () => {
  it.live("sends the frozen bytes with the key", () =>
    Effect.gen(function* () {
      const { server, ticketing } = yield* withCreate(made)
      const prepared = yield* ticketing.prepare(draft())
      const ticket = yield* ticketing.create(prepared)
      assert.deepInclude(ticket, {
        ticketId: "35436",
        status: "new",
        externalId: sessionId,
        requesterId: "501",
      } as never)
      yield* ticketing.create(prepared)
      const sent = server.to("POST /api/v2/tickets")
      assert.strictEqual(sent[0]?.body, prepared.body)
      assert.strictEqual(sent[1]?.body, prepared.body)
      assert.strictEqual(sent[0]?.headers["idempotency-key"], "handoff:1")
    }).pipe(overHttp),
  )

  for (const [name, reply] of [
    ["409", { status: 409, json: {} }],
    ["a reset after the commit", "reset"],
    ["a 502", { status: 502, text: "<html>" }],
    ["half an answer", "cut"],
  ] as const) {
    it.live(`${name} is ambiguous, and the ticket is then found by its external id`, () =>
      Effect.gen(function* () {
        const { server, ticketing } = yield* withCreate(reply, [
          ticketJson(35436, { external_id: sessionId }),
        ])
        const prepared = yield* ticketing.prepare(draft())
        const failure = yield* Effect.flip(ticketing.create(prepared))
        assert.strictEqual(failure.reason._tag, "Ambiguous")
        assert.isTrue(failure.isRetryable)
        assert.strictEqual(server.to("POST /api/v2/tickets").length, 1)
        const found = yield* ticketing.findByExternalId(sessionId)
        assert.deepStrictEqual(
          found.map((one) => one.ticketId),
          [TicketId.make("35436")],
        )
      }).pipe(overHttp),
    )
  }

  it.live("a key that was used for another body: the ticket made then is answered", () =>
    Effect.gen(function* () {
      const mismatch: Reply = {
        status: 400,
        json: {
          error: "IdempotentRequestError",
          description: "Request parameters don't match the given idempotency key",
        },
      }
      const { ticketing } = yield* withCreate(mismatch, [ticketJson(5, { external_id: sessionId })])
      const prepared = yield* ticketing.prepare(draft())
      assert.strictEqual((yield* ticketing.create(prepared)).ticketId, "5")
      const followUp = yield* ticketing.prepare(draft({ followUpOf: TicketId.make("5") }))
      const failure = yield* Effect.flip(ticketing.create(followUp))
      assert.strictEqual(failure.reason._tag, "Invalid", "the closed source is not the follow-up")
    }).pipe(overHttp),
  )

  it.live("a follow-up names its source; a source that is not closed is a conflict", () =>
    Effect.gen(function* () {
      const { server, ticketing } = yield* withCreate((nth) =>
        nth === 1
          ? made
          : {
              status: 422,
              json: {
                error: "RecordInvalid",
                details: { via_followup_source_id: [{ description: "Source ticket is not closed" }] },
              },
            },
      )
      const prepared = yield* ticketing.prepare(draft({ followUpOf: TicketId.make("77") }))
      yield* ticketing.create(prepared)
      assert.strictEqual(sentTicket(server.to("POST /api/v2/tickets")[0]?.body).via_followup_source_id, 77)
      assert.strictEqual((yield* Effect.flip(ticketing.create(prepared))).reason._tag, "Conflict")
    }).pipe(overHttp),
  )

  it.live("a suspended requester is final", () =>
    Effect.gen(function* () {
      const { ticketing } = yield* withCreate({
        status: 422,
        json: {
          error: "RecordInvalid",
          details: { requester: [{ description: "Requester: X is suspended.", error: "UserSuspended" }] },
        },
      })
      const failure = yield* Effect.flip(ticketing.create(yield* ticketing.prepare(draft())))
      assert.isFalse(failure.isRetryable)
      assert.isTrue(failure.reason._tag === "Invalid" && failure.reason.hint.includes("suspended"))
    }).pipe(overHttp),
  )
})

describe("tickets", () => {
  it.live("by external id: newest first, only exact ones, encoded, deleted ones left out", () =>
    Effect.gen(function* () {
      const { server, ticketing } = yield* withCreate(made, [
        ticketJson(9, { external_id: "a&b=c d" }),
        ticketJson(100, { external_id: "a&b=c d" }),
        ticketJson(101, { external_id: "other" }),
        ticketJson(102, { external_id: "a&b=c d", status: "deleted" }),
      ])
      const found = yield* ticketing.findByExternalId("a&b=c d")
      assert.deepStrictEqual(
        found.map((one) => one.ticketId),
        [TicketId.make("100"), TicketId.make("9")],
      )
      assert.strictEqual(server.seen.at(-1)?.query.get("external_id"), "a&b=c d")
    }).pipe(overHttp),
  )

  it.live("an id that is no number never becomes a path", () =>
    Effect.gen(function* () {
      const { server, ticketing } = yield* withCreate(made)
      for (const id of ["1/../users/me", "1?x=", "%2e%2e", "abc"]) {
        assert.strictEqual((yield* Effect.flip(ticketing.get(TicketId.make(id)))).reason._tag, "NotFound")
        assert.strictEqual(
          (yield* Effect.flip(ticketing.addTags(TicketId.make(id), ["x"]))).reason._tag,
          "NotFound",
        )
      }
      assert.strictEqual(server.seen.length, 0)
    }).pipe(overHttp),
  )

  it.live("many at once in batches of a hundred; tags are added", () =>
    Effect.gen(function* () {
      const server = yield* scripted(
        routes({
          "GET /api/v2/tickets/show_many": (seen) => ({
            json: {
              tickets: (seen.query.get("ids") ?? "")
                .split(",")
                .map((id) => ticketJson(Number(id), { status: "solved" })),
            },
          }),
          "PUT /api/v2/tickets/77/tags": { json: { tags: ["vip", "opencx"] } },
          "PUT /api/v2/tickets/78/tags": {
            status: 422,
            json: { details: { status: [{ description: "closed" }] } },
          },
        }),
      )
      const ticketing = yield* makeTicketing(connectionTo(server.url))
      const ids = Array.from({ length: 150 }, (_, i) => TicketId.make(String(i + 1)))
      const tickets = yield* ticketing.getMany(ids)
      assert.strictEqual(tickets.length, 150)
      assert.strictEqual(tickets[149]?.status, "solved")
      assert.strictEqual(server.seen.length, 2)
      yield* ticketing.addTags(TicketId.make("77"), ["OpenCX Sentiment/Happy", "لغة", "  ", "***"])
      assert.deepStrictEqual(bodyJson(server.seen.at(-1)), { tags: ["opencx_sentiment/happy", "لغة"] })
      yield* ticketing.addTags(TicketId.make("77"), [])
      assert.strictEqual(server.to("PUT /api/v2/tickets/77/tags").length, 1)
      assert.strictEqual(
        (yield* Effect.flip(ticketing.addTags(TicketId.make("78"), ["x"]))).reason._tag,
        "Closed",
      )
    }).pipe(overHttp),
  )
})

describe("verify", () => {
  const verifying = (user: unknown, count: Reply = { json: { count: { value: 3 } } }) =>
    Effect.gen(function* () {
      const server = yield* scripted(
        routes({ "GET /api/v2/users/me": { json: { user } }, "GET /api/v2/tickets/count": count }),
      )
      return yield* (yield* makeTicketing(connectionTo(server.url))).verify
    })
  it.live("answers with our user", () =>
    Effect.gen(function* () {
      assert.deepInclude(yield* verifying({ id: 9001, name: "Bot", role: "agent" }), {
        userId: "9001",
        name: "Bot",
      } as never)
    }).pipe(overHttp),
  )
  it.live("sees through the anonymous 200, end-users and missing rights", () =>
    Effect.gen(function* () {
      const anonymous = yield* Effect.flip(verifying({ id: null, name: "Anonymous user", role: "end-user" }))
      assert.strictEqual(anonymous.reason._tag, "CredentialsRejected")
      assert.strictEqual(
        (yield* Effect.flip(verifying({ id: 1, role: "end-user" }))).reason._tag,
        "PermissionDenied",
      )
      const noTickets = yield* Effect.flip(
        verifying(
          { id: 1, role: "agent" },
          { status: 403, json: { error: { title: "Forbidden", message: "no" } } },
        ),
      )
      assert.strictEqual(noTickets.reason._tag, "PermissionDenied")
    }).pipe(overHttp),
  )
})
