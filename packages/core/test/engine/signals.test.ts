/** Signals between their acceptance and the lane: kept together, handed on as one, through refusals and repetitions. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect } from "effect"
import { type SignalInbox, StoreError, TicketId } from "../../src/index.ts"
import { orgId } from "../support/fixtures.ts"
import {
  mail,
  makeRig,
  type Rig,
  type RigOptions,
  settled,
  signal,
  texts,
  until,
  write,
} from "../support/Rig.ts"

type Inbox = SignalInbox["Service"]

const refusal = Effect.fail(new StoreError({ operation: "test", detail: "the disk is full" }))

/** The real inbox, whose methods fail while `down` names them; counts calls. */
const weather = () => {
  const down = new Set<keyof Inbox>()
  const calls = { keep: 0, waiting: 0, handedOn: 0 }
  const through = <A>(method: keyof Inbox, effect: Effect.Effect<A, StoreError>) =>
    Effect.suspend(() => {
      calls[method] += 1
      return down.has(method) ? refusal : effect
    })
  const inbox = (real: Inbox): Inbox => ({
    keep: (signals) => through("keep", real.keep(signals)),
    waiting: (limit) => through("waiting", real.waiting(limit)),
    handedOn: (tickets) => through("handedOn", real.handedOn(tickets)),
  })
  return { down, calls, inbox }
}

const handedOff = Effect.fnUntraced(function* (options: RigOptions = {}) {
  const rig = yield* makeRig(options)
  yield* write(rig, mail("a human please"))
  yield* settled(rig)
  return { rig, ticket: rig.desk.only() }
})

const told = (rig: Rig) => texts(rig).filter((words) => words.startsWith("reply"))

describe("signals", () => {
  it.live("that come at once are written together", () =>
    Effect.gen(function* () {
      const { calls, inbox } = weather()
      const { rig, ticket } = yield* handedOff({ inbox })
      yield* signal(rig, ticket, "open")
      yield* settled(rig)
      const before = calls.keep
      const looks = rig.desk.count("humanComments")
      rig.desk.reply(ticket, "reply 1")
      const answers = yield* Effect.all(
        Array.from({ length: 200 }, () => signal(rig, ticket, "open")),
        { concurrency: "unbounded" },
      )
      assert.isTrue(answers.every((answer) => answer === "accepted"))
      assert.isAtMost(calls.keep - before, 5)
      yield* settled(rig)
      assert.deepStrictEqual(told(rig), ["reply 1"])
      assert.isAtMost(rig.desk.count("humanComments") - looks, 2)
    }).pipe(Effect.scoped),
  )

  it.live("with the same key, at once and later, set off one look", () =>
    Effect.gen(function* () {
      const { rig, ticket } = yield* handedOff()
      const again = signal(rig, ticket, "open", "zendesk:same")
      yield* Effect.all([again, again, again], { concurrency: "unbounded" })
      yield* settled(rig)
      assert.strictEqual(yield* again, "accepted")
      yield* settled(rig)
      // The lane knows it too, should it come to another process.
      yield* rig.signals.keep([
        { orgId, ticketId: ticket.id, sessionId: null, readStatus: false, signalKey: "zendesk:same" },
      ])
      yield* settled(rig)
      assert.strictEqual(rig.desk.count("humanComments"), 1)
    }).pipe(Effect.scoped),
  )

  it.live("one that asks for the status is not forgotten among others that do not", () =>
    Effect.gen(function* () {
      const { rig, ticket } = yield* handedOff()
      rig.desk.setStatus(ticket, "solved")
      yield* Effect.all([
        signal(rig, ticket, "open"),
        signal(rig, ticket, "solved"),
        signal(rig, ticket, "open"),
      ])
      yield* settled(rig)
      const [session] = yield* rig.store.sessions(orgId, { limit: 1 })
      assert.strictEqual(session?.ticket?.status, "solved")
    }).pipe(Effect.scoped),
  )

  it.live("that were kept by a process that died are handed on by the next one", () =>
    Effect.gen(function* () {
      const { rig, ticket } = yield* handedOff()
      rig.desk.reply(ticket, "reply 1")
      yield* rig.signals.keep([
        { orgId, ticketId: ticket.id, sessionId: null, readStatus: false, signalKey: "zendesk:dead" },
      ])
      yield* until("the reply", () => told(rig).length > 0)
      yield* settled(rig)
      assert.deepStrictEqual(told(rig), ["reply 1"])
    }).pipe(Effect.scoped),
  )

  it.live("of a ticket whose creation is not answered yet wait for the answer", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const gate = yield* Deferred.make<void>()
      rig.desk.next("create", (call) => Effect.tap(call, () => Deferred.await(gate)))
      yield* write(rig, mail("a human please"))
      yield* until("the ticket is there", () => rig.desk.tickets.length === 1)
      const ticket = rig.desk.only()
      rig.desk.reply(ticket, "reply 1")
      assert.strictEqual(yield* signal(rig, ticket, "open"), "accepted")
      yield* Effect.sleep(500)
      assert.strictEqual(rig.desk.count("humanComments"), 0)
      yield* Deferred.succeed(gate, undefined)
      yield* settled(rig)
      assert.strictEqual(texts(rig).length, 2)
      assert.strictEqual(texts(rig).at(-1), "reply 1", "behind the word that there is a ticket")
    }).pipe(Effect.scoped),
  )

  it.live("about a ticket that has no session any more are dropped", () =>
    Effect.gen(function* () {
      const { rig, ticket } = yield* handedOff()
      yield* rig.signals.keep([
        {
          orgId,
          ticketId: TicketId.make("999999"),
          sessionId: null,
          readStatus: true,
          signalKey: "zendesk:1",
        },
        { orgId, ticketId: ticket.id, sessionId: null, readStatus: false, signalKey: "zendesk:2" },
      ])
      yield* settled(rig)
      assert.strictEqual(rig.desk.count("humanComments"), 1)
    }).pipe(Effect.scoped),
  )
})

