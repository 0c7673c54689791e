/** What speaks for and against an answer. */
import { assert, describe, it } from "@effect/vitest"
import { confidenceOf, fitEqually, signalsOf } from "../src/agent/decide.ts"
import type { RankedHit } from "../src/knowledge/hit.ts"

const evidence = {
  coverage: 0.8,
  passageCoverage: 0.8,
  titleOverlap: 0.6,
  headingOverlap: 0,
  titleCoverage: 0.5,
  strength: 1.5,
  selfScore: 0.5,
  talk: 1,
  matched: 4,
  asked: 5,
  missing: [],
}

/** One hit for each score; `own` is what words gave it, without talk, in the search by words. */
const hits = (
  scores: ReadonlyArray<number>,
  own = scores,
  talk: ReadonlyArray<number> = [],
): ReadonlyArray<RankedHit<"customer">> =>
  scores.map((score, at) => ({
    surface: "customer",
    articleId: `${at}`,
    locale: "en",
    title: `Title ${at}`,
    url: null,
    headings: [],
    passage: "Text.",
    score,
    evidence: { ...evidence, selfScore: own[at] ?? 0, talk: talk[at] ?? 1 },
  }))

const confidence = (found: ReadonlyArray<RankedHit<"customer">>): number => {
  const signals = signalsOf("How long does it take?", found)
  return signals === null ? 0 : confidenceOf(signals)
}

describe("how sure an answer is", () => {
  it("nothing found is nothing", () => assert.isNull(signalsOf("How long does it take?", [])))
  it("less sure the more articles fit as well", () => {
    const clear = confidence(hits([1, 0.5, 0.3, 0.2, 0.1]))
    const crowd = confidence(hits([1, 0.5, 0.5, 0.5, 0.5]))
    const crowded = confidence(hits([1, 0.9, 0.9, 0.9, 0.9]))
    const equal = confidence(hits([1, 1, 1, 1, 1]))
    assert.strictEqual(clear, crowd)
    assert.isAbove(crowd, crowded)
    assert.isAbove(crowded, equal)
  })
  it("not surer because of what was talked about before: the lead is the question's own", () => {
    const ahead = hits([1.5, 0.5, 0.4], [0.5, 0.5, 0.4], [3, 1, 1])
    assert.strictEqual(signalsOf("?", ahead)?.margin, 0)
    const behind = hits([1.5, 0.9], [0.5, 0.9], [3, 1])
    assert.strictEqual(signalsOf("?", behind)?.margin, 0)
    assert.strictEqual(signalsOf("?", hits([1, 0.5]))?.margin, 0.5)
  })
})

describe("articles that fit equally", () => {
  it("are five, not four and not five of which one is behind", () => {
    assert.isTrue(fitEqually(hits([1, 1, 1, 0.99, 0.98])))
    assert.isFalse(fitEqually(hits([1, 1, 1, 1])))
    assert.isFalse(fitEqually(hits([1, 1, 1, 1, 0.9])))
    assert.isFalse(fitEqually([]))
  })
  it("are not those between which the talk or a search by meaning has decided", () => {
    assert.isFalse(fitEqually(hits([1.5, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1.5, 1, 1, 1, 1])))
    // Fused: the scores of the others are brought down to that of the first.
    assert.isFalse(fitEqually(hits([0.4, 0.4, 0.4, 0.4, 0.4], [0.4, 1, 0.9, 0.8, 0.7])))
  })
})
