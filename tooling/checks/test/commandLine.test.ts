// `npm run check` as a person meets it: what it prints and how it ends.
import { join } from "node:path"
import { expect, it } from "vitest"
import { run, toolRoot } from "../src/tools/Process.ts"
import { repository } from "./fixture.ts"

const limits = { timeout: 60_000 }
const check = (...args: ReadonlyArray<string>) =>
  run(process.execPath, [join(toolRoot, "tooling/checks/src/main.ts"), ...args], { cwd: toolRoot })

it("ends with 0 and says so when nothing is wrong", limits, async () => {
  const ended = await check("words", "length", `--root=${repository()}`)
  expect(ended.code).toBe(0)
  expect(ended.stdout).toContain("all 2 checks passed")
})

it("ends with 1, names the place and says what to do", limits, async () => {
  const root = repository({ "packages/core/src/greeting.ts": 'import "marked"\nexport const greeting = 1\n' })
  const ended = await check("boundaries", "length", `--root=${root}`)
  expect(ended.code).toBe(1)
  expect(ended.stdout).toMatch(/FAIL boundaries/)
  expect(ended.stdout).toContain(
    "packages/core/src/greeting.ts:1 imports marked, but @opencx/core imports only effect",
  )
  expect(ended.stdout).toContain("→ The layout and its rules are in CONTRIBUTING.md")
  expect(ended.stdout).toContain("1 of 2 checks failed: boundaries")
})

it("a check that breaks is a failed check", limits, async () => {
  const ended = await check("references", `--root=${repository({ "tsconfig.json": "{ not json" })}`)
  expect(ended.code).toBe(1)
  expect(ended.stdout).toContain("the check itself broke: SyntaxError")
})

it("names the checks when it does not know one", limits, async () => {
  const ended = await check("spelling")
  expect(ended.code).toBe(2)
  expect(ended.stderr).toContain("unknown check spelling; choose from packages, types, unused, effect, lint")
})

it("--fix formats and writes references, then checks", limits, async () => {
  const root = repository({ "tsconfig.json": '{ "files": [], "references": [] }' })
  expect((await check("format", "references", `--root=${root}`)).code).toBe(1)
  const fixed = await check("format", "references", "--fix", `--root=${root}`)
  expect(fixed.stdout).toContain("wrote the references of tsconfig.json")
  expect(fixed.code).toBe(0)
})
