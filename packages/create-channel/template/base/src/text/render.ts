/** Markdown → plain text. Marks go, words stay; a link reads `words: address`, a table row `value, value`. */

const OPEN = "\ue000"
const CLOSE = "\ue001"

const emphasis = /(?<![\p{L}\p{N}])(\*{1,3}|_{1,3}|~~)(?=\S)([^\n]{1,2000}?)(?<=\S)\1(?![\p{L}\p{N}])/gu

const link = /!?\[([^\]\n]{0,500})\]\(\s*<?([^\s<>()]{1,2000})>?(?:\s+"[^"\n]{0,300}")?\s*\)/g

const linkWords = (label: string, target: string): string =>
  label.trim() === "" || label === target ? target : `${label}: ${target}`

/** One line of running text. Code and addresses are put aside first, because marks in them are none. */
const inline = (line: string): string => {
  const kept: Array<string> = []
  const keep = (text: string): string => `${OPEN}${kept.push(text) - 1}${CLOSE}`
  const safe = line
    .replace(/[\ue000\ue001]/g, "")
    .replace(/`([^`\n]{1,2000})`/g, (_, code: string) => keep(code))
    .replace(/\\([!-/:-@[-`{-~])/g, (_, mark: string) => keep(mark))
    .replace(link, (_, label: string, target: string) => keep(linkWords(inline(label), target)))
    .replace(/<?(https?:\/\/[^\s<>"]{1,3000})>?/g, (_, address: string) => keep(address))
  const bare = safe.replace(emphasis, "$2").replace(emphasis, "$2")
  return bare.replace(/\ue000(\d+)\ue001/g, (_, index: string) => restore(kept, Number(index)))
}

/** What was put aside may hold something that was put aside before. */
const restore = (kept: ReadonlyArray<string>, index: number): string =>
  (kept[index] ?? "").replace(/\ue000(\d+)\ue001/g, (_, inner: string) => restore(kept, Number(inner)))

const isRule = (line: string): boolean => /^\s*(?:[-*_]\s*){3,}$/.test(line)
const isTableRule = (line: string): boolean => line.includes("|") && /^[\s|:-]+$/.test(line)

const row = (line: string): string =>
  line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => inline(cell).trim())
    .join(", ")

const plainLine = (line: string): string => {
  if (isTableRule(line) || isRule(line)) return ""
  if (/^\s*\|.*\|\s*$/.test(line)) return row(line)
  const text = line.replace(/^(?:\s{0,3}>\s?)+/, "").replace(/^\s{0,3}#{1,6}\s+/, "")
  return inline(text.replace(/^(\s*)[*+](?=\s)/, "$1-"))
}

/** The whole text as the customer reads it. */
export const renderPlain = (markdown: string): string => {
  let inCode = false
  const lines = markdown
    .replace(/\r\n?/g, "\n")
    .split("\n")
    .flatMap((line) => {
      if (/^\s{0,3}(?:```|~~~)/.test(line)) {
        inCode = !inCode
        return []
      }
      return [inCode ? line : plainLine(line)]
    })
  return lines
    .join("\n")
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim()
}