describe("when the store refuses", () => {
  it.live("to keep a signal, the caller hears of it, and readiness too; afterwards it is taken", () =>
    Effect.gen(function* () {
      const { down, inbox } = weather()
      const { rig, ticket } = yield* handedOff({ inbox })
      rig.desk.reply(ticket, "reply 1")
      down.add("keep")
      const again = signal(rig, ticket, "open", "zendesk:1")
      assert.strictEqual((yield* Effect.flip(again))._tag, "StoreError")
      assert.isFalse((yield* rig.engine.health).ready)
      down.delete("keep")
      assert.strictEqual(yield* again, "accepted")
      yield* settled(rig)
      assert.deepStrictEqual(told(rig), ["reply 1"])
    }).pipe(Effect.scoped),
  )

  it.live("to name what waits, it waits and is seen to; the engine is left alone, and nothing is lost", () =>
    Effect.gen(function* () {
      const { calls, down, inbox } = weather()
      const engine = { stuckAfter: "3 seconds", watchEvery: "20 millis", acceptWithin: "4 seconds" } as const
      const { rig, ticket } = yield* handedOff({ inbox, engine })
      down.add("waiting")
      rig.desk.reply(ticket, "reply 1")
      yield* signal(rig, ticket, "open")
      assert.strictEqual((yield* rig.engine.health).backlog.waiting, 1)
      const asked = calls.waiting
      yield* until("it was asked twice in vain", () => calls.waiting >= asked + 2)
      assert.strictEqual((yield* rig.engine.health).backlog.waiting, 1)
      down.delete("waiting")
      yield* until("the reply", () => told(rig).length > 0)
      yield* settled(rig)
      const { backlog, restarts } = yield* rig.engine.health
      assert.deepStrictEqual([backlog.waiting, restarts], [0, 0])
      assert.deepStrictEqual(told(rig), ["reply 1"])
    }).pipe(Effect.scoped),
  )

  it.live("to forget what was handed on, it is handed on again and changes nothing", () =>
    Effect.gen(function* () {
      const { calls, down, inbox } = weather()
      const { rig, ticket } = yield* handedOff({ inbox })
      down.add("handedOn")
      rig.desk.reply(ticket, "reply 1")
      yield* signal(rig, ticket, "open")
      yield* until("the reply", () => told(rig).length > 0)
      yield* until("it was tried again", () => calls.handedOn > 1)
      // What comes meanwhile is a new event, although older ones of the same ticket are handed on with it once more.
      rig.desk.reply(ticket, "reply 2")
      yield* signal(rig, ticket, "open")
      yield* until("the second reply", () => told(rig).length > 1)
      down.delete("handedOn")
      yield* settled(rig)
      assert.deepStrictEqual(told(rig), ["reply 1", "reply 2"])
    }).pipe(Effect.scoped),
  )
})
