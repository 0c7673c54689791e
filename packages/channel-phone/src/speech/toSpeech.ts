/**
 * Markdown → sentences for a voice. No markup, no addresses, no emoji; lists and tables become sentences of their own. A link
 * is said by its words only: nothing promises to send it, because nothing does.
 */
import { inlineToSpeech } from "./inline.ts"

const ends = /[.!?…:;。！？؟۔।]["'”»)\]]*$/u
const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]["'”»」）)\]]*$/u
/** A full stop in the writing of the text. */
const closed = (text: string): string => {
  if (text === "" || ends.test(text)) return text
  return `${text.replace(/[,،、]$/u, "")}${cjk.test(text) ? "。" : "."}`
}

const cellsOf = (row: string): ReadonlyArray<string> =>
  row
    .trim()
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => inlineToSpeech(cell))

const isRow = (line: string): boolean => /^\s*\|.*\|\s*$/.test(line)
const isRule = (line: string): boolean =>
  /^\s*\|?(?:\s*:?-{3,}:?\s*\|)+(?:\s*:?-{3,}:?\s*)?\|?\s*$/.test(line)

/** `Plan: Basic, Price: 5.` for each row. */
const tableToSpeech = (rows: ReadonlyArray<string>): ReadonlyArray<string> => {
  const hasHeader = rows[1] !== undefined && isRule(rows[1])
  const header = hasHeader ? cellsOf(rows[0] ?? "") : []
  return rows
    .slice(hasHeader ? 2 : 0)
    .filter((row) => !isRule(row))
    .map((row) =>
      cellsOf(row)
        .flatMap((cell, i) => (cell === "" ? [] : [header[i] ? `${header[i]}: ${cell}` : cell]))
        .join(", "),
    )
}

/** A line without what marks it as a heading, list item or quote. Numbers of steps stay. */
const unmarked = (line: string): string => {
  const plain = line
    .replace(/^(?:\s*>)+\s?/, "")
    .replace(/^\s*#{1,6}\s+/, "")
    .replace(/\s#+\s*$/, "")
  const item = /^\s*(?:[-*+•]|(\d{1,3})[.)])\s+(?:\[[ xX]\]\s+)?(.*)$/.exec(plain)
  if (item === null) return inlineToSpeech(plain)
  const words = inlineToSpeech(item[2] ?? "")
  return item[1] === undefined || words === "" ? words : `${item[1]}: ${words}`
}

const isBlock = (line: string): boolean =>
  line.trim() === "" || /^\s*(?:[-*+•]\s|\d{1,3}[.)]\s|#{1,6}\s|>)/.test(line) || isRow(line)

/** Paragraphs: lines that belong together, and whole tables. */
const blocksOf = (markdown: string): ReadonlyArray<ReadonlyArray<string>> => {
  const blocks: Array<Array<string>> = []
  let fenced = false
  let joins = false
  for (const line of markdown.replace(/\r\n?/g, "\n").split("\n")) {
    if (/^\s*(?:```|~~~)/.test(line)) {
      fenced = !fenced
      joins = false
      continue
    }
    if (line.trim() === "" || (!fenced && /^\s*(?:[-*_]\s*){3,}$/.test(line))) {
      joins = false
      continue
    }
    const last = blocks.at(-1)
    const table = last !== undefined && isRow(last.at(-1) ?? "") && isRow(line)
    if (joins && last !== undefined && (table || fenced === false) && (table || !isBlock(line)))
      last.push(line)
    else blocks.push([line])
    joins = !fenced
  }
  return blocks
}

/** What is to be said, one paragraph per item; empty when there is nothing that can be said. */
export const toSpeech = (markdown: string): ReadonlyArray<string> =>
  blocksOf(markdown)
    .flatMap((block) => (isRow(block[0] ?? "") ? tableToSpeech(block) : [unmarked(block.join(" "))]))
    .map(closed)
    .filter((text) => /[\p{L}\p{N}]/u.test(text))
