/** Assist mode through the real engine: one internal note per comment, whatever happens on the way. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect } from "effect"
import {
  assistChannel,
  assistLane,
  type AssistResult,
  deskFaults,
  type DeskTicket,
  RateLimited,
  SupportAgentError,
  Unavailable,
} from "../../src/index.ts"
import { draftOf } from "../support/FakeAgent.ts"
import { orgId, trace } from "../support/fixtures.ts"
import { arrive, notes, rigWith } from "../support/assisting.ts"
import { mail, type Rig, settled, signal, until, write } from "../support/Rig.ts"

const { hold, loseAnswer, refuse } = deskFaults
const down = refuse(new Unavailable({ detail: "down", retryAfterMs: null }))

let counter = 0

/** The help desk's webhook about a ticket that is none of ours. */
const tell = (rig: Rig, ticket: DeskTicket, eventKey?: string) => {
  counter += 1
  return rig.engine.accept({
    lane: assistLane(orgId, ticket.id),
    eventKey: eventKey ?? `assist-${counter}`,
    sessionId: null,
    event: { _tag: "TicketSignal", ticketId: ticket.id, statusHint: null },
  })
}

const told = (rig: Rig, ticket: DeskTicket) => Effect.andThen(tell(rig, ticket), settled(rig))

const sessionsOf = (rig: Rig) => rig.store.sessions(orgId, { limit: 10 })

const assists = Effect.fnUntraced(function* (rig: Rig, ticket: DeskTicket) {
  const [session] = yield* rig.store.sessionsOfLane(assistLane(orgId, ticket.id), 5)
  if (session === undefined) return []
  const entries = yield* rig.store.timeline(session.orgId, session.id)
  return entries.flatMap(({ body }) => (body._tag === "Assist" ? [body] : []))
})

const skipped = (reason: Extract<AssistResult, { _tag: "Skip" }>["reason"]) =>
  Effect.succeed<AssistResult>({ _tag: "Skip", reason, trace })

describe("a customer's comment on a ticket of the humans", () => {
  it.live("gets one internal note with draft, sources and a link, and the tag", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith()
      const ticket = arrive(rig, "Does the helmet fit?")
      yield* told(rig, ticket)
      const [note, ...more] = notes(ticket)
      assert.lengthOf(more, 0)
      assert.isFalse(note?.public)
      for (const words of [
        "draft for: Does the helmet fit?",
        "[Returns](https://hc.example/a1)",
        "/sessions/acme/",
      ])
        assert.include(note?.body, words)
      assert.deepStrictEqual([...ticket.tags], ["opencx", "opencx_assist_mode"])
      assert.strictEqual(ticket.status, "new", "the status is the agents' own")
      const [record] = yield* assists(rig, ticket)
      assert.deepInclude(record, {
        result: "drafted",
        commentIds: ticket.comments.slice(0, 1).map((one) => one.id),
        trace,
      })
      assert.deepStrictEqual(rig.sent, [], "nothing goes to a customer")
      assert.deepInclude((yield* sessionsOf(rig))[0], {
        channel: assistChannel,
        state: "human",
        ticket: null,
      })
    }).pipe(Effect.scoped),
  )

  it.live("says plainly when a source is internal", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith()
      const source = { articleId: "9", title: "Overrides", url: null, internal: true }
      const draft = draftOf("The code is 77.")
      rig.agent.drafts.push(Effect.succeed(draft._tag === "Draft" ? { ...draft, sources: [source] } : draft))
      const ticket = arrive(rig, "How do I override?")
      yield* told(rig, ticket)
      assert.include(notes(ticket)[0]?.body, "Overrides (internal: do not pass on)")
      assert.include(notes(ticket)[0]?.body, "check what may be passed on")
    }).pipe(Effect.scoped),
  )

  it.live("one note, however often and in whatever order it is signalled", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith()
      const ticket = arrive(rig, "Does it fit?")
      yield* Effect.all(
        [tell(rig, ticket, "a"), tell(rig, ticket, "a"), tell(rig, ticket, "b"), tell(rig, ticket, "c")],
        { concurrency: "unbounded" },
      )
      yield* settled(rig)
      assert.lengthOf(notes(ticket), 1)
      rig.desk.customerReply(ticket, "And in blue?")
      yield* told(rig, ticket)
      yield* tell(rig, ticket, "b")
      yield* settled(rig)
      assert.lengthOf(notes(ticket), 2)
      assert.include(notes(ticket)[1]?.body, "And in blue?")
    }).pipe(Effect.scoped),
  )

  it.live("comments in order, one look at a time for each ticket, tickets side by side", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith()
      const gate = yield* Deferred.make<void>()
      const first = arrive(rig, "first")
      const other = arrive(rig, "other")
      rig.agent.drafts.push(Effect.andThen(Deferred.await(gate), Effect.succeed(draftOf("slow"))))
      yield* tell(rig, first)
      yield* until("the first look to have read the ticket", () => rig.agent.assists.length === 1)
      rig.desk.customerReply(first, "second")
      yield* tell(rig, first)
      yield* told1(rig, other)
      assert.lengthOf(notes(first), 0)
      yield* Deferred.succeed(gate, undefined)
      yield* settled(rig)
      assert.lengthOf(notes(first), 2)
      assert.include(notes(first)[0]?.body, "slow")
      assert.include(notes(first)[1]?.body, "second")
    }).pipe(Effect.scoped),
  )

  it.live("that agents have answered gets nothing; their later question in a note does", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith({ mode: "on_mention" })
      const ticket = arrive(rig, "Does it fit?")
      yield* told(rig, ticket)
      rig.desk.reply(ticket, "It does.")
      yield* told(rig, ticket)
      assert.lengthOf(rig.agent.assists, 0)
      rig.desk.note(ticket, "@opencx what about returns?")
      yield* told(rig, ticket)
      yield* told(rig, ticket)
      assert.lengthOf(notes(ticket), 1)
      assert.include(notes(ticket)[0]?.body, "draft for: what about returns?")
      const [context] = rig.agent.assists
      assert.deepInclude(context, { request: "what about returns?", subject: "Helmet" })
      assert.deepStrictEqual(
        context?.lines.map((line) => line.role),
        ["customer", "human"],
        "notes are no part of the conversation",
      )
    }).pipe(Effect.scoped),
  )
})

