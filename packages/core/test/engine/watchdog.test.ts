import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect } from "effect"
import { deskFaults } from "../../src/index.ts"
import { mail, makeRig, settled, signal, texts, until, write } from "../support/Rig.ts"

describe("the watchdog", () => {
  // An order that waits behind a slow one of its own queue is not stuck. The limit leaves room for a busy machine.
  it.live("leaves the engine alone while a help desk is slow", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({
        engine: { stuckAfter: "2 seconds", watchEvery: "50 millis", acceptWithin: "4 seconds" },
      })
      yield* write(rig, mail("a human please"))
      yield* settled(rig)
      const gate = yield* Deferred.make<void>()
      rig.desk.next("humanComments", deskFaults.hold(Deferred.await(gate)))
      const ticket = rig.desk.only()
      yield* signal(rig, ticket, "open")
      yield* until("the help desk is asked", () => rig.desk.count("humanComments") === 1)
      rig.desk.reply(ticket, "hello")
      yield* signal(rig, ticket, "open")
      yield* Effect.sleep("5 seconds")
      const { restarts } = yield* rig.engine.health
      yield* Deferred.succeed(gate, undefined)
      yield* settled(rig)
      assert.strictEqual(texts(rig).at(-1), "hello")
      assert.strictEqual(restarts, 0)
    }).pipe(Effect.scoped),
  )
})
