import { assert, describe, it } from "@effect/vitest"
import type { SyncProgress } from "@opencx/core"
import { barLine, plainLine, timeLeft } from "../../src/sync/progressLine.ts"

const progress: SyncProgress = {
  sourceId: "hc",
  kind: "full",
  phase: "reading",
  done: 5_400,
  total: 10_800,
  shelves: [
    { name: "en-us", done: 5_000, total: 5_000 },
    { name: "de", done: 400, total: 5_800 },
  ],
  changed: 5_400,
  removed: 0,
  failed: 3,
  calls: 60,
  startedAt: 0,
  estimatedEnd: 300_000,
}

describe("a line of progress", () => {
  it("tells how much is done, where, and how long it will take", () => {
    assert.strictEqual(
      plainLine("acme/hc", progress, 60_000),
      "acme/hc: 5,400/10,800 · en-us 5,000/5,000, de 400/5,800 · 3 failed · about 4 min left",
    )
    const bar = barLine("acme/hc", progress, 60_000, 200)
    assert.include(bar, "[############------------] 5,400/10,800")
  })

  it("fits the terminal, and needs no total", () => {
    for (const columns of [1, 20, 80])
      assert.isBelow(barLine("acme/hc", progress, 0, columns).length, Math.max(columns, 1))
    const unknown = { ...progress, total: null, estimatedEnd: null, shelves: [], failed: 0 }
    assert.strictEqual(barLine("acme/hc", unknown, 0, 80), "acme/hc 5,400")
    assert.include(
      barLine("acme/hc", { ...progress, done: 0, total: 0, estimatedEnd: null }, 0, 200),
      "#".repeat(24),
    )
    assert.include(plainLine("x", { ...progress, phase: "confirming" }, 0), "confirming what is gone")
  })

  it.each([
    [0, "a few seconds left"],
    [42_000, "about 40 s left"],
    [150_000, "about 3 min left"],
    [3 * 3_600_000, "about 3 h left"],
  ])("%d ms are %s", (ms, text) => assert.strictEqual(timeLeft(ms), text))
})
