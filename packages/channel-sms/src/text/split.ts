/** Cuts a long text into messages: at paragraphs, lines, sentences or words, never inside a character or an address. */

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" })
const url = /https?:\/\/[^\s<>"]+/g

/** Where the last match of `pattern` ends within the text; 0 when nowhere. */
const lastEnd = (text: string, pattern: RegExp): number => {
  let end = 0
  for (const match of text.matchAll(pattern)) end = match.index + match[0].length
  return end
}

/** Borders from the best to the poorest, each with the least part of the room that it must fill. */
const borders: ReadonlyArray<readonly [RegExp, number]> = [
  [/\n\s*\n/g, 0.5],
  [/\n/g, 0.5],
  [/[.!?؟。！？][)"'»”’]?\s+|[。！？]/g, 0.4],
  [/\s+/g, 0],
]

/** The largest number of UTF-16 units up to `limit` that ends between two graphemes. At least one grapheme. */
const graphemeEnd = (text: string, limit: number): number => {
  let end = 0
  for (const { index, segment } of graphemes.segment(text.slice(0, limit + 64))) {
    if (index + segment.length > limit) break
    end = index + segment.length
  }
  // A single grapheme longer than the limit: cut between code points, so that at least no character breaks.
  if (end > 0) return end
  const low = text.charCodeAt(limit)
  return limit > 1 && low >= 0xdc00 && low <= 0xdfff ? limit - 1 : limit
}

/** Moves a cut that would fall into an address to the place before it, unless the address alone is too long. */
const beforeUrl = (text: string, end: number): number => {
  for (const match of text.matchAll(url)) {
    if (match.index >= end) break
    if (match.index > 0 && match.index + match[0].length > end) return match.index
  }
  return end
}

const cutAt = (text: string, limit: number): number => {
  const room = text.slice(0, limit + 1)
  for (const [pattern, least] of borders) {
    const end = Math.min(lastEnd(room, pattern), limit)
    if (end > 0 && end >= limit * least && room.slice(0, end).trim().length > 0) return end
  }
  return beforeUrl(text, graphemeEnd(text, limit))
}

/**
 * The text in pieces of at most `limit` UTF-16 code units, in order, without the whitespace at the cuts. Nothing else is
 * lost. An address longer than `limit` is the only one that can be cut.
 */
export const splitText = (text: string, limit: number): ReadonlyArray<string> => {
  const pieces: Array<string> = []
  let rest = text.trim()
  while (rest.length > limit) {
    const end = cutAt(rest, limit)
    pieces.push(rest.slice(0, end).trimEnd())
    rest = rest.slice(end).trimStart()
  }
  if (rest.length > 0) pieces.push(rest)
  return pieces
}
