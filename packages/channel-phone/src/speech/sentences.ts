/** Sentences as pieces of speech, and how long they take. */
import { toSpeech } from "./toSpeech.ts"

const segmenter = new Intl.Segmenter(undefined, { granularity: "sentence" })
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" })

/** Longest piece that is sent at once, in UTF-16 units. */
const PIECE = 600

/** Cuts at spaces where there are any, never inside a character. */
const cut = (sentence: string): ReadonlyArray<string> => {
  if (sentence.length <= PIECE) return [sentence]
  const pieces: Array<string> = []
  let piece = ""
  let space = 0
  for (const { segment } of graphemes.segment(sentence)) {
    if (piece.length + segment.length > PIECE) {
      const at = space > PIECE / 2 ? space : piece.length
      pieces.push(piece.slice(0, at))
      piece = piece.slice(at)
      space = 0
    }
    piece += segment
    if (segment === " ") space = piece.length
  }
  return [...pieces, piece]
}

/** Markdown as sentences, in order. A sentence keeps the space that follows it. */
export const sentencesOf = (markdown: string): ReadonlyArray<string> =>
  toSpeech(markdown)
    .flatMap((paragraph) => [...segmenter.segment(paragraph)].map((s) => s.segment))
    .flatMap(cut)
    .map((sentence) => (/\s$/.test(sentence) ? sentence : `${sentence} `))

/** Milliseconds that a voice needs for a text, roughly: about 15 letters or 5 ideographs a second. */
export const durationOf = (text: string): number => {
  const dense =
    text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu)?.length ?? 0
  return 300 + dense * 190 + (text.length - dense) * 65
}
