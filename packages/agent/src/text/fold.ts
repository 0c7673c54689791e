/** Makes spellings of one word equal: width, case, accents, typographic marks. */

const special: ReadonlyArray<readonly [RegExp, string]> = [
  [/ß/g, "ss"],
  [/ø/g, "o"],
  [/æ/g, "ae"],
  [/œ/g, "oe"],
  [/ł/g, "l"],
  [/đ/g, "d"],
  [/ı/g, "i"],
  [/ё/g, "е"],
  [/[أإآٱ]/g, "ا"],
  [/ى/g, "ي"],
  [/ة/g, "ه"],
]

/** Vowel points and the stretching stroke of Arabic, vowel points of Hebrew: decoration, left out by most writers. */
const points = /[\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640]/g

/**
 * Lower case, NFKC, no accents on Latin and Greek letters. Marks that make another letter (`й`, `が`, Devanagari
 * vowels) stay. The result is for comparing, never for showing.
 */
export const fold = (text: string): string => {
  let out = normalizeWidth(text)
    .replace(/[’‘ʼ`´]/g, "'")
    .normalize("NFD")
    .replace(/(\p{Script=Latin}|\p{Script=Greek})[\u0300-\u036f]+/gu, "$1")
    .normalize("NFC")
    .replace(points, "")
  for (const [from, to] of special) out = out.replace(from, to)
  return out
}

/** Lower case and NFKC only: what stemmers that know accents want. */
export const normalizeWidth = (text: string): string =>
  text.normalize("NFKC").toLowerCase().replaceAll("\u0307", "")
