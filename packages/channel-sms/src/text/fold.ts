/** Typography as machines write it, brought down to what GSM-7 has: one curly quote would more than double the price. */
import { countSegments, isGsm } from "./segments.ts"

const plain: Readonly<Record<string, string>> = {
  "\u2018": "'",
  "\u2019": "'",
  "\u201a": "'",
  "\u201b": "'",
  "\u2032": "'",
  "\u00b4": "'",
  "`": "'",
  "\u201c": '"',
  "\u201d": '"',
  "\u201e": '"',
  "\u201f": '"',
  "\u2033": '"',
  "\u00ab": '"',
  "\u00bb": '"',
  "\u2010": "-",
  "\u2011": "-",
  "\u2012": "-",
  "\u2013": "-",
  "\u2014": "-",
  "\u2015": "-",
  "\u2212": "-",
  "\u2026": "...",
  "\u2022": "-",
  "\u00b7": "-",
  "\u00a0": " ",
  "\u2002": " ",
  "\u2003": " ",
  "\u2007": " ",
  "\u2009": " ",
  "\u202f": " ",
  "\u2192": "->",
  "\u00d7": "x",
  "\u2122": "(TM)",
  "\u00a9": "(c)",
  "\u00ae": "(R)",
  "\t": " ",
}
const invisible = /[\u200b\u2060\ufeff\u00ad]/g

const folded = (text: string): string =>
  Array.from(text.replace(invisible, ""), (char) => plain[char] ?? char)
    .join("")
    // Spacing only; letters keep their accents, and é, ñ, ü are in GSM-7 as they are when composed.
    .normalize("NFC")

/** The text in simpler typography, where that saves segments; else as it was. */
export const foldTypography = (text: string): string => {
  if (isGsm(text)) return text
  const simpler = folded(text)
  return countSegments(simpler).segments < countSegments(text).segments ? simpler : text
}
