/** Writing comments, and reading what humans wrote. */
import { assert, it } from "@effect/vitest"
import { type CommentPage, TicketId } from "@opencx/core"
import { Effect } from "effect"
import { commentDraft, openTicket } from "./drafts.ts"
import type { MakeHelpDesk } from "./HelpDesk.ts"

const textsOf = (page: CommentPage): ReadonlyArray<string> => page.comments.map((one) => one.text.trim())

const oncePerMarker = (make: MakeHelpDesk) =>
  it.live("a comment whose answer got lost is found by its marker: written once", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const { requesterId, ticketId } = yield* openTicket(desk)
      const draft = commentDraft(ticketId, { author: requesterId ?? "us", public: true, status: "open" })
      yield* desk.loseAnswer("comment")
      assert.strictEqual((yield* Effect.flip(desk.ticketing.comment(draft))).reason._tag, "Ambiguous")
      const id = yield* desk.ticketing.comment({ ...draft, checkFirst: true })
      assert.strictEqual(yield* desk.ticketing.comment({ ...draft, checkFirst: true }), id)
      const [, ...later] = yield* desk.comments(ticketId)
      assert.deepStrictEqual(
        later.map((one) => [one.id, one.public]),
        [[id, true]],
      )
      assert.include(later[0]?.text, "Still broken")
      assert.strictEqual((yield* desk.ticketing.get(ticketId)).status, "open")
      const other = yield* desk.ticketing.comment({ ...draft, marker: "marker-2", checkFirst: true })
      assert.notStrictEqual(other, id)
      assert.lengthOf(yield* desk.comments(ticketId), 3)
    }),
  )

const leavesStatus = (make: MakeHelpDesk) =>
  it.live("an internal comment stays internal and leaves the status alone", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const { requesterId, ticketId } = yield* openTicket(desk)
      yield* desk.solve(ticketId)
      const id = yield* desk.ticketing.comment(commentDraft(ticketId, { body: "for your eyes only 🔒" }))
      const held = (yield* desk.comments(ticketId)).find((one) => one.id === id)
      assert.isFalse(held?.public)
      assert.strictEqual((yield* desk.ticketing.get(ticketId)).status, "solved")
      const page = yield* desk.ticketing.humanComments({ ticketId, requesterId, after: null })
      assert.deepStrictEqual(page.comments, [])
    }),
  )

const closed = (make: MakeHelpDesk) =>
  it.live("a closed ticket refuses comments and tags with the reason Closed", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const { ticketId } = yield* openTicket(desk)
      const before = yield* desk.ticketing.comment(commentDraft(ticketId))
      yield* desk.close(ticketId)
      const refused = yield* Effect.flip(
        desk.ticketing.comment(commentDraft(ticketId, { marker: "late", checkFirst: true })),
      )
      assert.strictEqual(refused.reason._tag, "Closed")
      assert.isFalse(refused.isRetryable)
      const untagged = yield* Effect.flip(desk.ticketing.addTags(ticketId, ["late"]))
      assert.strictEqual(untagged.reason._tag, "Closed")
      // What was written in time is found, not refused.
      assert.strictEqual(yield* desk.ticketing.comment(commentDraft(ticketId, { checkFirst: true })), before)
      assert.lengthOf(yield* desk.comments(ticketId), 2)
    }),
  )

const missing = (make: MakeHelpDesk) =>
  it.live("a ticket that is not there is NotFound, for writing and for reading", () =>
    Effect.gen(function* () {
      const { ticketing } = yield* make
      const ticketId = TicketId.make("999999999")
      const calls = [
        Effect.asVoid(ticketing.comment(commentDraft(ticketId))),
        ticketing.addTags(ticketId, ["x"]),
        Effect.asVoid(ticketing.humanComments({ ticketId, requesterId: null, after: null })),
      ]
      for (const call of calls) assert.strictEqual((yield* Effect.flip(call)).reason._tag, "NotFound")
    }),
  )

const humansOnly = (make: MakeHelpDesk) =>
  it.live("only humans' public replies come back: no note, none of ours, none of the customer", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const { requesterId, ticketId } = yield* openTicket(desk)
      yield* desk.ticketing.comment(commentDraft(ticketId, { public: true, body: "ours" }))
      yield* desk.ticketing.comment(
        commentDraft(ticketId, {
          marker: "m2",
          public: true,
          author: requesterId ?? "us",
          body: "as the customer",
        }),
      )
      yield* desk.customerReply(ticketId, "by the customer")
      yield* desk.note(ticketId, "internal secret")
      yield* desk.reply(ticketId, "مرحبا Dana")
      const all = yield* desk.ticketing.humanComments({ ticketId, requesterId, after: null })
      assert.deepStrictEqual(textsOf(all), ["مرحبا Dana"])
      assert.isAbove(all.comments[0]?.createdAt ?? 0, 0)
      const unknown = yield* desk.ticketing.humanComments({ ticketId, requesterId: null, after: null })
      assert.deepStrictEqual(textsOf(unknown), ["مرحبا Dana"], "also without the requester's id")
    }),
  )

const cursor = (make: MakeHelpDesk) =>
  it.live("the cursor passes over everything that was looked at, and never goes back", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const { requesterId, ticketId } = yield* openTicket(desk)
      const read = (after: CommentPage["cursor"]) =>
        desk.ticketing.humanComments({ ticketId, requesterId, after })
      const start = yield* read(null)
      assert.deepStrictEqual(textsOf(start), [])
      for (let n = 1; n <= 4; n++) yield* desk.reply(ticketId, `reply ${n}`)
      yield* desk.note(ticketId, "internal secret")
      const first = yield* read(start.cursor)
      assert.deepStrictEqual(textsOf(first), ["reply 1", "reply 2", "reply 3", "reply 4"])
      assert.strictEqual(first.cursor, (yield* desk.comments(ticketId)).at(-1)?.id)
      const nothing = yield* read(first.cursor)
      assert.deepStrictEqual([textsOf(nothing), nothing.cursor], [[], first.cursor])
      yield* desk.reply(ticketId, "reply 5")
      assert.deepStrictEqual(textsOf(yield* read(nothing.cursor)), ["reply 5"])
      assert.deepStrictEqual(textsOf(yield* read(first.comments[2]?.commentId ?? null)), [
        "reply 4",
        "reply 5",
      ])
    }),
  )

/** Writing and reading comments. */
export const commentTests = (make: MakeHelpDesk): void => {
  for (const test of [oncePerMarker, leavesStatus, closed, missing, humansOnly, cursor]) test(make)
}
