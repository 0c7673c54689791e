/** Just enough CSS to tell what a reader cannot see. */

export type Declarations = ReadonlyMap<string, string>

/** `a: b; c: d` → map, names and values lower-case, `!important` dropped. At most 200 declarations. */
export const parseDeclarations = (style: string): Declarations => {
  const out = new Map<string, string>()
  for (const part of style.replace(/\/\*[^]*?\*\//g, " ").split(";", 200)) {
    const colon = part.indexOf(":")
    if (colon <= 0) continue
    const value = part
      .slice(colon + 1)
      .toLowerCase()
      .replace(/!\s*important/, "")
      .trim()
    out.set(part.slice(0, colon).trim().toLowerCase(), value)
  }
  return out
}

export interface Rule {
  readonly tag: string | null
  readonly id: string | null
  readonly classes: ReadonlyArray<string>
  readonly declarations: Declarations
}

/** Removes `@media` and other at-rules with their blocks: what they say holds on some screens only. */
const withoutAtRules = (css: string): string => {
  let out = ""
  let at = 0
  while (at < css.length) {
    const next = css.indexOf("@", at)
    if (next === -1) return out + css.slice(at)
    out += css.slice(at, next)
    let depth = 0
    let i = next
    for (; i < css.length; i++) {
      const char = css[i]
      if (char === "{") depth++
      else if (char === "}" && --depth <= 0) break
      else if (char === ";" && depth === 0) break
    }
    at = i + 1
  }
  return out
}

/** Rules with one simple selector (`p`, `.a`, `#b`, `p.a.b`). Selectors with combinators or states are left out. */
export const parseRules = (css: string): ReadonlyArray<Rule> => {
  const rules: Array<Rule> = []
  const text = withoutAtRules(css.replace(/\/\*[^]*?\*\//g, " ").replace(/<!--|-->/g, " "))
  for (const block of text.split("}", 2_000)) {
    const brace = block.indexOf("{")
    if (brace === -1) continue
    const declarations = parseDeclarations(block.slice(brace + 1))
    for (const selector of block.slice(0, brace).split(",", 50)) {
      const match = /^([a-z][a-z0-9]*|\*)?(#[\w-]+)?((?:\.[\w-]+)*)$/i.exec(selector.trim())
      if (match === null || match[0].length === 0) continue
      rules.push({
        tag: match[1]?.toLowerCase() ?? null,
        id: match[2]?.slice(1) ?? null,
        classes: (match[3] ?? "").split(".").filter((c) => c.length > 0),
        declarations,
      })
    }
  }
  return rules
}

/** True when a rule's selector fits an element. */
export const fits = (rule: Rule, name: string, id: string | null, classes: ReadonlySet<string>): boolean =>
  (rule.tag === null || rule.tag === "*" || rule.tag === name) &&
  (rule.id === null || rule.id === id) &&
  rule.classes.every((c) => classes.has(c))

/** Length in CSS pixels, roughly; null when it is not a plain length. */
export const pixels = (value: string | undefined): number | null => {
  const match = /^(-?\d{0,9}\.?\d{1,9})\s*(px|pt|em|rem|ex|%|in|cm|mm|vh|vw)?$/.exec(value ?? "")
  if (match === null) return null
  const n = Number(match[1])
  const unit = match[2] ?? "px"
  const factor: Record<string, number> = {
    px: 1,
    pt: 1.33,
    em: 16,
    rem: 16,
    ex: 8,
    "%": 0.16,
    in: 96,
    cm: 38,
    mm: 3.8,
  }
  return n * (factor[unit] ?? 8)
}

export type Color = readonly [number, number, number]

const names: Readonly<Record<string, Color>> = {
  white: [255, 255, 255],
  snow: [255, 250, 250],
  ivory: [255, 255, 240],
  ghostwhite: [248, 248, 255],
  whitesmoke: [245, 245, 245],
  black: [0, 0, 0],
  red: [255, 0, 0],
  green: [0, 128, 0],
  blue: [0, 0, 255],
  gray: [128, 128, 128],
  grey: [128, 128, 128],
  silver: [192, 192, 192],
  navy: [0, 0, 128],
  yellow: [255, 255, 0],
}

/** A colour, `transparent`, or null when the value is none that we read. */
export const parseColor = (value: string | undefined): Color | "transparent" | null => {
  if (value === undefined) return null
  const text = value.trim().toLowerCase()
  if (text === "transparent") return "transparent"
  const hex = /^#?([0-9a-f]{3,8})$/.exec(text)?.[1]
  if (hex !== undefined && [3, 4, 6, 8].includes(hex.length)) {
    const wide = hex.length <= 4 ? [...hex].map((h) => h + h).join("") : hex
    if (wide.length === 8 && wide.endsWith("00")) return "transparent"
    const n = Number.parseInt(wide.slice(0, 6), 16)
    return [n >> 16, (n >> 8) & 255, n & 255]
  }
  const rgb = /^rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]+%?))?\s*\)$/.exec(text)
  if (rgb !== null) {
    if (rgb[4] !== undefined && Number.parseFloat(rgb[4]) === 0) return "transparent"
    return [Number(rgb[1]), Number(rgb[2]), Number(rgb[3])]
  }
  return names[text] ?? null
}

/** True when text of colour `a` cannot be read on `b`. */
export const alike = (a: Color, b: Color): boolean =>
  Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) + Math.abs(a[2] - b[2]) <= 24
