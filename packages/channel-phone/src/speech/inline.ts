/** One line of Markdown as words to be said. */

const bareUrl = /<?\b(?:https?:\/\/|www\.)[^\s<>()[\]]*[^\s<>()[\].,;:!?'"»”。、،؟]>?/giu

/** Markdown links keep their words, unless those are an address again. */
const links = (text: string): string =>
  text
    .replace(/!\[([^\]]*)\]\([^)\s]*(?:\s+"[^"]*")?\)/g, "$1")
    .replace(/\[([^\]]*)\]\([^)\s]*(?:\s+"[^"]*")?\)/g, "$1")
    .replace(bareUrl, "")
    // Marks that point to sources: [1], [2, 3].
    .replace(/\s?\[\d{1,3}(?:,\s?\d{1,3})*\]/g, "")

const emphasis = (text: string): string =>
  text
    .replace(/(\*\*\*|\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1/gu, "$2")
    .replace(/(?<![\p{L}\p{N}*])\*(?=[^\s*])(.+?)(?<=[^\s*])\*(?![\p{L}\p{N}*])/gu, "$1")
    .replace(/(?<![\p{L}\p{N}_])_(?=[^\s_])(.+?)(?<=[^\s_])_(?![\p{L}\p{N}_])/gu, "$1")

/** Tags go, `5 < 6` stays. */
const tags = (text: string): string => text.replace(/<\/?[a-z][a-z0-9-]*(?:\s[^<>]*)?\/?>/gi, " ")

/** Voices read emoji by their names, in the middle of the sentence. Joiners go only with them: other writings need theirs. */
const picture = String.raw`(?:\p{RI}\p{RI}|\p{Emoji_Presentation}|\p{Extended_Pictographic})`
const emojis = new RegExp(`${picture}(?:[\\u{1f3fb}-\\u{1f3ff}]|\\ufe0f|\\u200d${picture})*`, "gu")
const emoji = (text: string): string => text.replace(emojis, " ")

/**
 * Long runs of digits are order and customer numbers: said digit by digit, not as millions. Amounts, dates and times have
 * separators or are shorter.
 */
const numbers = (text: string): string =>
  text.replace(/(?<![\p{Nd}.,:/٫٬])\p{Nd}{6,}(?![.,:/٫٬]?\p{Nd})/gu, (run) => [...run].join(" "))

const tidy = (text: string): string =>
  text
    .replace(/\s[–—]\s|\s?(?:→|⇒|=>|->)\s?/g, ", ")
    .replace(/\(\s*\)/g, "")
    .replace(/\s+/g, " ")
    .replace(/\s+([.,;:!?،؛؟。、！？])/gu, "$1")
    .trim()

/** Markup, addresses, emoji and source marks go; words stay in their order. Code is said as it stands. */
export const inlineToSpeech = (line: string): string => {
  const pieces = line.split(/(`[^`]+`)/)
  return tidy(
    pieces
      .map((piece) =>
        piece.startsWith("`") && piece.endsWith("`") && piece.length > 2
          ? piece.slice(1, -1)
          : numbers(emoji(emphasis(tags(links(piece.replace(/\\([\\`*_{}[\]()#+.!~-])/g, "$1")))))),
      )
      .join(""),
  )
}
