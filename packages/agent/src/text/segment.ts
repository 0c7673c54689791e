/** Cuts text into words: by letters where words are spaced, by pairs in Chinese, Japanese and Korean, else by dictionary. */

const cjk = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー`
const unspaced = String.raw`\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`
const run = new RegExp(
  `[${cjk}]+|[${unspaced}\\p{M}]+|(?:(?![${cjk}${unspaced}])[\\p{L}\\p{N}\\p{M}'])+`,
  "gu",
)
const isCjk = new RegExp(`^[${cjk}]`, "u")
const isUnspaced = new RegExp(`^[${unspaced}]`, "u")

// Built once: making a segmenter costs milliseconds. Thai rules also cut Lao, Khmer and Burmese by their dictionaries.
const dictionary = new Intl.Segmenter("th", { granularity: "word" })

const pairs = (letters: string): ReadonlyArray<string> => {
  const all = [...letters]
  return all.length < 2 ? all : all.slice(1).map((letter, i) => `${all[i]}${letter}`)
}

const dictionaryWords = (text: string): ReadonlyArray<string> =>
  [...dictionary.segment(text)].flatMap((part) => (part.isWordLike ? [part.segment] : []))

/** Languages of which `segment` gives pairs of letters. */
const paired = new Set(["zh", "ja", "ko"])
export const isInPairs = (language: string): boolean => paired.has(language)

/** Words in reading order, as written. A lone CJK letter is a word; longer CJK runs give overlapping pairs. */
export const segment = (text: string): ReadonlyArray<string> => {
  const out: Array<string> = []
  for (const [part] of text.matchAll(run)) {
    if (isCjk.test(part)) out.push(...pairs(part))
    else if (isUnspaced.test(part)) out.push(...dictionaryWords(part))
    else if (/[\p{L}\p{N}]/u.test(part)) out.push(part)
  }
  return out
}

/** How many words a reader sees: CJK counts by pairs of letters. */
export const wordCount = (text: string): number => {
  let count = 0
  for (const [part] of text.matchAll(run)) {
    if (isCjk.test(part)) count += Math.ceil([...part].length / 2)
    else if (isUnspaced.test(part)) count += dictionaryWords(part).length
    else if (/[\p{L}\p{N}]/u.test(part)) count += 1
  }
  return count
}
