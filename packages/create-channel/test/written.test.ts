/** What is written works: its types, and its own tests with the whole contract of a channel. */
import { afterAll, assert, describe, it } from "vitest"
import { rmSync } from "node:fs"
import { createChannel } from "../src/index.ts"
import { newFolder, runTests, typeErrors } from "./support/inWorkspace.ts"
import { requestFor } from "./support/request.ts"

const folders: Array<string> = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const write = (over: Parameters<typeof requestFor>[1]): string => {
  const folder = newFolder()
  folders.push(folder)
  createChannel(requestFor(folder, over))
  return folder
}

describe("a written package", () => {
  for (const providerAuth of ["hmac", "bearer"] as const) {
    it(`with ${providerAuth}: no type errors, every test passes`, { timeout: 240_000 }, async () => {
      const folder = write({ providerAuth, id: "line-2_x", title: "LINE „Ö“ & <b>" })
      assert.deepStrictEqual(await typeErrors(folder), [])
      const tests = await runTests(folder)
      assert.strictEqual(tests.code, 0, tests.output)
      assert.strictEqual(tests.passed, tests.total, tests.output)
      assert.isAtLeast(tests.total, providerAuth === "hmac" ? 75 : 70)
    })
  }

  it("a wrong plugin fails its tests", { timeout: 240_000 }, async () => {
    const folder = write({ providerAuth: "hmac" })
    const { readFileSync, writeFileSync } = await import("node:fs")
    const file = `${folder}/src/inbound/verify.ts`
    const text = readFileSync(file, "utf8")
    writeFileSync(file, text.replace("if (!same(given, expected))", "if (given === '!')"))
    const tests = await runTests(folder)
    assert.notStrictEqual(tests.code, 0)
    assert.include(tests.output, "another secret")
  })
})
