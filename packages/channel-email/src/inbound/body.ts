/** What a mail says: its text for the timeline, with and without what it quotes. */
import { htmlToMarkdown } from "../html/toMarkdown.ts"
import type { Mail } from "../mime/Mail.ts"
import { stripReply } from "../reply/strip.ts"

export interface Body {
  readonly text: string
  readonly fullText: string
}

/** Characters that show nothing but can carry hidden words: tag characters, and long runs of zero-width ones. */
const invisible = /[\u{e0000}-\u{e007f}]|[\u200b\u2060\ufeff\u00ad]+|\u034f+|(?:\u200c|\u200d){3,}/gu

const tidy = (text: string): string =>
  text
    .replace(/\u0000/g, "")
    .replace(invisible, "")
    .replace(/(?<![ \t])[ \t]+$/gm, "")
    .trim()

/**
 * The HTML part decides when there is one: what it hides from the reader often stands openly in the text part, and
 * must not be read either. The text part is used when the HTML shows nothing.
 */
export const bodyOf = (mail: Mail, delimiter: string | null): Body => {
  const context = { delimiter, subject: mail.subject, isReply: mail.references.length > 0 }
  const shown = mail.html === null ? "" : tidy(htmlToMarkdown(mail.html))
  if (mail.html !== null && shown.length > 0) {
    const forReply = htmlToMarkdown(mail.html, { forReply: true })
    const reply = tidy(stripReply(forReply, context))
    return { text: reply.length > 0 ? reply : tidy(stripReply(shown, context)), fullText: shown }
  }
  const plain = mail.text === null || (mail.html !== null && mail.text.length === 0) ? "" : tidy(mail.text)
  return { text: tidy(stripReply(plain, context)), fullText: plain }
}
