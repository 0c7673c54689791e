/**
 * Words that end or reopen messages, when they are the whole message. Carriers and providers act on them by themselves, so
 * the channel must know them: the AI does not answer them, and later messages would only be refused.
 */

/** English as United States carriers know it, with the additions of 2025, and French as used in Canada. */
export const OPT_OUT_WORDS: ReadonlyArray<string> = [
  "STOP",
  "STOPALL",
  "UNSUBSCRIBE",
  "CANCEL",
  "END",
  "QUIT",
  "OPTOUT",
  "REVOKE",
  "ARRET",
  "ARRETER",
]

/** `YES` is missing on purpose: it is an ordinary answer, unless the provider itself says that it was an opt-in. */
const OPT_IN_WORDS: ReadonlyArray<string> = ["START", "UNSTOP", "COMMENCER"]

const HELP_WORDS: ReadonlyArray<string> = ["HELP", "INFO", "AIDE"]

/** What a whole message means for the customer's consent; `null` for everything else. */
export type Consent = "out" | "in" | "help" | null

/** Upper case, without accents, outer punctuation, spaces and hyphens: `Stop.`, `STOP ALL` and `arrêt` are the words. */
const bare = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .trim()
    .replace(/^[\p{P}\s]+|[\p{P}\s]+$/gu, "")
    .replace(/[\s-]+/g, "")
    .toUpperCase()

/** Looks at the whole message. `extra`: further opt-out words of the account. */
export const consentOf = (text: string, extra: ReadonlyArray<string>): Consent => {
  if (text.length > 40) return null
  const word = bare(text)
  if (word.length === 0) return null
  if (OPT_OUT_WORDS.includes(word) || extra.some((e) => bare(e) === word)) return "out"
  if (OPT_IN_WORDS.includes(word)) return "in"
  return HELP_WORDS.includes(word) ? "help" : null
}
