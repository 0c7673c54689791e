/** From the AI to a human and back, through the real engine. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect } from "effect"
import { deskFaults, Invalid, RateLimited, textFor, TicketId, Unavailable } from "../../src/index.ts"
import { giveUp } from "../support/FakeAgent.ts"
import { orgId, settings } from "../support/fixtures.ts"
import { mail, makeRig, onlySession, type Rig, settled, signal, texts, until, write } from "../support/Rig.ts"

const { hold, loseAnswer, refuse } = deskFaults
const passedOn = textFor(settings(), "en", "handoffConfirmed")
const sorry = textFor(settings(), "en", "handoffFailed")
const down = refuse(new Unavailable({ detail: "down", retryAfterMs: null }))

const handedOff = Effect.fnUntraced(function* (rig: Rig) {
  yield* write(rig, mail("a human please"))
  yield* settled(rig)
  return rig.desk.only()
})

describe("a handoff", () => {
  it.live("is one ticket with the conversation on it, and then a word to the customer", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      yield* write(rig, mail("where?"))
      yield* settled(rig)
      const ticket = yield* handedOff(rig)
      const [first] = ticket.comments
      for (const words of ["where?", "answer to: where?", "a human please", "Wants a refund"]) {
        assert.include(first?.body, words)
      }
      assert.isTrue(ticket.tags.has("opencx_handedoff"))
      assert.deepStrictEqual(texts(rig), ["answer to: where?", passedOn])
      assert.deepStrictEqual(rig.desk.calls, ["prepare", "create"])
      assert.deepInclude(yield* onlySession(rig), { state: "handing_off", handoffPending: false })
    }).pipe(Effect.scoped),
  )

  it.live("whose answer got lost is found again, and never made twice", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      rig.desk.next("create", loseAnswer)
      const ticket = yield* handedOff(rig)
      assert.strictEqual(rig.desk.count("create"), 1)
      assert.strictEqual(rig.desk.count("findByExternalId"), 1)
      assert.strictEqual((yield* onlySession(rig)).ticket?.ticketId, ticket.id)
      assert.deepStrictEqual(texts(rig), [passedOn])
    }).pipe(Effect.scoped),
  )

  it.live("that takes several tries puts what the customer writes meanwhile on the ticket once", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const gate = yield* Deferred.make<void>()
      rig.desk.next("prepare", (call) => Effect.andThen(Deferred.await(gate), down(call)))
      yield* write(rig, mail("a human please"))
      yield* until("the first try", () => Effect.succeed(rig.desk.count("prepare") === 1))
      yield* write(rig, mail("and a second thing"))
      yield* until("the second message", () =>
        Effect.map(onlySession(rig), (session) => session.customerSeq > session.forwardedSeq + 1),
      )
      yield* Deferred.succeed(gate, undefined)
      yield* settled(rig)
      const ticket = rig.desk.only()
      const holding = ticket.comments.filter((c) => c.body.includes("and a second thing"))
      assert.strictEqual(holding.length, 1)
      assert.isTrue(holding[0]?.public)
      assert.include(ticket.comments[0]?.body, "a human please")
    }).pipe(Effect.scoped),
  )

  it.live("waits as long as the help desk asks", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      rig.desk.next("create", refuse(new RateLimited({ retryAfterMs: 60 })))
      const begun = performance.now()
      yield* handedOff(rig)
      assert.isAtLeast(performance.now() - begun, 60)
      assert.strictEqual(rig.desk.count("create"), 2)
    }).pipe(Effect.scoped),
  )

  it.live("that fails for good: apology, dead letter, the AI stays; its replay makes the ticket", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      rig.desk.next("prepare", refuse(new Invalid({ issues: ["no email"], hint: "Add one." })))
      yield* write(rig, mail("a human please"))
      yield* settled(rig)
      assert.deepStrictEqual(texts(rig), [sorry])
      assert.strictEqual((yield* onlySession(rig)).state, "ai")
      const [letter] = yield* rig.store.deadLetters(orgId, 10)
      if (letter === undefined) return assert.fail("a dead letter")
      assert.deepInclude(letter.outcome, {
        _tag: "Failed",
        explanation: "no email. Add one.",
        permanent: true,
      })

      yield* rig.engine.replay(orgId, letter.id)
      yield* settled(rig)
      assert.strictEqual(rig.desk.only().status, "new")
      assert.strictEqual((yield* onlySession(rig)).state, "handing_off")
      assert.deepStrictEqual(texts(rig), [sorry, passedOn])
    }).pipe(Effect.scoped),
  )

  it.live("is tried as often as the policy says, no more", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ retry: { tries: 4 } })
      rig.desk.next("create", down, down, down, down, down)
      yield* write(rig, mail("a human please"))
      yield* settled(rig)
      assert.strictEqual(rig.desk.count("create"), 4)
      assert.deepStrictEqual(texts(rig), [sorry])
    }).pipe(Effect.scoped),
  )

  it.live("on a ticket that is open becomes a note on it", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const ticket = yield* handedOff(rig)
      rig.desk.reply(ticket, "done")
      rig.desk.solve(ticket)
      yield* signal(rig, ticket, "solved")
      yield* settled(rig)
      yield* write(rig, mail("a human again"))
      yield* settled(rig)
      const [, , note] = rig.desk.only().comments
      assert.deepInclude(note, { public: false, by: "us" })
      assert.include(note?.body, "a human again")
      assert.notInclude(note?.body, "a human please", "the ticket has that already")
      assert.strictEqual(ticket.status, "open")
    }).pipe(Effect.scoped),
  )

  it.live("on a ticket that turned out closed becomes a follow-up", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const ticket = yield* handedOff(rig)
      const { id } = yield* onlySession(rig)
      yield* rig.ingest.command({ orgId, sessionId: id, command: "hand_back", by: "Olga", commandKey: "k" })
      yield* settled(rig)
      rig.desk.close(ticket)
      yield* write(rig, mail("a human again"))
      yield* settled(rig)
      assert.strictEqual(rig.desk.tickets.length, 2)
      assert.strictEqual((yield* onlySession(rig)).ticket?.ticketId, rig.desk.tickets[1]?.id)
      assert.strictEqual((yield* onlySession(rig)).state, "handing_off")
    }).pipe(Effect.scoped),
  )

  it.live("what the customer writes while it is under way reaches the ticket", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const gate = yield* Deferred.make<void>()
      rig.desk.next("create", hold(Deferred.await(gate)))
      yield* write(rig, mail("a human please"))
      yield* until("the ticket is being made", () => rig.desk.count("create") === 1)
      yield* write(rig, mail("and one thing more"))
      yield* until("it is on the timeline", () => Effect.map(onlySession(rig), (s) => s.lastSeq === 3))
      assert.deepStrictEqual(texts(rig), [], "nothing is promised yet")
      yield* Deferred.succeed(gate, undefined)
      yield* settled(rig)
      const [, forwarded] = rig.desk.only().comments
      assert.deepInclude(forwarded, { public: true, body: "and one thing more" })
    }).pipe(Effect.scoped),
  )
})

describe("a handed-off conversation", () => {
  it.live("a forwarded message whose answer got lost is not written twice", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const ticket = yield* handedOff(rig)
      rig.desk.next("comment", loseAnswer)
      yield* write(rig, mail("hello?"))
      yield* settled(rig)
      assert.deepStrictEqual(
        ticket.comments.slice(1).map((c) => c.body),
        ["hello?"],
      )
    }).pipe(Effect.scoped),
  )

  it.live("carries the human's replies to the customer, in order, once, however often it is signalled", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const ticket = yield* handedOff(rig)
      for (const n of [1, 2, 3]) {
        rig.desk.reply(ticket, `reply ${n}`)
        yield* Effect.all([signal(rig, ticket, "open"), signal(rig, ticket, "open")], {
          concurrency: "unbounded",
        })
      }
      yield* settled(rig)
      yield* signal(rig, ticket, null)
      yield* settled(rig)
      assert.deepStrictEqual(texts(rig), [passedOn, "reply 1", "reply 2", "reply 3"])
      assert.deepInclude(rig.sent[1], { author: "human", authorName: "Ada" })
      assert.deepInclude(yield* onlySession(rig), { state: "human", humanName: "Ada" })
    }).pipe(Effect.scoped),
  )

  it.live("goes back to the AI when the ticket is solved, and the AI knows what was said", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const ticket = yield* handedOff(rig)
      rig.desk.reply(ticket, "it is in the post")
      rig.desk.solve(ticket)
      yield* signal(rig, ticket, "solved")
      yield* settled(rig)
      yield* write(rig, mail("thanks, how long?"))
      yield* settled(rig)
      assert.deepStrictEqual(texts(rig), [passedOn, "it is in the post", "answer to: thanks, how long?"])
      const [, context] = rig.agent.turns
      assert.deepStrictEqual(
        context?.lines.map((l) => l.role),
        ["customer", "human", "customer"],
      )
      assert.strictEqual(context?.unanswered, 1)
    }).pipe(Effect.scoped),
  )

  it.live("on a ticket that was closed unseen: the AI answers what nobody has read", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const ticket = yield* handedOff(rig)
      rig.desk.close(ticket)
      yield* write(rig, mail("anybody?"))
      yield* settled(rig)
      assert.deepStrictEqual(texts(rig), [passedOn, "answer to: anybody?"])
      assert.strictEqual((yield* onlySession(rig)).ticket?.status, "closed")
    }).pipe(Effect.scoped),
  )

  it.live("a signal for a ticket of somebody else is ignored", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const ticket = yield* handedOff(rig)
      const stranger = { ...ticket, id: TicketId.make("999999"), externalId: "not-ours" }
      assert.strictEqual(yield* signal(rig, stranger, null), "ignored")
    }).pipe(Effect.scoped),
  )

  it.live("nobody joined in time: the customer is told", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ handoff: { noHumanMinutes: 0.002 } })
      yield* write(rig, mail("a human please"))
      yield* until("the timer has rung", () => rig.sent.length === 2)
      assert.deepStrictEqual(texts(rig), [passedOn, textFor(settings(), "en", "noHuman")])
    }).pipe(Effect.scoped),
  )
})

describe("a ticket for every conversation", () => {
  it.live("is there from the first message, and a handoff goes onto it", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ handoff: { ticketForEveryConversation: true } })
      yield* write(rig, mail("where?"))
      yield* settled(rig)
      assert.deepStrictEqual(texts(rig), ["answer to: where?"])
      yield* write(rig, mail("a human please"))
      yield* settled(rig)
      assert.strictEqual(rig.desk.only().comments.length, 2)
    }).pipe(Effect.scoped),
  )

  it.live("is one, also when the AI gives up at the same moment", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ handoff: { ticketForEveryConversation: true } })
      const gate = yield* Deferred.make<void>()
      rig.desk.next("create", hold(Deferred.await(gate)))
      rig.agent.script.push(() => Effect.succeed(giveUp()))
      yield* write(rig, mail("where?"))
      yield* until("the ticket is being made", () => rig.desk.count("create") === 1)
      yield* until("the handoff is decided", () => Effect.map(onlySession(rig), (s) => s.handoffPending))
      yield* Deferred.succeed(gate, undefined)
      yield* settled(rig)
      assert.strictEqual(rig.desk.tickets.length, 1)
    }).pipe(Effect.scoped),
  )
})

describe("a ticket whose making failed in doubt", () => {
  it.live("is linked as soon as a human answers on it", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ retry: { tries: 1 } })
      rig.desk.next("create", loseAnswer)
      yield* write(rig, mail("a human please"))
      yield* settled(rig)
      const ticket = rig.desk.only()
      assert.isNull((yield* onlySession(rig)).ticket)
      rig.desk.reply(ticket, "how can I help?")
      yield* signal(rig, ticket, "open")
      yield* settled(rig)
      assert.strictEqual(texts(rig).at(-1), "how can I help?")
      assert.deepInclude(yield* onlySession(rig), { state: "human" })
    }).pipe(Effect.scoped),
  )
})
