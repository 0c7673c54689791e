// The runner over small real packages, run by the real vitest: it must never be greener than its packages.
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterEach, describe, expect, it } from "vitest"
import { countReport } from "../src/report.ts"

const runner = join(import.meta.dirname, "../src/main.ts")
const toolRoot = dirname(dirname(dirname(import.meta.dirname)))
const created: Array<string> = []

afterEach(() => {
  for (const directory of created.splice(0)) rmSync(directory, { recursive: true, force: true })
})

/** A repository of packages, each with the given test file. */
const repository = (packages: Readonly<Record<string, string>>): string => {
  const root = mkdtempSync(join(tmpdir(), "opencx-runner-"))
  created.push(root)
  symlinkSync(join(toolRoot, "node_modules"), join(root, "node_modules"))
  for (const [name, test] of Object.entries(packages)) {
    mkdirSync(join(root, "packages", name, "test"), { recursive: true })
    writeFileSync(
      join(root, "packages", name, "package.json"),
      JSON.stringify({ name: `@x/${name}`, type: "module" }),
    )
    writeFileSync(
      join(root, "packages", name, "test", "a.test.ts"),
      `import { expect, it } from "vitest"\n${test}\n`,
    )
  }
  return root
}

const runTests = (root: string, ...args: ReadonlyArray<string>) => {
  const { VITEST: _, ...env } = process.env
  const ended = spawnSync(process.execPath, [runner, ...args], {
    encoding: "utf8",
    env: { ...env, OPENCX_TEST_ROOT: root, NO_COLOR: "1" },
  })
  const lines = ended.stdout.trimEnd().split("\n")
  return { code: ended.status, output: ended.stdout + ended.stderr, last: lines.at(-1) }
}

const passing = 'it("adds", () => expect(1 + 1).toBe(2))\nit("more", () => expect(2).toBe(2))'
const failing = 'it("fails", () => expect(1).toBe(2))\nit("passes", () => expect(1).toBe(1))'
const limits = { timeout: 60_000 }

describe("npm test", () => {
  it("sums over packages and fails when one test fails", limits, () => {
    const ended = runTests(repository({ one: passing, two: failing }))
    expect([ended.code, ended.last]).toEqual([1, "3 passed, 1 failed"])
    expect(ended.output).toMatch(/@x\/two +1 +1 +1 +0/)
  })

  it("passes when all pass, and runs only the packages that are named", limits, () => {
    const root = repository({ one: passing, two: failing })
    const ended = runTests(root, "one")
    expect([ended.code, ended.last]).toEqual([0, "2 passed, 0 failed"])
    expect(ended.output).not.toContain("@x/two")
  })

  it("counts a file that does not load as a failure", limits, () => {
    const ended = runTests(repository({ one: passing, two: 'import "./gone.ts"' }))
    expect([ended.code, ended.last]).toEqual([1, "2 passed, 1 failed"])
    expect(ended.output).toContain("did not load")
  })

  it("counts a rejection that no test owns as a failure", limits, () => {
    const stray =
      'it("x", async () => { void Promise.reject(new Error("stray")); await new Promise((r) => setTimeout(r, 50)) })'
    const ended = runTests(repository({ one: stray }))
    expect([ended.code, ended.last]).toEqual([1, "1 passed, 1 failed"])
    expect(ended.output).toContain("although every test passed")
  })

  it("names the tests that did not run", limits, () => {
    const ended = runTests(repository({ one: `${passing}\nit("later", (ctx) => ctx.skip("no Postgres"))` }))
    expect([ended.code, ended.last]).toEqual([0, "2 passed, 0 failed"])
    expect(ended.output).toMatch(/skipped: @x\/one: +later/)
  })

  it("running nothing is a failure", limits, () => {
    const ended = runTests(repository({ one: passing }), "three")
    expect([ended.code, ended.last]).toEqual([1, "0 passed, 1 failed"])
    expect(ended.output).toContain("no package matches; there are: @x/one")
  })
})

describe("countReport", () => {
  it("a missing or cut report is a failure", () => {
    expect(countReport(undefined, 1)).toMatchObject({
      failed: 1,
      problems: [/* described */ expect.any(String)],
    })
    expect(countReport('{"testResults": [', 0)).toMatchObject({ passed: 0, failed: 1 })
  })
})
