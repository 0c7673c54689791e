/** The AI's part of a conversation, through the real engine. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect } from "effect"
import { SendFailure, SessionId, SupportAgentError, Unavailable } from "../../src/index.ts"
import { giveUp, say } from "../support/FakeAgent.ts"
import { orgId, uuid } from "../support/fixtures.ts"
import { mail, makeRig, onlySession, settled, tagsOf, texts, until, write } from "../support/Rig.ts"

describe("the AI", () => {
  it.live("answers a question, once", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      yield* write(rig, mail("where?"))
      yield* settled(rig)
      const session = yield* onlySession(rig)
      assert.deepStrictEqual(texts(rig), ["answer to: where?"])
      assert.deepStrictEqual(yield* tagsOf(rig, session), ["CustomerMessage", "AiAnswer", "DeliveryUpdate"])
      assert.deepInclude(rig.sent[0], { author: "ai", subject: "Parcel", sessionId: session.id })
      assert.deepStrictEqual((yield* rig.engine.health).backlog, { oldestMs: 0, waiting: 0, running: 0 })
    }).pipe(Effect.scoped),
  )

  it.live("takes a redelivered event for what it is", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const event = mail("where?")
      yield* Effect.all([write(rig, event), write(rig, event), write(rig, event)], {
        concurrency: "unbounded",
      })
      yield* settled(rig)
      yield* write(rig, event)
      yield* settled(rig)
      assert.strictEqual(rig.agent.turns.length, 1)
      assert.deepStrictEqual(texts(rig), ["answer to: where?"])
    }).pipe(Effect.scoped),
  )

  it.live("folds what comes while it thinks into one next turn", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const gate = yield* Deferred.make<void>()
      rig.agent.script.push(() => Effect.as(Deferred.await(gate), say("first")))
      yield* write(rig, mail("one"))
      yield* until("the AI thinks", () => rig.agent.turns.length === 1)
      yield* write(rig, mail("two"), mail("three"), mail("four"))
      yield* until("all are on the timeline", () => Effect.map(onlySession(rig), (s) => s.customerSeq === 4))
      yield* Deferred.succeed(gate, undefined)
      yield* settled(rig)
      assert.deepStrictEqual(texts(rig), ["first", "answer to: two + three + four"])
      assert.deepStrictEqual(
        rig.agent.turns.map((t) => t.unanswered),
        [1, 3],
      )
      assert.deepStrictEqual(
        rig.agent.turns[1]?.lines.map(({ text }) => text),
        ["one", "first", "two", "three", "four"],
      )
    }).pipe(Effect.scoped),
  )

  it.live("keeps an answer to itself that was ready after a human took over", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const gate = yield* Deferred.make<void>()
      rig.agent.script.push(() => Effect.as(Deferred.await(gate), say("too late")))
      yield* write(rig, mail("where?"))
      yield* until("the AI thinks", () => rig.agent.turns.length === 1)
      const { id } = yield* onlySession(rig)
      const taken = { orgId, sessionId: id, command: "take_over", by: "Olga", commandKey: "c1" } as const
      assert.isTrue(yield* rig.ingest.command(taken))
      yield* until("the ticket is there", () => rig.desk.tickets.length === 1)
      yield* Deferred.succeed(gate, undefined)
      yield* settled(rig)
      assert.notInclude(texts(rig), "too late")
      const answer = (yield* rig.store.timeline(orgId, id)).find((e) => e.body._tag === "AiAnswer")?.body
      assert.isTrue(answer?._tag === "AiAnswer" && answer.withheld)
    }).pipe(Effect.scoped),
  )

  it.live("that is down for a while is asked again", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const down = new SupportAgentError({
        operation: "respond",
        reason: new Unavailable({ detail: "no model", retryAfterMs: null }),
      })
      rig.agent.script.push(
        () => Effect.fail(down),
        () => Effect.die("a bug"),
      )
      yield* write(rig, mail("where?"))
      yield* settled(rig)
      assert.deepStrictEqual(texts(rig), ["answer to: where?"])
      assert.strictEqual(rig.agent.turns.length, 3)
    }).pipe(Effect.scoped),
  )

  it.live("that is down for good gives the conversation to a human", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const bug = () => Effect.die("a bug that stays")
      rig.agent.script.push(bug, bug, bug)
      yield* write(rig, mail("where?"))
      yield* settled(rig)
      assert.include(rig.desk.only().comments[0]?.body, "the AI was not available")
      assert.strictEqual((yield* rig.store.workCounts).dead, 1)
      assert.strictEqual((yield* onlySession(rig)).state, "handing_off")
    }).pipe(Effect.scoped),
  )
})

describe("sending", () => {
  const down = Effect.fail(new SendFailure({ kind: { _tag: "Retry", afterMs: null, detail: "busy" } }))

  it.live("is tried again, with the same delivery id", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const seen: Array<string> = []
      const busy = (message: { readonly deliveryId: string }) =>
        Effect.suspend(() => (seen.push(message.deliveryId), down))
      rig.sendFaults.push(busy, busy)
      yield* write(rig, mail("where?"))
      yield* settled(rig)
      assert.deepStrictEqual(texts(rig), ["answer to: where?"])
      assert.deepStrictEqual([...new Set(seen)], [String(rig.sent[0]?.deliveryId)])
    }).pipe(Effect.scoped),
  )

  it.live("is not tried again when nobody knows whether it went out and twice would be twice", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const doubtful = new SendFailure({
        kind: { _tag: "Ambiguous", detail: "cut off", resendIsSafe: false },
      })
      rig.sendFaults.push(() => Effect.fail(doubtful))
      yield* write(rig, mail("where?"))
      yield* settled(rig)
      assert.deepStrictEqual(texts(rig), [])
      assert.strictEqual((yield* rig.store.workCounts).dead, 1)
    }).pipe(Effect.scoped),
  )

  it.live("given up is a dead letter, and its replay really runs again", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      rig.sendFaults.push(
        () => down,
        () => down,
        () => down,
      )
      yield* write(rig, mail("where?"))
      yield* settled(rig)
      assert.deepStrictEqual(texts(rig), [])
      const [letter] = yield* rig.store.deadLetters(orgId, 10)
      if (letter === undefined) return assert.fail("a dead letter")
      assert.strictEqual(letter.task._tag, "Deliver")
      assert.isNotNull(yield* rig.engine.replay(orgId, letter.id))
      yield* settled(rig)
      assert.deepStrictEqual(texts(rig), ["answer to: where?"])
      assert.isNull(yield* rig.engine.replay(orgId, letter.id), "it is not dead any more")
      assert.strictEqual((yield* rig.store.workCounts).dead, 0)
    }).pipe(Effect.scoped),
  )

  it.live("in two conversations at once: neither waits for the other", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const gate = yield* Deferred.make<void>()
      rig.agent.script.push(() => Effect.as(Deferred.await(gate), giveUp()))
      yield* write(rig, mail("one"))
      yield* until("the first is thought about", () => rig.agent.turns.length === 1)
      const other = {
        defaultKey: "thread-2",
        signedKey: null,
        references: [],
        participant: "bob@customer.example",
      }
      const sender = { kind: "email", value: "bob@customer.example", verified: true, name: null } as const
      yield* write(rig, mail("two", { thread: other, sender }))
      yield* until("the second is answered", () => rig.sent.length === 1)
      assert.deepStrictEqual(texts(rig), ["answer to: two"])
      yield* Deferred.succeed(gate, undefined)
      yield* settled(rig)
    }).pipe(Effect.scoped),
  )
})

describe("commands", () => {
  it.live("on an unknown session are refused", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const sessionId = SessionId.make(uuid(99))
      const known = yield* rig.ingest.command({
        orgId,
        sessionId,
        command: "close",
        by: "x",
        commandKey: "k",
      })
      assert.isFalse(known)
    }).pipe(Effect.scoped),
  )
})
