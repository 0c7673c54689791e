/** Comments whose webhook got lost: found by reading what changed, drafted for once, from where the last pass stopped. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import {
  assistLane,
  CredentialsRejected,
  deskFaults,
  type DeskTicket,
  PermissionDenied,
  RateLimited,
  Unavailable,
} from "../../src/index.ts"
import { orgId } from "../support/fixtures.ts"
import { arrive, notes, rigWith } from "../support/assisting.ts"
import { mail, type Rig, settled, write } from "../support/Rig.ts"

const { refuse } = deskFaults
const down = refuse(new Unavailable({ detail: "down", retryAfterMs: null }))

const feed = "assist:changed-tickets"
const hour = 3_600_000

const pass = (rig: Rig) => Effect.tap(rig.assists.pass(orgId), () => settled(rig))

/** It ran once before the webhooks began to get lost. */
const ranBefore = (rig: Rig) => Effect.andThen(pass(rig), Effect.sleep(5))

/** The runtime was last there so long ago. */
const awayFor = (rig: Rig, ms: number) =>
  Effect.flatMap(Clock.currentTimeMillis, (now) =>
    rig.bookmarks.keep(orgId, feed, JSON.stringify({ cursor: `${now - ms}:0`, at: now - ms })),
  )

const written = (ticket: DeskTicket, ago: number): void => {
  for (const [at, one] of ticket.comments.entries())
    ticket.comments[at] = { ...one, createdAt: one.createdAt - ago }
  ticket.updatedAt -= ago
}

describe("comments that no webhook told of", () => {
  it.live("get their draft by the next pass, once, however many passes and webhooks come", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith()
      yield* ranBefore(rig)
      const [first, second] = [arrive(rig, "Does the helmet fit?"), arrive(rig, "Is it red?")]
      assert.strictEqual(yield* pass(rig), 2)
      assert.lengthOf(notes(first), 1)
      assert.lengthOf(notes(second), 1)
      for (let again = 0; again < 3; again += 1) assert.strictEqual(yield* pass(rig), 0)
      yield* rig.engine.accept({
        lane: assistLane(orgId, first.id),
        eventKey: "late webhook",
        sessionId: null,
        event: { _tag: "TicketSignal", ticketId: first.id, statusHint: null },
      })
      yield* settled(rig)
      assert.lengthOf(notes(first), 1)
      rig.desk.customerReply(first, "And in blue?")
      assert.strictEqual(yield* pass(rig), 1)
      assert.include(notes(first)[1]?.body, "And in blue?")
      assert.lengthOf(rig.agent.assists, 3)
    }).pipe(Effect.scoped),
  )

  it.live("are not signalled when the webhook came, and our own notes and tags are nothing new", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith()
      yield* ranBefore(rig)
      const ticket = arrive(rig, "Does the helmet fit?")
      yield* rig.engine.accept({
        lane: assistLane(orgId, ticket.id),
        eventKey: "webhook",
        sessionId: null,
        event: { _tag: "TicketSignal", ticketId: ticket.id, statusHint: null },
      })
      yield* settled(rig)
      const before = rig.desk.count("thread")
      assert.strictEqual(yield* pass(rig), 0)
      assert.strictEqual(rig.desk.count("thread"), before + 1, "one look, because it changed")
      yield* pass(rig)
      assert.strictEqual(rig.desk.count("thread"), before + 1, "unchanged: none")
      assert.lengthOf(notes(ticket), 1)
    }).pipe(Effect.scoped),
  )

  it.live("are found after hours of absence, not after days, and not from before assist mode", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith()
      const [old, night] = [arrive(rig, "Three days ago?"), arrive(rig, "Last night?")]
      written(old, 72 * hour)
      written(night, 9 * hour)
      assert.strictEqual(yield* pass(rig), 0, "switched on just now")
      assert.lengthOf(rig.agent.assists, 0)
      yield* awayFor(rig, 100 * hour)
      assert.strictEqual(yield* pass(rig), 1)
      assert.lengthOf(notes(night), 1)
      assert.lengthOf(notes(old), 0)
    }).pipe(Effect.scoped),
  )

  it.live("an agent's question is one, in the mode in which agents ask", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith({ mode: "on_mention" })
      yield* ranBefore(rig)
      const ticket = arrive(rig, "Does the helmet fit?")
      assert.strictEqual(yield* pass(rig), 0)
      rig.desk.note(ticket, "@opencx what about returns?")
      assert.strictEqual(yield* pass(rig), 1)
      assert.include(notes(ticket)[0]?.body, "draft for: what about returns?")
    }).pipe(Effect.scoped),
  )

  it.live("hundreds of changes are caught up with page by page, over several passes", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith({ mode: "off", rules: [{ tag: "wanted", mode: "every_comment" }] })
      yield* ranBefore(rig)
      for (let n = 0; n < 620; n += 1) arrive(rig, "noise")
      const wanted = arrive(rig, "Does the helmet fit?", { tags: ["wanted"] })
      assert.strictEqual(yield* pass(rig), 0)
      assert.strictEqual(rig.desk.count("thread"), 0, "tickets that are off cost nothing")
      assert.strictEqual(yield* pass(rig), 1)
      assert.lengthOf(notes(wanted), 1)
      assert.strictEqual(rig.desk.count("changed"), 1 + 5 + 2)
    }).pipe(Effect.scoped),
  )
})

