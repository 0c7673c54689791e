import { DeskUserId } from "@opencx/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { dana, draft, sessionId } from "./fake/drafts.ts"
import { createdTicket, noLag, nth, open, ticketsOf } from "./fake/emulator.ts"
import { overHttp } from "./fake/http.ts"
import { storedUsers } from "./fake/json.ts"

describe("handoff to the emulator", () => {
  it.live("a new contact in two calls, a known one in one; everything arrives", () =>
    Effect.gen(function* () {
      const { emulator, ticketing } = yield* open(noLag)
      const first = yield* createdTicket(ticketing, { summary: "ملخص **مهم**" })
      assert.deepStrictEqual(
        emulator.calls().map((call) => `${call.method} ${call.path}`),
        ["GET /api/v2/users/search", "POST /api/v2/tickets"],
      )
      const ticket = nth(ticketsOf(emulator), 0)
      assert.strictEqual(ticket.external_id, sessionId)
      assert.sameMembers([...ticket.tags], ["opencx", "opencx_handedoff"])
      assert.isFalse(nth(ticket.comments, 0).public)
      assert.strictEqual(nth(ticket.comments, 0).author_id, emulator.integrationUserId)
      assert.include(nth(ticket.comments, 0).html_body, "ملخص <strong>مهم</strong>")
      assert.include(nth(ticket.comments, 0).html_body, "View session in OpenCX")
      assert.deepInclude(nth(ticket.audits, 0).metadata.custom, { opencx_session: sessionId })
      emulator.clearCalls()
      yield* createdTicket(ticketing, {
        idempotencyKey: "second",
        requester: { ...dana, knownId: first.requesterId ?? DeskUserId.make("0") },
      })
      assert.strictEqual(emulator.calls().length, 1)
      assert.strictEqual(nth(ticketsOf(emulator), 1).requester_id, Number(first.requesterId))
    }).pipe(overHttp),
  )

  it.live(
    "reset after the commit: one ticket, found by its external id, and the repetition is the same ticket",
    () =>
      Effect.gen(function* () {
        const { emulator, ticketing } = yield* open()
        const prepared = yield* ticketing.prepare(draft({ requester: dana, fields: [] }))
        emulator.addFault({ kind: "resetAfterCommit", match: { method: "POST", path: "/tickets" }, times: 1 })
        assert.strictEqual((yield* Effect.flip(ticketing.create(prepared))).reason._tag, "Ambiguous")
        const [found] = yield* ticketing.findByExternalId(sessionId)
        assert.isDefined(found)
        assert.strictEqual((yield* ticketing.create(prepared)).ticketId, found?.ticketId)
        assert.strictEqual(emulator.counts().tickets, 1)
      }).pipe(overHttp),
  )

  it.live("reset before the commit: nothing is found, the repetition makes it", () =>
    Effect.gen(function* () {
      const { emulator, ticketing } = yield* open()
      const prepared = yield* ticketing.prepare(draft({ requester: dana, fields: [] }))
      emulator.addFault({ kind: "resetBeforeCommit", match: { method: "POST", path: "/tickets" }, times: 1 })
      assert.strictEqual((yield* Effect.flip(ticketing.create(prepared))).reason._tag, "Ambiguous")
      assert.deepStrictEqual(yield* ticketing.findByExternalId(sessionId), [])
      yield* ticketing.create(prepared)
      assert.strictEqual(emulator.counts().tickets, 1)
    }).pipe(overHttp),
  )

  it.live("another body under the same key answers with the ticket made before", () =>
    Effect.gen(function* () {
      const { emulator, ticketing } = yield* open()
      const first = yield* createdTicket(ticketing)
      const again = yield* createdTicket(ticketing, { subject: "Another subject" })
      assert.strictEqual(again.ticketId, first.ticketId)
      assert.strictEqual(emulator.counts().tickets, 1)
    }).pipe(overHttp),
  )

  it.live("a phone-only contact, a suspended one, an oversized transcript", () =>
    Effect.gen(function* () {
      const seed = { users: [{ name: "Sue", email: "sue@example.com", suspended: true }] }
      const { emulator, ticketing } = yield* open({ ...noLag, seed })
      const phoneOnly = { ...dana, email: null, phone: "+15551234567" }
      const one = yield* createdTicket(ticketing, { requester: phoneOnly, idempotencyKey: "p1" })
      const two = yield* createdTicket(ticketing, { requester: phoneOnly, idempotencyKey: "p2" })
      assert.strictEqual(one.requesterId, two.requesterId)
      const suspended = yield* Effect.flip(
        createdTicket(ticketing, { requester: { ...dana, email: "sue@example.com" }, idempotencyKey: "s" }),
      )
      assert.isTrue(suspended.reason._tag === "Invalid" && suspended.reason.hint.includes("suspended"))
      const known = storedUsers(emulator.state(["users"])).find(
        (user) => user.email === "sue@example.com",
      )?.id
      const byId = yield* Effect.flip(
        createdTicket(ticketing, {
          requester: { ...dana, knownId: DeskUserId.make(String(known)) },
          idempotencyKey: "s2",
        }),
      )
      assert.isTrue(byId.reason._tag === "Invalid" && byId.reason.hint.includes("suspended"))
      yield* createdTicket(ticketing, { transcript: "سؤال طويل\n\n".repeat(20_000), idempotencyKey: "long" })
      const long = nth(ticketsOf(emulator), -1)
      assert.strictEqual(nth(nth(long.comments, 0).attachments, 0).file_name, "transcript.txt")
      assert.isAtLeast(
        nth(nth(long.comments, 0).attachments, 0).size,
        Buffer.byteLength("سؤال طويل\n\n".repeat(20_000)),
      )
    }).pipe(overHttp),
  )
})