const told1 = (rig: Rig, ticket: DeskTicket) =>
  Effect.gen(function* () {
    yield* tell(rig, ticket)
    while (notes(ticket).length === 0) yield* Effect.sleep(5)
  }).pipe(Effect.timeout("10 seconds"), Effect.orDie)

describe("quiet", () => {
  it.live("with a tag that says why, once; and nothing at all after a word of thanks", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith()
      rig.agent.drafts.push(
        skipped("not_helpful_answer"),
        skipped("nothing_to_answer"),
        skipped("topic_no_assist"),
      )
      const ticket = arrive(rig, "Something odd")
      yield* told(rig, ticket)
      assert.deepStrictEqual([...ticket.tags], ["opencx", "opencx_skipped_not_helpful_answer"])
      rig.desk.customerReply(ticket, "Thanks")
      yield* told(rig, ticket)
      assert.strictEqual(ticket.tags.size, 2)
      rig.desk.customerReply(ticket, "My lawyer")
      yield* told(rig, ticket)
      assert.isTrue(ticket.tags.has("opencx_skipped_topic_no_assist"))
      rig.desk.customerReply(ticket, "A good question")
      yield* told(rig, ticket)
      assert.lengthOf(rig.agent.assists, 3, "the tag silences the ticket")
      assert.lengthOf(notes(ticket), 0)
      assert.deepStrictEqual(
        (yield* assists(rig, ticket)).map((one) => one.result),
        ["not_helpful_answer", "nothing_to_answer", "topic_no_assist"],
      )
    }).pipe(Effect.scoped),
  )

  it.live("on tickets of ours: by link, and by the session that the ticket names", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith()
      yield* write(rig, mail("a human please"))
      yield* settled(rig)
      const ours = rig.desk.only()
      ours.tags.clear()
      rig.desk.customerReply(ours, "past you, by mail")
      const before = ours.comments.length
      yield* told(rig, ours)
      assert.lengthOf(rig.agent.assists, 0)
      assert.strictEqual(ours.comments.length, before)
      assert.strictEqual(ours.tags.size, 0)
    }).pipe(Effect.scoped),
  )

  it.live("while it is off, for an excluded brand, on closed and on missing tickets", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith({ mode: "every_comment", rules: [{ brand: 77, mode: "off" }] })
      const excluded = arrive(rig, "Does it fit?", { brandId: "77" })
      const closed = arrive(rig, "Does it fit?")
      rig.desk.close(closed)
      const gone = arrive(rig, "Does it fit?")
      rig.desk.tickets.pop()
      for (const ticket of [excluded, closed, gone]) yield* told(rig, ticket)
      assert.lengthOf(rig.agent.assists, 0)
      assert.deepStrictEqual([...excluded.tags, ...closed.tags], [])
      assert.deepStrictEqual(yield* rig.store.deadLetters(orgId, 10), [])
      const off = yield* rigWith({})
      const ticket = arrive(off, "Does it fit?")
      yield* told(off, ticket)
      assert.lengthOf(notes(ticket), 0)
    }).pipe(Effect.scoped),
  )
})

