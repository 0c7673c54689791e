/** Puts texts into one comment. What does not fit is attached as a whole and announced; nothing is cut in silence. */
import { byteLength, escapeHtml, linkHtml, markdownToHtml } from "../text/MarkdownToHtml.ts"

/** `attachment` is the whole text when it did not fit. */
export interface FittedComment {
  readonly html: string
  readonly attachment: { readonly fileName: string; readonly text: string } | null
}

/** Room for the notice about the attachment. */
const noticeRoom = 400

/** The last part of `text` whose HTML takes at most `room` bytes; starts at a line where one fits. */
const latestThatFits = (text: string, room: number): string => {
  const fits = (candidate: string): boolean => byteLength(markdownToHtml(candidate)) <= room
  const lines = text.split("\n")
  let low = 0
  let high = lines.length
  // The smallest start from which everything fits; more text never takes fewer bytes.
  while (low < high) {
    const middle = (low + high) >> 1
    if (fits(lines.slice(middle).join("\n"))) high = middle
    else low = middle + 1
  }
  if (low < lines.length) return lines.slice(low).join("\n").trim()
  // One line alone is too long: its last characters, whole code points.
  const letters = Array.from(lines.at(-1) ?? "")
  let from = Math.max(0, letters.length - room)
  while (from < letters.length && !fits(`… ${letters.slice(from).join("")}`))
    from += Math.ceil((letters.length - from) / 8)
  return from < letters.length ? `… ${letters.slice(from).join("")}` : ""
}

const notice = (text: string): string => `<p><strong>${escapeHtml(text)}</strong></p>`

/** The lines that name files which could not be attached. */
export const refusedHtml = (refused: ReadonlyArray<string>): string =>
  refused.length === 0 ? "" : notice(`Not attached, because Zendesk did not accept it: ${refused.join(", ")}`)

/** First comment of a ticket: summary, link to the session, transcript. */
export const firstComment = (input: {
  readonly summary: string
  readonly transcript: string
  readonly sessionUrl: string
  readonly extra: string
  readonly limit: number
}): FittedComment => {
  const link = linkHtml(input.sessionUrl, "View session in OpenCX") + input.extra
  const summary = markdownToHtml(input.summary)
  const whole = summary + link + markdownToHtml(input.transcript)
  if (byteLength(whole) <= input.limit) return { html: whole, attachment: null }
  const text = `${input.summary}\n\n${input.sessionUrl}\n\n${input.transcript}\n`
  const half = Math.floor(input.limit / 2)
  const shortSummary =
    byteLength(summary) > half ? markdownToHtml(startThatFits(input.summary, half)) : summary
  const head =
    shortSummary + link + notice("The whole transcript is attached as transcript.txt. Its latest part:")
  const room = input.limit - byteLength(head)
  return {
    html: head + markdownToHtml(latestThatFits(input.transcript, room)),
    attachment: { fileName: "transcript.txt", text },
  }
}

/** The first characters of `text` whose HTML takes at most `room` bytes. */
const startThatFits = (text: string, room: number): string => {
  const letters = Array.from(text)
  let to = Math.min(letters.length, room)
  while (to > 0 && byteLength(markdownToHtml(`${letters.slice(0, to).join("")} …`)) > room)
    to = Math.floor((to * 7) / 8)
  return `${letters.slice(0, to).join("")} …`
}

/** A later comment: the text, or its beginning with the whole as `message.txt`. */
export const laterComment = (body: string, extra: string, limit: number): FittedComment => {
  const whole = markdownToHtml(body) + extra
  if (byteLength(whole) <= limit) return { html: whole, attachment: null }
  const room = limit - byteLength(extra) - noticeRoom
  const html = `${markdownToHtml(startThatFits(body, room))}${notice("This message is longer. All of it is attached as message.txt.")}${extra}`
  return { html, attachment: { fileName: "message.txt", text: body } }
}
