/** Whether the best hit answers the question. Several signals, weighed; each alone can be fooled. */
import type { RankedHit } from "../knowledge/OrgIndex.ts"
import { baseLanguage } from "../text/analyze.ts"
import { unknownNames, unknownOwned } from "./names.ts"

export interface Signals {
  readonly coverage: number
  readonly passageCoverage: number
  readonly titleOverlap: number
  readonly titleCoverage: number
  readonly strength: number
  readonly selfScore: number
  /** How far the best is ahead of the second: 0 (equal) to 1 (no second). */
  readonly margin: number
  readonly matched: number
  readonly asked: number
  /** Telling words of the question that no article has. */
  readonly missing: number
  /** Those among them that are written as names. */
  readonly unknownNames: number
  /** Those among them that are said to be the customer's own. */
  readonly unknownOwned: number
}

const round = (value: number): number => Math.round(value * 1000) / 1000

export const signalsOf = (question: string, hits: ReadonlyArray<RankedHit<"customer">>): Signals | null => {
  const [first, second] = hits
  if (first === undefined) return null
  const { evidence } = first
  return {
    coverage: round(evidence.coverage),
    passageCoverage: round(evidence.passageCoverage),
    titleOverlap: round(evidence.titleOverlap),
    titleCoverage: round(evidence.titleCoverage),
    strength: round(evidence.strength),
    selfScore: round(evidence.selfScore),
    margin: round(second === undefined ? 1 : 1 - second.score / first.score),
    matched: evidence.matched,
    asked: evidence.asked,
    missing: evidence.missing.length,
    unknownNames: unknownNames(question, evidence.missing, baseLanguage(first.locale)),
    unknownOwned: unknownOwned(question, evidence.missing, baseLanguage(first.locale)),
  }
}

/** Fitted on questions that public help centers can and cannot answer; see AGENTS.md before changing one. */
const weights = {
  bias: -3.85,
  coverage: 3.1,
  passageCoverage: 2.4,
  titleOverlap: 2.9,
  lead: 1.7,
  missing: -0.5,
  unknownNames: -1,
}

/** What the confidence is a weighted sum of. Being ahead counts only as far as the passage covers the question. */
export const featuresOf = (
  signals: Signals,
): Readonly<Record<Exclude<keyof typeof weights, "bias">, number>> => ({
  coverage: signals.coverage,
  passageCoverage: signals.passageCoverage,
  titleOverlap: signals.titleOverlap,
  lead: signals.margin * signals.passageCoverage,
  missing: Math.min(3, signals.missing),
  unknownNames: Math.min(2, signals.unknownNames),
})

/** 0 to 1: how likely the best hit answers the question. */
export const confidenceOf = (signals: Signals): number => {
  const features = featuresOf(signals)
  const sum =
    weights.bias +
    weights.coverage * features.coverage +
    weights.passageCoverage * features.passageCoverage +
    weights.titleOverlap * features.titleOverlap +
    weights.lead * features.lead +
    weights.missing * features.missing +
    weights.unknownNames * features.unknownNames
  return round(1 / (1 + Math.exp(-sum)))
}

/** From here on the agent answers. */
export const answerFrom = 0.5
