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
const shortestPart = 5
const shortestSlip = 6
const most = 12

/** One letter more, less, changed, or two swapped; same first letter. */
const isSlip = (a: string, b: string): boolean => {
  if (a[0] !== b[0] || Math.abs(a.length - b.length) > 1) return false
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

const closest = (terms: ReadonlyArray<string>, length: number): ReadonlyArray<string> =>
  [...terms]
    .sort((a, b) => Math.abs(a.length - length) - Math.abs(b.length - length) || (a < b ? -1 : 1))
    .slice(0, most)

/** Related words of a query term, closest first; empty for most. The order depends on the words alone. */
export const relatedTerms = (
  term: string,
  vocabulary: Iterable<string>,
  known: boolean,
  language: string,
): ReadonlyArray<Related> => {
  const compound = compounding.has(language) && term.length >= shortestPart
  const slip = !known && term.length >= shortestSlip && /^\p{L}+$/u.test(term)
  if (!compound && !slip) return []
  const parts: Array<string> = []
  const slips: Array<string> = []
  for (const other of vocabulary) {
    if (other === term) continue
    if (compound && (isPart(term, other) || isPart(other, term))) parts.push(other)
    else if (slip && isSlip(term, other)) slips.push(other)
  }
  const found = parts.length > 0 ? parts : slips
  const share = parts.length > 0 ? compoundShare : slipShare
  return closest(found, term.length).map((other) => ({ term: other, share }))
}
