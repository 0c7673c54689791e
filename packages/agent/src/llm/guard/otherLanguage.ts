/** Whether a reply is plainly in another language than the customer's. */
import { detectLanguage } from "../../language/detect.ts"
import { baseLanguage } from "../../text/analyze.ts"

/** Shorter texts are told apart too badly. In words of two letters and more. */
const fewest = 12

/** Told apart badly whatever their length; readers of one can read the others. */
const kin: ReadonlyArray<ReadonlySet<string>> = [
  new Set(["da", "nb", "sv"]),
  new Set(["es", "pt", "ca"]),
  new Set(["ru", "uk", "bg"]),
]

/** Tables, links and names of things say little about the language around them. */
const prose = (text: string): string =>
  text
    .split("\n")
    .filter((line) => !line.includes("|"))
    .join("\n")
    .replace(/\]\([^)]*\)/g, "]")

/** `wanted`: BCP-47, or null where it is not known. In doubt it is the wanted one. */
export const isInOtherLanguage = (text: string, wanted: string | null): boolean => {
  const words = prose(text)
  if (wanted === null || (words.match(/\p{L}{2,}/gu) ?? []).length < fewest) return false
  const seen = detectLanguage(words, wanted)
  const own = baseLanguage(wanted)
  if (seen === null || baseLanguage(seen) === own) return false
  return !kin.some((group) => group.has(own) && group.has(baseLanguage(seen)))
}
