/** Work that depends on work before it: what queues, replays and doubtful handoffs owe each other. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect } from "effect"
import { deskFaults } from "../../src/index.ts"
import { mail, makeRig, type Rig, settled, until, write } from "../support/Rig.ts"

const { hold, loseAnswer } = deskFaults

const handedOff = Effect.fnUntraced(function* (rig: Rig) {
  yield* write(rig, mail("a human please"))
  yield* settled(rig)
  return rig.desk.only()
})

describe("work of one queue", () => {
  // A queue that ran ahead of its lane would read an old `forwardedSeq`.
  it.live("sees what the one before has done: customer's words reach the ticket once", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const ticket = yield* handedOff(rig)
      for (const n of [1, 2, 3, 4, 5]) yield* write(rig, mail(`message ${n}`))
      yield* settled(rig)
      const bodies = ticket.comments.slice(1).map((c) => c.body)
      assert.deepStrictEqual(
        [...(bodies.join("\n").match(/message \d/g) ?? [])],
        [1, 2, 3, 4, 5].map((n) => `message ${n}`),
      )
    }).pipe(Effect.scoped),
  )
})

describe("tickets", () => {
  // A handoff that died without knowing whether its ticket was made leaves one behind; the next handoff makes another.
  it.live("one conversation has one, also after a handoff that ended in doubt", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ retry: { tries: 1 } })
      rig.desk.next("create", loseAnswer)
      yield* write(rig, mail("a human please"))
      yield* settled(rig)
      yield* write(rig, mail("a human, I said"))
      yield* settled(rig)
      assert.strictEqual(rig.desk.tickets.length, 1)
    }).pipe(Effect.scoped),
  )

  // `newEntries` counts from the HandoffConfirmed entry, not from what the transcript really held.
  it.live("have every word: also what was said while the conversation's own ticket was being made", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ handoff: { ticketForEveryConversation: true } })
      const gate = yield* Deferred.make<void>()
      rig.desk.next("create", hold(Deferred.await(gate)))
      yield* write(rig, mail("first"))
      yield* until(
        "the first is answered and the ticket is being made",
        () => rig.sent.length === 1 && rig.desk.count("create") === 1,
      )
      yield* write(rig, mail("second"))
      yield* until("the second is answered", () => rig.sent.length === 2)
      yield* Deferred.succeed(gate, undefined)
      yield* settled(rig)
      yield* write(rig, mail("a human please"))
      yield* settled(rig)
      const all = rig.desk.tickets.flatMap((t) => t.comments.map((c) => c.body)).join("\n")
      assert.include(all, "answer to: second")
      assert.include(all, "**Customer** ")
      assert.match(all, /\n\nsecond\n/)
    }).pipe(Effect.scoped),
  )
})
