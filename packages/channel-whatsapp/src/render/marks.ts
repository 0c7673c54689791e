/** Markdown → WhatsApp's own marks: `*bold*`, `_italic_`, `~struck~`, ` ```code``` `, lists and quotes. */

/** Private-use characters stand for what must not be touched again; texts that bring their own lose them. */
const KEEP_OPEN = "\ue000"
const KEEP_CLOSE = "\ue001"
const BOLD = "\ue002"
const PRIVATE = /[\ue000-\ue002\u0000-\u0008]/g

class Kept {
  private readonly pieces: Array<string> = []
  keep(piece: string): string {
    this.pieces.push(piece)
    return `${KEEP_OPEN}${this.pieces.length - 1}${KEEP_CLOSE}`
  }
  restore(text: string): string {
    let out = text
    // Kept pieces may hold kept pieces (a link in a link text), two deep at most.
    for (let i = 0; i < 3 && out.includes(KEEP_OPEN); i++)
      out = out.replace(/\ue000(\d{1,6})\ue001/g, (_, n: string) => this.pieces[Number(n)] ?? "")
    return out
  }
}

const link = (label: string, url: string, kept: Kept): string => {
  const address = kept.keep(url.replace(/^mailto:|^tel:/, ""))
  const words = label.trim()
  return words.length === 0 || words === url || words === url.replace(/^https?:\/\/|^mailto:|^tel:/, "")
    ? address
    : `${words}: ${address}`
}

const inline = (line: string): string => {
  const kept = new Kept()
  const text = line
    .replace(/``([^`\n]{1,2000})``|`([^`\n]{1,2000})`/g, (_, two?: string, one?: string) =>
      kept.keep(`\`${(two ?? one ?? "").trim()}\``),
    )
    .replace(/\\([\\`*_{}[\]()#+\-.!~|>])/g, (_, c: string) => kept.keep(c))
    .replace(
      /!?\[([^\]\n]{0,500})\]\(<?((?:https?:\/\/|mailto:|tel:)[^\s)>]{1,2000}(?:\([^\s()]{0,200}\)[^\s)>]{0,500})?)>?(?:\s+["'][^"'\n]{0,300}["'])?\)/g,
      (_, label: string, url: string) => link(label, url, kept),
    )
    .replace(/<((?:https?:\/\/|mailto:)[^\s<>]{1,2000})>/g, (_, url: string) => link("", url, kept))
    .replace(/https?:\/\/[^\s<>"\ue000]{1,4000}/g, (url) => kept.keep(url))
    .replace(/\*\*\*(\S|\S[^\n]{0,2000}?\S)\*\*\*/g, `${BOLD}_$1_${BOLD}`)
    .replace(/\*\*(\S|\S[^\n]{0,2000}?\S)\*\*/g, `${BOLD}$1${BOLD}`)
    .replace(/(?<![\p{L}\p{N}_])__(\S|\S[^\n]{0,2000}?\S)__(?![\p{L}\p{N}_])/gu, `${BOLD}$1${BOLD}`)
    .replace(/(?<![\p{L}\p{N}*])\*(?![\s*])([^*\n]{1,2000}?)(?<!\s)\*(?![\p{L}\p{N}*])/gu, "_$1_")
    .replace(/~~(\S|\S[^\n]{0,2000}?\S)~~/g, "~$1~")
    .replaceAll(BOLD, "*")
  return kept.restore(text)
}

const cellsOf = (row: string): ReadonlyArray<string> =>
  row
    .trim()
    .replace(/^\||(?<!\\)\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => inline(cell.trim()))

const isRow = (line: string | undefined): line is string => line !== undefined && line.includes("|")
const isRule = (line: string | undefined): boolean =>
  line !== undefined && line.includes("-") && line.includes("|") && /^[\s|:-]+$/.test(line)

/** Phones are narrow: a row becomes `*first cell*` with a line `heading: cell` for each of the others. */
const tableRow = (head: ReadonlyArray<string>, cells: ReadonlyArray<string>): string => {
  const [first, ...others] = cells
  const rest = others.map((cell, i) => `${head[i + 1] ? `${head[i + 1]}: ` : ""}${cell}`)
  const lead = head[0] ? `${head[0]}: ${first ?? ""}` : (first ?? "")
  return `- ${[lead, ...rest].join(", ")}`
}

const bare = (text: string): string => text.replace(/\*\*|__/g, "")

/** The words of a heading, without the marks around them; empty when the line is none. */
const headingWords = (line: string): string =>
  (/^ {0,3}#{1,6}\s(.*)$/.exec(line)?.[1] ?? "")
    .trim()
    .replace(/(?<!#)#+$/, "")
    .trim()

const blockLine = (line: string): string => {
  const heading = headingWords(line)
  if (heading !== "") return `*${inline(bare(heading))}*`
  if (/^ {0,3}(?:[-*_] *){3,}$/.test(line)) return "———"
  const item = /^(\s*)[-*+]\s+(?:\[([ xX])\]\s+)?(.*)$/.exec(line)
  if (item !== null)
    return `${item[1] ?? ""}- ${item[2] === undefined ? "" : item[2] === " " ? "☐ " : "☑ "}${inline(item[3] ?? "")}`
  const quote = /^(\s*(?:>\s?)+)(.*)$/.exec(line)
  if (quote !== null) return `> ${inline(quote[2] ?? "")}`
  return inline(line)
}

/** Text for WhatsApp. HTML stays as it is: WhatsApp shows it as text. */
export const toWhatsapp = (markdown: string): string => {
  const lines = markdown.replace(PRIVATE, "").replace(/\r\n?/g, "\n").split("\n")
  const out: Array<string> = []
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? ""
    const fence = /^\s*(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence !== undefined) {
      const code: Array<string> = []
      for (i++; i < lines.length && !(lines[i] ?? "").trimStart().startsWith(fence); i++)
        code.push(lines[i] ?? "")
      out.push("```", ...code, "```")
    } else if (isRow(line) && isRule(lines[i + 1])) {
      const head = cellsOf(line)
      for (i += 2; i < lines.length && isRow(lines[i]); i++) out.push(tableRow(head, cellsOf(lines[i] ?? "")))
      i--
    } else out.push(blockLine(line))
  }
  return out
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim()
}
