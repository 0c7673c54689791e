/** Markdown → plain text for a text message: blocks here, running text in `inline.ts`. */
import { inlineText } from "./inline.ts"

const fence = /^\s{0,3}(`{3,}|~{3,})/
const rule = /^\s{0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$/
const tableRule = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/

const cellsOf = (line: string): ReadonlyArray<string> =>
  line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => inlineText(cell.replace(/\\\|/g, "|")).trim())

/** Two columns read `name: value`; more name each value by its heading. */
const tableRow = (headings: ReadonlyArray<string>, cells: ReadonlyArray<string>): string => {
  const [first = "", second] = cells
  if (headings.length <= 2) return second === undefined || second === "" ? first : `${first}: ${second}`
  return cells
    .map((cell, i) => (cell === "" ? "" : headings[i] ? `${headings[i]}: ${cell}` : cell))
    .filter((pair) => pair !== "")
    .join(", ")
}

const isTable = (lines: ReadonlyArray<string>, at: number): boolean =>
  (lines[at] ?? "").includes("|") &&
  (lines[at + 1] ?? "").includes("|") &&
  tableRule.test(lines[at + 1] ?? "")

/** A heading may be closed by hashes, as it was opened. */
const withoutHashes = (heading: string): string => {
  let end = heading.length
  while (end > 0 && heading[end - 1] === "#") end--
  return end === 0 || /\s/.test(heading[end - 1] ?? "") ? heading.slice(0, end).trimEnd() : heading
}

/** One line that is neither code nor table. A pattern that seeks a line's end would be slow on long runs of spaces. */
const plainLine = (line: string): string => {
  if (rule.test(line)) return ""
  const unquoted = line.replace(/^(?:\s{0,3}>\s?)+/, "")
  const heading = /^\s{0,3}#{1,6}\s/.exec(unquoted)
  if (heading !== null) return inlineText(withoutHashes(unquoted.slice(heading[0].length).trim()))
  const item = /^(\s*)([-*+]|\d{1,9}[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/.exec(unquoted)
  if (item === null) return inlineText(unquoted.endsWith("\\") ? unquoted.slice(0, -1) : unquoted)
  const [, indent = "", sign = "-", box, words = ""] = item
  const depth = " ".repeat(Math.min(6, indent.replace(/\t/g, "  ").length))
  const mark = /\d/.test(sign) ? sign : "-"
  return `${depth}${mark} ${box === undefined ? "" : box === " " ? "[ ] " : "[x] "}${inlineText(words)}`
}

/** The whole text as a customer reads it on a phone: no markup, `text: address` for links, `name: value` for tables. */
export const renderPlain = (markdown: string): string => {
  const lines = markdown.replace(/\r\n?/g, "\n").split("\n")
  const out: Array<string> = []
  let open: string | null = null
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ""
    const mark = fence.exec(line)?.[1] ?? null
    if (open !== null) {
      if (mark !== null && mark.startsWith(open) && line.trim() === mark) open = null
      else out.push(line)
    } else if (mark !== null && !line.slice(line.indexOf(mark) + mark.length).includes("`")) open = mark
    else if (isTable(lines, at)) {
      const headings = cellsOf(line)
      for (at += 2; (lines[at] ?? "").includes("|"); at++)
        out.push(tableRow(headings, cellsOf(lines[at] ?? "")))
      at--
    } else out.push(plainLine(line))
  }
  return out
    .map((line) => line.trimEnd())
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim()
}
