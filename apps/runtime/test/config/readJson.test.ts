/** Whoever edits a configuration by hand is told the place of a mistake, and none of its words. */
import { assert, describe, it } from "@effect/vitest"
import { readJson } from "../../src/config/readJson.ts"

const problem = (text: string): string => {
  const read = readJson(text)
  return read.ok ? "" : read.problem
}

describe("a JSON text", () => {
  it.each(['{"a":[1,"ü",null]}', "[]", " 7 ", '"x"'])("%s is read", (text) => {
    assert.deepStrictEqual(readJson(text), { ok: true, value: JSON.parse(text) })
  })

  it.each([
    ["a comma too many in a list", '{\n  "a": [1, 2,]\n}', "line 2, column 14"],
    ["a comma too many in an object", '{\n  "a": 1,\n}', "line 3, column 1"],
    ["a comma that is missing", '{\n  "a": 1\n  "b": 2\n}', "line 3, column 3"],
    ["a comment", '{\n  // hello\n  "a": 1\n}', "line 2, column 3"],
    ["single quotes", "{ 'a': 1 }", "line 1, column 3"],
    ["a word", '{ "a": yes }', "line 1, column 8"],
    ["something behind", '{ "a": 1 }\n}', "line 2, column 1"],
    ["a line break in a text", '{ "a": "b\nc" }', "line 1, column 10"],
    ["another format", "organizations: []", "line 1, column 1"],
  ])("with %s is told by its place", (_, text, place) => {
    assert.strictEqual(problem(text), `it is not JSON from ${place} on`)
  })

  it.each(['{ "a": [1, 2', '{ "a": "b', '{ "a"', '{ "a": tr'])("%s ends too early", (text) => {
    assert.match(problem(text), /^it ends too early, in line 1, column \d+:/)
  })

  it("of nothing is empty", () => assert.strictEqual(problem(" \n"), "it is empty"))

  it("of some size is told soon", () => {
    const text = `[${"1,".repeat(500_000)}]`
    assert.include(problem(text), "column 1000002")
  })
})
