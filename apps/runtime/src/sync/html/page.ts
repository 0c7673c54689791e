/** What a web page says of itself, and the part of it that is its content. */
import { decodeEntities, type Tag, tagsOf } from "./scan.ts"

export interface Page {
  readonly title: string | null
  readonly lang: string | null
  /** HTML of the main content. */
  readonly main: string
  /** The address that the page gives as its own, as it stands there. */
  readonly canonical: string | null
  /** The page asks not to be found. */
  readonly isNoIndex: boolean
}

/** What is around the content on most pages. */
const around = new Set(["nav", "header", "footer", "aside", "form", "dialog", "menu"])
const aroundRoles = new Set(["navigation", "banner", "contentinfo", "search", "complementary", "dialog"])

/** For each tag the index of the one that closes it; past the last one for those that nothing closes. */
const closesOf = (tags: ReadonlyArray<Tag>): ReadonlyArray<number> => {
  const closes = Array.from({ length: tags.length }, () => tags.length)
  const open = new Map<string, Array<number>>()
  for (const [index, { kind, name }] of tags.entries()) {
    const stack = open.get(name) ?? []
    open.set(name, stack)
    if (kind === "open") stack.push(index)
    else if (kind === "close") {
      const opened = stack.pop()
      if (opened !== undefined) closes[opened] = index
    } else closes[index] = index
  }
  return closes
}

/** A page's tags and what was found out about them once. */
interface Tags {
  readonly all: ReadonlyArray<Tag>
  readonly closes: ReadonlyArray<number>
}

interface Part {
  /** Indexes of its first and last tag. */
  readonly from: number
  readonly to: number
}

const partAt = ({ all, closes }: Tags, is: (tag: Tag) => boolean): Part | null => {
  const from = all.findIndex((tag) => tag.kind === "open" && is(tag))
  return from < 0 ? null : { from, to: closes[from] ?? all.length }
}

/** The content: `<main>`, what plays its role, the only article, or the body. */
const mainPart = (tags: Tags): Part | null => {
  const main =
    partAt(tags, (tag) => tag.name === "main") ?? partAt(tags, (tag) => tag.attributes.get("role") === "main")
  if (main !== null) return main
  const articles = tags.all.filter((tag) => tag.kind === "open" && tag.name === "article")
  const article = articles.length === 1 ? partAt(tags, (tag) => tag.name === "article") : null
  return article ?? partAt(tags, (tag) => tag.name === "body")
}

const isAround = (tag: Tag): boolean =>
  tag.kind === "open" && (around.has(tag.name) || aroundRoles.has(tag.attributes.get("role") ?? ""))

/** The part's HTML without what is around the content in it. A heading in a `<header>` of the content is content. */
const withoutAround = (html: string, { all: tags, closes }: Tags, part: Part): string => {
  const pieces: Array<string> = []
  const headings = tags.flatMap((tag, index) => (tag.kind === "open" && tag.name === "h1" ? [index] : []))
  let heading = 0
  let kept = tags[part.from]?.start ?? 0
  for (let i = part.from + 1; i < part.to; i++) {
    const tag = tags[i]
    if (tag === undefined || !isAround(tag)) continue
    const to = closes[i] ?? i
    while ((headings[heading] ?? Infinity) < i) heading += 1
    if (tag.name === "header" && (headings[heading] ?? Infinity) < to) continue
    pieces.push(html.slice(kept, tag.start))
    kept = tags[to]?.end ?? html.length
    i = to
  }
  pieces.push(html.slice(kept, tags[part.to]?.end ?? html.length))
  return pieces.join("")
}

const textOfTitle = (html: string, tags: ReadonlyArray<Tag>): string | null => {
  const at = tags.findIndex((tag) => tag.kind === "open" && tag.name === "title")
  const [open, close] = [tags[at], tags[at + 1]]
  if (open === undefined) return null
  const text = decodeEntities(html.slice(open.end, close?.start ?? html.length))
    .replaceAll(/\s+/g, " ")
    .trim()
  return text === "" ? null : text
}

const metaOf = (tags: ReadonlyArray<Tag>, name: string): string =>
  tags
    .find((tag) => tag.name === "meta" && tag.attributes.get("name")?.toLowerCase() === name)
    ?.attributes.get("content") ?? ""

/** Total: any text is a page. */
export const pageOf = (html: string): Page => {
  const tags = tagsOf(html)
  const whole: Tags = { all: tags, closes: closesOf(tags) }
  const part = mainPart(whole)
  const linked = tags.find((tag) => tag.name === "link" && tag.attributes.get("rel") === "canonical")
  const lang =
    tags
      .find((tag) => tag.name === "html")
      ?.attributes.get("lang")
      ?.trim() ?? ""
  return {
    title: textOfTitle(html, tags),
    lang: lang === "" ? null : lang,
    main: part === null ? html : withoutAround(html, whole, part),
    canonical: linked?.attributes.get("href") ?? null,
    isNoIndex: /\b(?:noindex|none)\b/i.test(`${metaOf(tags, "robots")} ${metaOf(tags, "opencx")}`),
  }
}
