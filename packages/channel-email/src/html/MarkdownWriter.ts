/** Puts Markdown on lines: quotes, list levels, blank lines, collapsed white space. Knows nothing of HTML. */

export class MarkdownWriter {
  private readonly lines: Array<string> = []
  private line = ""
  private readonly prefixes: Array<string> = []
  /** Printed once at the start of the next line, for list marks. */
  private pending = ""
  private wantsBlank = false
  private preformatted = 0
  /** Kept apart from `line`: asking a long line for its end would copy it every time. */
  private endsWithSpace = true
  /** Nothing written yet inside the quote or item that began last: no blank line is due. */
  private fresh = true

  /** Length of what is on the current line, and which line it is: to measure what an element has written. */
  get mark(): { readonly line: number; readonly column: number } {
    return { line: this.lines.length, column: this.line.length }
  }

  text(text: string): void {
    if (this.preformatted > 0) {
      const parts = text.split(/\r\n|\n|\r/)
      parts.forEach((part, i) => {
        if (i > 0) this.endLine(true)
        this.put(part)
      })
      return
    }
    const collapsed = text.replace(/[ \t\r\n\f]+/g, " ")
    const atStart = this.line.length === 0 || this.endsWithSpace
    this.put(atStart ? collapsed.replace(/^ /, "") : collapsed)
  }

  private put(text: string): void {
    if (text.length === 0) return
    if (this.line.length === 0 && this.wantsBlank) {
      if (this.lines.length > 0) this.lines.push(this.prefix().trimEnd())
      this.wantsBlank = false
    }
    this.line += text
    this.endsWithSpace = text.endsWith(" ")
    this.fresh = false
  }

  private prefix(): string {
    return this.prefixes.join("")
  }

  private endLine(force: boolean): void {
    if (this.line.length === 0 && !force) return
    if (this.line.length === 0 && this.wantsBlank) return
    const prefix = this.prefix()
    const head =
      this.pending.length > 0 ? prefix.slice(0, prefix.length - this.pending.length) + this.pending : prefix
    if (this.line.length > 0) this.pending = ""
    this.lines.push((head + (this.preformatted > 0 ? this.line : this.line.trimEnd())).trimEnd())
    this.line = ""
  }

  /** Ends the line if there is something on it. */
  newLine(): void {
    this.endLine(false)
  }

  /** A line break that was asked for: two of them make an empty line. */
  hardBreak(): void {
    if (this.line.length > 0) this.endLine(true)
    else if (!this.fresh) this.wantsBlank = true
  }

  /** Ends the line; the next text comes after an empty one. */
  paragraph(): void {
    this.endLine(false)
    if (!this.fresh) this.wantsBlank = true
  }

  /** Every line from here on begins with `prefix`; `first` replaces it on the first one. */
  indent(prefix: string, first = ""): void {
    this.newLine()
    this.flushBlank()
    this.prefixes.push(prefix)
    this.pending = first
    this.fresh = true
  }

  outdent(): void {
    this.newLine()
    this.prefixes.pop()
    this.pending = ""
    this.fresh = false
  }

  /** The blank line that is due belongs to the outer level, not into the quote that begins. */
  private flushBlank(): void {
    if (this.wantsBlank && this.lines.length > 0) this.lines.push(this.prefix().trimEnd())
    this.wantsBlank = false
  }

  pre(on: boolean): void {
    if (on) {
      this.paragraph()
      this.put("```")
      this.endLine(true)
      this.preformatted++
    } else if (this.preformatted > 0) {
      if (this.line.length > 0) this.endLine(true)
      this.preformatted--
      this.put("```")
      this.paragraph()
    }
  }

  /** What stands on the current line after `column`; null when the mark is on an earlier line. */
  since(mark: { readonly line: number; readonly column: number }): string | null {
    return mark.line === this.lines.length ? this.line.slice(mark.column) : null
  }

  /** Replaces what was written since the mark. */
  replaceSince(mark: { readonly column: number }, text: string): void {
    this.line = this.line.slice(0, mark.column) + text
    this.endsWithSpace = text.endsWith(" ")
  }

  toString(): string {
    this.endLine(false)
    return this.lines
      .join("\n")
      .replace(/\n{3,}/g, "\n\n")
      .trim()
  }
}
