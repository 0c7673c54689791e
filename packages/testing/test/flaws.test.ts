import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { startVitest } from "vitest/node"

const caught: ReadonlyArray<readonly [string, string]> = [
  ["no-signature", "turned away: another key"],
  ["batch-lost", "one bad item does not cost the others"],
  ["keys-change", "a redelivery has the same dedup keys"],
  ["secret-shown", "down: Retry"],
  ["crashes", "one bad item does not cost the others"],
  ["cuts-text", "renders list"],
  ["too-long", "renders 10,000 characters"],
  ["guesses", "blocked: Permanent"],
  ["unknown-is-message", "an unknown event type is acknowledged and is no message"],
]

const file = join(import.meta.dirname, "support/flawed.ts")

/** Full names of the tests that fail. */
const failures = async (): Promise<ReadonlyArray<string>> => {
  const run = await startVitest("test", [file], {
    root: join(import.meta.dirname, ".."),
    include: [file],
    watch: false,
    reporters: [{}],
  })
  const names = run.state
    .getTestModules()
    .flatMap((m) => [...m.children.allTests("failed")].map((t) => t.fullName))
  await run.close()
  return names
}

describe("the contract finds a plugin that", () => {
  let failed: ReadonlyArray<string> = []
  const before = process.exitCode
  beforeAll(async () => {
    failed = await failures()
  }, 60_000)
  // The inner run fails on purpose; this one has not.
  afterAll(() => {
    process.exitCode = before
  })
  for (const [flaw, title] of caught) {
    it(`has the flaw ${flaw}`, () => {
      const found = failed.filter((name) => name.startsWith(`${flaw} > `))
      assert.isTrue(
        found.some((name) => name.endsWith(title)),
        `failed instead: ${found.join("; ")}`,
      )
      assert.isAtMost(found.length, 20, "one flaw does not fail everything")
    })
  }
})
