/** Cuts a long text into messages: at paragraphs, lines, sentences or words; never inside a character, nor a link that fits. */

/**
 * `characters` are UTF-16 units, as JavaScript and most providers count; a piece never has more of any other kind of
 * character. `bytes` are those of UTF-8.
 */
export interface TextLimit {
  readonly max: number
  readonly unit: "characters" | "bytes"
}

export interface SplitOptions {
  /** A block of code (```) that is cut is closed in one piece and opened again in the next. */
  readonly fences?: boolean
}

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" })
const link = /https?:\/\/[^\s<>"]+/giu
const fence = "```"

/** Borders from the best to the poorest, each with the least part of the room that it must fill. */
const borders: ReadonlyArray<readonly [RegExp, number]> = [
  [/\n\s*\n/gu, 0.5],
  [/\n/gu, 0.5],
  [/[.!?؟…。！？]["'”’»)\]]*\s+|[。！？]/gu, 0.4],
  [/\s+/gu, 0.05],
]

const byteSize = (codePoint: number): number =>
  codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4

/** How many UTF-16 units of `text` fit, without halving a code point. */
const unitsThatFit = (text: string, { max, unit }: TextLimit): number => {
  if (unit === "characters") {
    if (text.length <= max) return text.length
    const last = text.charCodeAt(max - 1)
    return last >= 0xd800 && last < 0xdc00 ? max - 1 : max
  }
  let bytes = 0
  let units = 0
  for (const letter of text) {
    bytes += byteSize(letter.codePointAt(0) ?? 0)
    if (bytes > max) return units
    units += letter.length
  }
  return units
}

/** The border between characters at or before `at`; `at` itself when one character is longer than that. */
const characterBorder = (text: string, at: number): number => {
  const start = graphemes.segment(text).containing(at)?.index ?? at
  return start === 0 ? at : start
}

/** Where the link begins that a cut would go through; null when it goes through none, or the text begins with it. */
const linkAcross = (text: string, cut: number): number | null => {
  for (const match of text.matchAll(link)) {
    if (match.index >= cut) return null
    if (match.index + match[0].length > cut) return match.index > 0 ? match.index : null
  }
  return null
}

const lastEnd = (text: string, border: RegExp, limit: number): number => {
  let end = 0
  for (const match of text.matchAll(border)) {
    const at = match.index + match[0].length
    if (at <= limit) end = at
  }
  return end
}

/** The best border at or before `cut` that is none inside a link; the cut itself when there is none. */
const niceCut = (text: string, cut: number): number => {
  const room = text.slice(0, cut + 1)
  for (const [border, least] of borders) {
    const end = lastEnd(room, border, cut)
    if (end > 0 && end >= cut * least && room.slice(0, end).trim() !== "") return end
  }
  return cut
}

/** Far enough to see a character or a link that begins within the limit. Keeps the work linear in the text's length. */
const horizon = 4_096

const cutOf = (rest: string, limit: TextLimit): number => {
  const fits = Math.max(1, unitsThatFit(rest.slice(0, limit.max + 2), limit))
  const near = rest.slice(0, fits + horizon)
  const hard = characterBorder(near, fits)
  const soft = niceCut(near, linkAcross(near, hard) ?? hard)
  return linkAcross(near, soft) === null ? soft : hard
}

/** Blocks of code that were cut, closed and opened again. */
const mended = (pieces: ReadonlyArray<string>): ReadonlyArray<string> => {
  let open = false
  return pieces.map((piece) => {
    const begun = open
    if ((piece.split(fence).length - 1) % 2 === 1) open = !open
    return `${begun ? `${fence}\n` : ""}${piece}${open ? `\n${fence}` : ""}`
  })
}

/** What closing and opening a block of code costs. */
const fenceRoom = 2 * (fence.length + 1)

/**
 * The text in pieces within `limit`, in order; white space at the cuts is dropped, nothing else. A text that fits comes back
 * as it is; an empty one gives no piece. Only a link or a character that is longer than the limit by itself is ever cut.
 */
export const splitText = (
  text: string,
  limit: TextLimit,
  { fences = false }: SplitOptions = {},
): ReadonlyArray<string> => {
  if (text.trim() === "") return []
  const fenced = fences && text.includes(fence) && unitsThatFit(text, limit) < text.length
  const room = fenced ? { ...limit, max: Math.max(1, limit.max - fenceRoom) } : limit
  const pieces: Array<string> = []
  let rest = text
  while (rest.length > room.max || unitsThatFit(rest, room) < rest.length) {
    const cut = cutOf(rest, room)
    const piece = rest.slice(0, cut).trimEnd()
    if (piece.trim() !== "") pieces.push(piece)
    rest = rest.slice(cut).replace(fenced ? /^\s*\n|^[ \t]+/u : /^\s+/u, "")
  }
  if (rest.trim() !== "") pieces.push(rest)
  return fenced ? mended(pieces) : pieces
}
