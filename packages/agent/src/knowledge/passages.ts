/** Which passage of a found article to show. Ranking of articles is not touched by it. */
import { wordCount } from "../text/segment.ts"
import type { Chunk } from "./chunk.ts"
import { type Cues, fitOf } from "./cues.ts"

export interface Found {
  /** Score of each passage. */
  readonly scores: ReadonlyArray<number>
  /** The highest score that the query could reach. */
  readonly whole: number
  /** Share of the query that the title contains. */
  readonly titleCoverage: number
}

/** An article begins with what its title promises: the more of the question the title has, the likelier the beginning. */
const firstBonus = 0.12
const fitBonus = 0.1
/** A second passage is shown when both together are no longer than this, in words. */
const roomForTwo = 110
/** And when it is this close to the first. */
const closeBy = 0.1

export const passagesOf = (
  chunks: ReadonlyArray<Chunk>,
  { scores, whole, titleCoverage }: Found,
  cues: Cues,
): { readonly chunk: number; readonly also: number | null } => {
  const ranked = chunks
    .map(({ text }, at) => {
      const first = at === 0 ? firstBonus * titleCoverage : 0
      return { at, value: (scores[at] ?? 0) / whole + first + fitBonus * fitOf(text, cues) }
    })
    .sort((a, b) => b.value - a.value || a.at - b.at)
  const [best, ...others] = ranked
  if (best === undefined) return { chunk: 0, also: null }
  const textOf = (at: number): string => chunks[at]?.text ?? ""
  const room = roomForTwo - wordCount(textOf(best.at))
  const fitting = others.filter(({ at }) => wordCount(textOf(at)) <= room)
  // "How many days do I have, and what does it cost?" may need two passages.
  const alone = fitOf(textOf(best.at), cues)
  const completing = fitting.find(({ at }) => fitOf(`${textOf(best.at)}\n${textOf(at)}`, cues) > alone)
  const near = fitting.find(({ value }) => best.value - value <= closeBy)
  return { chunk: best.at, also: (completing ?? near)?.at ?? null }
}
