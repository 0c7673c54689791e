/** The ticket as its humans see it. */
import { assert, it } from "@effect/vitest"
import { TicketId } from "@opencx/core"
import { Effect } from "effect"
import { commentDraft } from "./drafts.ts"
import type { MakeHelpDesk } from "./HelpDesk.ts"

const everything = (make: MakeHelpDesk) =>
  it.live("a thread has every comment with who wrote it and whether it is public, oldest first", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const ticketId = yield* desk.arrive({ subject: "Helmet", body: "Does it fit? هل يناسب؟" })
      yield* desk.note(ticketId, "internal: a regular customer")
      yield* desk.ticketing.comment(commentDraft(ticketId, { body: "a draft of ours" }))
      yield* desk.reply(ticketId, "It does.")
      yield* desk.customerReply(ticketId, "Thank you!")
      const thread = yield* desk.ticketing.thread(ticketId)
      assert.deepStrictEqual(
        thread.comments.map((one) => [one.by, one.public]),
        [
          ["customer", true],
          ["agent", false],
          ["us", false],
          ["agent", true],
          ["customer", true],
        ],
      )
      const [first] = thread.comments
      assert.include(first?.text, "هل يناسب؟")
      assert.isAbove(first?.createdAt ?? 0, 0)
      assert.isNotNull(first?.authorName)
      assert.strictEqual(thread.subject, "Helmet")
      assert.isNull(thread.ticket.externalId)
      assert.deepStrictEqual(
        thread.comments.map((one) => one.commentId),
        (yield* desk.comments(ticketId)).map((one) => one.id),
      )
    }),
  )

const unknown = (make: MakeHelpDesk) =>
  it.live("the thread of a ticket that is not there is NotFound", () =>
    Effect.gen(function* () {
      const { ticketing } = yield* make
      const error = yield* Effect.flip(ticketing.thread(TicketId.make("999999999")))
      assert.strictEqual(error.reason._tag, "NotFound")
    }),
  )

/** Reading a ticket as its humans see it. */
export const threadTests = (make: MakeHelpDesk): void => {
  for (const test of [everything, unknown]) test(make)
}
