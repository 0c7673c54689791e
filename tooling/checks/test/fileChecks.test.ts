import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { length } from "../src/checks/length.ts"
import { fixReferences, references } from "../src/checks/references.ts"
import { tests } from "../src/checks/tests.ts"
import { findingsOf, repository } from "./fixture.ts"

describe("length", () => {
  it("allows 400 lines and reports 401, in sources and tests", async () => {
    const lines = (count: number) => `${Array.from({ length: count }, () => "// line").join("\n")}\n`
    const root = repository({
      "packages/core/src/just.ts": lines(400),
      "packages/core/src/over.ts": lines(401),
      "packages/core/test/long.test.ts": lines(500),
    })
    expect(await findingsOf(length, root)).toEqual([
      "packages/core/src/over.ts has 401 lines, more than 400",
      "packages/core/test/long.test.ts has 500 lines, more than 400",
    ])
  })
})

describe("tests", () => {
  const judged = (source: string) => findingsOf(tests, repository({ "packages/core/test/a.test.ts": source }))

  const forbidden = [
    ['it.only("x", () => {})', "it.only hides every other test"],
    ['describe.only("x", () => {})', "describe.only hides every other test"],
    ['it.effect.only("x", () => x)', "it.effect.only hides every other test"],
    ['it.skip("x", () => {})', "it.skip gives no reason"],
    ['it.todo("x")', "it.todo is not a test"],
    ['it.fails("x", () => {})', "it.fails passes when it is broken"],
    ['it.skipIf(true)("x", () => {})', "it.skipIf: print a line"],
    ['it("x", (ctx) => ctx.skip())', "ctx.skip() needs the reason"],
    ["// @ts-ignore", '"@ts-ignore" switches a check off'],
    ["/* oxlint-disable max-lines */", "switches a check off"],
  ] as const

  it.each(forbidden)("reports %s", async (source, message) => {
    const findings = await judged(`${source}\n`)
    expect(findings.length).toBeGreaterThan(0)
    expect(findings[0]).toContain("packages/core/test/a.test.ts:1 ")
    expect(findings[0]).toContain(message)
  })

  it("allows a skip with a reason and a condition that is printed", async () => {
    const source = [
      'it("x", (ctx) => ctx.skip("no Postgres here"))',
      'if (none) console.log("skipped: no Postgres here")',
      'it.skipIf(none)("y", () => {})',
      "stream.skip()",
      "",
    ].join("\n")
    expect(await judged(source)).toEqual([])
  })
})

describe("references", () => {
  it("reports what differs from package.json and repairs it", async () => {
    const root = repository({
      "packages/storage/tsconfig.json": '{ "references": [{ "path": "../zendesk" }] }',
      "tsconfig.json": '{ "files": [], "references": [{ "path": "./packages/core" }] }',
    })
    expect(await findingsOf(references, root)).toEqual([
      "packages/storage/tsconfig.json lacks the reference ../core",
      "packages/storage/tsconfig.json has the reference ../zendesk without a dependency",
      "tsconfig.json lacks the reference ./packages/core/test",
      "tsconfig.json lacks the reference ./packages/storage",
    ])
    expect(fixReferences(root)).toEqual(["packages/storage/tsconfig.json", "tsconfig.json"])
    expect(await findingsOf(references, root)).toEqual([])
    expect(readFileSync(join(root, "packages/storage/tsconfig.json"), "utf8")).toContain('"../core"')
  })

  it("reports a package without a tsconfig", async () => {
    const root = repository({ "packages/agent/package.json": '{ "name": "@opencx/agent" }' })
    expect(await findingsOf(references, root)).toContain("packages/agent/tsconfig.json is missing")
  })
})
