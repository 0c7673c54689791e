/** Topics that an organization always gives to a human: words or phrases from its settings. */
import { analyze } from "../text/analyze.ts"
import { fold } from "../text/fold.ts"

/** A phrase of several words has to stand together, give or take a stop word that `analyze` drops. */
const contains = (haystack: ReadonlyArray<string>, needle: ReadonlyArray<string>): boolean =>
  needle.length > 0 && haystack.some((_, at) => needle.every((term, step) => haystack[at + step] === term))

/**
 * The first listed topic that a text speaks of, or null. Words are compared by stem in the text's language and in
 * English, and by spelling, so "chargebacks" finds "chargeback" and a topic in another language still matches itself.
 */
export const topicOf = (
  text: string,
  topics: ReadonlyArray<string>,
  language: string | null,
): string | null => {
  const languages = [...new Set([language ?? "en", "en"])]
  const folded = ` ${fold(text).replace(/[^\p{L}\p{M}\p{N}]+/gu, " ")} `
  for (const topic of topics) {
    const plain = fold(topic)
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, " ")
      .trim()
    if (plain === "") continue
    if (folded.includes(` ${plain} `)) return topic
    if (
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u.test(plain) &&
      folded.includes(plain)
    ) {
      return topic
    }
    if (languages.some((one) => contains(analyze(text, one), analyze(topic, one)))) return topic
  }
  return null
}
