/** What agents make of drafts, through the real engine: looks in their turn, and one verdict. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect } from "effect"
import {
  assistLane,
  type DeskFault,
  deskFaults,
  type DeskTicket,
  NotFound,
  Unavailable,
} from "../../src/index.ts"
import { orgId } from "../support/fixtures.ts"
import { makeRig, type Rig, settled, until } from "../support/Rig.ts"

const ada = {
  externalId: "ada",
  knownId: null,
  name: "Ada",
  email: "ada@c.example",
  phone: null,
  locale: null,
}

/** Looks 30, 200 and 400 ms after the draft. */
const soon = [0.0005, 0.0033, 0.0066]

const rigWith = (reviewMinutes: ReadonlyArray<number>) =>
  makeRig({ settings: { assist: { mode: "every_comment", reviewMinutes } } })

const { hold, refuse } = deskFaults
const pass: DeskFault = (call) => call

/** The first look at the draft waits until `acted` has ended; `before` happens to looks before it. */
const drafted = Effect.fnUntraced(function* (
  rig: Rig,
  body: string,
  act: (ticket: DeskTicket) => unknown,
  ...before: ReadonlyArray<DeskFault>
) {
  const acted = yield* Deferred.make<void>()
  rig.desk.next("thread", pass, ...before, hold(Deferred.await(acted)))
  const ticket = rig.desk.arrive({ requester: ada, subject: "Helmet", body })
  yield* rig.engine.accept({
    lane: assistLane(orgId, ticket.id),
    eventKey: "arrived",
    sessionId: null,
    event: { _tag: "TicketSignal", ticketId: ticket.id, statusHint: null },
  })
  yield* until("there is a draft", () => ticket.comments.some((one) => one.by === "us"))
  act(ticket)
  yield* Deferred.succeed(acted, undefined)
  return ticket
})

const entries = Effect.fnUntraced(function* (rig: Rig, ticket: DeskTicket) {
  const [session] = yield* rig.store.sessionsOfLane(assistLane(orgId, ticket.id), 5)
  return session === undefined ? [] : yield* rig.store.timeline(session.orgId, session.id)
})

const uses = (rig: Rig, ticket: DeskTicket) =>
  Effect.map(entries(rig, ticket), (all) =>
    all.flatMap(({ body }) => (body._tag === "DraftUse" ? [body] : [])),
  )

const reviewed = Effect.fnUntraced(function* (rig: Rig, ticket: DeskTicket) {
  yield* until("the draft is reviewed", () => Effect.map(uses(rig, ticket), (found) => found.length > 0))
  yield* settled(rig)
  const [use, ...more] = yield* uses(rig, ticket)
  assert.lengthOf(more, 0, "one verdict")
  return use
})

const nobody = () => {}

describe("what an agent makes of a draft", () => {
  it.live("is seen in their next public comment, not in a note, and not in later ones", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith(soon)
      const ticket = yield* drafted(rig, "Does the helmet fit my head?", (it) => {
        rig.desk.note(it, "the customer is nice")
        rig.desk.reply(it, "Hi! draft for: Does the helmet fit my head? Yours, Grace")
        rig.desk.reply(it, "something else")
      })
      const use = yield* reviewed(rig, ticket)
      assert.strictEqual(use?.use, "kept")
      assert.strictEqual(use?.about, ticket.comments[0]?.id)
      assert.strictEqual(use?.replyId, ticket.comments.find((one) => one.public && one.by === "agent")?.id)
      assert.isAbove(use?.distance ?? 0, 0)
    }).pipe(Effect.scoped),
  )

  it.live("is looked for again while nobody has answered; in the end it is unused", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith(soon)
      const ticket = yield* drafted(rig, "Does the helmet fit?", nobody)
      assert.deepInclude(yield* reviewed(rig, ticket), { use: "unused", replyId: null })
      assert.strictEqual(
        rig.desk.count("thread"),
        1 + soon.length,
        "one read for the draft, one for each look",
      )
    }).pipe(Effect.scoped),
  )

  it.live("is known at once when the ticket is solved without a word", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith([0.0005, 10_000])
      const ticket = yield* drafted(rig, "Does the helmet fit?", (it) => rig.desk.solve(it))
      assert.deepInclude(yield* reviewed(rig, ticket), { use: "unused", replyId: null })
    }).pipe(Effect.scoped),
  )

  it.live("is not asked for when no look is configured", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith([])
      const ticket = yield* drafted(rig, "Does the helmet fit?", (it) => rig.desk.reply(it, "draft for"))
      yield* settled(rig)
      assert.deepStrictEqual(yield* uses(rig, ticket), [])
      assert.strictEqual(rig.desk.count("thread"), 1)
    }).pipe(Effect.scoped),
  )

  it.live("waits out a help desk that is down", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith([0.0005])
      const down = refuse(new Unavailable({ detail: "down", retryAfterMs: null }))
      const reply = (it: DeskTicket) => rig.desk.reply(it, "draft for: Does the helmet fit?")
      const ticket = yield* drafted(rig, "Does the helmet fit?", reply, down)
      assert.deepInclude(yield* reviewed(rig, ticket), { use: "kept" })
    }).pipe(Effect.scoped),
  )

  it.live("stays unknown when the ticket is gone", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith([0.0005])
      const gone = refuse(new NotFound({ what: "ticket" }))
      const ticket = yield* drafted(rig, "Is it blue?", nobody, gone)
      yield* until("the look has ended", () => rig.desk.count("thread") === 2)
      yield* settled(rig)
      assert.deepStrictEqual(yield* uses(rig, ticket), [])
    }).pipe(Effect.scoped),
  )
})
