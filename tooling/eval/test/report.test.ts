/** Tables for people, a line for programs, and words on the command line. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { parse } from "../src/arguments.ts"
import { evals } from "../src/evals.ts"
import type { EvalReport } from "../src/report/Report.ts"
import { jsonOf, tableOf } from "../src/report/table.ts"

const report: EvalReport = {
  sections: [
    {
      set: "tiny",
      count: 3,
      columns: ["hit@1", "words"],
      rows: [
        { system: "OpenCX", ours: true, values: [2 / 3, 12] },
        { system: "baseline", ours: false, values: [null, Number.NaN] },
      ],
      note: "a note",
    },
  ],
  skipped: ["no folder x"],
}

describe("a table", () => {
  it("marks ours, lines its columns up, and has a stroke where there is no figure", () => {
    assert.deepStrictEqual(tableOf("retrieval", report).split("\n"), [
      "",
      "== retrieval",
      "",
      "tiny (3)    hit@1  words",
      "* OpenCX    0.667     12",
      "  baseline      -      -",
      "  a note",
      "SKIPPED no folder x",
    ])
  })
  it("without sections says what was skipped", () => {
    assert.include(tableOf("brief", { sections: [], skipped: ["no data"] }), "SKIPPED no data")
  })
})

describe("the line for programs", () => {
  it("is one line of JSON with rounded figures by column", () => {
    const text = jsonOf({ retrieval: report })
    assert.notInclude(text, "\n")
    assert.deepStrictEqual(Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Unknown))(text), {
      evals: [
        {
          eval: "retrieval",
          skipped: ["no folder x"],
          sections: [
            {
              set: "tiny",
              count: 3,
              note: "a note",
              rows: [
                { system: "OpenCX", ours: true, "hit@1": 0.6667, words: 12 },
                { system: "baseline", ours: false, "hit@1": null, words: null },
              ],
            },
          ],
        },
      ],
    })
  })
})

describe("the command line", () => {
  it("runs all without names, over the folder beside the repository", () => {
    const all = parse([])
    assert.deepStrictEqual(all?.names, Object.keys(evals))
    assert.match(all?.data ?? "", /shared.data$/)
    assert.isNull(all?.half ?? null)
  })
  it("takes values after a blank and after a sign", () => {
    for (const args of [
      ["abstain", "--data", "d", "--half", "a", "--json"],
      ["--half=a", "--json", "--data=d", "abstain"],
    ])
      assert.deepStrictEqual(parse(args), { names: ["abstain"], data: "d", half: "a", json: true })
  })
  it.each([["--data"], ["--half", "c"], ["--half"], ["retreival"], ["--fast"], ["toString"]])(
    "does not guess at %s %s",
    (...args) => assert.isNull(parse(args.filter((one) => typeof one === "string"))),
  )
})
