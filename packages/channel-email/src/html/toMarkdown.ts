/**
 * Mail HTML → Markdown of what a reader sees. Keeps structure (paragraphs, lists, headings, quotes, links, code, table
 * cells); leaves emphasis out, which in mails is mostly decoration and hides the lines that quote rules look for.
 */
import { MarkdownWriter } from "./MarkdownWriter.ts"
import { beginsQuotedRest, cutMark, isAttributionOrSignature } from "./quotes.ts"
import { visibleTokens } from "./visibility.ts"

export interface ToMarkdownOptions {
  /** True: leaves out attribution lines and signatures, and marks where the quoted rest begins with `cutMark`. */
  readonly forReply: boolean
}

const paragraphs = new Set(
  "p h1 h2 h3 h4 h5 h6 ul ol dl table article section header footer aside fieldset figure".split(" "),
)
const lines = new Set("div tr li dt dd address center form caption main nav body html".split(" "))

const safeHref = (href: string | undefined): string | null => {
  const trimmed = (href ?? "").replace(/[\s\u0000-\u001f]+/g, "")
  return /^(https?:\/\/|mailto:|tel:)/i.test(trimmed) && trimmed.length <= 2_000 ? trimmed : null
}

const linkText = (text: string, href: string): string => {
  const plain = href.replace(/^(mailto|tel):/i, "").replace(/\/$/, "")
  const shown = text.trim()
  if (shown.length === 0) return text
  if (shown.replace(/\/$/, "").toLowerCase() === plain.toLowerCase() || shown === href) return text
  const lead = text.slice(0, text.length - text.trimStart().length)
  return `${lead}[${shown.replace(/[[\]]/g, "\\$&")}](${href.replace(/\(/g, "%28").replace(/\)/g, "%29")})`
}

/** What was opened and what its end tag must undo. */
interface Open {
  readonly name: string
  readonly close: () => void
}

class Converter {
  readonly out = new MarkdownWriter()
  private readonly opened: Array<Open> = []
  private readonly lists: Array<{ readonly ordered: boolean; count: number }> = []
  private skipping = 0
  private cut = false
  private readonly options: ToMarkdownOptions
  private quoteDepth = 0

  constructor(options: ToMarkdownOptions) {
    this.options = options
  }

  text(text: string): void {
    if (this.skipping === 0) this.out.text(text)
  }

  open(name: string, attributes: ReadonlyMap<string, string>): void {
    if (this.void(name, attributes)) return
    this.opened.push({ name, close: this.begin(name, attributes) })
  }

  close(name: string): void {
    if (this.opened.at(-1)?.name === name) this.opened.pop()?.close()
  }

  private void(name: string, attributes: ReadonlyMap<string, string>): boolean {
    if (name === "br") this.out.hardBreak()
    else if (name === "hr") {
      this.out.paragraph()
      this.text("---")
      this.out.paragraph()
    } else if (name === "img") this.image(attributes)
    else
      return [
        "area",
        "base",
        "col",
        "embed",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
      ].includes(name)
    return true
  }

  /** Mail programs write emoji as pictures with the character as `alt`; other pictures are named. */
  private image(attributes: ReadonlyMap<string, string>): void {
    const alt = (attributes.get("alt") ?? "").trim()
    if (alt.length === 0 || alt.length > 300) return
    this.text(/^\p{Extended_Pictographic}/u.test(alt) ? alt : `[image: ${alt}]`)
  }

  private begin(name: string, attributes: ReadonlyMap<string, string>): () => void {
    if (this.options.forReply && isAttributionOrSignature(attributes)) {
      this.out.newLine()
      this.skipping++
      return () => void this.skipping--
    }
    if (this.options.forReply && !this.cut && this.quoteDepth === 0 && beginsQuotedRest(attributes)) {
      this.cut = true
      this.out.paragraph()
      this.text(cutMark)
      this.out.paragraph()
    }
    return this.block(name, attributes)
  }

  private block(name: string, attributes: ReadonlyMap<string, string>): () => void {
    if (name === "blockquote") return this.quote()
    if (name === "a") return this.link(attributes)
    if (name === "pre") {
      this.out.pre(true)
      return () => this.out.pre(false)
    }
    if (name === "td" || name === "th") return this.cell()
    if (name === "li") return this.item()
    if (name === "ul" || name === "ol") return this.list(name === "ol")
    if (paragraphs.has(name)) {
      this.out.paragraph()
      const level = /^h([1-6])$/.exec(name)?.[1]
      const mark = this.out.mark
      return () => {
        const written = this.out.since(mark)
        if (level !== undefined && written !== null && written.trim().length > 0) {
          this.out.replaceSince(mark, `${"#".repeat(Number(level))} ${written.trim()}`)
        }
        this.out.paragraph()
      }
    }
    if (lines.has(name)) {
      this.out.newLine()
      return () => this.out.newLine()
    }
    return () => undefined
  }

  private quote(): () => void {
    this.out.paragraph()
    this.out.indent("> ")
    this.quoteDepth++
    return () => {
      this.out.outdent()
      this.quoteDepth--
      this.out.paragraph()
    }
  }

  private list(ordered: boolean): () => void {
    if (this.lists.length === 0) this.out.paragraph()
    else this.out.newLine()
    this.lists.push({ ordered, count: 0 })
    return () => {
      this.lists.pop()
      if (this.lists.length === 0) this.out.paragraph()
      else this.out.newLine()
    }
  }

  private item(): () => void {
    const list = this.lists.at(-1)
    if (list !== undefined) list.count++
    const mark = list?.ordered === true ? `${list.count}. ` : "- "
    this.out.indent(" ".repeat(mark.length), mark)
    return () => this.out.outdent()
  }

  /** Cells of a row stand on one line: mails use tables for layout far more often than for data. */
  private cell(): () => void {
    if (this.out.mark.column > 0 && this.skipping === 0) this.out.text(" ")
    return () => this.text(" ")
  }

  private link(attributes: ReadonlyMap<string, string>): () => void {
    const href = safeHref(attributes.get("href"))
    if (href === null || this.skipping > 0) return () => undefined
    const mark = this.out.mark
    return () => {
      const written = this.out.since(mark)
      if (written !== null && written.length > 0) this.out.replaceSince(mark, linkText(written, href))
    }
  }
}

/** Markdown of the visible part of `html`. */
export const htmlToMarkdown = (html: string, options: ToMarkdownOptions = { forReply: false }): string => {
  const converter = new Converter(options)
  for (const token of visibleTokens(html)) {
    if (token.type === "text") converter.text(token.text)
    else if (token.type === "open") converter.open(token.name, token.attributes)
    else converter.close(token.name)
  }
  return converter.out.toString()
}
