import { bodyOf, type ApiRequest } from "../http/Request.ts"
import { json, noContent, recordInvalid, recordNotFound, type Reply, unprocessable } from "../http/Reply.ts"
import { idParam, paged } from "../http/paging.ts"
import type { Route } from "../http/Router.ts"
import { asInt, get, isObject } from "../world/json.ts"
import type { Article } from "../world/model.ts"
import type { World } from "../world/World.ts"
import { archiveArticle, createArticle, editArticle } from "./edit.ts"
import { type Listings, type Sort, sorts, sortValue } from "./listing.ts"
import { type Shown, shown, viewerOf } from "./visibility.ts"
import { viewArticle, viewArticleAttachment, viewCategory, viewSection } from "./view.ts"
import { viewUser } from "../support/userView.ts"

const minute = 60_000

export const articleOf = (world: World, request: ApiRequest): Article => {
  const article = world.helpCenter.articles.get(idParam(request))
  if (article === undefined || article.archived) throw recordNotFound()
  return article
}

/** `undefined` for the routes without a locale; an unknown locale is not found. */
export const localeOf = (world: World, request: ApiRequest): string | undefined => {
  const locale = request.params["locale"]?.toLowerCase()
  if (locale !== undefined && !world.helpCenter.locales.includes(locale)) throw recordNotFound()
  return locale
}

/** What callers without an agent's rights cannot see does not exist for them. */
export const readable = (world: World, request: ApiRequest): Shown => {
  const found = shown(world, viewerOf(request.caller), articleOf(world, request), localeOf(world, request))
  if (found === undefined) throw recordNotFound()
  return found
}

const sortOf = (request: ApiRequest): Sort =>
  sorts.find((sort) => sort === request.query.get("sort_by")) ?? "position"

const hasLabels =
  (labels: ReadonlyArray<string>) =>
  (item: Shown): boolean =>
    labels.every((label) => item.article.labelNames.includes(label))

const sideLoads = (world: World, request: ApiRequest): { readonly sideLoads?: object } => {
  const wanted = new Set((request.query.get("include") ?? "").split(",").filter((name) => name !== ""))
  if (wanted.size === 0) return {}
  const hc = world.helpCenter
  const loads: Record<string, unknown> = {}
  if (wanted.has("sections"))
    loads["sections"] = [...hc.sections.values()].map((section) => viewSection(world, section))
  if (wanted.has("categories"))
    loads["categories"] = [...hc.categories.values()].map((category) => viewCategory(world, category))
  if (wanted.has("users")) {
    const user = world.integrationUser()
    loads["users"] = user === undefined ? [] : [viewUser(world, user)]
  }
  return { sideLoads: loads }
}

export const listArticles = (
  world: World,
  listings: Listings,
  request: ApiRequest,
  keep?: (item: Shown) => boolean,
): Reply => {
  const locale = localeOf(world, request)
  const sort = sortOf(request)
  const descending = request.query.get("sort_order") === "desc"
  const labels = (request.query.get("label_names") ?? "")
    .split(",")
    .filter((label) => label !== "")
    .slice(0, 10)
  const startTime = asInt(request.query.get("start_time"))
  const all = listings.articles(viewerOf(request.caller), locale, sort, descending)
  const narrowed = keep !== undefined || labels.length > 0 || startTime !== undefined
  const items = narrowed
    ? all.filter(
        (item) =>
          (keep?.(item) ?? true) &&
          hasLabels(labels)(item) &&
          (startTime === undefined || item.article.updatedAt >= startTime * 1_000),
      )
    : all
  return paged(request, {
    name: "articles",
    items,
    descending,
    render: (item) => viewArticle(world, item.article, item.translation),
    key: (item) => ({ value: sortValue(item, sort), id: item.article.id }),
    baseUrl: world.baseUrl,
    defaultPerPage: 30,
    offsetExtras: ({ page, perPage, count }) => ({
      page,
      per_page: perPage,
      page_count: Math.ceil(count / perPage),
      sort_by: sort,
      sort_order: descending ? "desc" : "asc",
    }),
    ...sideLoads(world, request),
  })
}

const pageSize = 1_000

/**
 * Changed articles by time. No tombstones: what was archived, deleted or moved out of view is just absent.
 * An empty page says `count: 0, end_time: 1`.
 */
