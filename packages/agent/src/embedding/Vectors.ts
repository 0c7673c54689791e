/**
 * Vectors of passages in this process, each number in one byte: a scan over 30,000 passages takes tens of milliseconds,
 * less than the call for the question's vector, and works the same on every store.
 */

/** Of length one, times 127; directions are all that counts. */
export type Packed = Int8Array

const scale = 127

export const packVector = (vector: ReadonlyArray<number>): Packed => {
  const length = Math.hypot(...vector)
  return Int8Array.from(vector, (value) => (length === 0 ? 0 : Math.round((value / length) * scale)))
}

/** -1 to 1; 0 for vectors of different models. */
export const similarity = (a: Packed, b: Packed): number => {
  if (a.length !== b.length) return 0
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0)
  return sum / (scale * scale)
}

export interface Near<T> {
  readonly item: T
  /** Number of the nearest passage. */
  readonly passage: number
  readonly similarity: number
}

/** Items with a vector for each of their passages. */
export class Vectors<T> {
  readonly #items = new Map<string, { readonly item: T; readonly passages: ReadonlyArray<Packed> }>()

  put(key: string, item: T, passages: ReadonlyArray<Packed>): void {
    this.#items.set(key, { item, passages })
  }

  remove(key: string): void {
    this.#items.delete(key)
  }

  /** The nearest items, nearest first; ties by key. */
  near(vector: Packed, limit: number): ReadonlyArray<Near<T>> {
    const all: Array<Near<T> & { readonly key: string }> = []
    for (const [key, { item, passages }] of this.#items) {
      let best = -1
      let passage = 0
      for (const [at, one] of passages.entries()) {
        const value = similarity(vector, one)
        if (value <= best) continue
        best = value
        passage = at
      }
      if (best > 0) all.push({ key, item, passage, similarity: best })
    }
    return all.sort((a, b) => b.similarity - a.similarity || (a.key < b.key ? -1 : 1)).slice(0, limit)
  }
}
