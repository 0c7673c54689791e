/** Finds the tags of an HTML text, as a browser would: comments, scripts and quoted attributes do not mislead it. */

export interface Tag {
  readonly name: string
  readonly kind: "open" | "close" | "void"
  readonly attributes: ReadonlyMap<string, string>
  /** Where it begins and ends in the text. */
  readonly start: number
  readonly end: number
}

const voids = new Set("area base br col embed hr img input link meta param source track wbr".split(" "))

/** What is in these is text to their own end. */
const rawText = new Set(["script", "style", "textarea", "title", "noscript", "iframe", "xmp"])

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
}

/** Decodes the entities that titles and addresses have in them. */
export const decodeEntities = (text: string): string =>
  text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal, hex, name) => {
    const code = decimal === undefined ? (hex === undefined ? null : parseInt(hex, 16)) : Number(decimal)
    if (code !== null) return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
    return entities[String(name).toLowerCase()] ?? whole
  })

const attribute = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/y

/** Attributes from `from` to the tag's end; the first of a name counts. */
const readAttributes = (html: string, from: number) => {
  const attributes = new Map<string, string>()
  let at = from
  while (at < html.length && html[at] !== ">") {
    attribute.lastIndex = at
    const found = attribute.exec(html)
    if (found === null) {
      at += 1
      continue
    }
    const name = (found[1] ?? "").toLowerCase()
    if (!attributes.has(name)) attributes.set(name, decodeEntities(found[2] ?? found[3] ?? found[4] ?? ""))
    at = attribute.lastIndex
  }
  return { attributes, end: Math.min(at + 1, html.length), isSelfClosed: html[at - 1] === "/" }
}

const skipComment = (html: string, at: number): number => {
  const end = html.startsWith("<!--", at) ? html.indexOf("-->", at + 4) : html.indexOf(">", at)
  return end < 0 ? html.length : end + (html.startsWith("<!--", at) ? 3 : 1)
}

/** The close tag of raw text, or the end. */
const endOfRawText = (html: string, name: string, from: number): number => {
  const close = new RegExp(`</${name}[\\s/>]`, "gi")
  close.lastIndex = from
  return close.exec(html)?.index ?? html.length
}

/** Every tag, in order. Work and memory grow with the length of the text alone. */
export const tagsOf = (html: string): ReadonlyArray<Tag> => {
  const tags: Array<Tag> = []
  const begin = /<(\/?)([a-z][a-z0-9:-]*)|<[!?]/gi
  for (let match = begin.exec(html); match !== null; match = begin.exec(html)) {
    const start = match.index
    if (match[2] === undefined) {
      begin.lastIndex = skipComment(html, start)
      continue
    }
    const name = match[2].toLowerCase()
    const { attributes, end, isSelfClosed } = readAttributes(html, begin.lastIndex)
    const isClose = match[1] === "/"
    const kind = isClose ? "close" : voids.has(name) || isSelfClosed ? "void" : "open"
    tags.push({ name, kind, attributes, start, end })
    begin.lastIndex = kind === "open" && rawText.has(name) ? endOfRawText(html, name, end) : end
  }
  return tags
}
