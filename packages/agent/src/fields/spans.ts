/** Pieces of a text that a field may take: identifiers, numbers, dates, addresses, near the words that announce them. */
import { DateTime, Option } from "effect"
import { fold } from "../text/fold.ts"

/** A piece, and where it begins and ends in the folded text. */
export interface Span {
  readonly text: string
  readonly from: number
  readonly to: number
}

const spansOf = (text: string, pattern: RegExp): ReadonlyArray<Span> =>
  [...text.matchAll(pattern)].map((match) => {
    const found = match[1] ?? match[0]
    const from = match.index + match[0].indexOf(found)
    return { text: found, from, to: from + found.length }
  })

/** Order numbers and the like: letters, digits and dashes with at least one digit, three characters or more. */
export const identifiers = (text: string): ReadonlyArray<Span> =>
  spansOf(
    text,
    /(?<![\p{L}\p{N}@/.-])#?\s?((?=[A-Za-z\d_/-]*\d)[A-Za-z\d](?:[A-Za-z\d_/-]{1,38}[A-Za-z\d]))(?![\p{L}\p{N}@-]|[.,/]\d)/gu,
  )

export const emails = (text: string): ReadonlyArray<Span> =>
  spansOf(text, /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/g)

export const phones = (text: string): ReadonlyArray<Span> =>
  spansOf(text, /(?<![\w/-])(\+?\d[\d ()/.-]{6,18}\d)(?![\w-])/g)

/** Plain numbers: `12`, `12.50`, `1,299.00` and `1.299,00`; no part of a longer word, date or identifier. */
export const numbers = (text: string): ReadonlyArray<Span> =>
  spansOf(
    text,
    /(?<![\p{L}\p{N}.,#/:_-])(\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?|\d{1,12}(?:[.,]\d{1,6})?)(?![\p{L}\p{N}_/:-]|[.,]\d)/gu,
  )

/** The number that a text means; null where it may mean two (`1,299`). */
export const numberIn = (text: string): number | null => {
  const last = Math.max(text.lastIndexOf("."), text.lastIndexOf(","))
  if (last < 0) return Number(text)
  const marks = text.replace(/\d/g, "")
  const decimals = text.length - last - 1
  // One mark before three digits: thousands for some, thousandths for others.
  if (marks.length === 1 && decimals === 3) return null
  const whole = text.slice(0, last).replace(/[.,]/g, "")
  return decimals === 3 ? Number(whole + text.slice(last + 1)) : Number(`${whole}.${text.slice(last + 1)}`)
}

const months: ReadonlyArray<ReadonlyArray<string>> = [
  ["january", "januar", "enero", "janvier", "jan"],
  ["february", "februar", "febrero", "fevrier", "feb"],
  ["march", "marz", "maerz", "marzo", "mars", "mar"],
  ["april", "abril", "avril", "apr"],
  ["may", "mai", "mayo"],
  ["june", "juni", "junio", "juin", "jun"],
  ["july", "juli", "julio", "juillet", "jul"],
  ["august", "agosto", "aout", "aug"],
  ["september", "septiembre", "septembre", "sept", "sep"],
  ["october", "oktober", "octubre", "octobre", "oct", "okt"],
  ["november", "noviembre", "novembre", "nov"],
  ["december", "dezember", "diciembre", "decembre", "dec", "dez"],
]
const monthOf = (name: string): number => months.findIndex((names) => names.includes(name)) + 1
const names = months.flat().join("|")

const pad = (value: number): string => String(value).padStart(2, "0")

const day = (year: number, month: number, date: number): string | null => {
  const text = `${year}-${pad(month)}-${pad(date)}`
  const made = DateTime.make(`${text}T00:00:00Z`)
  return Option.isSome(made) && DateTime.formatIso(made.value).startsWith(text) ? text : null
}

const written: ReadonlyArray<readonly [RegExp, (parts: ReadonlyArray<string>) => string | null]> = [
  [/\b(\d{4})-(\d{1,2})-(\d{1,2})\b/g, ([y, m, d]) => day(Number(y), Number(m), Number(d))],
  [
    new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th|\\.)? (?:of |de )?(${names})\\.?,? (?:de )?(\\d{4})\\b`, "g"),
    ([d, m = "", y]) => day(Number(y), monthOf(m), Number(d)),
  ],
  [
    new RegExp(`\\b(${names})\\.? (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})\\b`, "g"),
    ([m = "", d, y]) => day(Number(y), monthOf(m), Number(d)),
  ],
  // Day and month by figures are told apart by dots (day first), or when one of them is above 12.
  [/\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b/g, ([d, m, y]) => day(Number(y), Number(m), Number(d))],
  [
    /\b(\d{1,2})\/(\d{1,2})\/(\d{4})\b/g,
    ([a, b, y]) => {
      const [first, second] = [Number(a), Number(b)]
      if (first > 12) return day(Number(y), second, first)
      if (second > 12 || first === second) return day(Number(y), first, second)
      return null
    },
  ],
]

/** Days that a text names beyond doubt, as `2026-11-21`. */
export const dates = (text: string): ReadonlyArray<Span> => {
  const folded = fold(text)
  return written.flatMap(([pattern, read]) =>
    [...folded.matchAll(pattern)].flatMap((match) => {
      const found = read(match.slice(1))
      return found === null ? [] : [{ text: found, from: match.index, to: match.index + match[0].length }]
    }),
  )
}
