/** Whether the best hit answers the question. Several signals, weighed; each alone can be fooled. */
import type { Surface } from "@opencx/core"
import type { RankedHit } from "../knowledge/hit.ts"
import { baseLanguage } from "../text/analyze.ts"
import { unknownNames, unknownOwned } from "./names.ts"

export interface Signals {
  readonly coverage: number
  readonly passageCoverage: number
  readonly titleOverlap: number
  readonly headingOverlap: number
  /** Share of the question that the title has. */
  readonly titleCoverage: number
  /** What was found of the question, in words that only one article has. */
  readonly strength: number
  readonly selfScore: number
  /** How far the best is ahead of the second: 0 (equal) to 1 (no second). */
  readonly margin: number
  /** How near the fifth comes to the best: 1 where the question fits five articles as well. */
  readonly crowd: number
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

/** What the question alone gives it: what was talked about before says which article is meant, not that it answers. */
const alone = ({ evidence, score }: RankedHit<Surface>): number => score / evidence.talk

/** Nothing is far ahead with a score of nothing: then only its meaning speaks for it. */
const marginOf = (first: RankedHit<Surface>, others: ReadonlyArray<RankedHit<Surface>>): number => {
  const own = alone(first)
  return own <= 0 ? 0 : Math.max(0, 1 - Math.max(0, ...others.map(alone)) / own)
}

/** With so many that fit nearly as well, the question is about something that none of them says, or says too little. */
const crowded = 5
const crowdOf = (hits: ReadonlyArray<RankedHit<Surface>>): number => {
  const best = hits[0]?.score ?? 0
  return best <= 0 ? 0 : (hits[crowded - 1]?.score ?? 0) / best
}

export const signalsOf = (question: string, hits: ReadonlyArray<RankedHit<Surface>>): Signals | null => {
  const [first, ...others] = hits
  if (first === undefined) return null
  const { evidence } = first
  return {
    coverage: round(evidence.coverage),
    passageCoverage: round(evidence.passageCoverage),
    titleOverlap: round(evidence.titleOverlap),
    headingOverlap: round(evidence.headingOverlap),
    titleCoverage: round(evidence.titleCoverage),
    strength: round(evidence.strength),
    selfScore: round(evidence.selfScore),
    margin: round(marginOf(first, others)),
    crowd: round(crowdOf(hits)),
    matched: evidence.matched,
    asked: evidence.asked,
    missing: evidence.missing.length,
    unknownNames: unknownNames(question, evidence.missing, baseLanguage(first.locale)),
    unknownOwned: unknownOwned(question, evidence.missing, baseLanguage(first.locale)),
  }
}

/** Fitted on questions and mails that help centers can and cannot answer; see AGENTS.md before changing one. */
const weights = {
  bias: -3.7,
  coverage: 2,
  passageCoverage: 1.55,
  named: 2.5,
  strength: 0.65,
  lead: 4.6,
  crowd: -2,
  missing: -0.95,
  unknownNames: -0.2,
  unknownOwned: -3.3,
  nowhereNamed: -2.8,
}

/** A heading names what its passage is about, but less surely than a title. */
const headingShare = 0.7

type Feature = Exclude<keyof typeof weights, "bias">

/**
 * What the confidence is a weighted sum of. `named`: how much of the title or heading is asked for. Being ahead counts only as far as the passage covers
 * the question.
 */
export const featuresOf = (signals: Signals): Readonly<Record<Feature, number>> => ({
  coverage: signals.coverage,
  passageCoverage: signals.passageCoverage,
  named: Math.max(signals.titleOverlap, headingShare * signals.headingOverlap),
  strength: Math.min(3, signals.strength),
  lead: signals.margin * signals.passageCoverage,
  crowd: Math.max(0, signals.crowd - 0.5) * 2,
  missing: Math.min(3, signals.missing),
  unknownNames: Math.min(2, signals.unknownNames),
  unknownOwned: Math.min(1, signals.unknownOwned),
  nowhereNamed: signals.titleCoverage < 0.02 && signals.headingOverlap < 0.1 ? 1 : 0,
})

/**
 * Over articles of others the sum alone is too sure in both directions. This makes the confidence what it says, and leaves
 * one half where it is.
 */
const sureness = 0.6

/** 0 to 1: how likely the best hit answers the question. */
export const confidenceOf = (signals: Signals): number => {
  const sum = Object.entries(featuresOf(signals)).reduce(
    (total, [name, value]) => total + weightOf(name) * value,
    weights.bias,
  )
  return round(1 / (1 + Math.exp(-sureness * sum)))
}

const byName: ReadonlyMap<string, number> = new Map(Object.entries(weights))
const weightOf = (name: string): number => byName.get(name) ?? 0

/** From here on the agent answers. */
export const answerFrom = 0.5

const indistinct = 0.97

/**
 * Whether five articles fit this equally, as with one for each of many hotels: then nobody can know which is meant. By what
 * words say of each: a search by meaning that has put one first knows.
 */
export const fitEqually = (hits: ReadonlyArray<RankedHit<Surface>>): boolean => {
  const fits = hits.slice(0, crowded).map(({ evidence }) => evidence.selfScore * evidence.talk)
  return crowdOf(hits) >= indistinct && Math.min(...fits) >= indistinct * Math.max(...fits)
}
