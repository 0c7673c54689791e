/** The program as people and scripts start it: every evaluation over a small folder, and how it ends. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { execFile } from "node:child_process"
import { join } from "node:path"
import { evals } from "../src/evals.ts"
import { everyKind, withData } from "./dataFolder.ts"

const main = join(import.meta.dirname, "..", "src", "main.ts")

const start = (...args: ReadonlyArray<string>) =>
  new Promise<{ readonly code: number; readonly out: string }>((resolve) => {
    const child = execFile(process.execPath, [main, ...args], { maxBuffer: 1 << 26 }, (_, out) =>
      resolve({ code: child.exitCode ?? -1, out }),
    )
  })

const Row = Schema.StructWithRest(Schema.Struct({ system: Schema.String, ours: Schema.Boolean }), [
  Schema.Record(Schema.String, Schema.Unknown),
])
const Report = Schema.Struct({
  evals: Schema.Array(
    Schema.Struct({
      eval: Schema.String,
      skipped: Schema.Array(Schema.String),
      sections: Schema.Array(
        Schema.Struct({ set: Schema.String, count: Schema.Number, rows: Schema.Array(Row) }),
      ),
    }),
  ),
})
const reportIn = (out: string) =>
  Schema.decodeUnknownSync(Schema.fromJsonString(Report))(out.trim().split("\n").at(-1) ?? "")

describe("eval", { timeout: 120_000 }, () => {
  it("runs everything over any folder that is laid out so, and ends with 0", () =>
    withData(everyKind, async (folder) => {
      const { code, out } = await start("--json", "--data", folder)
      assert.strictEqual(code, 0, out)
      const report = reportIn(out)
      assert.deepStrictEqual(
        report.evals.map((one) => one.eval),
        Object.keys(evals),
      )
      for (const { eval: name, sections, skipped } of report.evals) {
        assert.isAbove(sections.length, 0, name)
        assert.deepStrictEqual(skipped, [], name)
        for (const { count, rows, set } of sections) {
          assert.isAbove(count, 0, set)
          assert.isTrue(
            rows.some((row) => row.ours),
            set,
          )
        }
      }
      const sections = report.evals.flatMap((one) => one.sections)
      const rowOf = (set: RegExp, system: string) =>
        sections.find((one) => set.test(one.set))?.rows.find((row) => row.system === system)
      assert.strictEqual(rowOf(/^faq-tiny/, "OpenCX search")?.["hit@1"], 1)
      assert.strictEqual(rowOf(/^faq-tiny/, "BM25, plain words")?.["hit@1"], 1)
      assert.strictEqual(rowOf(/^langid-tiny.*sentences/, "OpenCX")?.["accuracy"], 1)
      assert.strictEqual(rowOf(/^email-reply-tiny/, "OpenCX email channel")?.["exact"], 1)
      assert.strictEqual(rowOf(/person or a machine/, "OpenCX email channel")?.["accuracy"], 1)
      const calibration = rowOf(/^faq-tiny.*confidence/, "OpenCX, all (expected calibration error)")
      assert.strictEqual(calibration?.["questions"], 6)
    }))

  it("skips with a reason what a folder does not have, and ends with 0", () =>
    withData({ "README.md": "Nothing here." }, async (folder) => {
      const { code, out } = await start("--data", folder)
      assert.strictEqual(code, 0, out)
      for (const name of Object.keys(evals)) assert.include(out, `== ${name}`)
      assert.isAtLeast(out.split("SKIPPED").length - 1, Object.keys(evals).length)
    }))

  it("ends with 1 when a line cannot be read, says where, and runs the others", () =>
    withData({ ...everyKind, "faq-tiny/queries.jsonl": "{ not JSON" }, async (folder) => {
      const { code, out } = await start("retrieval", "language", "--data", folder, "--json")
      assert.strictEqual(code, 1)
      assert.match(out, /retrieval FAILED: .*queries\.jsonl, line 1/)
      assert.deepStrictEqual(
        reportIn(out).evals.map((one) => one.eval),
        ["language"],
      )
    }))

  it.each([
    [
      "a folder that is not there",
      ["--data", join(import.meta.dirname, "no-such-folder")],
      /there is no folder/,
    ],
    ["a file in place of a folder", ["retrieval", "--data", main], /retrieval FAILED/],
    ["a word that it does not know", ["retreival"], /^Usage: eval/],
  ])("ends with 1 on %s", async (_, args, words) => {
    const { code, out } = await start(...args)
    assert.strictEqual(code, 1)
    assert.match(out, words)
  })
})
