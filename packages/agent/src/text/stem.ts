/** Stemming per language, with a bounded cache. Languages without a Snowball stemmer keep the folded word. */
import snowball from "snowball-stemmers"
import { fold, normalizeWidth } from "./fold.ts"

const algorithms: Readonly<Record<string, string>> = {
  ar: "arabic",
  ca: "catalan",
  cs: "czech",
  da: "danish",
  de: "german",
  en: "english",
  es: "spanish",
  eu: "basque",
  fi: "finnish",
  fr: "french",
  ga: "irish",
  hu: "hungarian",
  hy: "armenian",
  it: "italian",
  nb: "norwegian",
  nl: "dutch",
  pt: "portuguese",
  ro: "romanian",
  ru: "russian",
  sl: "slovene",
  sv: "swedish",
  ta: "tamil",
  tr: "turkish",
}

/**
 * Customers leave accents out in these languages, and the stemmers do well enough without. In the others the accents
 * carry the ending (`ı` in Turkish, `ä` in Finnish), so the word is stemmed first and folded afterwards.
 */
const foldFirst = new Set(["ca", "de", "en", "es", "fr", "it", "nl", "pt", "ro", "ar"])

/** Endings that the stemmer only knows with their accent, put back after folding. */
const restore: Readonly<Record<string, readonly [RegExp, string]>> = {
  es: [/([cs])ion$/, "$1ión"],
  pt: [/cao$/, "ção"],
}

const finish: Readonly<Record<string, (stem: string) => string>> = {
  de: (stem) => stem.replace(/([aou])e/g, "$1"),
}

const cacheLimit = 60_000

const makeStemmer = (language: string): ((word: string) => string) => {
  const algorithm = algorithms[language]
  const restoring = restore[language]
  if (algorithm === undefined) return fold
  const stemmer = snowball.newStemmer(algorithm)
  const done = finish[language]
  return (word) => {
    const plain = foldFirst.has(language) ? fold(word) : normalizeWidth(word)
    const ready = restoring === undefined ? plain : plain.replace(restoring[0], restoring[1])
    const stem = fold(stemmer.stem(ready))
    return done === undefined ? stem : done(stem)
  }
}

interface Entry {
  readonly run: (word: string) => string
  readonly known: Map<string, string>
}
const entries = new Map<string, Entry>()

const entryOf = (language: string): Entry => {
  const found = entries.get(language)
  if (found !== undefined) return found
  const made = { run: makeStemmer(language), known: new Map<string, string>() }
  entries.set(language, made)
  return made
}

/** The folded stem of one word. `language`: a two-letter code; an unknown one folds only. */
export const stem = (word: string, language: string): string => {
  const { run, known } = entryOf(language)
  const cached = known.get(word)
  if (cached !== undefined) return cached
  const made = run(word)
  // Foreign text must not grow the memory for ever; starting over is cheaper than keeping order of use.
  if (known.size >= cacheLimit) known.clear()
  known.set(word, made)
  return made
}
