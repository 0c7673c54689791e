/** The header block alone, for mails whose body cannot be read. */
import { decodeWords } from "postal-mime"
import { parseAddresses } from "./addresses.ts"
import { header, type Mail, type MailHeader, messageIds } from "./Mail.ts"

const limit = 256 * 1024

/** Reads a header block: unfolds lines, keeps order and duplicates. Stops at the first empty line. */
export const parseHeaderBlock = (text: string): ReadonlyArray<MailHeader> => {
  const out: Array<MailHeader> = []
  for (const line of text.slice(0, limit).split(/\r\n|\n|\r/)) {
    if (line.length === 0) {
      if (out.length > 0) break
      continue
    }
    const last = out.at(-1)
    if (/^[ \t]/.test(line) && last !== undefined) {
      out[out.length - 1] = { key: last.key, value: `${last.value} ${line.trim()}` }
      continue
    }
    const colon = line.indexOf(":")
    if (colon <= 0) continue
    out.push({ key: line.slice(0, colon).trim().toLowerCase(), value: line.slice(colon + 1).trim() })
    if (out.length >= 2_000) break
  }
  return out
}

/** A `Date` header as epoch milliseconds, or null. */
export const parseDate = (value: string | null | undefined): number | null => {
  if (value === null || value === undefined) return null
  const at = Date.parse(value.replace(/\([^)]{0,200}\)/g, " ").trim())
  return Number.isNaN(at) ? null : at
}

/** What can be known of a mail from its headers alone. */
export const mailFromHeaders = (headers: ReadonlyArray<MailHeader>): Mail => {
  const of = (key: string) => header({ headers }, key)
  const from = headers.filter((h) => h.key === "from").flatMap((h) => parseAddresses(h.value))
  const subject = of("subject")
  return {
    headers,
    from,
    sender: parseAddresses(of("sender"))[0] ?? null,
    replyTo: parseAddresses(of("reply-to")),
    to: parseAddresses(of("to")),
    cc: parseAddresses(of("cc")),
    subject: subject === null ? null : decodeWords(subject),
    messageId: messageIds(of("message-id"))[0] ?? null,
    references: [...new Set([...messageIds(of("references")), ...messageIds(of("in-reply-to")).slice(0, 1)])],
    sentAt: parseDate(of("date")),
    text: null,
    html: null,
    parts: [],
  }
}
