/** What a reader sees: the visible tokens of a mail's HTML. Hidden text is a way to speak to the AI behind people's backs. */
import {
  alike,
  type Color,
  type Declarations,
  fits,
  parseColor,
  parseDeclarations,
  parseRules,
  pixels,
  type Rule,
} from "./css.ts"
import { type HtmlToken, tokenize } from "./tokenize.ts"

/** An element that is open, with what its text inherits. */
interface Frame {
  readonly name: string
  /** Cannot be undone by a child. */
  readonly gone: boolean
  /** `visibility`, can be undone by a child. */
  readonly invisible: boolean
  readonly tiny: boolean
  readonly color: Color | "transparent"
  readonly background: Color
}

const root: Frame = {
  name: "",
  gone: false,
  invisible: false,
  tiny: false,
  color: [0, 0, 0],
  background: [255, 255, 255],
}

const voids = new Set("area base br col embed hr img input link meta param source track wbr".split(" "))
const dropped = new Set(
  "head script template noscript object embed svg math audio video canvas select datalist".split(" "),
)
const blocks = new Set(
  "address article aside blockquote div dl fieldset footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul".split(
    " ",
  ),
)
/** What a start tag closes by itself, and where that stops. */
const closedBy = (
  name: string,
): { readonly closes: ReadonlyArray<string>; readonly within: ReadonlyArray<string> } | null => {
  if (blocks.has(name))
    return { closes: ["p"], within: ["td", "th", "div", "li", "blockquote", "table", "body"] }
  if (name === "li") return { closes: ["li"], within: ["ul", "ol"] }
  if (name === "td" || name === "th") return { closes: ["td", "th"], within: ["table", "tr"] }
  if (name === "tr") return { closes: ["tr"], within: ["table"] }
  if (name === "dd" || name === "dt") return { closes: ["dd", "dt"], within: ["dl"] }
  if (name === "body") return { closes: ["head"], within: [] }
  return null
}

const zero = (value: string | undefined, limit = 0): boolean => {
  const n = pixels(value)
  return n !== null && n <= limit
}

const offScreen = (d: Declarations): boolean => {
  const far = (key: string) => (pixels(d.get(key)) ?? 0) <= -500
  const positioned = d.get("position") === "absolute" || d.get("position") === "fixed"
  return far("text-indent") || far("margin-left") || (positioned && (far("left") || far("top")))
}

