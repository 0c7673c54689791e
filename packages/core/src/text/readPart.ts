/** How much of a message is read by programs: the AI, and everything that looks for words in a customer's text. */

/**
 * In UTF-16 units; some eight pages. Whoever writes more gets an answer to the beginning, and humans see all of it. The bound is
 * there because a text of megabytes costs a search the square of its length.
 */
export const maxReadUnits = 16_000

interface Texts {
  readonly text: string
  readonly fullText: string | null
}

/** `text` cut between characters where it is too long; `fullText` then has all of it. */
export const readPart = ({ fullText, text }: Texts): Texts =>
  text.length <= maxReadUnits
    ? { text, fullText }
    : {
        text: text.slice(0, maxReadUnits).replace(/[\ud800-\udbff]$/, ""),
        fullText: fullText ?? text,
      }
