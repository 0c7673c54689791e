/** Reads a site's sitemap, and those that it leads to, into a list of pages. */
import { KnowledgeError, NotFound, Unavailable } from "@opencx/core"
import { Effect, Result } from "effect"
import { gunzipSync } from "node:zlib"
import type { SitemapSourceConfig } from "../../config/SourceConfig.ts"
import { type Robots, robotsOf } from "./robots.ts"
import { invalidSite, PageRefused, type Site } from "./Site.ts"
import { sitemapOf } from "./sitemapXml.ts"

export interface ListedPage {
  readonly url: URL
  readonly lastmod: string | null
}

export interface ListedPages {
  readonly pages: ReadonlyArray<ListedPage>
  readonly problems: ReadonlyArray<{ readonly articleId: string; readonly detail: string }>
}

/** sitemaps.org: at most 50 MB, unpacked. */
const maxSitemapBytes = 52_428_800
const maxRobotsBytes = 512_000
const maxSitemaps = 200
/** Problems of the list itself that are told. */
const maxProblems = 100

const decoder = new TextDecoder()

const unpack = (bytes: Uint8Array): Effect.Effect<string, PageRefused> =>
  bytes[0] === 0x1f && bytes[1] === 0x8b
    ? Effect.try({
        try: () => decoder.decode(gunzipSync(bytes, { maxOutputLength: maxSitemapBytes })),
        catch: () => new PageRefused({ detail: "cannot be unpacked, or is too large" }),
      })
    : Effect.succeed(decoder.decode(bytes))

const asError = (what: string, refused: PageRefused) =>
  new KnowledgeError({
    operation: "sync",
    reason: new Unavailable({ detail: `${what} ${refused.detail}`, retryAfterMs: null }),
  })

/** RFC 9309: without a file everything is allowed; while the server fails, nothing is. */
const readRobots = Effect.fnUntraced(function* (site: Site) {
  const url = new URL("/robots.txt", site.origin)
  const answer = yield* Effect.result(site.read(url, maxRobotsBytes))
  if (Result.isFailure(answer)) {
    return yield* answer.failure instanceof PageRefused ? asError(url.href, answer.failure) : answer.failure
  }
  const { bytes, status } = answer.success
  if (status >= 500) return yield* asError(url.href, new PageRefused({ detail: `answers ${status}` }))
  return robotsOf(status === 200 ? decoder.decode(bytes) : "")
})

const readSitemap = Effect.fnUntraced(function* (site: Site, url: URL, most: number) {
  const answer = yield* site
    .read(url, maxSitemapBytes)
    .pipe(Effect.catchTag("PageRefused", (refused) => Effect.fail(asError(url.href, refused))))
  if (answer.status === 404 || answer.status === 410) {
    return yield* new KnowledgeError({ operation: "sync", reason: new NotFound({ what: url.href }) })
  }
  if (answer.status !== 200) {
    return yield* asError(url.href, new PageRefused({ detail: `answers ${answer.status}` }))
  }
  const xml = yield* unpack(answer.bytes).pipe(Effect.mapError((refused) => asError(url.href, refused)))
  const sitemap = sitemapOf(xml, most)
  return sitemap ?? (yield* invalidSite(url.href, "It is no sitemap as sitemaps.org describes it."))
})

class Pages {
  readonly found = new Map<string, ListedPage>()
  readonly problems: Array<{ readonly articleId: string; readonly detail: string }> = []
  private left = 0
  private readonly site: Site
  private readonly robots: Robots
  private readonly source: SitemapSourceConfig

  constructor(site: Site, robots: Robots, source: SitemapSourceConfig) {
    this.site = site
    this.robots = robots
    this.source = source
  }

  problem(articleId: string, detail: string): void {
    if (this.problems.length < maxProblems) this.problems.push({ articleId, detail })
  }

  /** The address in its one form, or null when it is not to be read. */
  private wanted(loc: string): URL | null {
    if (!URL.canParse(loc, this.site.origin)) {
      this.problem(loc.slice(0, 200), "is no address")
      return null
    }
    const url = new URL(loc, this.site.origin)
    url.hash = ""
    const refused = this.site.objection(url)
    if (refused !== null) {
      this.problem(url.href, refused)
      return null
    }
    const { paths } = this.source
    if (paths !== undefined && !paths.some((path) => url.pathname.startsWith(path))) return null
    return this.robots.allows(url.pathname + url.search) ? url : null
  }

  add(loc: string, lastmod: string | null): void {
    const url = this.wanted(loc)
    if (url === null || this.found.has(url.href)) return
    if (this.found.size < this.source.maxPages) this.found.set(url.href, { url, lastmod })
    else this.left += 1
  }

  listed(): ListedPages {
    if (this.left > 0) {
      this.problem(
        "*",
        `${this.left} pages are left out: there are more than the ${this.source.maxPages} of \`maxPages\``,
      )
    }
    return { pages: [...this.found.values()], problems: this.problems }
  }
}

/** Fails when any sitemap of the site cannot be read whole: then nothing is known to be gone. */
export const listSitemap = Effect.fnUntraced(function* (site: Site, home: URL, source: SitemapSourceConfig) {
  const robots = yield* readRobots(site)
  if (robots.delayMs !== null) site.slowDown(robots.delayMs)
  const pages = new Pages(site, robots, source)
  const queue = [home]
  const seen = new Set([home.href])
  for (let at = 0; at < queue.length; at++) {
    const url = queue[at]
    if (url === undefined) break
    const sitemap = yield* readSitemap(site, url, 50_000)
    for (const { lastmod, loc } of sitemap.entries) {
      if (sitemap.kind === "pages") pages.add(loc, lastmod)
      else {
        const next = URL.canParse(loc, url.href) ? new URL(loc, url) : null
        const refused = next === null ? "is no address" : site.objection(next)
        if (next === null || refused !== null) pages.problem(loc.slice(0, 200), refused ?? "")
        else if (!seen.has(next.href) && queue.length < maxSitemaps) {
          seen.add(next.href)
          queue.push(next)
        }
      }
    }
  }
  return pages.listed()
})
