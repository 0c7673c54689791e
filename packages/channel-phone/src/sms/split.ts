/** A reply as text messages of at most 1600 characters, which is what Twilio takes at once. */

const LIMIT = 1_600
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" })

/** Links stay (they can be tapped), the rest of the markup goes. */
const plain = (markdown: string): string =>
  markdown
    .replace(/\r\n?/g, "\n")
    .replace(/^\s*(?:```|~~~).*$/gm, "")
    .replace(/!?\[([^\]]*)\]\(([^)\s]*)(?:\s+"[^"]*")?\)/g, (_, text: string, url: string) =>
      text === "" || text === url ? url : `${text}: ${url}`,
    )
    .replace(/(\*\*\*|\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1/gu, "$2")
    .replace(/`([^`]+)`/g, "$1")
    .replace(/^#{1,6}\s+/gm, "")
    .replace(/^>\s?/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim()

/** In order; cut at spaces or line ends where there are any, never inside a character. */
export const textsOf = (sender: string, markdown: string): ReadonlyArray<string> => {
  const body = plain(markdown)
  if (body === "") return []
  const pieces: Array<string> = []
  let piece = ""
  let space = 0
  for (const { segment } of graphemes.segment(`${sender}: ${body}`)) {
    if (piece.length + segment.length > LIMIT) {
      const at = space > LIMIT / 2 ? space : piece.length
      pieces.push(piece.slice(0, at).trimEnd())
      piece = piece.slice(at)
      space = 0
    }
    piece += segment
    if (/\s/.test(segment)) space = piece.length
  }
  return [...pieces, piece]
}
