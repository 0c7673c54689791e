/** Cuts a text into pieces that a message may hold: at paragraphs, lines or words, and never inside a link. */

/**
 * `characters` are UTF-16 units, as JavaScript and most providers count; a piece never has more of any other kind of
 * character. `bytes` are those of UTF-8.
 */
export interface TextLimit {
  readonly max: number
  readonly unit: "characters" | "bytes"
}

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" })
const link = /\bhttps?:\/\/\S+/giu

const byteSize = (codePoint: number): number =>
  codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4

/** How many UTF-16 units of `text` fit, without halving a code point. */
const unitsThatFit = (text: string, limit: TextLimit): number => {
  if (limit.unit === "characters") {
    if (text.length <= limit.max) return text.length
    const last = text.charCodeAt(limit.max - 1)
    return last >= 0xd800 && last < 0xdc00 ? limit.max - 1 : limit.max
  }
  let bytes = 0
  let units = 0
  for (const letter of text) {
    bytes += byteSize(letter.codePointAt(0) ?? 0)
    if (bytes > limit.max) return units
    units += letter.length
  }
  return units
}

/** The nearest border of a grapheme at or before `at`; `at` itself when one grapheme is longer than that. */
const graphemeBorder = (text: string, at: number): number => {
  const start = graphemes.segment(text).containing(at)?.index ?? at
  return start === 0 ? at : start
}

/** Where the link begins that the cut would go through; null when it goes through none, or the link is the beginning. */
const linkAcross = (text: string, cut: number): number | null => {
  for (const match of text.matchAll(link)) {
    if (match.index >= cut) return null
    if (match.index + match[0].length > cut) return match.index > 0 ? match.index : null
  }
  return null
}

const lastBreak = (text: string, cut: number, sign: string): number => {
  const at = text.lastIndexOf(sign, cut)
  return at < 0 ? -1 : at + sign.length
}

const lastBlank = (text: string, cut: number): number => {
  for (let at = cut; at > 0; at--) if (/\s/u.test(text.charAt(at))) return at
  return -1
}

/** The best place at or before `cut`: a paragraph or a line in the second half, else a blank, else the cut itself. */
const niceCut = (text: string, cut: number): number => {
  const half = cut / 2
  const paragraph = lastBreak(text, cut - 2, "\n\n")
  if (paragraph >= half) return paragraph
  const line = lastBreak(text, cut - 1, "\n")
  if (line >= half) return line
  const blank = lastBlank(text, cut)
  return blank > 0 ? blank : cut
}

const cutOf = (text: string, limit: TextLimit): number => {
  const hard = graphemeBorder(text, Math.max(1, unitsThatFit(text, limit)))
  const soft = niceCut(text, linkAcross(text, hard) ?? hard)
  // A link in a long text without blanks before it: cut in front of it rather than anywhere.
  return linkAcross(text, soft) === null ? soft : hard
}

/**
 * The text in pieces within `limit`, in order; blanks at the cuts are dropped, nothing else. A text that fits comes back
 * as it is; an empty one gives no piece.
 */
export const splitText = (text: string, limit: TextLimit): ReadonlyArray<string> => {
  const pieces: Array<string> = []
  let rest = text
  while (unitsThatFit(rest, limit) < rest.length) {
    const cut = cutOf(rest, limit)
    const piece = rest.slice(0, cut).trimEnd()
    if (piece.trim() !== "") pieces.push(piece)
    rest = rest.slice(cut).trimStart()
  }
  if (rest.trim() !== "") pieces.push(rest)
  return pieces
}
