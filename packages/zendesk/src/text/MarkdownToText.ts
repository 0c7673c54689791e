/** Markdown as plain text that reads well in a chat bubble: links keep their address, lists their bullets. */
import { Marked, type Token, type Tokens } from "marked"

const marked = new Marked({ gfm: true, breaks: true })

const entities: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
}
/** The lexer escapes some signs for HTML. */
const unescape = (text: string): string =>
  text.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (one) => entities[one] ?? one)

const linkText = (label: string, href: string): string => {
  const plain = label.trim()
  const bare = href.replace(/^(?:mailto|tel):/i, "")
  return plain === "" || plain === href || plain === bare
    ? plain === ""
      ? bare
      : plain
    : `${plain} (${bare})`
}

const isA = <T extends Tokens.Generic>(token: Token, type: T["type"]): token is Token & T =>
  token.type === type

const inline = (tokens: ReadonlyArray<Token> | undefined): string => (tokens ?? []).map(inlineOne).join("")

const inlineOne = (token: Token): string => {
  if (isA<Tokens.Link>(token, "link")) return linkText(inline(token.tokens), token.href)
  if (isA<Tokens.Image>(token, "image")) return linkText(token.text, token.href)
  if (isA<Tokens.Br>(token, "br")) return "\n"
  if (isA<Tokens.Codespan>(token, "codespan")) return unescape(token.text)
  if (isA<Tokens.HTML>(token, "html")) return token.raw
  if ("tokens" in token && token.tokens !== undefined) return inline(token.tokens)
  return "text" in token && typeof token.text === "string" ? unescape(token.text) : token.raw
}

const indent = (text: string, by: string): string => text.replaceAll("\n", `\n${by}`)

const list = (token: Tokens.List): string =>
  token.items
    .map((item, index) => {
      const first = typeof token.start === "number" ? token.start : 1
      const box = item.task ? (item.checked === true ? "[x] " : "[ ] ") : ""
      const mark = token.ordered ? `${first + index}. ` : "• "
      return mark + box + indent(blocks(item.tokens, "\n"), " ".repeat(mark.length))
    })
    .join("\n")

const table = (token: Tokens.Table): string =>
  [token.header, ...token.rows].map((row) => row.map((cell) => inline(cell.tokens)).join(" | ")).join("\n")

const block = (token: Token): string => {
  if (isA<Tokens.Space>(token, "space") || isA<Tokens.Def>(token, "def")) return ""
  if (isA<Tokens.List>(token, "list")) return list(token)
  if (isA<Tokens.Table>(token, "table")) return table(token)
  if (isA<Tokens.Code>(token, "code")) return token.text
  if (isA<Tokens.Blockquote>(token, "blockquote")) return `> ${indent(blocks(token.tokens, "\n\n"), "> ")}`
  if (isA<Tokens.Hr>(token, "hr")) return "———"
  if (isA<Tokens.HTML>(token, "html")) return token.raw.trimEnd()
  return inlineOne(token)
}

const blocks = (tokens: ReadonlyArray<Token>, between: string): string =>
  tokens
    .filter((token) => token.type !== "checkbox")
    .map(block)
    .filter((text) => text !== "")
    .join(between)

/** Plain text of a Markdown text. Never fails; what is no Markdown stays as typed. */
export const markdownToText = (markdown: string): string => blocks(marked.lexer(markdown), "\n\n").trim()
