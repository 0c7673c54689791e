import { bodyOf, type ApiRequest } from "../http/Request.ts"
import { json, recordNotFound, redirect, type Reply } from "../http/Reply.ts"
import { idParam, paged } from "../http/paging.ts"
import type { Route } from "../http/Router.ts"
import { asBool, get } from "../world/json.ts"
import type { Translation } from "../world/model.ts"
import type { World } from "../world/World.ts"
import { articleOf, listArticles, readable } from "./articleRoutes.ts"
import { addTranslation, editTranslation } from "./edit.ts"
import type { Listings } from "./listing.ts"
import { mayRead, viewerOf } from "./visibility.ts"
import { viewCategory, viewSection, viewSegment, viewTranslation } from "./view.ts"

const hc = "/api/v2/help_center"

const translations = (world: World, request: ApiRequest): Reply => {
  const { article } = readable(world, request)
  const viewer = viewerOf(request.caller)
  const locales = new Set(
    (request.query.get("locales") ?? "")
      .toLowerCase()
      .split(",")
      .filter((item) => item !== ""),
  )
  const draft = asBool(request.query.get("draft"))
  const outdated = asBool(request.query.get("outdated"))
  const keep = (translation: Translation): boolean =>
    mayRead(world, viewer, article, translation) &&
    (locales.size === 0 || locales.has(translation.locale)) &&
    (draft === undefined || translation.draft === draft) &&
    (outdated === undefined || translation.outdated === outdated)
  return paged(request, {
    name: "translations",
    items: [...article.translations.values()].filter(keep),
    render: (translation) => viewTranslation(world, article, translation),
    key: (translation) => ({ value: translation.id, id: translation.id }),
    baseUrl: world.baseUrl,
  })
}

const translationOf = (world: World, request: ApiRequest): Translation => {
  const translation = articleOf(world, request).translations.get(
    (request.params["translation"] ?? "").toLowerCase(),
  )
  if (translation === undefined) throw recordNotFound()
  return translation
}

const translationRoutes = (world: World): ReadonlyArray<Route> => {
  const agent = { access: "agent", scope: "hc" } as const
  const one = `${hc}/articles/:id/translations/:translation`
  return [
    {
      access: "public",
      scope: "hc",
      method: "GET",
      path: `${hc}/articles/:id/translations`,
      handle: (request) => translations(world, request),
    },
    {
      access: "public",
      scope: "hc",
      method: "GET",
      path: one,
      handle: (request) => {
        const article = articleOf(world, request)
        const translation = translationOf(world, request)
        if (!mayRead(world, viewerOf(request.caller), article, translation)) throw recordNotFound()
        return json(200, { translation: viewTranslation(world, article, translation) })
      },
    },
    {
      ...agent,
      method: "POST",
      path: `${hc}/articles/:id/translations`,
      handle: (request) => {
        const article = articleOf(world, request)
        const added = addTranslation(world, article, get(bodyOf(request), "translation"))
        return json(201, { translation: viewTranslation(world, article, added) })
      },
    },
    {
      ...agent,
      method: "PUT",
      path: one,
      handle: (request) => {
        const article = articleOf(world, request)
        const translation = translationOf(world, request)
        editTranslation(world, article, translation, get(bodyOf(request), "translation"))
        return json(200, { translation: viewTranslation(world, article, translation) })
      },
    },
  ]
}

const shelfRoutes = (world: World, listings: Listings): ReadonlyArray<Route> => {
  const store = world.helpCenter
  const sections = (request: ApiRequest, categoryId?: number): Reply =>
    paged(request, {
      name: "sections",
      items: [...store.sections.values()].filter(
        (item) => categoryId === undefined || item.categoryId === categoryId,
      ),
      render: (section) => viewSection(world, section),
      key: (section) => ({ value: section.id, id: section.id }),
      baseUrl: world.baseUrl,
      defaultPerPage: 30,
    })
  const categories = (request: ApiRequest): Reply =>
    paged(request, {
      name: "categories",
      items: [...store.categories.values()],
      render: (category) => viewCategory(world, category),
      key: (category) => ({ value: category.id, id: category.id }),
      baseUrl: world.baseUrl,
      defaultPerPage: 30,
    })
  const section = (request: ApiRequest): Reply => {
    const found = store.sections.get(idParam(request))
    if (found === undefined) throw recordNotFound()
    return json(200, { section: viewSection(world, found) })
  }
  const category = (request: ApiRequest): Reply => {
    const found = store.categories.get(idParam(request))
    if (found === undefined) throw recordNotFound()
    return json(200, { category: viewCategory(world, found) })
  }
  const inSection = (request: ApiRequest): Reply =>
    listArticles(world, listings, request, (item) => item.article.sectionId === idParam(request))
  const inCategory = (request: ApiRequest): Reply =>
    listArticles(
      world,
      listings,
      request,
      (item) => store.sections.get(item.article.sectionId)?.categoryId === idParam(request),
    )
  const both = (path: string, handle: (request: ApiRequest) => Reply): ReadonlyArray<Route> =>
    [`${hc}${path}`, `${hc}/:locale${path}`].map((full) => ({
      access: "public",
      scope: "hc",
      method: "GET",
      path: full,
      handle,
    }))
  return [
    ...both("/sections", (request) => sections(request)),
    ...both("/sections/:id", section),
    ...both("/sections/:id/articles", inSection),
    ...both("/categories", categories),
    ...both("/categories/:id", category),
    ...both("/categories/:id/articles", inCategory),
    ...both("/categories/:id/sections", (request) => sections(request, idParam(request))),
  ]
}

const segmentRoutes = (world: World): ReadonlyArray<Route> => {
  const agent = { access: "agent", scope: "hc", method: "GET" } as const
  const list = (request: ApiRequest): Reply =>
    paged(request, {
      name: "user_segments",
      items: [...world.helpCenter.segments.values()],
      render: viewSegment,
      key: (segment) => ({ value: segment.id, id: segment.id }),
      baseUrl: world.baseUrl,
      defaultPerPage: 30,
    })
  return [
    { ...agent, path: `${hc}/user_segments`, handle: list },
    { ...agent, path: `${hc}/user_segments/applicable`, handle: list },
    {
      ...agent,
      path: `${hc}/user_segments/:id`,
      handle: (request) => {
        const segment = world.helpCenter.segments.get(idParam(request))
        if (segment === undefined) throw recordNotFound()
        return json(200, { user_segment: viewSegment(segment) })
      },
    },
  ]
}

/** Attachments of restricted articles need credentials; all content comes from the CDN. */
const attachmentContent = (world: World, request: ApiRequest): Reply => {
  const token = request.params["token"] ?? ""
  for (const article of world.helpCenter.articles.values()) {
    if (!article.attachments.some((item) => item.token === token)) continue
    const translation = article.translations.get(article.sourceLocale)
    if (translation === undefined || !mayRead(world, viewerOf(request.caller), article, translation)) break
    return redirect(`${world.cdnUrl}/${token}/file`)
  }
  throw recordNotFound()
}

export const structureRoutes = (world: World, listings: Listings): ReadonlyArray<Route> => [
  ...translationRoutes(world),
  ...shelfRoutes(world, listings),
  ...segmentRoutes(world),
  {
    access: "public",
    scope: "hc",
    method: "GET",
    path: `${hc}/locales`,
    handle: () =>
      json(200, { locales: world.helpCenter.locales, default_locale: world.helpCenter.defaultLocale }),
  },
  {
    access: "public",
    scope: "hc",
    method: "GET",
    path: "/hc/article_attachments/:token",
    pool: "none",
    handle: (request) => attachmentContent(world, request),
  },
]
