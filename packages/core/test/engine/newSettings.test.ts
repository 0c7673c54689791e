/** Credentials that are rotated while calls are under way: refused with the old ones, tried again with the new ones. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { CredentialsRejected, deskFaults, SendFailure, textFor } from "../../src/index.ts"
import { orgId, settings } from "../support/fixtures.ts"
import { mail, makeRig, type Rig, settled, texts, write } from "../support/Rig.ts"

const passedOn = textFor(settings(), "en", "handoffConfirmed")
const rejected = deskFaults.refuse(new CredentialsRejected({ hint: "the token is not accepted" }))

/** Refused, while somebody changes the settings. */
const sendRefused = (rig: Rig, kind: SendFailure["kind"]) => () =>
  Effect.suspend(() => {
    rig.changeSettings()
    return new SendFailure({ kind })
  })

const permanent = { _tag: "Permanent", code: "401", explanation: "the token is not accepted" } as const

const letters = (rig: Rig) => Effect.map(rig.store.deadLetters(orgId, 10), (all) => all.length)

describe("a call that is refused while settings change", () => {
  it.live("is made again with the new ones, once: a ticket", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      rig.desk.next("create", (call) =>
        Effect.andThen(
          Effect.sync(() => rig.changeSettings()),
          rejected(call),
        ),
      )
      yield* write(rig, mail("a human please"))
      yield* settled(rig)
      assert.isDefined(rig.desk.only())
      assert.strictEqual(rig.desk.count("create"), 2)
      assert.deepStrictEqual(texts(rig), [passedOn])
      assert.strictEqual(yield* letters(rig), 0)
    }).pipe(Effect.scoped),
  )

  it.live("is made again with the new ones, once: a message", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      rig.sendFaults.push(sendRefused(rig, permanent))
      yield* write(rig, mail("where?"))
      yield* settled(rig)
      assert.deepStrictEqual(texts(rig), ["answer to: where?"])
      assert.strictEqual(yield* letters(rig), 0)
    }).pipe(Effect.scoped),
  )

  it.live("is not made again when it may have gone out, or when nothing has changed", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      rig.sendFaults.push(
        sendRefused(rig, { _tag: "Ambiguous", detail: "the answer was lost", resendIsSafe: false }),
      )
      yield* write(rig, mail("where?"))
      yield* settled(rig)
      assert.deepStrictEqual([texts(rig), yield* letters(rig)], [[], 1])
      rig.sendFaults.push(() => Effect.fail(new SendFailure({ kind: permanent })))
      yield* write(rig, mail("and where?"))
      yield* settled(rig)
      assert.deepStrictEqual([texts(rig), yield* letters(rig)], [[], 2])
    }).pipe(Effect.scoped),
  )

  it.live("is given up when settings change for ever", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ retry: { tries: 3 } })
      for (let n = 0; n < 10; n += 1) rig.sendFaults.push(sendRefused(rig, permanent))
      yield* write(rig, mail("where?"))
      yield* settled(rig)
      assert.strictEqual(rig.sendFaults.length, 7)
      assert.strictEqual(yield* letters(rig), 1)
    }).pipe(Effect.scoped),
  )
})
