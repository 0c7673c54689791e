import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { decide, type Lane, RolloutSettings, ThreadKey } from "../../src/index.ts"
import { isRolledOut } from "../../src/engine/machine/rollout.ts"
import { done, env, failed, ids, lane, message, now, session, settings, tasks } from "../support/fixtures.ts"
import { bodies, orders } from "../support/invariants.ts"

const rollout = Schema.decodeUnknownSync(RolloutSettings)
const thread = (n: number): Lane => ({
  ...lane,
  threadKey: ThreadKey.make(`+1555${String(1_000_000 + n)}`),
})
const takenOf = (percent: number, count = 10_000) =>
  Array.from({ length: count }, (_, n) => n).filter((n) => isRolledOut(rollout({ percent }), thread(n)))

describe("the share that the AI takes", () => {
  it("is everything unless somebody says otherwise", () => {
    assert.isTrue(isRolledOut(rollout({}), lane))
    assert.lengthOf(takenOf(100, 1_000), 1_000)
    assert.lengthOf(takenOf(0, 1_000), 0)
  })

  it("is about as large as asked for, also for keys that differ in one digit", () => {
    for (const percent of [1, 10, 25, 50, 90])
      assert.approximately(takenOf(percent).length / 100, percent, percent < 5 ? 0.5 : 1.5)
  })

  it("keeps who was in it when it grows", () => {
    const small = takenOf(10)
    const large = new Set(takenOf(30))
    assert.isTrue(small.every((n) => large.has(n)))
  })

  it("counts within the named channels only", () => {
    assert.isFalse(isRolledOut(rollout({ channels: ["sms"] }), lane))
    assert.isTrue(isRolledOut(rollout({ channels: ["sms", lane.channel] }), lane))
    assert.isFalse(isRolledOut(rollout({ channels: [lane.channel], percent: 0 }), lane))
    assert.isFalse(isRolledOut(rollout({ channels: [] }), lane))
  })
})

describe("a conversation that the AI does not take", () => {
  const held = settings({ rollout: { percent: 0 } })
  const without = () => ({ ...env(), settings: held })

  it("goes straight to a human, without a thought of the AI", () => {
    const decision = decide(without(), null, message())
    assert.strictEqual(decision.session?.state, "handing_off")
    assert.lengthOf(orders(decision, "Think"), 0)
    assert.deepInclude(orders(decision, "OpenTicket")[0], { reason: "rollout", upToSeq: 1 })
    assert.include(bodies(decision), "HandoffRequested")
  })

  it("comes to a human again when the ticket was solved and the customer writes once more", () => {
    const back = session({ state: "ai", customerSeq: 1, answeredSeq: 1, lastSeq: 1 })
    const decision = decide(without(), back, message({ text: "one more thing" }))
    assert.strictEqual(decision.session?.state, "handing_off")
    assert.lengthOf(orders(decision, "Think"), 0)
  })

  it("does not go round in circles when the handoff fails", () => {
    const newId = ids()
    const asked = decide({ ...env({}, now, newId), settings: held }, null, message())
    const task = orders(asked, "OpenTicket")[0] ?? tasks.openTicket
    const after = decide({ ...env({}, now, newId), settings: held }, asked.session, done(task, failed()))
    assert.lengthOf(orders(after, "OpenTicket"), 0)
    assert.include(bodies(after), "HandoffFailed")
    assert.include(bodies(after), "SystemMessage")
  })

  it("an answer under way when the share shrinks is finished first", () => {
    const thinking = decide(env(), null, message())
    assert.lengthOf(orders(thinking, "Think"), 1)
    const next = decide(without(), thinking.session, message({ text: "and" }))
    assert.lengthOf(orders(next, "OpenTicket"), 0)
  })
})
