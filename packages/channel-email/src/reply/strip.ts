/** What the customer newly wrote: a mail's text without quotes, attribution lines and signatures. */
import EmailReplyParser from "email-reply-parser"
import { cutMark } from "../html/quotes.ts"
import {
  attributions,
  beginsHeaderBlock,
  forwarded,
  forwardSubject,
  originalMessage,
  ruler,
  zendeskDelimiter,
} from "./patterns.ts"

export interface StripContext {
  /** The account's own delimiter line, if it sends one. */
  readonly delimiter: string | null
  readonly subject: string | null
  /** The mail answers another one. */
  readonly isReply: boolean
}

const isQuoted = (line: string): boolean => /^\s{0,3}[>＞|]/.test(line) && !/^\s*\|.*\|\s*$/.test(line)
const isBlank = (line: string): boolean => line.trim().length === 0

/** Long lines are never attributions; testing them would cost time. */
const isAttribution = (line: string): boolean => {
  const text = line.replace(/[*_\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "").trim()
  return text.length > 3 && text.length <= 250 && attributions.some((a) => a.test(text))
}

/** An attribution that is broken over up to three lines counts too: "On Monday\nSam <a@b> wrote:". */
const attributionAt = (lines: ReadonlyArray<string>, at: number): number => {
  if (isBlank(lines[at] ?? "") || isQuoted(lines[at] ?? "")) return 0
  for (let length = 1; length <= 3; length++) {
    const part = lines.slice(at, at + length)
    if (part.length < length || part.some((l) => isBlank(l) || isQuoted(l))) return 0
    const joined = part
      .map((l) => l.trim())
      .join(" ")
      .replace(/<\s+/g, "<")
    if (isAttribution(joined)) {
      // "…see you then.\nOn Monday Sam wrote:" begins on its second line.
      const first = (lines[at] ?? "").trim()
      const ownWords = /[.!?…。！？]$/.test(first) || !/\d/.test(first)
      return length > 1 && ownWords && attributionAt(lines, at + 1) > 0 ? 0 : length
    }
  }
  return 0
}

const onlyQuotesFrom = (lines: ReadonlyArray<string>, at: number): boolean => {
  let quoted = false
  for (const line of lines.slice(at)) {
    if (isQuoted(line)) quoted = true
    else if (!isBlank(line)) return false
  }
  return quoted
}

/** First line of what was answered, or -1. Everything before it is the reply. */
const quoteStart = (lines: ReadonlyArray<string>, context: StripContext): number => {
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? ""
    if (line.includes(cutMark) || zendeskDelimiter.test(line)) return i
    if (context.delimiter !== null && line.replace(/^[>\s]+/, "").trim() === context.delimiter.trim())
      return i
    if (isQuoted(line)) continue
    if (originalMessage.test(line) || beginsHeaderBlock(lines, i)) return i
    const length = attributionAt(lines, i)
    // Without quote marks after it, only a line that names an address or a time introduces a quote.
    const certain =
      length > 0 && (onlyQuotesFrom(lines, i + length) || /@|\d/.test(lines.slice(i, i + length).join(" ")))
    if (certain && !textFollowsQuote(lines, i + length)) return i
  }
  return -1
}

/** True when own words come after the first quote: an answer below it, or answers in between. */
const textFollowsQuote = (lines: ReadonlyArray<string>, from: number): boolean => {
  let quoted = false
  for (let i = from; i < lines.length; i++) {
    const line = lines[i] ?? ""
    if (isQuoted(line)) quoted = true
    else if (quoted && !isBlank(line)) {
      if (/^(--|__)\s*$/.test(line) || zendeskDelimiter.test(line) || line.includes(cutMark)) return false
      if (attributionAt(lines, i) === 0) return true
    }
  }
  return false
}

/** Lines above and below removed: a trailing quote, an introduction to it, rulers, blank lines. */
const trimEdges = (lines: ReadonlyArray<string>): ReadonlyArray<string> => {
  let end = lines.length
  while (end > 0) {
    const line = lines[end - 1] ?? ""
    if (isBlank(line) || ruler.test(line)) end--
    else break
  }
  return lines.slice(0, end)
}

/** Quotes stay where the answers stand between them; without them "yes" and "no" say nothing. */
const interleaved = (lines: ReadonlyArray<string>): string => {
  const first = lines.findIndex(isQuoted)
  const ownBefore = lines.slice(0, first).filter((l, i) => !isBlank(l) && attributionAt(lines, i) === 0)
  const groups = lines.filter((l, i) => isQuoted(l) && !isQuoted(lines[i - 1] ?? "")).length
  let end = lines.length
  while (end > 0 && (isBlank(lines[end - 1] ?? "") || isQuoted(lines[end - 1] ?? ""))) end--
  const kept = lines.slice(0, end)
  const signature = kept.findIndex((l) => /^--\s*$/.test(l))
  const body = signature > 0 ? kept.slice(0, signature) : kept
  // One quote with the whole answer below it (bottom posting): the quote says nothing that we do not have.
  if (groups <= 1 && ownBefore.length === 0)
    return body.filter((l, i) => !isQuoted(l) && attributionAt(lines, i) === 0).join("\n")
  return body.filter((_, i) => attributionAt(body, i) === 0 || !isQuoted(body[i + 1] ?? "")).join("\n")
}

/** More than anybody writes by hand; beyond it the text is taken as it is. */
const MAX_STRIPPED = 100_000
/** The parser's time grows with the square of the length. */
const MAX_PARSED = 15_000

const parser = new EmailReplyParser()

const withoutSignature = (text: string): string => (text.length > MAX_PARSED ? text : parser.parseReply(text))

/** Attribution lines that were wrapped in the middle of an address are put together again. */
const normalize = (text: string): string =>
  text
    .replace(/\r\n?/g, "\n")
    .replace(/\u00a0/g, " ")
    .replace(/\n{4,}/g, "\n\n\n")
    .replace(/\n{0,2}<\nmailto:([^\n]{3,200})\n>/g, " $1")
    .replace(/(<[^\s<>]{1,100}@[^\s<>]{1,100})\n>/g, "$1>")

/** The newly written part of `text`, or all of it when nothing would be left or it is a forwarded mail. */
export const stripReply = (text: string, context: StripContext): string => {
  const normal = normalize(text)
  const whole = normal
    .split("\n")
    .filter((l) => !l.includes(cutMark))
    .join("\n")
    .trim()
  if (normal.length > MAX_STRIPPED || forwarded.test(normal)) return whole
  if (!context.isReply && forwardSubject.test(context.subject ?? "")) return whole
  const lines = normal.split("\n")
  const start = quoteStart(lines, context)
  const above = trimEdges(start === -1 ? lines : lines.slice(0, start))
  const stripped = textFollowsQuote(above, 0) ? interleaved(above) : withoutSignature(above.join("\n"))
  const reply = stripped
    .split("\n")
    .filter((l) => !l.includes(cutMark))
    .join("\n")
    .trim()
  if (reply.length > 0) return reply
  // An empty top with a quote below: better the words above the delimiter than nothing, better all than nothing.
  const rest = above.join("\n").trim()
  if (rest.length > 0 && start !== -1) return rest
  const introduction = start === -1 ? 0 : attributionAt(lines, start)
  const below = lines
    .slice(start + introduction)
    .filter((l) => !isQuoted(l) && !l.includes(cutMark))
    .join("\n")
    .trim()
  return introduction > 0 && below.length > 0 ? below : whole
}
