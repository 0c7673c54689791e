/**
 * Index words that a query word may mean although it is another: parts of compounds ("Versand" in "Versandkosten") and,
 * for words that no article has, one slip of the keyboard. Whole-vocabulary prefix and fuzzy search is not done: it finds
 * more and answers worse.
 */

export interface Related {
  readonly term: string
  /** How much of the query word it stands for, 0 to 1. */
  readonly share: number
}

const compounding = new Set(["de", "nl", "sv", "da", "nb", "fi"])
const compoundShare = 0.6
const slipShare = 0.7
/** For the second half of a compound that no article has. */
const headShare = 0.7
const shortestPart = 5
const shortestSlip = 6
const most = 12

/** One letter more, less, changed, or two swapped; same first letter. */
const isSlip = (a: string, b: string): boolean => {
  let at = 0
  while (at < a.length && a[at] === b[at]) at += 1
  const restA = a.slice(at)
  const restB = b.slice(at)
  if (restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1)) return true
  return restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2)
}

const isPart = (part: string, whole: string): boolean =>
  part.length >= shortestPart &&
  whole.length >= part.length + 3 &&
  (whole.startsWith(part) || whole.endsWith(part))

const closest = (terms: Iterable<string>, length: number): ReadonlyArray<string> =>
  [...terms]
    .sort((a, b) => Math.abs(a.length - length) - Math.abs(b.length - length) || (a < b ? -1 : 1))
    .slice(0, most)

const beginning = (term: string): string => `<${term.slice(0, shortestPart)}`
const ending = (term: string): string => `>${term.slice(-shortestPart)}`
const shape = (term: string, length: number): string => `${length}${term.slice(0, 1)}`

/** The words of one index, findable by their ends and by their shape. */
export class Vocabulary {
  private readonly buckets = new Map<string, Set<string>>()
  private readonly words = new Set<string>()
  private readonly compounds: boolean

  constructor(language: string) {
    this.compounds = compounding.has(language)
  }

  add(term: string): void {
    if (this.words.has(term)) return
    this.words.add(term)
    for (const name of this.bucketsOf(term)) {
      const bucket = this.buckets.get(name)
      if (bucket === undefined) this.buckets.set(name, new Set([term]))
      else bucket.add(term)
    }
  }

  remove(term: string): void {
    if (!this.words.delete(term)) return
    for (const name of this.bucketsOf(term)) {
      const bucket = this.buckets.get(name)
      bucket?.delete(term)
      if (bucket?.size === 0) this.buckets.delete(name)
    }
  }

  /** Related words of a query term, closest first; empty for most. The order depends on the words alone. */
  relatedTo(term: string, withSlips = true): ReadonlyArray<Related> {
    const parts = this.compounds && term.length >= shortestPart ? this.parts(term) : []
    const found = parts.length > 0 || !withSlips || this.words.has(term) ? parts : this.slips(term)
    const share = parts.length > 0 ? compoundShare : slipShare
    return found.map((other) => ({ term: other, share }))
  }

  /**
   * For a compound that no article has: its longest ending that articles have, alone or in other compounds
   * ("Standardversand": "Versandkosten").
   */
  headsOf(term: string, meaning: (ending: string) => ReadonlyArray<string>): ReadonlyArray<Related> {
    if (!this.compounds) return []
    for (let at = 3; term.length - at >= shortestPart; at++) {
      const head = term.slice(at)
      const whole = this.words.has(head) ? [head] : []
      const found = [...whole, ...meaning(head).filter((word) => this.words.has(word)), ...this.parts(head)]
      if (found.length > 0)
        return [...new Set(found)].slice(0, most).map((word) => ({ term: word, share: headShare }))
    }
    return []
  }

  private bucketsOf(term: string): ReadonlyArray<string> {
    if (term.length < shortestPart) return []
    const slip = shape(term, term.length)
    return this.compounds ? [slip, beginning(term), ending(term)] : [slip]
  }

  private parts(term: string): ReadonlyArray<string> {
    const found = new Set<string>()
    for (const name of [beginning(term), ending(term)]) {
      for (const other of this.buckets.get(name) ?? []) {
        if (isPart(term, other) || isPart(other, term)) found.add(other)
      }
    }
    return closest(found, term.length)
  }

  private slips(term: string): ReadonlyArray<string> {
    if (term.length < shortestSlip || !/^\p{L}+$/u.test(term)) return []
    const near = [term.length - 1, term.length, term.length + 1]
    const found = near.flatMap((length) => [...(this.buckets.get(shape(term, length)) ?? [])])
    return closest(
      found.filter((other) => isSlip(term, other)),
      term.length,
    )
  }
}
