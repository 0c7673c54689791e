/** How well a list of found articles answers, over many questions. */
import type { Question } from "./RetrievalSet.ts"

/** Ids of found articles, best first; and the passage that would be shown for the best one. */
export interface Found {
  readonly ids: ReadonlyArray<string>
  readonly passage: string | null
}

export const columns = ["hit@1", "hit@3", "hit@5", "MRR@5", "in passage"]

const mean = (values: ReadonlyArray<number>): number | null =>
  values.length === 0 ? null : values.reduce((sum, one) => sum + one, 0) / values.length

const plain = (text: string): string => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ")

/** In the order of `columns`. */
export const qualityOf = (
  questions: ReadonlyArray<Question>,
  found: ReadonlyArray<Found>,
): ReadonlyArray<number | null> => {
  const ranks = questions.map(({ relevant }, at) => {
    const rank = (found[at]?.ids ?? []).slice(0, 5).findIndex((id) => relevant.has(id))
    return rank < 0 ? Infinity : rank + 1
  })
  const within = (most: number) => mean(ranks.map((rank) => (rank <= most ? 1 : 0)))
  const told = questions.flatMap(({ answer }, at) => {
    const passage = found[at]?.passage ?? null
    return answer === null || passage === null ? [] : [plain(passage).includes(plain(answer)) ? 1 : 0]
  })
  return [within(1), within(3), within(5), mean(ranks.map((rank) => 1 / rank)), mean(told)]
}
