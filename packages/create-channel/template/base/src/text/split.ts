/** Cuts a long text into messages: between paragraphs, lines, sentences or words, never inside what a reader calls a character. */

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" })

/** From the best border to the poorest. */
const borders: ReadonlyArray<RegExp> = [/\n\s*\n/g, /\n/g, /[.!?؟][)"'”»]*\s+|[。！？]/g, /\s+/g]

const lastEnd = (text: string, border: RegExp, limit: number): number => {
  let end = 0
  for (const match of text.matchAll(border)) {
    const at = match.index + match[0].length
    if (at <= limit) end = at
  }
  return end
}

/** The last border between two characters. One that is longer than the limit by itself is cut between code points. */
const graphemeEnd = (text: string, limit: number): number => {
  let end = 0
  for (const { index, segment } of graphemes.segment(text.slice(0, limit + 64))) {
    if (index + segment.length > limit) break
    end = index + segment.length
  }
  if (end > 0) return end
  const next = text.charCodeAt(limit)
  return next >= 0xdc00 && next <= 0xdfff && limit > 1 ? limit - 1 : limit
}

const cutAt = (text: string, limit: number): number => {
  const room = text.slice(0, limit + 1)
  // A short message before a good border is worse than a full one before a word.
  const good = borders.map((border) => lastEnd(room, border, limit)).find((end) => end >= limit / 2)
  const word = good ?? lastEnd(room, /\s+/g, limit)
  return word > 0 && room.slice(0, word).trim() !== "" ? word : graphemeEnd(text, limit)
}

/** Pieces of at most `limit` UTF-16 code units, in order; only white space at the cuts is lost. */
export const splitText = (text: string, limit: number): ReadonlyArray<string> => {
  const pieces: Array<string> = []
  let rest = text.trim()
  while (rest.length > limit) {
    const end = cutAt(rest, limit)
    pieces.push(rest.slice(0, end).trimEnd())
    rest = rest.slice(end).trimStart()
  }
  return rest === "" ? pieces : [...pieces, rest]
}