const incremental = (world: World, listings: Listings, request: ApiRequest): Reply => {
  const start = asInt(request.query.get("start_time"))
  if (start === undefined) throw unprocessable("InvalidValue", "start_time is required")
  if (start * 1_000 > world.now() - minute) {
    throw unprocessable("InvalidValue", "Too recent start_time. Use a start_time older than 60 seconds")
  }
  const all = listings.articles(viewerOf(request.caller), undefined, "updated_at", false)
  const changed = all.filter((item) => item.article.updatedAt >= start * 1_000)
  const page = changed.slice(0, pageSize)
  const last = page.at(-1)
  if (last === undefined) return json(200, { articles: [], count: 0, next_page: null, end_time: 1 })
  const endTime = Math.floor(last.article.updatedAt / 1_000)
  // A second that holds more articles than a page would never end; it is served whole.
  const rest = changed
    .slice(pageSize)
    .filter((item) => Math.floor(item.article.updatedAt / 1_000) === endTime)
  const served = [...page, ...rest]
  const more = changed.length > served.length
  const next = `${world.baseUrl}/api/v2/help_center/incremental/articles.json?start_time=${endTime}`
  return json(200, {
    articles: served.map((item) => viewArticle(world, item.article, item.translation)),
    count: served.length,
    next_page: more ? next : null,
    end_time: endTime,
  })
}

const search = (world: World, listings: Listings, request: ApiRequest): Reply => {
  const words = (request.query.get("query") ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "")
  const locale = request.query.get("locale") ?? undefined
  const found = listings
    .articles(viewerOf(request.caller), locale, "position", false)
    .filter((item) =>
      words.every((word) =>
        `${item.translation.title} ${item.translation.body}`.toLowerCase().includes(word),
      ),
    )
  return paged(request, {
    name: "results",
    items: found,
    render: (item) => ({
      ...viewArticle(world, item.article, item.translation),
      result_type: "article",
      snippet: item.translation.body.replaceAll(/<[^>]*>/g, " ").slice(0, 160),
    }),
    key: (item) => ({ value: item.article.position, id: item.article.id }),
    baseUrl: world.baseUrl,
    defaultPerPage: 25,
  })
}

const update = (world: World, request: ApiRequest): Reply => {
  const source = get(bodyOf(request), "article")
  if (!isObject(source))
    throw recordInvalid({ article: [{ description: "Article: is missing", error: "BlankValue" }] })
  const article = articleOf(world, request)
  editArticle(world, article, source)
  const found = shown(world, "agent", article, undefined)
  return json(200, { article: found === undefined ? null : viewArticle(world, article, found.translation) })
}

const attachmentsOf = (world: World, request: ApiRequest, inline: boolean | undefined): Reply => {
  const { article } = readable(world, request)
  const items = article.attachments.filter((item) => inline === undefined || item.inline === inline)
  return paged(request, {
    name: "article_attachments",
    items,
    render: (item) => viewArticleAttachment(world, article, item),
    key: (item) => ({ value: item.id, id: item.id }),
    baseUrl: world.baseUrl,
  })
}

const hc = "/api/v2/help_center"

export const articleRoutes = (world: World, listings: Listings): ReadonlyArray<Route> => {
  const open = { access: "public", scope: "hc", method: "GET" } as const
  const agent = { access: "agent", scope: "hc" } as const
  const show = (request: ApiRequest): Reply => {
    const found = readable(world, request)
    return json(200, { article: viewArticle(world, found.article, found.translation) })
  }
  const both = (path: string, handle: (request: ApiRequest) => Reply): ReadonlyArray<Route> => [
    { ...open, path: `${hc}${path}`, handle },
    { ...open, path: `${hc}/:locale${path}`, handle },
  ]
  return [
    ...both("/articles", (request) => listArticles(world, listings, request)),
    ...both("/articles/:id", show),
    ...both("/articles/:id/attachments", (request) => attachmentsOf(world, request, undefined)),
    ...both("/articles/:id/attachments/inline", (request) => attachmentsOf(world, request, true)),
    ...both("/articles/:id/attachments/block", (request) => attachmentsOf(world, request, false)),
    { ...open, path: `${hc}/articles/search`, handle: (request) => search(world, listings, request) },
    {
      ...open,
      path: `${hc}/incremental/articles`,
      handle: (request) => incremental(world, listings, request),
    },
    { ...agent, method: "PUT", path: `${hc}/articles/:id`, handle: (request) => update(world, request) },
    {
      ...agent,
      method: "DELETE",
      path: `${hc}/articles/:id`,
      handle: (request) => {
        archiveArticle(world, articleOf(world, request))
        return noContent
      },
    },
    {
      ...agent,
      method: "POST",
      path: `${hc}/sections/:id/articles`,
      handle: (request) => createArticle(world, idParam(request), get(bodyOf(request), "article")),
    },
  ]
}
