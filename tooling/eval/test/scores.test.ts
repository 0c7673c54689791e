/** Figures that can be worked out by hand. */
import { assert, describe, it } from "@effect/vitest"
import {
  areaUnderRisk,
  areaUnderRoc,
  bucketsOf,
  calibrationError,
  type Judged,
  outcomeOf,
  riskAt,
} from "../src/abstain/scores.ts"
import { qualityOf } from "../src/retrieval/measure.ts"
import { accuracyOf, macroF1Of, majorityOf, precisionOf, recallOf, silenceOf } from "../src/texts/classes.ts"

const judged = (confidence: number, right: boolean, answerable = right): Judged => ({
  confidence,
  right,
  answerable,
})
/** Right, wrong, right, wrong by falling confidence; the last has no answer at all. */
const four = [judged(0.5, false, true), judged(0.9, true), judged(0.1, false), judged(0.3, true)]

describe("abstention", () => {
  it("risk counts the most confident only", () => {
    assert.strictEqual(riskAt(four, 0.25), 0)
    assert.strictEqual(riskAt(four, 0.5), 1 / 2)
    assert.strictEqual(riskAt(four, 1), 2 / 4)
    assert.isNull(riskAt([], 1))
  })
  it("the area under risk is the mean over all coverages", () => {
    assert.closeTo(areaUnderRisk(four) ?? 0, (0 + 1 / 2 + 1 / 3 + 2 / 4) / 4, 1e-12)
  })
  it("the area under the ROC curve is the share of pairs in the right order, ties half", () => {
    assert.strictEqual(areaUnderRoc(four), 1)
    assert.strictEqual(areaUnderRoc([judged(0.4, true), judged(0.4, false)]), 0.5)
    assert.isNull(areaUnderRoc([judged(0.4, true)]))
  })
  it("what customers get is counted over answered, answerable and unanswerable questions", () => {
    const decided = four.map((one) => ({ ...one, answered: one.confidence >= 0.5 }))
    assert.deepStrictEqual(outcomeOf(decided), [2 / 4, 1 / 2, 1 / 3, 0])
  })
})

describe("calibration", () => {
  it("has five buckets, empty ones too, and 1 in the last", () => {
    const buckets = bucketsOf([judged(0, false), judged(0.19, true), judged(1, true)])
    assert.deepStrictEqual(
      buckets.map((one) => one.count),
      [2, 0, 0, 0, 1],
    )
    assert.closeTo(buckets[0]?.said ?? 0, 0.095, 1e-12)
    assert.strictEqual(buckets[0]?.right, 0.5)
    assert.isNull(buckets[1]?.right)
  })
  it("is without error when right as often as it says, and off by all when sure and wrong", () => {
    const often = Array.from({ length: 10 }, (_, at) => judged(0.7, at < 7))
    assert.closeTo(calibrationError(often) ?? 1, 0, 1e-12)
    assert.strictEqual(calibrationError([judged(1, false)]), 1)
    assert.isNull(calibrationError([]))
  })
  it("weighs buckets by their questions", () => {
    const three = [judged(0.9, true), judged(0.9, true), judged(0.1, true)]
    assert.closeTo(calibrationError(three) ?? 0, (2 * 0.1 + 0.9) / 3, 1e-12)
  })
})

describe("retrieval", () => {
  const question = (relevant: ReadonlyArray<string>, answer: string | null = null) => ({
    id: relevant.join(),
    lines: [],
    relevant: new Set(relevant),
    answer,
  })
  const found = (ids: ReadonlyArray<string>, passage: string | null = null) => ({ ids, passage })

  it("counts the first relevant hit, none after the fifth", () => {
    const questions = [question(["a"]), question(["b", "c"]), question(["d"]), question(["e"])]
    const lists = [
      found(["a"]),
      found(["x", "y", "c", "b"]),
      found(["1", "2", "3", "4", "5", "d"]),
      found([]),
    ]
    assert.deepStrictEqual(qualityOf(questions, lists), [1 / 4, 2 / 4, 2 / 4, (1 + 1 / 3) / 4, null])
  })
  it("looks for the answer's words in the passage where both are known", () => {
    const questions = [question(["a"], "Five  DAYS"), question(["b"], "ten"), question(["c"])]
    const lists = [found(["a"], "It takes five days."), found(["b"], "None."), found(["c"], "x")]
    assert.strictEqual(qualityOf(questions, lists)[4], 1 / 2)
  })
  it("has no figure without questions", () => {
    assert.deepStrictEqual(qualityOf([], []), [null, null, null, null, null])
  })
})

describe("classes", () => {
  const sorted = [
    { is: "a", said: "a" },
    { is: "a", said: "b" },
    { is: "b", said: "b" },
    { is: "b", said: null },
  ]
  it("are counted with and without silence", () => {
    assert.strictEqual(accuracyOf(sorted), 2 / 4)
    assert.strictEqual(precisionOf(sorted), 2 / 3)
    assert.strictEqual(silenceOf(sorted), 1 / 4)
    assert.strictEqual(recallOf(sorted, "a"), 1 / 2)
    assert.isNull(recallOf(sorted, "c"))
  })
  it("weigh the same in F1: a 2/3, b 2/4", () => {
    assert.closeTo(macroF1Of(sorted) ?? 0, (2 / 3 + 2 / 4) / 2, 1e-12)
  })
  it("have a most frequent one", () => assert.strictEqual(majorityOf(["x", "y", "y"]), "y"))
})
