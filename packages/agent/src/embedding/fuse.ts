/** Two rankings to one, by ranks alone: scores of words and of vectors are of different kinds. */

/** Reciprocal rank fusion; 60 is what its authors propose (Cormack, Clarke, Büttcher, SIGIR 2009). */
const damping = 60

/** Keys of both lists, best first; equal ones in the order of the first list, then of the second. */
export const fuse = (first: ReadonlyArray<string>, second: ReadonlyArray<string>): ReadonlyArray<string> => {
  const scores = new Map<string, number>()
  for (const list of [first, second]) {
    for (const [at, key] of list.entries()) {
      scores.set(key, (scores.get(key) ?? 0) + 1 / (damping + at + 1))
    }
  }
  return [...scores].sort(([, a], [, b]) => b - a).map(([key]) => key)
}
