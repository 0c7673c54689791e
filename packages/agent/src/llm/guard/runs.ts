/** Words in a row that two texts have in common. */
import { fold } from "../../text/fold.ts"

/** Words in a row. Shorter runs are phrases that everybody writes. */
const inWords = 7

const wordsOf = (text: string): ReadonlyArray<string> => fold(text).match(/[\p{L}\p{N}]+/gu) ?? []

/** Scripts without spaces: letters in a row stand for words. */
const pieces = (text: string): ReadonlyArray<string> => {
  const words = wordsOf(text)
  const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u
  return words.flatMap((one) => (cjk.test(one) ? [...one] : [one]))
}

/** Every run of `length` words of the text. */
export const runsOf = (text: string, length = inWords): ReadonlySet<string> => {
  const all = pieces(text)
  return new Set(
    all.slice(0, Math.max(0, all.length - length + 1)).map((_, at) => all.slice(at, at + length).join(" ")),
  )
}
