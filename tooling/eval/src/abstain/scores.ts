/** How well a confidence tells good answers from bad ones. */

export interface Judged {
  readonly confidence: number
  /** The question has an answer, and the first article is one that gives it. */
  readonly right: boolean
  /** The question has an answer. */
  readonly answerable: boolean
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)

const bestFirst = (judged: ReadonlyArray<Judged>): ReadonlyArray<Judged> =>
  judged.toSorted((a, b) => b.confidence - a.confidence)

/** Share of wrong answers when only the most confident `coverage` of all questions are answered. */
export const riskAt = (judged: ReadonlyArray<Judged>, coverage: number): number | null => {
  const answered = bestFirst(judged).slice(0, Math.round(judged.length * coverage))
  return share(answered.filter((one) => !one.right).length, answered.length)
}

/** Mean risk over all coverages: lower is better. */
export const areaUnderRisk = (judged: ReadonlyArray<Judged>): number | null => {
  let wrong = 0
  let sum = 0
  for (const [at, one] of bestFirst(judged).entries()) {
    if (!one.right) wrong += 1
    sum += wrong / (at + 1)
  }
  return share(sum, judged.length)
}

/** How often a question with an answer gets a higher confidence than one without; 0.5 is chance. */
export const areaUnderRoc = (judged: ReadonlyArray<Judged>): number | null => {
  const good = judged.filter((one) => one.answerable)
  const bad = judged.filter((one) => !one.answerable)
  let won = 0
  for (const one of good) {
    for (const other of bad) {
      won += one.confidence > other.confidence ? 1 : one.confidence === other.confidence ? 0.5 : 0
    }
  }
  return share(won, good.length * bad.length)
}

export interface Decided extends Judged {
  readonly answered: boolean
}

/** What the customer gets: questions answered, how many of those rightly, and answers where there is none. */
export const outcomeOf = (decided: ReadonlyArray<Decided>): ReadonlyArray<number | null> => {
  const answered = decided.filter((one) => one.answered)
  const withAnswer = decided.filter((one) => one.answerable)
  const without = decided.filter((one) => !one.answerable)
  return [
    share(answered.length, decided.length),
    share(answered.filter((one) => one.right).length, answered.length),
    share(withAnswer.filter((one) => one.answered && one.right).length, withAnswer.length),
    share(without.filter((one) => one.answered).length, without.length),
  ]
}

/** Questions that were given about the same confidence. */
export interface Bucket {
  /** Confidence from here on, to the next bucket's. */
  readonly from: number
  readonly to: number
  readonly count: number
  /** Mean confidence, and how often it was right: the same in a confidence that can be believed. */
  readonly said: number | null
  readonly right: number | null
}

const buckets = 5

/** By confidence, lowest first, empty ones too. */
export const bucketsOf = (judged: ReadonlyArray<Judged>): ReadonlyArray<Bucket> =>
  Array.from({ length: buckets }, (_, nth) => {
    const those = judged.filter(
      ({ confidence }) => Math.min(buckets - 1, Math.floor(confidence * buckets)) === nth,
    )
    return {
      from: nth / buckets,
      to: (nth + 1) / buckets,
      count: those.length,
      said: share(
        those.reduce((sum, one) => sum + one.confidence, 0),
        those.length,
      ),
      right: share(those.filter((one) => one.right).length, those.length),
    }
  })

/** Expected calibration error: how far confidence and truth are apart, over all questions. 0 is best. */
export const calibrationError = (judged: ReadonlyArray<Judged>): number | null =>
  share(
    bucketsOf(judged).reduce(
      (sum, { count, right, said }) => sum + count * Math.abs((said ?? 0) - (right ?? 0)),
      0,
    ),
    judged.length,
  )
