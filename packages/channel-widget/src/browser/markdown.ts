/**
 * Markdown, as the AI and humans write it, straight to nodes: no HTML text is ever made, so nothing in a message can become
 * markup. Known: paragraphs, headings, emphasis, code, links, lists, quotes, tables, rules. The rest stays text.
 */
import { type ComponentChild, h, type VNode } from "preact"

export type Node = VNode | string

/** An element; typed as what it is to its parent, whatever its attributes. */
const el = (tag: string, attributes: object | null, ...children: ReadonlyArray<ComponentChild>): VNode =>
  h(tag, attributes, ...children)

/** Only addresses that open a page, a mail or a call. */
export const safeUrl = (text: string): string | null => {
  if (!URL.canParse(text)) return null
  const { href, protocol } = new URL(text)
  return ["https:", "http:", "mailto:", "tel:"].includes(protocol) ? href : null
}

/** A link that opens beside the page and tells the other side nothing about it. */
export const link = (href: string, ...children: ReadonlyArray<Node>): VNode =>
  el("a", { href, target: "_blank", rel: "noopener noreferrer nofollow", part: "link" }, ...children)

const word = /[\p{L}\p{N}_]/u

const patterns: ReadonlyArray<
  readonly [
    RegExp,
    (match: RegExpExecArray, deep: (text: string) => ReadonlyArray<Node>, depth: number) => Node | null,
  ]