describe("no draft is made up for", () => {
  it.live("on tickets of ours, closed, answered, excluded and silenced ones", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith({
        mode: "every_comment",
        rules: [
          { brand: 77, mode: "off" },
          { group: 88, mode: "off" },
          { tag: "hands_off", mode: "off" },
        ],
      })
      yield* ranBefore(rig)
      yield* write(rig, mail("a human please"))
      yield* settled(rig)
      const ours = rig.desk.only()
      ours.tags.clear()
      rig.desk.customerReply(ours, "past you, by mail")
      const closed = arrive(rig, "Closed?")
      rig.desk.close(closed)
      const answered = arrive(rig, "Answered?")
      rig.desk.reply(answered, "Yes.")
      const tickets = [
        ours,
        closed,
        answered,
        arrive(rig, "Brand?", { brandId: "77" }),
        arrive(rig, "Group?", { groupId: "88" }),
        arrive(rig, "Tag?", { tags: ["hands_off"] }),
        arrive(rig, "Topic?", { tags: ["opencx_skipped_topic_no_assist"] }),
        arrive(rig, "Ours?", { tags: ["opencx_handedoff"] }),
      ]
      const before = tickets.map((ticket) => notes(ticket).length)
      const reads = rig.desk.count("thread")
      assert.strictEqual(yield* pass(rig), 0)
      assert.strictEqual(rig.desk.count("thread"), reads + 1, "only the answered one had to be read")
      assert.lengthOf(rig.agent.assists, 0)
      assert.deepStrictEqual(
        tickets.map((ticket) => notes(ticket).length),
        before,
      )
    }).pipe(Effect.scoped),
  )

  it.live("while assist mode is off, and nothing is read", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith({ mode: "off" })
      arrive(rig, "Does the helmet fit?")
      assert.strictEqual(yield* pass(rig), 0)
      assert.strictEqual(rig.desk.count("changed"), 0)
    }).pipe(Effect.scoped),
  )
})

describe("a pass that fails", () => {
  it.live("begins again where it was, and the other tickets of its page have their drafts already", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith()
      yield* ranBefore(rig)
      rig.desk.next("changed", down)
      const [first, second] = [arrive(rig, "first?"), arrive(rig, "second?")]
      assert.strictEqual((yield* Effect.flip(pass(rig)))._tag, "TicketingError")
      rig.desk.next("thread", refuse(new RateLimited({ retryAfterMs: 5 })))
      yield* Effect.flip(pass(rig))
      yield* settled(rig)
      assert.lengthOf(notes(first), 0)
      assert.lengthOf(notes(second), 1)
      assert.strictEqual(yield* pass(rig), 1)
      assert.lengthOf(notes(first), 1)
      assert.lengthOf(notes(second), 1)
    }).pipe(Effect.scoped),
  )

  it.live("because of one ticket is not held up by it for ever", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith()
      yield* ranBefore(rig)
      const forbidden = arrive(rig, "forbidden?")
      rig.desk.next("thread", refuse(new PermissionDenied({ hint: "not yours" })))
      assert.strictEqual(yield* pass(rig), 0, "the ticket's own trouble ends no pass")
      assert.lengthOf(notes(forbidden), 0)
      arrive(rig, "broken?")
      for (let n = 0; n < 29; n += 1) {
        rig.desk.next("thread", down)
        yield* Effect.flip(pass(rig))
      }
      rig.desk.next("thread", down)
      assert.strictEqual(yield* pass(rig), 0)
      const good = arrive(rig, "good?")
      assert.strictEqual(yield* pass(rig), 1)
      assert.lengthOf(notes(good), 1)
    }).pipe(Effect.scoped),
  )

  it.live("because of the account passes nothing over", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith()
      yield* ranBefore(rig)
      const tickets = Array.from({ length: 12 }, (_, n) => arrive(rig, `question ${n}?`))
      const rejected = refuse(new CredentialsRejected({ hint: "new secret" }))
      rig.desk.next("thread", rejected, rejected, rejected)
      const reads = rig.desk.count("thread")
      yield* Effect.flip(pass(rig))
      assert.strictEqual(rig.desk.count("thread"), reads + 3, "it does not try them all")
      assert.strictEqual(yield* pass(rig), 12)
      for (const ticket of tickets) assert.lengthOf(notes(ticket), 1)
    }).pipe(Effect.scoped),
  )

  it.live("a place that nobody can read counts as none", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith()
      yield* rig.bookmarks.keep(orgId, feed, "{not json")
      arrive(rig, "Does it fit?")
      yield* pass(rig)
      assert.match((yield* rig.bookmarks.get(orgId, feed)) ?? "", /"cursor"/)
    }).pipe(Effect.scoped),
  )
})
