/**
 * Which option a conversation speaks of: by the words of its label, its value and what the organization says about it.
 * Words that many options share tell little; an option must be well ahead of the next one.
 */
import type { FieldOption } from "@opencx/core"
import { analyze } from "../text/analyze.ts"
import { synonymsOf } from "../text/synonyms.ts"
import { meantBy } from "./concepts.ts"
import { isCatchAll, type Described, wordsOfOption } from "./describe.ts"

/** What the customer's words are worth. */
const exact = 1
const related = 0.62

export interface Scored {
  readonly option: FieldOption
  /** 0 to 1: how much of the option the customer speaks of. */
  readonly score: number
}

interface Spoken {
  readonly terms: ReadonlySet<string>
  readonly language: string
}

const matchOf = (term: string, spoken: Spoken): number => {
  if (spoken.terms.has(term)) return exact
  const means = meantBy(term, spoken.language)
  for (const one of spoken.terms) if (means.has(one)) return related
  return synonymsOf(term, spoken.language).some((one) => spoken.terms.has(one)) ? related : 0
}

/**
 * A label is never spoken of as a whole by one word of it: of two that are matched in full, the longer one says more. Lower
 * makes short labels win, higher leaves more fields blank (measured on intent data sets, see AGENTS.md).
 */
const reserve = 0.3

/** 0 to 1 by how few options have a term: what all have tells little. */
const rarityOf = (all: ReadonlyArray<Described>): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const { terms } of all) for (const term of terms.keys()) counts.set(term, (counts.get(term) ?? 0) + 1)
  const total = Math.max(1, all.length)
  return new Map(
    [...counts].map(([term, count]) => [term, Math.log(1 + total / count) / Math.log(1 + total)]),
  )
}

const scoreOf = (one: Described, rarity: ReadonlyMap<string, number>, spoken: Spoken): Scored => {
  let found = 0
  let whole = 0
  for (const [term, share] of one.terms) {
    const weight = share * (rarity.get(term) ?? 1)
    if (!one.hints.has(term)) whole += weight
    found += weight * matchOf(term, spoken)
  }
  return { option: one.option, score: whole === 0 ? 0 : Math.min(1, found / (whole + reserve)) }
}

/** Options by how well they fit, best first. `instruction`: what the organization says about the field. */
export const rankOptions = (
  options: ReadonlyArray<FieldOption>,
  text: string,
  language: string,
  instruction: string,
): ReadonlyArray<Scored> => {
  const described = options
    .filter((option) => !isCatchAll(option))
    .map((option) => wordsOfOption(option, language, instruction))
  const rarity = rarityOf(described)
  const spoken: Spoken = { terms: new Set(analyze(text, language)), language }
  return described
    .map((one) => scoreOf(one, rarity, spoken))
    .sort((a, b) => b.score - a.score || (a.option.value < b.option.value ? -1 : 1))
}
