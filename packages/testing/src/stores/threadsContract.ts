import { assert, it } from "@effect/vitest"
import { AccountId, ConversationStore, ThreadKey, Threads } from "@opencx/core"
import { Effect, type Layer } from "effect"
import { TestClock } from "effect/testing"
import { newLane, newOrg, orgB } from "./samples.ts"

/** Registers what every `Threads` does, together with the `ConversationStore` whose decisions set reply addresses. */
export const threadsContract = (
  name: string,
  layer: Layer.Layer<Threads | ConversationStore, unknown>,
): void =>
  it.layer(layer, { timeout: "30 seconds" })(`Threads: ${name}`, (it) => {
    it.effect("finds the newest thread by message id for participants only", () =>
      Effect.gen(function* () {
        const threads = yield* Threads
        const scope = { orgId: newOrg(), accountId: AccountId.make("support") }
        const [first, second] = [ThreadKey.make("t1"), ThreadKey.make("t2")]
        const long = `<${"x".repeat(9000)}@example.com>`
        yield* threads.record(scope, first, {
          messageIds: ["<1@x>", long, "<both@x>"],
          participants: ["A@x.com"],
        })
        yield* TestClock.adjust(5)
        yield* threads.record(scope, second, {
          messageIds: ["<2@x>", "<both@x>"],
          participants: ["a@X.com", "b@x.com"],
        })
        yield* threads.record(scope, second, { messageIds: ["<2@x>"], participants: ["b@x.com"] })
        const find = (ids: ReadonlyArray<string>, who: string, at = scope) =>
          threads.findByMessageIds(at, ids, who)
        assert.strictEqual(yield* find(["<0@x>", "<1@x>"], "a@x.com"), first)
        assert.strictEqual(yield* find([long], "a@x.com"), first)
        assert.strictEqual(yield* find(["<both@x>"], "a@x.com"), second)
        assert.isNull(yield* find(["<1@x>"], "b@x.com"), "not a participant")
        assert.isNull(yield* find(["<1@X>"], "a@x.com"), "message ids are case sensitive")
        assert.isNull(yield* find([], "a@x.com"))
        assert.isNull(yield* find(["<1@x>"], "a@x.com", { ...scope, orgId: newOrg() }))
        assert.isNull(yield* find(["<1@x>"], "a@x.com", { ...scope, accountId: AccountId.make("sales") }))
        assert.isTrue(yield* threads.exists(scope, first))
        assert.isFalse(yield* threads.exists({ ...scope, orgId: orgB }, first))
        assert.isNull(yield* threads.address(scope, first))
        yield* threads.setAddress(scope, first, '{"to":"a@x.com"}')
        assert.strictEqual(yield* threads.address(scope, first), '{"to":"a@x.com"}')
        assert.isNull(yield* threads.address({ ...scope, orgId: orgB }, first))
      }),
    )

    it.effect("shows a decision's address as the thread's", () =>
      Effect.gen(function* () {
        const [threads, store] = [yield* Threads, yield* ConversationStore]
        const lane = newLane()
        const decision = { session: null, entries: [], work: [], address: '{"to":"z"}' }
        yield* store.apply({ lane, eventKey: "m", sessionId: null, decide: () => decision })
        assert.strictEqual(yield* threads.address(lane, lane.threadKey), '{"to":"z"}')
        assert.isTrue(yield* threads.exists(lane, lane.threadKey))
      }),
    )
  })
