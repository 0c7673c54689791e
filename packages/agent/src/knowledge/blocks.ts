/** Markdown to blocks: the smallest parts that may be shown alone. Lists, tables and code stay whole. */

export type BlockKind = "heading" | "paragraph" | "list" | "table" | "code"

export interface Block {
  readonly kind: BlockKind
  /** 1 to 6 for headings, else 0. */
  readonly level: number
  /** Markdown; for headings the bare title. */
  readonly text: string
}

const heading = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/
const fence = /^ {0,3}(`{3,}|~{3,})/
const listItem = /^\s*(?:[-*+]|\d{1,3}[.)])\s+/
const tableRow = /^\s*\|.*\|\s*$/

const kindOf = (line: string): BlockKind => {
  if (tableRow.test(line)) return "table"
  return listItem.test(line) ? "list" : "paragraph"
}

/** A line goes on with the block before it, unless it starts one of its own. */
const continues = (open: BlockKind, line: string): boolean => {
  const kind = kindOf(line)
  if (open === "list") return kind === "list" || /^\s{2,}\S/.test(line) || kind === "paragraph"
  return kind === open
}

/** Blocks in reading order. Foreign text: anything is accepted, what is not known as Markdown is a paragraph. */
export const blocksOf = (markdown: string): ReadonlyArray<Block> => {
  const out: Array<Block> = []
  let lines: Array<string> = []
  let kind: BlockKind = "paragraph"
  let fenceMark: string | null = null
  let gap = false
  const close = () => {
    const text = lines.join("\n").replace(/^\n+|\s+$/g, "")
    if (text !== "") out.push({ kind, level: 0, text })
    lines = []
    kind = "paragraph"
    gap = false
  }
  for (const line of markdown.replace(/\r\n?/g, "\n").split("\n")) {
    const mark = fence.exec(line)?.[1]
    if (fenceMark !== null) {
      lines.push(line)
      if (mark?.startsWith(fenceMark) === true) {
        fenceMark = null
        close()
      }
      continue
    }
    if (mark !== undefined) {
      close()
      kind = "code"
      fenceMark = mark
      lines.push(line)
      continue
    }
    const title = heading.exec(line)
    if (title !== null) {
      close()
      if ((title[2] ?? "") !== "")
        out.push({ kind: "heading", level: (title[1] ?? "#").length, text: title[2] ?? "" })
      continue
    }
    if (line.trim() === "") {
      // A loose list has empty lines between its items; everything else ends here.
      if (kind === "list" && lines.length > 0) gap = true
      else close()
      continue
    }
    if (lines.length > 0 && (gap ? !(listItem.test(line) || /^\s{2,}\S/.test(line)) : !continues(kind, line)))
      close()
    if (lines.length === 0) kind = kindOf(line)
    if (gap) gap = false
    lines.push(line)
  }
  close()
  return out
}
