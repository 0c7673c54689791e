/** Multinomial naive Bayes over words, smoothed by one: what a first learned classifier reaches. */
import { plainWords } from "./words.ts"

export interface Example {
  readonly text: string
  readonly label: string
}

export const naiveBayes = (examples: ReadonlyArray<Example>): ((text: string) => string) => {
  const counts = new Map<string, Map<string, number>>()
  const totals = new Map<string, number>()
  const documents = new Map<string, number>()
  const vocabulary = new Set<string>()
  for (const { label, text } of examples) {
    const words = counts.get(label) ?? new Map<string, number>()
    counts.set(label, words)
    documents.set(label, (documents.get(label) ?? 0) + 1)
    for (const word of plainWords(text)) {
      vocabulary.add(word)
      words.set(word, (words.get(word) ?? 0) + 1)
      totals.set(label, (totals.get(label) ?? 0) + 1)
    }
  }
  return (text) => {
    const words = plainWords(text).filter((word) => vocabulary.has(word))
    const scored = [...counts].map(([label, known]) => {
      const whole = (totals.get(label) ?? 0) + vocabulary.size
      const prior = Math.log((documents.get(label) ?? 0) / examples.length)
      return [
        label,
        words.reduce((sum, word) => sum + Math.log(((known.get(word) ?? 0) + 1) / whole), prior),
      ] as const
    })
    return scored.toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? ""
  }
}
