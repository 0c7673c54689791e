/** Words that announce a value: "order no. 1042", "purchased on 3 May 2026". */
import { analyze } from "../text/analyze.ts"
import { synonymsOf } from "../text/synonyms.ts"
import { meantBy } from "./concepts.ts"
import type { Span } from "./spans.ts"

/** Words of a title that say what kind of value it is, not which one. */
const kinds = new Set(
  "number numbers no nr num id ids code codes date dates day time reference ref name field customer nummer datum tag numero fecha date numéro heure".split(
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

/** The same and what may stand for them: who "bought" made a purchase. */
export const wideCuesOf = (title: string, language: string): ReadonlySet<string> => {
  const own = [...cuesOf(title, language)]
  const near = own.flatMap((term) => [...synonymsOf(term, language), ...meantBy(term, language)])
  return new Set([...own, ...near, ...near.flatMap((term) => synonymsOf(term, language))])
}

/** How far a value may be from the word that announces it, in characters: before it, and after it. */
export interface Reach {
  readonly before: number
  readonly after: number
}
const close: Reach = { before: 30, after: 12 }
export const wide: Reach = { before: 60, after: 20 }

/** Characters between the value and the nearest word that announces it; null when none is near. */
const distanceOf = (span: Span, words: ReadonlyArray<Word>, text: string, reach: Reach): number | null => {
  const distances = words.flatMap((word) => {
    const ahead = span.from - word.to
    const behind = word.from - span.to
    const between = ahead >= 0 ? text.slice(word.to, span.from) : text.slice(span.to, word.from)
    // Another sentence speaks of something else.
    if (/[.!?]\s|\n/.test(between.replace(/\b(?:no|nr|num|ref)\.\s/gi, ""))) return []
    if (ahead >= 0) return ahead <= reach.before ? [ahead] : []
    return behind >= 0 && behind <= reach.after ? [behind] : []
  })
  return distances.length === 0 ? null : Math.min(...distances)
}

/** The one value of a text; null when there are none or several. */
export const alone = (spans: ReadonlyArray<Span>): string | null => {
  const values = new Set(spans.map((span) => span.text))
  const [only] = values
  return values.size === 1 && only !== undefined ? only : null
}

/** The one value that is announced; null when none is, or when two different ones are. */
export const announced = (
  spans: ReadonlyArray<Span>,
  cues: ReadonlySet<string>,
  text: string,
  language: string,
): string | null => {
  const words = wordsOf(text, language).filter(({ term }) => cues.has(term))
  return alone(spans.filter((span) => distanceOf(span, words, text, close) !== null))
}

/** The value that is nearest to its announcement; null when two different ones are as near. */
export const nearest = (
  spans: ReadonlyArray<Span>,
  cues: ReadonlySet<string>,
  text: string,
  language: string,
  reach: Reach = close,
): string | null => {
  const words = wordsOf(text, language).filter(({ term }) => cues.has(term))
  const placed = spans.flatMap((span) => {
    const distance = distanceOf(span, words, text, reach)
    return distance === null ? [] : [{ span, distance }]
  })
  const least = Math.min(...placed.map((one) => one.distance))
  return alone(placed.filter((one) => one.distance === least).map((one) => one.span))
}
