/** Cuts a long text into messages: at paragraphs, lines, sentences, words, and only then between characters. */

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" })
const FENCE = "```"

/** The last border between characters at or before `limit`; never inside one, however many code units it has. */
const characterBorder = (text: string, limit: number): number => {
  let border = 0
  for (const { index } of segmenter.segment(text.slice(0, limit + 64))) {
    if (index > limit) break
    border = index
  }
  if (border > 0) return border
  // One "character" longer than a message: at least no surrogate pair is torn.
  const code = text.charCodeAt(limit - 1)
  return code >= 0xd800 && code <= 0xdbff ? limit - 1 : limit
}

/** Where a URL begins that the cut at `at` would tear; `at` itself when it tears none. */
const outsideUrl = (text: string, at: number): number => {
  const before = text.slice(Math.max(0, at - 3000), at)
  const start = /https?:\/\/[^\s<>"]*$/.exec(before)
  if (start === null || !/^[^\s<>"]/.test(text.slice(at))) return at
  return at - (before.length - start.index)
}

const lastMatch = (text: string, pattern: RegExp, from: number): number => {
  let found = -1
  for (const match of text.matchAll(pattern)) {
    const end = match.index + match[0].length
    if (end >= from) found = end
  }
  return found
}

/** Best borders first; those in the first part of a message would waste it. */
const borders: ReadonlyArray<{ readonly pattern: RegExp; readonly from: number }> = [
  { pattern: /\n{2,}/g, from: 0.4 },
  { pattern: /\n/g, from: 0.5 },
  { pattern: /[.!?؟。！？…]["'”’)\]]*\s|[。！？]/g, from: 0.5 },
  { pattern: /\s/g, from: 0.05 },
]

const cutAt = (text: string, limit: number): number => {
  const room = text.slice(0, limit)
  for (const { from, pattern } of borders) {
    const at = lastMatch(room, pattern, limit * from)
    if (at > 0 && outsideUrl(text, at) === at) return at
  }
  const border = characterBorder(text, limit)
  const safe = outsideUrl(text, border)
  return safe > 0 ? safe : border
}

/** A block of code that is cut goes on as a block of code. */
const mended = (parts: ReadonlyArray<string>): ReadonlyArray<string> => {
  let open = false
  return parts.map((part) => {
    const begun = open
    if ((part.split(FENCE).length - 1) % 2 === 1) open = !open
    return `${begun ? `${FENCE}\n` : ""}${part}${open ? `\n${FENCE}` : ""}`
  })
}

/** Parts of at most `limit` UTF-16 units, in order, none of them empty. */
export const splitText = (text: string, limit: number): ReadonlyArray<string> => {
  const room = text.includes(FENCE) && text.length > limit ? limit - 8 : limit
  const parts: Array<string> = []
  let rest = text.trim()
  while (rest.length > room) {
    const at = cutAt(rest, room)
    parts.push(rest.slice(0, at).trimEnd())
    rest = rest.slice(at).replace(/^\s*\n|^[ \t]+/, "")
  }
  parts.push(rest)
  return mended(parts.filter((part) => part.trim().length > 0))
}