> = [
  [/^\\([!-/:-@[-`{-~])/, (m) => m[1] ?? ""],
  [/^(`+)([^`]|[^`].*?[^`])\1(?!`)/s, (m) => el("code", null, (m[2] ?? "").replace(/^ (.+) $/s, "$1"))],
  [
    /^!?\[((?:[^[\]\\]|\\.){1,500})\]\(\s*<?([^\s<>]{1,2000}?)>?(?:\s+"[^"]{0,300}")?\s*\)/,
    (m, deep) => {
      const url = safeUrl(m[2] ?? "")
      return url === null ? null : link(url, ...deep(m[1] ?? ""))
    },
  ],
  [
    /^<((?:https?:\/\/|mailto:)[^\s<>]{1,2000})>/,
    (m) => {
      const url = safeUrl(m[1] ?? "")
      return url === null ? null : link(url, m[1] ?? "")
    },
  ],
  [
    /^https?:\/\/[^\s<>"'`|]{1,2000}/,
    (m) => {
      const url = safeUrl(m[0])
      return url === null ? null : link(url, m[0])
    },
  ],
  [/^(\*\*|__)(?=\S)(.{0,2000}?\S)\1/s, (m, deep) => el("strong", null, ...deep(m[2] ?? ""))],
  [/^~~(?=\S)(.{0,2000}?\S)~~/s, (m, deep) => el("del", null, ...deep(m[1] ?? ""))],
  [
    /^([*_])(?=[^\s*_])((?:.{0,2000}?[^\s*_])?)\1(?![\p{L}\p{N}])/su,
    (m, deep) => (m[2] ? el("em", null, ...deep(m[2])) : null),
  ],
]

/** Punctuation after a bare address belongs to the sentence; so does a bracket that was opened before it. */
const trimUrl = (found: string): string => {
  const trimmed = found.replace(/[.,;:!?*_~'")\]]+$/, (end) =>
    end.startsWith(")") && found.includes("(") ? ")" : "",
  )
  return trimmed
}

const special = /[\\`[<*_~!]|https?:/g

/** Marks inside a line. */
export const inline = (text: string, depth = 0): ReadonlyArray<Node> => {
  const out: Array<Node> = []
  let plain = ""
  let at = 0
  const flush = () => {
    if (plain !== "") out.push(plain)
    plain = ""
  }
  while (at < text.length) {
    special.lastIndex = at
    const next = special.exec(text)?.index ?? text.length
    plain += text.slice(at, next)
    at = next
    if (at >= text.length) break
    const taken = depth > 6 ? null : matchAt(text, at, depth)
    if (taken === null) {
      plain += text[at] ?? ""
      at += 1
      continue
    }
    if (typeof taken.node === "string") plain += taken.node
    else {
      flush()
      out.push(taken.node)
    }
    at += taken.length
  }
  flush()
  return out
}

const matchAt = (text: string, at: number, depth: number): { node: Node; length: number } | null => {
  const c = text[at] ?? ""
  // Marks inside a word are part of it: snake_case, 2*3*4.
  if ("*_".includes(c) && word.test(text[at - 1] ?? "")) return null
  const rest = text.slice(at, at + 4_000)
  for (const [pattern, make] of patterns) {
    const found = pattern.exec(rest)
    if (found === null) continue
    if (c === "h") found[0] = trimUrl(found[0])
    const node = make(found, (inner) => inline(inner, depth + 1), depth)
    if (node !== null) return { node, length: found[0].length }
  }
  return null
}

const lines = (text: string): ReadonlyArray<Node> =>
  text
    .split(/ {2,}\n|\\\n|\n/)
    .flatMap((line, i): ReadonlyArray<Node> => (i === 0 ? inline(line) : [el("br", null), ...inline(line)]))

const item = /^( {0,12})([-*+]|\d{1,9}[.)])\s+(.*)$/

/** A list and what is indented below its items. */
const list = (rows: ReadonlyArray<string>, depth: number): VNode => {
  const first = item.exec(rows[0] ?? "")
  const indent = (first?.[1] ?? "").length
  const mark = first?.[2] ?? "-"
  const items: Array<Array<string>> = []
  for (const row of rows) {
    const found = item.exec(row)
    if (found !== null && (found[1] ?? "").length <= indent) items.push([found[3] ?? ""])
    else items.at(-1)?.push(row.replace(new RegExp(`^ {0,${indent + mark.length + 1}}`), ""))
  }
  const nodes = items.map((inner) => el("li", null, ...blocks(inner, depth + 1, true)))
  const ordered = /\d/.test(mark)
  return ordered ? el("ol", { start: Number.parseInt(mark, 10) }, ...nodes) : el("ul", null, ...nodes)
}

const cells = (row: string): ReadonlyArray<string> =>
  row
    .trim()
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"))

const table = (rows: ReadonlyArray<string>): VNode => {
  const [head = "", , ...body] = rows
  const row = (tag: "th" | "td", text: string) =>
    el("tr", null, ...cells(text).map((cell) => el(tag, { dir: "auto" }, ...inline(cell))))
  const parts = [
    el("thead", null, row("th", head)),
    el("tbody", null, ...body.map((each) => row("td", each))),
  ]
  return el("div", { class: "table" }, el("table", null, ...parts))
}

const rule = /^\s{0,3}([-*_])(?:\s*\1){2,}\s*$/
const divider = /^\s*\|?\s*:?-{1,}:?\s*(?:\|\s*:?-{1,}:?\s*)*\|?\s*$/
const fence = /^\s{0,3}(```+|~~~+)/
const heading = /^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$/
const quote = /^\s{0,3}> ?/

const isTable = (rows: ReadonlyArray<string>, at: number): boolean =>
  (rows[at] ?? "").includes("|") && (rows[at + 1] ?? "").includes("|") && divider.test(rows[at + 1] ?? "")

/** Whether a row ends a paragraph by itself. */
const begins = (rows: ReadonlyArray<string>, at: number): boolean => {
  const row = rows[at] ?? ""
  return (
    row.trim() === "" ||
    [rule, fence, heading, quote, item].some((pattern) => pattern.test(row)) ||
    isTable(rows, at)
  )
}

/** Rows from `at` on while `belongs`. */
const run = (
  rows: ReadonlyArray<string>,
  at: number,
  belongs: (row: string, i: number) => boolean,
): number => {
  let end = at
  while (end < rows.length && belongs(rows[end] ?? "", end)) end++
  return end
}

type Block = { readonly node: Node | ReadonlyArray<Node>; readonly end: number }

const codeBlock = (rows: ReadonlyArray<string>, at: number, mark: string): Block => {
  const end = run(rows, at + 1, (row) => !row.trim().startsWith(mark))
  const code = rows.slice(at + 1, end).join("\n")
  return { node: el("pre", { tabIndex: 0, dir: "ltr" }, el("code", null, code)), end: end + 1 }
}

const blockAt = (rows: ReadonlyArray<string>, at: number, depth: number, tight: boolean): Block => {
  const row = rows[at] ?? ""
  const mark = fence.exec(row)?.[1]
  if (mark !== undefined) return codeBlock(rows, at, mark)
  if (rule.test(row)) return { node: el("hr", null), end: at + 1 }
  const title = heading.exec(row)
  if (title !== null) return { node: el("p", { class: "heading" }, ...inline(title[2] ?? "")), end: at + 1 }
  if (quote.test(row)) {
    const end = run(rows, at, (each) => quote.test(each))
    const inner = rows.slice(at, end).map((each) => each.replace(quote, ""))
    return { node: el("blockquote", null, ...blocks(inner, depth + 1)), end }
  }
  if (item.test(row)) {
    const end = run(
      rows,
      at,
      (each, i) => item.test(each) || /^\s+\S/.test(each) || (each === "" && item.test(rows[i + 1] ?? "")),
    )
    return {
      node: list(
        rows.slice(at, end).filter((each) => each !== ""),
        depth,
      ),
      end,
    }
  }
  if (isTable(rows, at)) {
    const end = run(rows, at, (each) => each.includes("|"))
    return { node: table(rows.slice(at, end)), end }
  }
  const end = Math.max(
    at + 1,
    run(rows, at, (_, i) => i === at || !begins(rows, i)),
  )
  const words = lines(rows.slice(at, end).join("\n"))
  return { node: tight ? words : el("p", null, ...words), end }
}

const blocks = (rows: ReadonlyArray<string>, depth: number, tight = false): ReadonlyArray<Node> => {
  if (depth > 8) return [rows.join("\n")]
  const out: Array<Node> = []
  let at = 0
  while (at < rows.length) {
    if ((rows[at] ?? "").trim() === "") {
      at++
      continue
    }
    const { end, node } = blockAt(rows, at, depth, tight)
    if (Array.isArray(node)) out.push(...node)
    else if (typeof node === "string" || "type" in node) out.push(node)
    at = end
  }
  return out
}

/** A message as nodes. */
export const markdown = (text: string): ReadonlyArray<Node> =>
  blocks(text.replace(/\r\n?/g, "\n").split("\n"), 0)
