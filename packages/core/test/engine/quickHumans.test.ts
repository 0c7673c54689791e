/** Humans who are through with a live chat before we know that they had it. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { chatFaults, Unavailable } from "../../src/index.ts"
import { orgId } from "../support/fixtures.ts"
import { replied, tell } from "../support/liveChat.ts"
import { mail, makeRig, onlySession, settled, texts, until, write } from "../support/Rig.ts"

const down = chatFaults.refuse(new Unavailable({ detail: "down", retryAfterMs: null }))

describe("a handoff", () => {
  it.live("that the humans were through with before we looked is not given to them again", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat", retry: { confirmMs: 1000, lookMs: 400 } })
      yield* write(rig, mail("a human please"))
      yield* until("the pass", () => rig.chat.count("pass") === 1)
      const { id: sessionId } = yield* onlySession(rig)
      const conversation = rig.chat.only()
      const now = yield* Clock.currentTimeMillis
      yield* tell(rig, { _tag: "Control", control: "humans", reason: null }, { sessionId, at: now })
      yield* tell(rig, replied("Done, bye"), { sessionId, at: now + 1 })
      rig.chat.release(conversation)
      const closed = { _tag: "Control", control: "nobody", reason: "ticketClosed" } as const
      yield* tell(rig, closed, { sessionId, at: now + 2 })
      yield* settled(rig)
      assert.strictEqual(rig.chat.count("pass"), 1)
      assert.deepInclude(yield* onlySession(rig), { state: "ai", handoffPending: false })
      assert.deepStrictEqual(texts(rig), ["Done, bye"])
    }).pipe(Effect.scoped),
  )

  it.live("whose confirmation got lost is not given again after the humans are through with it", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat", retry: { confirmMs: 300, lookMs: 100, tries: 8 } })
      rig.chat.next("control", ...Array.from({ length: 20 }, () => down))
      yield* write(rig, mail("a human please"))
      yield* until("the pass", () => rig.chat.count("pass") === 1)
      const { id: sessionId } = yield* onlySession(rig)
      const conversation = rig.chat.only()
      const now = yield* Clock.currentTimeMillis
      yield* tell(rig, { _tag: "Control", control: "humans", reason: null }, { sessionId, at: now })
      rig.chat.release(conversation)
      const closed = { _tag: "Control", control: "nobody", reason: "ticketClosed" } as const
      yield* tell(rig, closed, { sessionId, at: now + 1 })
      yield* settled(rig)
      assert.strictEqual(rig.chat.count("pass"), 1)
      assert.lengthOf(yield* rig.store.deadLetters(orgId, 9), 0)
      assert.deepInclude(yield* onlySession(rig), { state: "ai", handoffPending: false })
    }).pipe(Effect.scoped),
  )
})
