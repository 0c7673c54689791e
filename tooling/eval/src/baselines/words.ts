/** Words as a plain search engine makes them: stemmed where a stemmer exists, pairs of letters where nothing is spaced. */
import snowball from "snowball-stemmers"

const algorithms: Readonly<Record<string, string>> = {
  ar: "arabic",
  de: "german",
  en: "english",
  es: "spanish",
  fr: "french",
  it: "italian",
  nl: "dutch",
  pt: "portuguese",
  ru: "russian",
  tr: "turkish",
}

/** Makes the tokenizer of a language. */
export const stemmedWords = (language: string): ((text: string) => Array<string>) => {
  if (/^(?:zh|ja|ko|th)$/.test(language)) return pairs
  const algorithm = algorithms[language]
  const stemmer = algorithm === undefined ? null : snowball.newStemmer(algorithm)
  return (text) => plainWords(text).map((word) => (stemmer === null ? word : stemmer.stem(word)))
}

/** Lower case, no accents. */
export const plainWords = (text: string): Array<string> =>
  text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .match(/[\p{L}\p{N}]+/gu) ?? []

const pairs = (text: string): Array<string> =>
  (
    text
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).flatMap((run) => {
    const letters = [...run]
    return letters.length < 2 || /^[\p{Script=Latin}\p{N}]+$/u.test(run)
      ? [run]
      : letters.slice(1).map((letter, at) => `${letters[at]}${letter}`)
  })
