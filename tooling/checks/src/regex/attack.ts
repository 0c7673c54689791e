// Texts on which a regular expression with overlapping repetitions takes longer than its input is long: for each repetition
// what leads up to it, then what it repeats, many times, then what it cannot end with.

const classSamples: Readonly<Record<string, string>> = {
  d: "0",
  D: "a",
  w: "a",
  W: " ",
  s: " ",
  S: "a",
  b: "",
  B: "",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  f: "\f",
}

interface Reader {
  readonly source: string
  at: number
}

const escapeSample = (reader: Reader): string => {
  const { source } = reader
  const code = /^\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))/.exec(source.slice(reader.at))
  if (code !== null) {
    reader.at += code[0].length
    return String.fromCodePoint(parseInt(code[1] ?? code[2] ?? code[3] ?? "41", 16))
  }
  const property = /^\\[pP]\{([^}]*)\}/.exec(source.slice(reader.at))
  if (property !== null) {
    reader.at += property[0].length
    return /^(?:N|Nd)$/.test(property[1] ?? "") ? "0" : /^(?:P|S|Z)/.test(property[1] ?? "") ? "!" : "a"
  }
  const letter = source[reader.at + 1] ?? ""
  reader.at += 2
  if (letter === "k") reader.at = source.indexOf(">", reader.at) + 1
  return classSamples[letter] ?? letter
}

/** A character that the class takes; for negated ones the first of some usual ones that it does not name. */
const setSample = (reader: Reader): string => {
  const { source } = reader
  const negated = source[reader.at + 1] === "^"
  reader.at += negated ? 2 : 1
  const members: Array<string> = []
  while (reader.at < source.length && source[reader.at] !== "]") {
    if (source[reader.at] === "\\") members.push(escapeSample(reader))
    else members.push(source[reader.at++] ?? "")
  }
  reader.at += 1
  if (!negated) return members.find((member) => member !== "") ?? ""
  return ["a", " ", "0", "<", "x", "\n"].find((one) => !members.includes(one)) ?? "\u00e9"
}

interface Sampled {
  readonly text: string
  /** What repeats, and what stands before it in a shortest match. */
  readonly pumps: ReadonlyArray<{ readonly before: string; readonly repeated: string }>
}

const groupSample = (reader: Reader): Sampled => {
  const opening =
    /^\((?:\?(?:[:=!]|<[=!]|<[^>]*>|[a-z-]+:))?/.exec(reader.source.slice(reader.at))?.[0] ?? "("
  reader.at += opening.length
  const inner = alternatives(reader)
  reader.at += 1
  return /[=!]$/.test(opening) ? { text: "", pumps: inner.pumps } : inner
}

const atomSample = (reader: Reader): Sampled => {
  const next = reader.source[reader.at] ?? ""
  if (next === "(") return groupSample(reader)
  if (next === "[") return { text: setSample(reader), pumps: [] }
  if (next === "\\") return { text: escapeSample(reader), pumps: [] }
  const whole = String.fromCodePoint(reader.source.codePointAt(reader.at) ?? 0)
  reader.at += whole.length
  return { text: next === "^" || next === "$" ? "" : next === "." ? "a" : whole, pumps: [] }
}

const sequence = (reader: Reader): Sampled => {
  let text = ""
  const pumps: Array<Sampled["pumps"][number]> = []
  while (reader.at < reader.source.length && !"|)".includes(reader.source[reader.at] ?? "")) {
    const atom = atomSample(reader)
    for (const pump of atom.pumps) pumps.push({ ...pump, before: text + pump.before })
    const quantifier = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(reader.source.slice(reader.at))?.[0]
    if (quantifier !== undefined) {
      reader.at += quantifier.length
      if (!quantifier.startsWith("?") && atom.text !== "") pumps.push({ before: text, repeated: atom.text })
    }
    const least = /^\{(\d+)/.exec(quantifier ?? "")?.[1]
    text += /^[*?]/.test(quantifier ?? "") ? "" : atom.text.repeat(Math.min(Number(least ?? 1), 200))
  }
  return { text, pumps }
}

const alternatives = (reader: Reader): Sampled => {
  const all = [sequence(reader)]
  while (reader.source[reader.at] === "|") {
    reader.at += 1
    all.push(sequence(reader))
  }
  const first = all.find(({ text }) => text !== "") ?? all[0]
  return { text: first?.text ?? "", pumps: all.flatMap(({ pumps }) => pumps) }
}

const always = [" ", "a", "0", "\n", "\t", "<", "a ", "a.", "a-", "/", "=", '"', "\\", "*", "[", "("]
const endings = ["\u0000", "!\n"]

/** Texts of about `length` characters. */
export const attacksOn = (source: string, length: number): ReadonlyArray<string> => {
  const { pumps, text } = alternatives({ source, at: 0 })
  const repeated = new Map<string, { readonly before: string; readonly repeated: string }>()
  const add = (before: string, pump: string) =>
    repeated.set(`${before}\u0001${pump}`, { before, repeated: pump })
  for (const pump of pumps) {
    add(pump.before, pump.repeated)
    add("", pump.before + pump.repeated)
  }
  for (const pump of always) add("", pump)
  if (text !== "") add("", text)
  if (text.length > 1) add("", text.slice(0, -1))
  return [...repeated.values()].slice(0, 80).flatMap((one) =>
    endings.map((ending) => {
      const times = Math.ceil(length / Math.max(1, one.repeated.length))
      return one.before + one.repeated.repeat(times) + ending
    }),
  )
}