const isGone = (d: Declarations, attributes: ReadonlyMap<string, string>): boolean => {
  if (attributes.has("hidden") || attributes.get("type")?.toLowerCase() === "hidden") return true
  if (d.get("display") === "none" || d.get("mso-hide") === "all") return true
  const opacity = d.get("opacity")
  if (opacity !== undefined && Number.parseFloat(opacity) <= (opacity.endsWith("%") ? 5 : 0.05)) return true
  if (zero(d.get("max-height")) || zero(d.get("max-width"))) return true
  const clips = /hidden|clip/.test(
    `${d.get("overflow") ?? ""} ${d.get("overflow-y") ?? ""} ${d.get("overflow-x") ?? ""}`,
  )
  if (clips && (zero(d.get("height"), 1) || zero(d.get("width"), 1))) return true
  if (
    /^scale[xy]?\(0/.test(d.get("transform") ?? "") ||
    /^rect\(\s*0|^inset\(\s*(50|100)%/.test(d.get("clip") ?? d.get("clip-path") ?? "")
  ) {
    return true
  }
  return offScreen(d)
}

const open = (
  parent: Frame,
  name: string,
  attributes: ReadonlyMap<string, string>,
  d: Declarations,
): Frame => {
  const size = pixels(
    d.get("font-size") ?? /\b(\d{0,9}\.?\d{1,9}(?:px|pt|em|%))/.exec(d.get("font") ?? "")?.[1],
  )
  const visibility = d.get("visibility")
  const background = parseColor(
    d.get("background-color") ?? d.get("background")?.split(/\s+(?![^(]*\))/)[0] ?? attributes.get("bgcolor"),
  )
  const color = parseColor(d.get("color") ?? (name === "font" ? attributes.get("color") : undefined))
  return {
    name,
    gone: parent.gone || dropped.has(name) || isGone(d, attributes),
    invisible:
      visibility === undefined ? parent.invisible : visibility === "hidden" || visibility === "collapse",
    tiny: size === null ? parent.tiny : size <= 1.5,
    color: color ?? parent.color,
    background: background === null || background === "transparent" ? parent.background : background,
  }
}

const shows = (f: Frame): boolean =>
  !f.gone && !f.invisible && !f.tiny && f.color !== "transparent" && !alike(f.color, f.background)

const declarationsOf = (
  name: string,
  attributes: ReadonlyMap<string, string>,
  rules: ReadonlyArray<Rule>,
): Declarations => {
  const style = attributes.get("style")
  const own = style === undefined ? [] : [...parseDeclarations(style)]
  if (rules.length === 0) return new Map(own)
  const classes = new Set((attributes.get("class") ?? "").split(/\s+/))
  const id = attributes.get("id") ?? null
  return new Map([
    ...rules.filter((r) => fits(r, name, id, classes)).flatMap((r) => [...r.declarations]),
    ...own,
  ])
}

const MAX_DEPTH = 2_000
const MAX_RULES = 500

class Stack {
  readonly frames: Array<Frame> = [root]
  get top(): Frame {
    return this.frames.at(-1) ?? root
  }
  /** Closes up to the nearest frame called one of `names`, unless one of `stops` comes first. Yields what was closed. */
  closeTo(names: ReadonlyArray<string>, stops: ReadonlyArray<string>): ReadonlyArray<Frame> {
    for (let i = this.frames.length - 1; i > 0; i--) {
      const name = this.frames[i]?.name ?? ""
      if (names.includes(name)) return this.frames.splice(i).toReversed()
      if (stops.includes(name)) return []
      // Looking further than this for a match would make hostile nesting quadratic.
      if (this.frames.length - i > 200) return []
    }
    return []
  }
}

/** The tokens that a reader sees. Tags come out for visible elements only, always well nested. */
export function* visibleTokens(html: string): Generator<Exclude<HtmlToken, { readonly type: "style" }>> {
  const stack = new Stack()
  const rules: Array<Rule> = []
  for (const token of tokenize(html)) {
    if (token.type === "style") {
      rules.push(
        ...parseRules(token.css)
          .filter((r) => r.declarations.size > 0)
          .slice(0, MAX_RULES - rules.length),
      )
    } else if (token.type === "text") {
      if (shows(stack.top)) yield token
    } else if (token.type === "close") {
      for (const frame of stack.closeTo(
        [token.name],
        ["td", "th", "table"].includes(token.name) ? [] : ["td", "th"],
      )) {
        if (!frame.gone) yield { type: "close", name: frame.name }
      }
    } else {
      const implied = closedBy(token.name)
      if (implied !== null) {
        for (const frame of stack.closeTo(implied.closes, implied.within)) {
          if (!frame.gone) yield { type: "close", name: frame.name }
        }
      }
      const frame = open(
        stack.top,
        token.name,
        token.attributes,
        declarationsOf(token.name, token.attributes, rules),
      )
      if (
        !frame.gone &&
        (token.name !== "img" ||
          shows({ ...frame, tiny: false, color: [0, 0, 0], background: [255, 255, 255] }))
      ) {
        yield token
      }
      if (!voids.has(token.name)) {
        // No mail is nested this deeply. What follows could hide where we no longer look, so nothing more is shown.
        if (stack.frames.length >= MAX_DEPTH) break
        stack.frames.push(frame)
      }
    }
  }
  for (const frame of stack.frames.slice(1).toReversed())
    if (!frame.gone) yield { type: "close", name: frame.name }
}
