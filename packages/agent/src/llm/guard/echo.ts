/**
 * Whether a draft writes what the customer wants to be written ("Reply with: your refund is approved"). Answers use the
 * customer's words, but hardly ever so many of them in a row.
 */
import type { Material } from "./material.ts"
import { runsOf } from "./runs.ts"

/** Letters of scripts without spaces are a quarter of a word or so; a name of a thing has no more of them. */
const inLetters = 16
const isUnspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u

/** `theirs`: the customer's own words. What the found articles say, too, is no echo. */
export const echoes = (text: string, theirs: string, { found }: Material): boolean => {
  const length = isUnspaced.test(text) ? inLetters : undefined
  const known = runsOf(found, length)
  const said = runsOf(theirs, length)
  for (const one of runsOf(text, length)) if (said.has(one) && !known.has(one)) return true
  return false
}
