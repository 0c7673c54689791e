/**
 * HTML of mails, as a stream of tags and text. One pass, never goes back: time is linear in the input, whatever it is.
 * Comments (also Outlook's conditional ones), doctypes and the contents of raw-text elements never come out, except
 * `style`, whose rules decide what is visible.
 */
import { decodeEntities } from "./entities.ts"

export type HtmlToken =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "open"; readonly name: string; readonly attributes: ReadonlyMap<string, string> }
  | { readonly type: "close"; readonly name: string }
  | { readonly type: "style"; readonly css: string }

const rawText = new Set(["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"])
const whitespace = /[\s/]/

interface Cursor {
  readonly html: string
  readonly lower: string
  at: number
}

const readUntil = (c: Cursor, stop: RegExp): string => {
  const from = c.at
  while (c.at < c.html.length && !stop.test(c.html[c.at] ?? "")) c.at++
  return c.html.slice(from, c.at)
}

const readValue = (c: Cursor): string => {
  while (/\s/.test(c.html[c.at] ?? "")) c.at++
  const quote = c.html[c.at]
  if (quote !== '"' && quote !== "'") return readUntil(c, /[\s>]/)
  const end = c.html.indexOf(quote, c.at + 1)
  const value = c.html.slice(c.at + 1, end === -1 ? c.html.length : end)
  c.at = end === -1 ? c.html.length : end + 1
  return value
}

const readAttributes = (c: Cursor): ReadonlyMap<string, string> => {
  const attributes = new Map<string, string>()
  while (c.at < c.html.length) {
    while (whitespace.test(c.html[c.at] ?? "")) c.at++
    const char = c.html[c.at]
    if (char === undefined) break
    if (char === ">") {
      c.at++
      break
    }
    // A stray "=" begins a name: skip it, or nothing would move.
    if (char === "=") c.at++
    const name = readUntil(c, /[\s/>=]/).toLowerCase()
    while (/\s/.test(c.html[c.at] ?? "")) c.at++
    if (c.html[c.at] === "=") {
      c.at++
      const value = readValue(c)
      if (!attributes.has(name)) attributes.set(name, decodeEntities(value))
    } else if (name.length > 0 && !attributes.has(name)) attributes.set(name, "")
  }
  return attributes
}

/** Position after a comment, declaration or processing instruction that begins at `at`. */
const skipMarkup = (html: string, at: number): number => {
  if (html.startsWith("<!--", at)) {
    if (html.startsWith("<!-->", at)) return at + 5
    if (html.startsWith("<!--->", at)) return at + 6
    const end = html.indexOf("-->", at + 4)
    const bang = html.indexOf("--!>", at + 4)
    if (bang !== -1 && (end === -1 || bang < end)) return bang + 4
    return end === -1 ? html.length : end + 3
  }
  const end = html.indexOf(">", at)
  return end === -1 ? html.length : end + 1
}

/** Reads the tags and texts of `html`, entities resolved, names lower-case. */
export function* tokenize(html: string): Generator<HtmlToken> {
  const c: Cursor = { html, lower: html.toLowerCase(), at: 0 }
  // Lower-casing may change the length ("İ"); then only exact-case closers of raw text are found, which is safe.
  const closers = c.lower.length === html.length ? c.lower : html
  while (c.at < html.length) {
    const next = html.indexOf("<", c.at)
    const textEnd = next === -1 ? html.length : next
    if (textEnd > c.at) yield { type: "text", text: decodeEntities(html.slice(c.at, textEnd)) }
    if (next === -1) return
    c.at = next
    const after = html[next + 1] ?? ""
    if (after === "!" || after === "?") c.at = skipMarkup(html, next)
    else if (after === "/" && /[a-zA-Z]/.test(html[next + 2] ?? "")) {
      c.at = next + 2
      const name = readUntil(c, /[\s/>]/).toLowerCase()
      readAttributes(c)
      yield { type: "close", name }
    } else if (/[a-zA-Z]/.test(after)) {
      c.at = next + 1
      const name = readUntil(c, /[\s/>]/).toLowerCase()
      const attributes = readAttributes(c)
      if (rawText.has(name)) {
        const end = closers.indexOf(`</${name}`, c.at)
        const stop = end === -1 ? html.length : end
        if (name === "style") yield { type: "style", css: html.slice(c.at, Math.min(stop, c.at + 100_000)) }
        const close = html.indexOf(">", stop)
        c.at = close === -1 ? html.length : close + 1
      } else yield { type: "open", name, attributes }
    } else {
      yield { type: "text", text: "<" }
      c.at = next + 1
    }
  }
}
