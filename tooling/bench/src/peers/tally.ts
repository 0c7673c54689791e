/** What became of what customers wrote. */

/** Counts of effects: each word of a customer wants to come back exactly once, and in its order. */
export interface Tally {
  readonly correct: number
  readonly lost: number
  /** Twice, or done although it should not have been. */
  readonly duplicated: number
  readonly outOfOrder: number
}

const none: Tally = { correct: 0, lost: 0, duplicated: 0, outOfOrder: 0 }

export const total = (tallies: ReadonlyArray<Tally>): Tally =>
  tallies.reduce(
    (sum, one) => ({
      correct: sum.correct + one.correct,
      lost: sum.lost + one.lost,
      duplicated: sum.duplicated + one.duplicated,
      outOfOrder: sum.outOfOrder + one.outOfOrder,
    }),
    none,
  )

/** One effect that is there once or not. */
export const tallyOf = (times: number): Tally =>
  times === 1 ? { ...none, correct: 1 } : times === 0 ? { ...none, lost: 1 } : { ...none, duplicated: 1 }

/** An effect that must not be. */
export const refusedTally = (refused: boolean): Tally =>
  refused ? { ...none, correct: 1 } : { ...none, duplicated: 1 }

const timesIn = (text: string, word: string): number => text.split(word).length - 1

/** `words`: in the order in which they were written; each occurs in `received` once. */
export const tallyOfWords = (received: ReadonlyArray<string>, words: ReadonlyArray<string>): Tally => {
  const text = received.join("\n")
  let reached = -1
  return total(
    words.map((word) => {
      const tally = tallyOf(timesIn(text, word))
      const place = text.indexOf(word)
      if (tally.correct === 0) return tally
      if (place < reached) return { ...none, outOfOrder: 1 }
      reached = place
      return tally
    }),
  )
}

export const wrongIn = ({ duplicated, lost, outOfOrder }: Tally): number => lost + duplicated + outOfOrder

export const told = ({ correct, duplicated, lost, outOfOrder }: Tally): string =>
  [
    `${correct} correct`,
    `${lost} lost`,
    `${duplicated} duplicated`,
    ...(outOfOrder === 0 ? [] : [`${outOfOrder} out of order`]),
  ].join(", ")
