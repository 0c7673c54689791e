/** Text to index terms: segmented, stop words out, stemmed, folded. Documents and queries go through the same. */
import { wholeCodesIn } from "./codes.ts"
import { fold } from "./fold.ts"
import { segment } from "./segment.ts"
import { stem } from "./stem.ts"
import { stopWordsOf } from "./stopWords.ts"

const elision = /^(?:[cdjlmnst]|qu|dell|all|nell|sull|un)'/
const elided = new Set(["fr", "it", "ca"])

const bare = (word: string, language: string): string => {
  const plain = word.replace(/[’‘]/g, "'").replace(/^'+|'+$/g, "")
  return elided.has(language) ? plain.replace(elision, "") : plain.replace(/'s$/, "")
}

/** Vietnamese puts a space after each syllable: most words are two of them. */
const writtenInSyllables = new Set(["vi"])

/**
 * Terms in reading order, repeats kept; after them pairs of neighbours where words have more than one part, and codes as a
 * whole. `language`: two-letter code; unknown ones get neither stems nor stop words.
 * `written`: the language that a query is in, where it differs: its stop words go, too.
 */
export const analyze = (text: string, language: string, written = language): ReadonlyArray<string> => {
  const stop = stopWordsOf(language)
  const alsoStop = stopWordsOf(written)
  const out: Array<string> = []
  for (const raw of segment(text.toLowerCase())) {
    const word = bare(raw, language)
    const folded = fold(word)
    if (word === "" || stop.has(folded) || alsoStop.has(folded)) continue
    const term = stem(word, language)
    // One letter says nothing, one figure may ("E10" stays whole; "2 years" keeps its 2). CJK letters are words.
    if (
      term.length > 1 ||
      /[\p{N}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(term)
    ) {
      out.push(term)
    }
  }
  const pairs = writtenInSyllables.has(language) ? out.slice(1).map((term, at) => `${out[at]} ${term}`) : []
  return [...out, ...pairs, ...wholeCodesIn(text)]
}

/** `de-AT` and `de_at` are `de`; Norwegian is `nb` under all its names; null stays null. */
export const baseLanguage = (locale: string): string => {
  const base = (locale.toLowerCase().split(/[-_]/)[0] ?? "").trim()
  if (base === "no" || base === "nn") return "nb"
  return base === "iw" ? "he" : base
}
