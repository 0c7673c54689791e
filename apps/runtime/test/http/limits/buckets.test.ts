/** Buckets fill up again with time, and memory stays bounded whoever calls. */
import { assert, it } from "@effect/vitest"
import { Buckets } from "../../../src/http/limits/Buckets.ts"

it("a bucket empties, says how long to wait, and fills up again", () => {
  const buckets = new Buckets({ perMinute: 60 })
  for (let n = 0; n < 60; n++) assert.strictEqual(buckets.take("a", 0), 0)
  assert.strictEqual(buckets.take("a", 0), 1)
  assert.strictEqual(buckets.wait("a", 500), 1)
  assert.strictEqual(buckets.wait("a", 1000), 0)
  assert.strictEqual(buckets.take("a", 1000), 0)
  assert.strictEqual(buckets.take("a", 1000), 1)
  for (let n = 0; n < 60; n++) assert.strictEqual(buckets.take("a", 10_000_000), 0)
  assert.isAbove(buckets.take("a", 10_000_000), 0)
})

it("looking takes nothing, and a clock that goes back gives nothing", () => {
  const buckets = new Buckets({ perMinute: 1 })
  for (let n = 0; n < 5; n++) assert.strictEqual(buckets.wait("a", 0), 0)
  assert.strictEqual(buckets.take("a", 100_000), 0)
  assert.isAbove(buckets.take("a", 0), 0)
})

it("a million callers are not all remembered, but the latest are", () => {
  const buckets = new Buckets({ perMinute: 1 })
  for (let n = 0; n < 1_000_000; n++) buckets.take(`caller-${n}`, 0)
  assert.isAtMost(buckets.size, 50_000)
  assert.isAbove(buckets.wait("caller-999999", 0), 0)
  assert.strictEqual(buckets.wait("caller-0", 0), 0)
})
