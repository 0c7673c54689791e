/** The addresses in a sitemap or in an index of sitemaps (sitemaps.org). */
import { decodeEntities } from "../html/scan.ts"

export interface SitemapEntry {
  readonly loc: string
  /** As it stands there, or null. */
  readonly lastmod: string | null
}

export interface Sitemap {
  readonly kind: "pages" | "index"
  readonly entries: ReadonlyArray<SitemapEntry>
}

const valueOf = (block: string, name: string): string | null => {
  const open = new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>`, "i").exec(block)
  if (open === null) return null
  const from = open.index + open[0].length
  const to = block.indexOf("<", block.startsWith("<![CDATA[", from) ? from + 9 : from)
  const raw = block.slice(from, to < 0 ? undefined : to).trim()
  const cdata = /^<!\[CDATA\[(.*?)(?:\]\]>)?$/s.exec(raw)
  const text = (cdata === null ? decodeEntities(raw) : (cdata[1] ?? "")).trim()
  return text === "" ? null : text
}

/** Null when it is no sitemap. At most `most` entries are taken. */
export const sitemapOf = (xml: string, most: number): Sitemap | null => {
  const kind = /<(?:\w+:)?sitemapindex[\s>]/i.test(xml)
    ? "index"
    : /<(?:\w+:)?urlset[\s>]/i.test(xml)
      ? "pages"
      : null
  if (kind === null) return null
  const name = kind === "index" ? "sitemap" : "url"
  const begin = new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>`, "gi")
  const starts: Array<number> = []
  for (let found = begin.exec(xml); found !== null && starts.length <= most; found = begin.exec(xml)) {
    starts.push(begin.lastIndex)
  }
  const entries = starts.slice(0, most).flatMap((start, index): ReadonlyArray<SitemapEntry> => {
    const block = xml.slice(start, starts[index + 1] ?? start + 20_000)
    const loc = valueOf(block, "loc")
    return loc === null ? [] : [{ loc, lastmod: valueOf(block, "lastmod") }]
  })
  return { kind, entries }
}
