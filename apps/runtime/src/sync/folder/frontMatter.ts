/** The lines between `---` at the head of a Markdown file: names and values, as far as a source needs them. */

export interface FrontMatter {
  readonly values: ReadonlyMap<string, string | ReadonlyArray<string>>
  /** The text below it. */
  readonly body: string
  /** True when there is something at the head that is not of this form: nothing in it may be relied on. */
  readonly isBroken: boolean
}

const unquote = (text: string): string => {
  const plain = text.trim()
  const quote = plain.at(0)
  const isQuoted = plain.length >= 2 && (quote === '"' || quote === "'") && plain.endsWith(quote)
  if (isQuoted) return plain.slice(1, -1)
  return plain.replace(/\s+#.*$/, "").trim()
}

const listOf = (text: string): ReadonlyArray<string> =>
  text
    .slice(1, -1)
    .split(",")
    .map(unquote)
    .filter((item) => item !== "")

const none: ReadonlyMap<string, string | ReadonlyArray<string>> = new Map()

/** Reads `name: value`, `name: [a, b]` and `name:` with `- item` lines below. Names are compared in lower case. */
const readLines = (
  lines: ReadonlyArray<string>,
): ReadonlyMap<string, string | ReadonlyArray<string>> | null => {
  const values = new Map<string, string | ReadonlyArray<string>>()
  let open: string | null = null
  for (const line of lines) {
    if (line.trim() === "" || line.trimStart().startsWith("#")) continue
    const item = /^\s*-\s+(.*)$/.exec(line)
    if (item !== null && open !== null) {
      const before = values.get(open)
      values.set(open, [...(Array.isArray(before) ? before : []), unquote(item[1] ?? "")])
      continue
    }
    const pair = /^([A-Za-z][\w-]*)\s*:(?:\s+(.*))?$/.exec(line)
    if (pair === null) {
      // Nested values are somebody else's; a line of no known form at the margin is a broken head.
      if (/^\s/.test(line)) continue
      return null
    }
    const [name, value] = [(pair[1] ?? "").toLowerCase(), (pair[2] ?? "").trim()]
    open = value === "" ? name : null
    values.set(name, value.startsWith("[") && value.endsWith("]") ? listOf(value) : unquote(value))
  }
  return values
}

/** Total: a text without a head has no values. */
export const frontMatterOf = (text: string): FrontMatter => {
  const whole = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n")
  if (!/^---[ \t]*\n/.test(whole)) return { values: none, body: whole, isBroken: false }
  const lines = whole.split("\n")
  const end = lines.findIndex((line, index) => index > 0 && /^(?:---|\.\.\.)\s*$/.test(line))
  // A rule at the very top, or a head that never ends.
  if (end < 0) return { values: none, body: whole, isBroken: true }
  const values = readLines(lines.slice(1, end))
  const body = lines.slice(end + 1).join("\n")
  return { values: values ?? none, body, isBroken: values === null }
}

/** A value as one text, or null. */
export const textOf = (values: FrontMatter["values"], ...names: ReadonlyArray<string>): string | null => {
  for (const name of names) {
    const value = values.get(name)
    if (typeof value === "string" && value !== "") return value
  }
  return null
}

/** A value as a list; a single text is a list of its parts between commas. */
export const textsOf = (values: FrontMatter["values"], name: string): ReadonlyArray<string> => {
  const value = values.get(name)
  if (value === undefined) return []
  const list = typeof value === "string" ? value.split(",") : value
  return list.map((item) => item.trim()).filter((item) => item !== "")
}
