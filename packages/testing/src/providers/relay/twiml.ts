/** Reads TwiML the way a phone network would: strictly. */

/** One element. */
export interface TwimlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: ReadonlyArray<TwimlElement>
  /** Text directly inside. */
  readonly text: string
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }

const unescape = (text: string): string => {
  if (/&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/i.test(text))
    throw new Error(`a bare & in XML: ${text}`)
  return text.replace(/&(#x?)?([^;]+);/gi, (_, number: string | undefined, name: string) =>
    number === undefined
      ? (entities[name] ?? "")
      : String.fromCodePoint(Number.parseInt(name, number.endsWith("x") ? 16 : 10)),
  )
}

interface Building {
  readonly name: string
  readonly attributes: Record<string, string>
  readonly children: Array<TwimlElement>
  text: string
}

const attributesOf = (text: string): Record<string, string> => {
  const attributes: Record<string, string> = {}
  const rest = text.replace(/([A-Za-z_][\w.-]*)\s*=\s*"([^"<]*)"/g, (_, name: string, value: string) => {
    attributes[name] = unescape(value)
    return ""
  })
  if (rest.trim() !== "") throw new Error(`broken attributes in XML: ${text}`)
  return attributes
}

/** The root element; throws on anything that is no well-formed XML. */
export const parseTwiml = (xml: string): TwimlElement => {
  const open: Array<Building> = [{ name: "", attributes: {}, children: [], text: "" }]
  const body = xml.replace(/^\s*<\?xml[^>]*\?>/, "")
  for (const [token] of body.matchAll(/<[^>]*>|[^<]+/g)) {
    const top = open.at(-1)
    if (top === undefined) throw new Error("XML ends before it is over")
    const tag = /^<(\/?)([A-Za-z][\w.-]*)([^]*?)(\/?)>$/.exec(token)
    if (tag === null) {
      if (token.startsWith("<")) throw new Error(`broken XML: ${token}`)
      top.text += unescape(token)
      continue
    }
    const [, closing = "", name = "", attributes = "", empty = ""] = tag
    if (closing === "") open.push({ name, attributes: attributesOf(attributes), children: [], text: "" })
    if (closing === "/" || empty === "/") {
      const done = open.pop()
      if (done === undefined || done.name !== name) throw new Error(`</${name}> closes nothing`)
      open.at(-1)?.children.push(done)
    }
  }
  const [root] = open
  const document = root?.children[0]
  if (open.length !== 1 || document === undefined) throw new Error("XML is not closed")
  return document
}
