/** How much of a draft an agent sent. Pure. Compared are words, in order, whatever the markup; only so many of them. */
import type { DraftVerdict } from "../../domain/Entry.ts"

/** Two texts of this many words take a quarter of a million steps, a few milliseconds. */
const most = { characters: 6_000, words: 500 }

/** Words that an agent may put around a draft that they keep: a greeting, a name, a signature. */
const mayAdd = { words: 15, share: 0.2 }

/** Shares of the draft's words that stand in the reply, in the draft's order. */
const shares = { kept: 0.95, edited: 0.5 }

const segmenter = new Intl.Segmenter("und", { granularity: "word" })

/** Addresses of links are not words: a help desk may rewrite them. */
const wordsOf = (text: string): ReadonlyArray<string> => {
  const plain = text
    .slice(0, most.characters)
    .toWellFormed()
    .normalize("NFKC")
    .replace(/\]\([^)\s]*\)/g, "]")
    .replace(/https?:\/\/\S+/gi, " ")
    .toLowerCase()
  const words: Array<string> = []
  for (const { isWordLike, segment } of segmenter.segment(plain)) if (isWordLike === true) words.push(segment)
  return words.slice(0, most.words)
}

/** One row after the other of the usual table; `step` fills a cell from its left, upper and diagonal neighbours. */
const table = (
  a: ReadonlyArray<string>,
  b: ReadonlyArray<string>,
  first: (index: number) => number,
  step: (isSame: boolean, left: number, up: number, diagonal: number) => number,
): number => {
  let above = Uint16Array.from({ length: b.length + 1 }, (_, index) => first(index))
  for (const [i, word] of a.entries()) {
    const row = new Uint16Array(b.length + 1)
    row[0] = first(i + 1)
    for (const [j, other] of b.entries())
      row[j + 1] = step(word === other, row[j] ?? 0, above[j + 1] ?? 0, above[j] ?? 0)
    above = row
  }
  return above[b.length] ?? 0
}

/** Words that have to be added, taken out or replaced to get from one to the other. */
const editDistance = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): number =>
  table(
    a,
    b,
    (index) => index,
    (isSame, left, up, diagonal) => Math.min(left + 1, up + 1, diagonal + (isSame ? 0 : 1)),
  )

/** Words that both have in the same order. */
const inCommon = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): number =>
  table(
    a,
    b,
    () => 0,
    (isSame, left, up, diagonal) => (isSame ? diagonal + 1 : Math.max(left, up)),
  )

/** What `draftUse` found. `distance` in words. */
export interface DraftComparison {
  readonly use: DraftVerdict
  readonly distance: number
  readonly draftWords: number
  readonly replyWords: number
}

/** Compares a draft (Markdown) with what the agent sent; null when nothing was sent. */
export const draftUse = (draft: string, reply: string | null): DraftComparison => {
  const a = wordsOf(draft)
  if (reply === null) return { use: "unused", distance: a.length, draftWords: a.length, replyWords: 0 }
  const b = wordsOf(reply)
  const common = inCommon(a, b)
  const share = a.length === 0 ? 0 : common / a.length
  const added = b.length - common
  const isKept = share >= shares.kept && added <= Math.max(mayAdd.words, mayAdd.share * a.length)
  return {
    use: isKept ? "kept" : share >= shares.edited ? "edited" : "unused",
    distance: editDistance(a, b),
    draftWords: a.length,
    replyWords: b.length,
  }
}
