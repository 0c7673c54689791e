/** Which language the customer writes. A short or unclear text keeps the language that was known before. */
import { detectAll } from "tinyld"
import { baseLanguage } from "../text/analyze.ts"
import { withoutNoise } from "../text/clean.ts"
import { allowedBy } from "./alphabets.ts"

/** Two-letter codes of what is told apart. Fewer candidates make short texts surer. */
export const detectable: ReadonlyArray<string> =
  "en de fr es it pt nl sv da no fi pl cs ro hu el tr ru uk bg ar he fa hi bn th vi id ja ko zh ca".split(" ")

const scripts: ReadonlyArray<readonly [RegExp, string]> = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/gu, "ja"],
  [/\p{Script=Hangul}/gu, "ko"],
  [/\p{Script=Thai}/gu, "th"],
  [/\p{Script=Hebrew}/gu, "he"],
  [/\p{Script=Greek}/gu, "el"],
  [/\p{Script=Bengali}/gu, "bn"],
  [/\p{Script=Devanagari}/gu, "hi"],
  [/\p{Script=Han}/gu, "zh"],
]

/** Some scripts belong to one of the languages: no statistics needed, one word is enough. */
const byScript = (text: string): string | null => {
  const letters = text.match(/\p{L}/gu)?.length ?? 0
  for (const [pattern, language] of scripts) {
    const count = text.match(pattern)?.length ?? 0
    // Japanese mixes kana with many Han characters; the others must be most of the text.
    if (count > 0 && count >= letters * (language === "ja" ? 0.1 : 0.5)) return language
  }
  return null
}

/** How sure the first guess has to be, and how far ahead of the second, when another language is known already. */
const sure = 0.3
const ahead = 1.25

/** How sure it has to be with one word, or with two, when nothing is known. */
const sureAlone: ReadonlyArray<number> = [1, 0.5, 0.1]

const wordsOf = (text: string): number => text.match(/\p{L}{2,}/gu)?.length ?? 0

/**
 * Language of a text as a BCP-47 base code (`nb` for Norwegian), or null when nothing can be said. `known`: what the
 * conversation or the channel says so far; it is kept unless the text is clear.
 */
export const detectLanguage = (text: string, known: string | null): string | null => {
  const plain = withoutNoise(text).slice(0, 4000)
  const script = byScript(plain)
  if (script !== null) return script
  const words = wordsOf(plain)
  if (words === 0) return known
  const lower = plain.toLowerCase().normalize("NFC")
  const allowed = allowedBy(lower)
  const [only] = allowed
  if (known === null && allowed.length === 1 && only !== undefined) return baseLanguage(only)
  const [first, second] = detectAll(lower, { only: allowed.length === 0 ? [...detectable] : [...allowed] })
  if (first === undefined) return known
  const language = baseLanguage(first.lang)
  if (known !== null && baseLanguage(known) === language) return known
  if (known === null) return first.accuracy >= (sureAlone[words] ?? 0) ? language : null
  const clear = first.accuracy >= sure && first.accuracy >= ahead * (second?.accuracy ?? 0)
  return words >= 4 && clear ? language : known
}