describe("when something goes wrong", () => {
  it.live("a note whose answer got lost is looked for, and the AI is not asked again", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith()
      rig.desk.next("comment", loseAnswer)
      rig.desk.next("addTags", loseAnswer)
      const ticket = arrive(rig, "Does it fit?")
      yield* told(rig, ticket)
      assert.lengthOf(notes(ticket), 1)
      assert.lengthOf(rig.agent.assists, 1)
      assert.isTrue(ticket.tags.has("opencx_assist_mode"))
    }).pipe(Effect.scoped),
  )

  it.live("limits, outages and a ticket that closes on the way", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith()
      rig.desk.next("thread", down, refuse(new RateLimited({ retryAfterMs: 20 })))
      const ticket = arrive(rig, "Does it fit?")
      yield* told(rig, ticket)
      assert.lengthOf(notes(ticket), 1)
      const closing = arrive(rig, "And this?")
      rig.desk.next("comment", hold(Effect.sync(() => rig.desk.close(closing))))
      yield* told(rig, closing)
      assert.lengthOf(notes(closing), 0)
      assert.deepStrictEqual(yield* rig.store.deadLetters(orgId, 10), [])
    }).pipe(Effect.scoped),
  )

  it.live("one that was given up in doubt is not written twice by the next signal, nor by a replay", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith()
      const ticket = arrive(rig, "Does it fit?")
      rig.desk.next("comment", loseAnswer, down, down)
      yield* told(rig, ticket)
      const [letter] = yield* rig.store.deadLetters(orgId, 10)
      if (letter === undefined) return assert.fail("a dead letter")
      assert.lengthOf(notes(ticket), 1)
      yield* told(rig, ticket)
      assert.lengthOf(notes(ticket), 1)
      assert.lengthOf(yield* assists(rig, ticket), 1)
      yield* rig.engine.replay(orgId, letter.id)
      yield* settled(rig)
      assert.lengthOf(notes(ticket), 1)
    }).pipe(Effect.scoped),
  )

  it.live("an AI that fails is tried again, then given up with a word on the session", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith()
      const failing = Effect.fail(
        new SupportAgentError({
          operation: "assist",
          reason: new Unavailable({ detail: "no model", retryAfterMs: null }),
        }),
      )
      rig.agent.drafts.push(failing)
      const ticket = arrive(rig, "Does it fit?")
      yield* told(rig, ticket)
      assert.lengthOf(notes(ticket), 1)
      rig.agent.drafts.push(failing, failing, failing)
      const other = arrive(rig, "And this?")
      yield* told(rig, other)
      assert.lengthOf(notes(other), 0)
      assert.lengthOf(yield* rig.store.deadLetters(orgId, 10), 1)
    }).pipe(Effect.scoped),
  )

  it.live("events of conversations change nothing there", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith()
      const ticket = arrive(rig, "Does it fit?")
      yield* told(rig, ticket)
      const [session] = yield* sessionsOf(rig)
      if (session === undefined) return assert.fail("a session")
      for (const command of ["take_over", "hand_back", "close"] as const)
        yield* rig.ingest.command({ orgId, sessionId: session.id, command, by: "op", commandKey: command })
      yield* settled(rig)
      assert.deepInclude(yield* rig.store.session(orgId, session.id), {
        state: "human",
        lastSeq: session.lastSeq,
      })
      yield* signal(rig, ticket, null)
      yield* settled(rig)
      assert.strictEqual(rig.desk.count("humanComments"), 0, "no ticket of ours")
      assert.deepStrictEqual(rig.sent, [])
    }).pipe(Effect.scoped),
  )
})
