/** A site's sitemap as a source, for people whose help pages are not in Zendesk. */
import { type KnowledgeError, type OrgId, type SyncProgress } from "@opencx/core"
import { htmlToMarkdown } from "@opencx/zendesk"
import { DateTime, Effect, Option } from "effect"
import { ConfigurationError } from "../../config/ConfigError.ts"
import type { SitemapSourceConfig } from "../../config/SourceConfig.ts"
import { pageOf } from "../html/page.ts"
import { type Entry, type Loaded, makeListedSync } from "../listed/listedSync.ts"
import { isLoopbackHost } from "./addresses.ts"
import { type ListedPage, listSitemap } from "./listSitemap.ts"
import { publicHttp, type Resolve } from "./publicHttp.ts"
import { type Answer, makeSite, type Site, siteAddress } from "./Site.ts"

interface SitemapInput {
  readonly orgId: OrgId
  readonly source: SitemapSourceConfig
  readonly onProgress: (progress: SyncProgress) => Effect.Effect<void>
  /** How names are resolved; the system's way when absent. */
  readonly resolve?: Resolve
}

const timeOf = (text: string | null): number =>
  Option.match(DateTime.make(text ?? ""), { onNone: () => 0, onSome: DateTime.toEpochMillis })

const charsetOf = (answer: Answer): string =>
  /charset\s*=\s*["']?([\w-]{1,40})/i.exec(answer.headers["content-type"] ?? "")?.[1] ?? "utf-8"

const textOf = (answer: Answer): string => {
  try {
    return new TextDecoder(charsetOf(answer)).decode(answer.bytes)
  } catch {
    return new TextDecoder().decode(answer.bytes)
  }
}

const localeOf = (lang: string | null, usual: string): string =>
  (lang !== null && /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/.test(lang) ? lang : usual).toLowerCase()

const isHtml = (answer: Answer): boolean => {
  const type = answer.headers["content-type"]
  return type === undefined || /^(?:text\/html|application\/xhtml\+xml)\b/i.test(type.trim())
}

/** Everybody may read what is given to a stranger. */
const articleOf = (page: ListedPage, answer: Answer, locale: string): Loaded => {
  const html = pageOf(textOf(answer))
  if (html.isNoIndex || /\bno(?:index|ne)\b/i.test(answer.headers["x-robots-tag"] ?? "")) {
    return { _tag: "withdrawn" }
  }
  const body = htmlToMarkdown(html.main, { origin: page.url.origin, images: "alt" })
  if (body === "") return { _tag: "unreadable", detail: "there is no text in it" }
  const heading = /^#\s+(.+)$/m.exec(body)?.[1]
  return {
    _tag: "article",
    article: {
      articleId: page.url.href,
      locale: localeOf(html.lang, locale),
      title: heading ?? html.title ?? page.url.pathname,
      path: page.url.pathname
        .split("/")
        .slice(1, -1)
        .filter((part) => part !== ""),
      body,
      url: page.url.href,
      visibility: "public",
      labels: [],
      updatedAt: timeOf(page.lastmod ?? answer.headers["last-modified"] ?? null),
    },
  }
}

const load = (
  site: Site,
  page: ListedPage,
  source: SitemapSourceConfig,
): Effect.Effect<Loaded, KnowledgeError> =>
  site.read(page.url, source.maxPageBytes).pipe(
    Effect.map((answer): Loaded => {
      if (answer.status === 404 || answer.status === 410) return { _tag: "gone" }
      if (answer.status !== 200) return { _tag: "unreadable", detail: `answers ${answer.status}` }
      if (!isHtml(answer)) return { _tag: "withdrawn" }
      return articleOf(page, answer, source.locale)
    }),
    Effect.catchTag("PageRefused", ({ detail }) => Effect.succeed<Loaded>({ _tag: "unreadable", detail })),
  )

/** The sync of one site. Fails on an address that may not be read. */
export const makeSitemapSync = Effect.fnUntraced(function* (input: SitemapInput) {
  const { onProgress, orgId, source } = input
  const address = siteAddress(source.url)
  if ("refused" in address) {
    return yield* new ConfigurationError({
      problem: `The address of source "${source.id}" of "${orgId}" cannot be read: ${source.url}`,
      hint: address.refused,
    })
  }
  const home = address.url
  const http = yield* publicHttp(isLoopbackHost(home.hostname), input.resolve)
  const site = makeSite(http, home, source)
  const entryOf = (page: ListedPage): Entry => ({
    key: page.url.href,
    // Without a date a page must be read to know whether it changed.
    mark: page.lastmod === null ? null : `${page.lastmod}:${source.locale}`,
    updatedAt: timeOf(page.lastmod),
    load: load(site, page, source),
  })
  return yield* makeListedSync({
    orgId,
    sourceId: source.id,
    shelf: home.host,
    list: Effect.map(listSitemap(site, home, source), ({ pages, problems }) => ({
      entries: pages.map(entryOf),
      problems,
    })),
    calls: site.calls,
    onProgress,
  })
})
