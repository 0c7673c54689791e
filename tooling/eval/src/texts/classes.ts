/** Figures of a classifier. */

export interface Sorted {
  readonly is: string
  /** Null: it did not say. */
  readonly said: string | null
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)

export const accuracyOf = (sorted: ReadonlyArray<Sorted>): number | null =>
  share(sorted.filter((one) => one.is === one.said).length, sorted.length)

/** Of those it said something about. */
export const precisionOf = (sorted: ReadonlyArray<Sorted>): number | null => {
  const said = sorted.filter((one) => one.said !== null)
  return share(said.filter((one) => one.is === one.said).length, said.length)
}

export const silenceOf = (sorted: ReadonlyArray<Sorted>): number | null =>
  share(sorted.filter((one) => one.said === null).length, sorted.length)

export const recallOf = (sorted: ReadonlyArray<Sorted>, name: string): number | null =>
  accuracyOf(sorted.filter((one) => one.is === name))

/** Mean of the classes' F1, each class the same weight. */
export const macroF1Of = (sorted: ReadonlyArray<Sorted>): number | null => {
  const names = [...new Set(sorted.map((one) => one.is))]
  const sum = names.reduce((total, name) => {
    const right = sorted.filter((one) => one.is === name && one.said === name).length
    const either =
      sorted.filter((one) => one.is === name).length + sorted.filter((one) => one.said === name).length
    return total + (either === 0 ? 0 : (2 * right) / either)
  }, 0)
  return share(sum, names.length)
}

/** The class that is most often right. */
export const majorityOf = (names: ReadonlyArray<string>): string => {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? ""
}
