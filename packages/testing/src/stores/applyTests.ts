/** Applying events: once each, gapless, all or nothing. */
import { assert, type Vitest } from "@effect/vitest"
import { ConversationStore, type Session } from "@opencx/core"
import { Effect, Random } from "effect"
import { appending, deliver, message, newLane, newSession, newSessionId, nothing, orgB } from "./samples.ts"

type Suite = Vitest.MethodsNonLive<ConversationStore>

const onceEach = (it: Suite) =>
  it.effect("applies one event once, and tells the second caller what stands", () =>
    Effect.gen(function* () {
      const store = yield* ConversationStore
      const lane = newLane()
      const session = newSession(lane)
      const order = deliver(1)
      const first = yield* store.apply({
        lane,
        eventKey: "m1",
        sessionId: null,
        decide: (current) => {
          assert.isNull(current)
          return appending(session, [message("hello"), message("مرحبا \u0000 👋🏽")], [order])
        },
      })
      assert.isTrue(first.fresh)
      assert.deepStrictEqual(first.session, { ...session, lastSeq: 2 })
      assert.deepStrictEqual(
        first.pending.map((work) => [work.id, work.task, work.status, work.lane, work.sessionId]),
        [[order.id, order.task, "pending", lane, session.id]],
      )
      const second = yield* store.apply({
        lane,
        eventKey: "m1",
        sessionId: null,
        decide: () => assert.fail("decided twice"),
      })
      assert.isFalse(second.fresh)
      assert.deepStrictEqual(second.session, first.session)
      assert.deepStrictEqual(second.pending, first.pending)
      const timeline = yield* store.timeline(session.orgId, session.id)
      assert.deepStrictEqual(
        timeline.map((entry) => [entry.seq, entry.body._tag === "CustomerMessage" ? entry.body.text : ""]),
        [
          [1, "hello"],
          [2, "مرحبا \u0000 👋🏽"],
        ],
      )
      assert.isTrue(yield* store.wasApplied(lane, "m1"))
      assert.isFalse(yield* store.wasApplied(lane, "m2"))
      assert.isFalse(yield* store.wasApplied(newLane(), "m1"))
    }),
  )

const anyKey = (it: Suite) =>
  it.effect("takes keys of any length and with any character", () =>
    Effect.gen(function* () {
      const store = yield* ConversationStore
      const lane = newLane()
      const keys = ["", "a\u0000b", "a\u0000c", "x".repeat(20_000), `${"x".repeat(20_000)}y`, "ünï|'\";--"]
      for (const eventKey of keys) {
        const applied = yield* store.apply({ lane, eventKey, sessionId: null, decide: () => nothing })
        assert.isTrue(applied.fresh, eventKey.slice(0, 10))
      }
      for (const eventKey of keys) assert.isTrue(yield* store.wasApplied(lane, eventKey))
    }),
  )

const whichSession = (it: Suite) =>
  it.effect("offers the newest open session, else the newest closed one, else the named one", () =>
    Effect.gen(function* () {
      const store = yield* ConversationStore
      const lane = newLane()
      const seen: Array<Session | null> = []
      const put = (eventKey: string, session: Session) =>
        store.apply({
          lane,
          eventKey,
          sessionId: null,
          decide: (current) => {
            seen.push(current)
            return appending(session, [])
          },
        })
      const old = newSession(lane, { createdAt: 1, state: "closed" })
      const closed = newSession(lane, { createdAt: 2, state: "closed" })
      const open = newSession(lane, { createdAt: 3 })
      yield* put("1", old)
      yield* put("2", closed)
      yield* put("3", open)
      yield* put("4", { ...open, state: "closed" })
      yield* put("5", { ...open, state: "closed" })
      assert.deepStrictEqual(
        seen.map((session) => session?.id ?? null),
        [null, old.id, closed.id, open.id, open.id],
      )
      const named = (eventKey: string, sessionId: Session["id"], of = lane) =>
        Effect.gen(function* () {
          const found: Array<Session | null> = []
          yield* store.apply({
            lane: of,
            eventKey,
            sessionId,
            decide: (current) => {
              found.push(current)
              return nothing
            },
          })
          return found.at(-1) ?? null
        })
      assert.strictEqual((yield* named("6", old.id))?.id, old.id)
      assert.isNull(yield* named("7", newSessionId()))
      assert.isNull(yield* named("8", old.id, newLane()), "a session of another lane")
    }),
  )

const refusals = (it: Suite) =>
  it.effect("refuses what would leave a gap or cross a lane, and writes nothing of it", () =>
    Effect.gen(function* () {
      const store = yield* ConversationStore
      const lane = newLane()
      const session = newSession(lane)
      const sound = appending(session, [message("a"), message("b")])
      const faulty = [
        { ...sound, entries: sound.entries.slice(1) },
        { ...sound, session: { ...session, lastSeq: 7 } },
        { ...sound, session: null },
        { ...sound, session: { ...session, ...newLane(orgB), lastSeq: 2 } },
      ]
      for (const decision of faulty) {
        const error = yield* Effect.flip(
          store.apply({ lane, eventKey: "m1", sessionId: null, decide: () => decision }),
        )
        assert.strictEqual(error._tag, "StoreError")
      }
      assert.isFalse(yield* store.wasApplied(lane, "m1"))
      assert.deepStrictEqual(yield* store.timeline(session.orgId, session.id), [])
    }),
  )

const throwing = (it: Suite) =>
  it.effect("undoes everything when the decision throws", () =>
    Effect.gen(function* () {
      const store = yield* ConversationStore
      const lane = newLane()
      const exit = yield* Effect.exit(
        store.apply({
          lane,
          eventKey: "m1",
          sessionId: null,
          decide: () => {
            throw new Error("a bug in the engine")
          },
        }),
      )
      assert.strictEqual(exit._tag, "Failure")
      assert.isFalse(yield* store.wasApplied(lane, "m1"))
      yield* store.probe
    }),
  )

const interleavings = (it: Suite) =>
  it.effect("keeps random interleavings with duplicates gapless, each event once", () =>
    Effect.gen(function* () {
      const store = yield* ConversationStore
      const lane = newLane()
      const session = newSession(lane)
      const events = Array.from({ length: 40 }, (_, i) => `e${i}`)
      const calls = yield* Random.shuffle([...events, ...events, ...events.slice(0, 20)])
      const applied = yield* Effect.forEach(
        calls,
        (eventKey) =>
          store.apply({
            lane,
            eventKey,
            sessionId: null,
            decide: (current) => {
              const bodies = Array.from({ length: Number(eventKey.slice(1)) % 3 }, () => message(eventKey))
              return appending(current ?? session, bodies)
            },
          }),
        { concurrency: 8 },
      )
      assert.strictEqual(applied.filter((one) => one.fresh).length, events.length)
      const timeline = yield* store.timeline(session.orgId, session.id)
      assert.deepStrictEqual(
        timeline.map((entry) => entry.seq),
        timeline.map((_, i) => i + 1),
      )
      const texts = timeline.map((entry) => (entry.body._tag === "CustomerMessage" ? entry.body.text : ""))
      for (const [i, event] of events.entries()) {
        assert.strictEqual(texts.filter((text) => text === event).length, i % 3, event)
      }
      assert.strictEqual((yield* store.session(lane.orgId, session.id))?.lastSeq, timeline.length)
    }),
  )

/** How a `ConversationStore` applies events. */
export const applyTests = (it: Suite): void => {
  for (const test of [onceEach, anyKey, whichSession, refusals, throwing, interleavings]) test(it)
}
