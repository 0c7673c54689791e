/** Making and finding tickets. */
import { assert, it } from "@effect/vitest"
import { SessionId, TicketId } from "@opencx/core"
import { Effect, Exit } from "effect"
import { openTicket, sessionId, ticketDraft } from "./drafts.ts"
import type { MakeHelpDesk } from "./HelpDesk.ts"

const verifying = (make: MakeHelpDesk) =>
  it.live("verify says who we are, the same each time", () =>
    Effect.gen(function* () {
      const { ticketing } = yield* make
      const { name, userId } = yield* ticketing.verify
      assert.isAbove(userId.length, 0)
      assert.isAbove(name.length, 0)
      assert.deepStrictEqual(yield* ticketing.verify, { name, userId })
      assert.isAbove(ticketing.commentLimit, 1_000)
    }),
  )

const creating = (make: MakeHelpDesk) =>
  it.live("a new ticket carries the session, the tags, the summary and the transcript", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const ticket = yield* openTicket(desk)
      assert.strictEqual(ticket.externalId, sessionId)
      assert.isNotNull(ticket.requesterId)
      assert.includeMembers([...ticket.tags], ["opencx", "opencx_handedoff"])
      const [first, ...more] = yield* desk.comments(ticket.ticketId)
      assert.lengthOf(more, 0)
      for (const words of ["Dana wants a refund", "دانا تريد", "Where is my refund?"])
        assert.include(first?.text, words)
      assert.deepStrictEqual(yield* desk.ticketing.get(ticket.ticketId), ticket)
    }),
  )

const oncePerKey = (make: MakeHelpDesk) =>
  it.live("one ticket per idempotency key: repeated, at the same time, and prepared anew", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const prepared = yield* desk.ticketing.prepare(ticketDraft())
      const exits = yield* Effect.all(
        Array.from({ length: 3 }, () => Effect.exit(desk.ticketing.create(prepared))),
        { concurrency: "unbounded" },
      )
      assert.isTrue(exits.some(Exit.isSuccess), "at least one of them knows the ticket")
      for (const exit of exits) {
        if (Exit.isSuccess(exit)) continue
        // Whoever lost the race must look before the next try.
        const error = yield* Effect.flip(Effect.failCause(exit.cause))
        assert.strictEqual(error.reason._tag, "Ambiguous")
      }
      const { ticketId } = yield* desk.ticketing.create(prepared)
      const again = yield* openTicket(desk, { summary: "Prepared anew, an hour later." })
      assert.strictEqual(again.ticketId, ticketId)
      assert.deepStrictEqual(yield* desk.tickets, [ticketId])
    }),
  )

const lostAnswer = (make: MakeHelpDesk) =>
  it.live("a lost answer is Ambiguous, and the ticket is found by its external id", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const prepared = yield* desk.ticketing.prepare(ticketDraft())
      yield* desk.loseAnswer("create")
      const { reason } = yield* Effect.flip(desk.ticketing.create(prepared))
      assert.strictEqual(reason._tag, "Ambiguous")
      assert.isTrue(reason.isRetryable)
      const found = yield* desk.ticketing.findByExternalId(sessionId)
      assert.lengthOf(found, 1)
      assert.strictEqual((yield* desk.ticketing.create(prepared)).ticketId, found[0]?.ticketId)
      assert.lengthOf(yield* desk.tickets, 1)
    }),
  )

const newestFirst = (make: MakeHelpDesk) =>
  it.live("finds all tickets of an external id, newest first, and of no other", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const ids: Array<TicketId> = []
      for (const key of ["a", "b", "c"]) ids.push((yield* openTicket(desk, { idempotencyKey: key })).ticketId)
      const other = SessionId.make("5f1c7a52-9a3e-4d21-8b70-1f2e3d4c5b6b")
      const apart = yield* openTicket(desk, { idempotencyKey: "d", sessionId: other })
      const found = yield* desk.ticketing.findByExternalId(sessionId)
      assert.deepStrictEqual(
        found.map((ticket) => ticket.ticketId),
        ids.toReversed(),
      )
      assert.deepStrictEqual(
        (yield* desk.ticketing.findByExternalId(other)).map((ticket) => ticket.ticketId),
        [apart.ticketId],
      )
      assert.deepStrictEqual(yield* desk.ticketing.findByExternalId("nobody"), [])
      const people = new Set(found.map((ticket) => ticket.requesterId))
      assert.strictEqual(people.size, 1, "one address is one requester")
    }),
  )

const many = (make: MakeHelpDesk) =>
  it.live("getMany leaves out what is missing; get says NotFound", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const { ticketId } = yield* openTicket(desk)
      yield* desk.solve(ticketId)
      const missing = TicketId.make("999999999")
      const found = yield* desk.ticketing.getMany([missing, ticketId])
      assert.deepStrictEqual(
        found.map((ticket) => [ticket.ticketId, ticket.status]),
        [[ticketId, "solved"]],
      )
      assert.deepStrictEqual(yield* desk.ticketing.getMany([]), [])
      assert.strictEqual((yield* Effect.flip(desk.ticketing.get(missing))).reason._tag, "NotFound")
    }),
  )

const followUps = (make: MakeHelpDesk) =>
  it.live("a closed ticket has a follow-up; an open one is a Conflict", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const first = yield* openTicket(desk)
      const next = { followUpOf: first.ticketId, idempotencyKey: "contract:2" }
      const early = yield* Effect.flip(openTicket(desk, { ...next, idempotencyKey: "early" }))
      assert.strictEqual(early.reason._tag, "Conflict")
      yield* desk.close(first.ticketId)
      const second = yield* openTicket(desk, next)
      assert.notStrictEqual(second.ticketId, first.ticketId)
      assert.strictEqual((yield* openTicket(desk, next)).ticketId, second.ticketId)
      assert.deepStrictEqual(
        (yield* desk.ticketing.findByExternalId(sessionId)).map((ticket) => [ticket.ticketId, ticket.status]),
        [
          [second.ticketId, second.status],
          [first.ticketId, "closed"],
        ],
      )
    }),
  )

const tagging = (make: MakeHelpDesk) =>
  it.live("tags are added, never replaced", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const { ticketId } = yield* openTicket(desk)
      yield* desk.ticketing.addTags(ticketId, ["vip"])
      yield* desk.ticketing.addTags(ticketId, ["opencx_sentiment_negative", "vip"])
      yield* desk.ticketing.addTags(ticketId, [])
      assert.sameMembers(
        [...(yield* desk.ticketing.get(ticketId)).tags],
        ["opencx", "opencx_handedoff", "vip", "opencx_sentiment_negative"],
      )
    }),
  )

/** Making, finding and tagging tickets. */
export const ticketTests = (make: MakeHelpDesk): void => {
  for (const test of [verifying, creating, oncePerKey, lostAnswer, newestFirst, many, followUps, tagging])
    test(make)
}
