/** Words that announce a value: "order no. 1042", "purchased on 3 May 2026". */
import { analyze } from "../text/analyze.ts"
import type { Span } from "./spans.ts"

/** Words of a title that say what kind of value it is, not which one. */
const kinds = new Set(
  "number numbers no nr num id ids code codes date dates day time reference ref name value amount field customer nummer datum tag numero fecha date numéro heure".split(
    " ",
  ),
)

interface Word {
  readonly term: string
  readonly from: number
  readonly to: number
}

const wordsOf = (text: string, language: string): ReadonlyArray<Word> =>
  [...text.matchAll(/[\p{L}\p{M}'’-]+/gu)].flatMap((match) => {
    const term = analyze(match[0], language)[0]
    return term === undefined ? [] : [{ term, from: match.index, to: match.index + match[0].length }]
  })

/** Telling terms of a title; empty when it has none ("ID", "Number"). */
export const cuesOf = (title: string, language: string): ReadonlySet<string> => {
  const words = title.split(/[^\p{L}\p{M}'’-]+/u).filter((word) => !kinds.has(word.toLowerCase()))
  return new Set(analyze(words.join(" "), language))
}

/** Characters between the announcing word and the value: some before it, fewer after it. */
const before = 30
const after = 12

const isNear = (span: Span, words: ReadonlyArray<Word>, text: string): boolean =>
  words.some((word) => {
    const ahead = span.from - word.to
    const behind = word.from - span.to
    const between = ahead >= 0 ? text.slice(word.to, span.from) : text.slice(span.to, word.from)
    // Another sentence speaks of something else.
    if (/[.!?]\s|\n/.test(between.replace(/\b(?:no|nr|num|ref)\.\s/gi, ""))) return false
    return (ahead >= 0 && ahead <= before) || (behind >= 0 && behind <= after)
  })

/**
 * The one value that is announced; null when none is, or when two different ones are. Without cues (the title names none)
 * only a value that stands alone counts.
 */
export const announced = (
  spans: ReadonlyArray<Span>,
  cues: ReadonlySet<string>,
  text: string,
  language: string,
): string | null => {
  const words = wordsOf(text, language).filter(({ term }) => cues.has(term))
  const near = cues.size === 0 ? spans : spans.filter((span) => isNear(span, words, text))
  const values = new Set(near.map((span) => span.text))
  const [only] = values
  return values.size === 1 && only !== undefined ? only : null
}
