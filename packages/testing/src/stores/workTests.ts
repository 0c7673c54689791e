/** The life of work: tried, settled, replayed, purged. */
import { assert, type Vitest } from "@effect/vitest"
import { ConversationStore, type Outcome } from "@opencx/core"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { appending, deliver, message, newLane, newSession, newWorkId, orgB } from "./samples.ts"

type Suite = Vitest.MethodsNonLive<ConversationStore>

const failed: Outcome = { _tag: "Failed", explanation: "the mailbox is full", permanent: true }
const delivered: Outcome = { _tag: "Delivered", seq: 1, providerId: "p", messageId: null }

/** A session with two orders. */
const ordered = Effect.gen(function* () {
  const store = yield* ConversationStore
  const lane = newLane()
  const session = newSession(lane)
  const [one, two] = [deliver(1), deliver(1, { notBefore: 60_000_000 })]
  const decision = appending(session, [message("x")], [one, two])
  const { pending } = yield* store.apply({ lane, eventKey: "m", sessionId: null, decide: () => decision })
  assert.deepStrictEqual(
    pending.map((work) => work.id),
    [one.id, two.id],
  )
  return { store, lane, session, one, two }
})

const settling = (it: Suite) =>
  it.effect("counts failures, keeps the step, settles once", () =>
    Effect.gen(function* () {
      const { store, session, lane, one, two } = yield* ordered
      yield* store.saveStep(one.id, '{"frozen":true}')
      yield* store.recordFailure(one.id, "timed\u0000out")
      const work = yield* store.work(lane.orgId, one.id)
      assert.deepStrictEqual([work?.attempts, work?.step, work?.epoch], [1, '{"frozen":true}', 0])
      assert.include(work?.lastError ?? "", "timed")
      yield* store.settle(one.id, "done", delivered)
      yield* store.settle(one.id, "dead", failed)
      yield* store.recordFailure(one.id, "late")
      yield* store.saveStep(one.id, "late")
      const after = yield* store.work(lane.orgId, one.id)
      assert.deepStrictEqual(
        [after?.status, after?.outcome, after?.attempts, after?.step],
        ["done", delivered, 1, '{"frozen":true}'],
      )
      const again = yield* store.apply({
        lane,
        eventKey: "m",
        sessionId: session.id,
        decide: () => assert.fail(),
      })
      assert.deepStrictEqual(
        again.pending.map((pending) => pending.id),
        [two.id],
      )
      assert.isNull(yield* store.work(lane.orgId, newWorkId()))
    }),
  )

const replaying = (it: Suite) =>
  it.effect("replays and discards dead letters, and nothing else", () =>
    Effect.gen(function* () {
      const { store, lane, one, two } = yield* ordered
      assert.isNull(yield* store.replay(lane.orgId, one.id))
      assert.isFalse(yield* store.discard(lane.orgId, one.id, "no"))
      yield* store.saveStep(one.id, "step")
      yield* store.recordFailure(one.id, "e")
      yield* store.settle(one.id, "dead", failed)
      yield* TestClock.adjust(1)
      yield* store.settle(two.id, "dead", failed)
      const mine = (yield* store.deadLetters(null, 1000)).filter(
        (work) => work.id === one.id || work.id === two.id,
      )
      assert.deepStrictEqual(
        mine.map((work) => work.id),
        [two.id, one.id],
      )
      assert.isTrue((yield* store.deadLetters(lane.orgId, 1000)).some((work) => work.id === one.id))
      assert.isFalse((yield* store.deadLetters(orgB, 1000)).some((work) => work.id === one.id))
      assert.isTrue((yield* store.workCounts).dead >= 2)
      assert.isNull(yield* store.replay(orgB, one.id), "of another organization")
      assert.isFalse(yield* store.discard(orgB, one.id, "no"))
      assert.isNull(yield* store.work(orgB, one.id))
      assert.strictEqual((yield* store.anyWork(one.id))?.status, "dead")
      const replayed = yield* store.replay(lane.orgId, one.id)
      assert.deepStrictEqual(
        [replayed?.status, replayed?.epoch, replayed?.attempts, replayed?.outcome, replayed?.step],
        ["pending", 1, 0, null, "step"],
      )
      assert.isNull(yield* store.replay(lane.orgId, one.id))
      assert.isTrue(yield* store.discard(lane.orgId, two.id, "spam"))
      const gone = yield* store.work(lane.orgId, two.id)
      assert.deepStrictEqual([gone?.status, gone?.lastError], ["discarded", "spam"])
      yield* store.settle(one.id, "done", delivered)
    }),
  )

const staleness = (it: Suite) =>
  it.effect("shows the watchdog what is due and untouched", () =>
    Effect.gen(function* () {
      const { store, one, two } = yield* ordered
      const stale = Effect.map(store.stale(10_000, 1000), (all) =>
        all.map((work) => work.id).filter((id) => id === one.id || id === two.id),
      )
      assert.deepStrictEqual(yield* stale, [])
      yield* TestClock.adjust(10_000)
      assert.deepStrictEqual(yield* stale, [one.id])
      yield* store.recordFailure(one.id, "touched")
      assert.deepStrictEqual(yield* stale, [])
      yield* TestClock.adjust(60_000_000)
      assert.deepStrictEqual([...(yield* stale)].sort(), [one.id, two.id].sort())
      yield* store.settle(one.id, "done", delivered)
      yield* store.settle(two.id, "done", delivered)
    }),
  )

const purging = (it: Suite) =>
  it.effect("purges old event keys and finished work, but no dead letter and nothing pending", () =>
    Effect.gen(function* () {
      const { store, lane, session, one, two } = yield* ordered
      const more = deliver(1)
      const add = {
        lane,
        eventKey: "m2",
        sessionId: null,
        decide: () => appending({ ...session, lastSeq: 1 }, [], [more]),
      }
      yield* store.apply(add)
      yield* store.settle(one.id, "done", delivered)
      yield* store.settle(two.id, "dead", failed)
      yield* TestClock.adjust(5_000)
      const now = yield* Effect.clockWith((clock) => clock.currentTimeMillis)
      yield* store.apply({ ...add, eventKey: "m3", decide: () => appending({ ...session, lastSeq: 1 }, []) })
      assert.isAtLeast(yield* store.purge(now), 3)
      assert.isNull(yield* store.work(lane.orgId, one.id))
      assert.strictEqual((yield* store.work(lane.orgId, two.id))?.status, "dead")
      assert.strictEqual((yield* store.work(lane.orgId, more.id))?.status, "pending")
      assert.isFalse(yield* store.wasApplied(lane, "m"))
      assert.isTrue(yield* store.wasApplied(lane, "m3"))
      assert.strictEqual((yield* store.timeline(lane.orgId, session.id)).length, 1)
      assert.strictEqual(yield* store.purge(now), 0)
      yield* store.probe
    }),
  )

/** The life of work, as every `ConversationStore` has it. */
export const workTests = (it: Suite): void => {
  for (const test of [settling, replaying, staleness, purging]) test(it)
}
