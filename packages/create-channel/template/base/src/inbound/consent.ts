/** Words with which a customer refuses further messages, or takes them again. Only as the whole message. */

export const OPT_OUT_WORDS: ReadonlyArray<string> = ["STOP", "UNSUBSCRIBE"]
const optInWords: ReadonlyArray<string> = ["START"]

/** `out`, `in`, or null for every other text. */
export const consentOf = (text: string): "out" | "in" | null => {
  const word = text.trim().toUpperCase()
  if (OPT_OUT_WORDS.includes(word)) return "out"
  return optInWords.includes(word) ? "in" : null
}
