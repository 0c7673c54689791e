/**
 * Things in a reply that can be right only if they were found or said: codes, long numbers, mail addresses, host names, keys.
 * They survive translation, so they are compared whatever the languages are.
 */
import { type Material, squeeze } from "./material.ts"

const mail = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu
const hostName =
  /(?<![\p{L}\p{N}@.-])(?:[\p{L}\p{N}-]+\.)+(?:com|net|org|io|co|app|dev|info|biz|xyz|me|ai|tv|cc|ru|cn|de|fr|es|it|nl|pl|uk|us|eu|ch|at|in|br|jp|kr|test|example|invalid|onion|link|site|online|shop|top|click|zip|cloud|page|web)(?![\p{L}\p{N}-])/giu
const word = /[\p{L}\p{N}][\p{L}\p{N}+=/_.,:-]*[\p{L}\p{N}=]|[\p{L}\p{N}]/gu

const date = /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}$/
const time = /^\d{1,2}[:.h]\d{2}(?::\d{2})?$/i

/** Figures with what groups them: only parts of four digits and more, and seven digits in all, are telling. */
const isTellingNumber = (token: string): boolean => {
  if (date.test(token) || time.test(token)) return false
  const parts = token.split(/\D+/).filter((part) => part !== "")
  return parts.some((part) => part.length >= 4) || parts.join("").length >= 7
}

/** Letters and digits mixed, or capitals in groups: `OVR-7731`, `GOLD-FISH`. "24h", "A4" and "2nd" are too short to tell. */
const isCode = (token: string): boolean => {
  const letters = /\p{L}/u.test(token)
  const digits = token.match(/\p{N}/gu)?.length ?? 0
  const length = token.match(/[\p{L}\p{N}]/gu)?.length ?? 0
  if (letters && digits > 0) return length >= 5 && !/^\d{1,4}[-.]?\p{Ll}{2,}$/u.test(token)
  return /^\p{Lu}{2,}(?:[-_]\p{Lu}{2,})+$/u.test(token)
}

/** Long and of mixed case, as no word is: Base64, keys. */
const isEncoded = (token: string): boolean =>
  token.length >= 16 && (token.match(/\p{Ll}\p{Lu}|\p{Lu}\p{Ll}\p{Lu}|[=+/]/gu)?.length ?? 0) >= 2

/** Letters one by one, as in "Z X - 7 Q": no language writes like that, except to get past somebody who reads words. */
const spelled = /(?<![\p{L}\p{N}])[\p{L}\p{N}](?:[\s.,*_·-]{1,3}[\p{L}\p{N}](?![\p{L}\p{N}])){5,}/gu

const isTelling = (token: string): boolean =>
  /\p{L}/u.test(token) ? isCode(token) || isEncoded(token) : isTellingNumber(token)

/** Telling things in `text` that stand nowhere in the material. */
export const unsupportedFacts = (text: string, material: Material): ReadonlyArray<string> => {
  const plain = text.normalize("NFKC")
  const found = [
    ...[...plain.matchAll(spelled)].map(([one]) => one),
    ...[...plain.matchAll(mail)].map(([one]) => one),
    ...[...plain.matchAll(hostName)].map(([one]) => one),
    ...[...plain.matchAll(word)].map(([one]) => one).filter(isTelling),
  ]
  return [...new Set(found)].filter((one) => !material.squeezed.includes(squeeze(one)))
}
