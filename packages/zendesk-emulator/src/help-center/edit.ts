import { json, recordInvalid, recordNotFound, type Reply } from "../http/Reply.ts"
import { asBool, asInt, asString, get, has, ints, strings } from "../world/json.ts"
import type { Article, Translation } from "../world/model.ts"
import type { World } from "../world/World.ts"
import { seedArticle } from "../world/seedHelpCenter.ts"
import { viewArticle } from "./view.ts"

/** Listeners for `article.published` and `article.unpublished`. */
export type ArticleListener = (type: "published" | "unpublished", articleId: number) => void

const listeners = new WeakMap<World, ArticleListener>()

export const onArticle = (world: World, listener: ArticleListener): void => {
  listeners.set(world, listener)
}

const touch = (world: World, article: Article): void => {
  article.updatedAt = world.now()
  world.helpCenter.changed()
}

const setDraft = (world: World, article: Article, translation: Translation, draft: boolean): void => {
  if (translation.draft === draft) return
  translation.draft = draft
  listeners.get(world)?.(draft ? "unpublished" : "published", article.id)
}

/** Changes an article's own members and, when text is sent, its source translation. */
export const editArticle = (world: World, article: Article, source: unknown): void => {
  article.promoted = asBool(get(source, "promoted")) ?? article.promoted
  article.position = asInt(get(source, "position")) ?? article.position
  article.sectionId = asInt(get(source, "section_id")) ?? article.sectionId
  if (has(source, "label_names")) article.labelNames = strings(get(source, "label_names"))
  if (has(source, "content_tag_ids")) article.contentTagIds = strings(get(source, "content_tag_ids"))
  if (has(source, "user_segment_ids")) article.userSegmentIds = ints(get(source, "user_segment_ids"))
  else if (has(source, "user_segment_id")) {
    const id = asInt(get(source, "user_segment_id"))
    article.userSegmentIds = id === undefined ? [] : [id]
  }
  const translation = article.translations.get(article.sourceLocale)
  if (translation !== undefined) editTranslation(world, article, translation, source)
  touch(world, article)
}

export const editTranslation = (
  world: World,
  article: Article,
  translation: Translation,
  source: unknown,
): void => {
  const title = asString(get(source, "title"))
  const body = asString(get(source, "body"))
  translation.title = title ?? translation.title
  translation.body = body ?? translation.body
  translation.outdated = asBool(get(source, "outdated")) ?? translation.outdated
  const draft = asBool(get(source, "draft"))
  if (draft !== undefined) setDraft(world, article, translation, draft)
  translation.updatedAt = world.now()
  if (title !== undefined || body !== undefined) article.editedAt = world.now()
  touch(world, article)
}

export const addTranslation = (world: World, article: Article, source: unknown): Translation => {
  const locale = (asString(get(source, "locale")) ?? "").toLowerCase()
  if (!world.helpCenter.locales.includes(locale) || article.translations.has(locale)) {
    throw recordInvalid({
      locale: [
        { description: `Locale: ${locale} is not allowed or already translated`, error: "InvalidValue" },
      ],
    })
  }
  const now = world.now()
  const translation: Translation = {
    id: world.nextId(),
    locale,
    title: asString(get(source, "title")) ?? "",
    body: asString(get(source, "body")) ?? "",
    draft: asBool(get(source, "draft")) ?? false,
    outdated: false,
    createdAt: now,
    updatedAt: now,
  }
  article.translations.set(locale, translation)
  touch(world, article)
  return translation
}

/** Archived articles are out of every API listing, and nothing says that they went. */
export const archiveArticle = (world: World, article: Article): void => {
  article.archived = true
  touch(world, article)
}

export const restoreArticle = (world: World, article: Article): void => {
  article.archived = false
  touch(world, article)
}

export const createArticle = (world: World, sectionId: number, source: unknown): Reply => {
  const section = world.helpCenter.sections.get(sectionId)
  if (section === undefined) throw recordNotFound()
  const title = asString(get(source, "title")) ?? ""
  if (title.trim() === "")
    throw recordInvalid({ title: [{ description: "Title: cannot be blank", error: "BlankValue" }] })
  const locale = asString(get(source, "locale")) ?? world.helpCenter.defaultLocale
  const article = seedArticle(world, {
    title,
    body: asString(get(source, "body")) ?? "",
    locale,
    draft: asBool(get(source, "draft")) ?? false,
    sectionId: section.id,
    labels: strings(get(source, "label_names")),
    updatedAt: world.now(),
  })
  const segment = asInt(get(source, "user_segment_id"))
  if (segment !== undefined) article.userSegmentIds = [segment]
  const translation = article.translations.get(article.sourceLocale)
  if (translation !== undefined && !translation.draft) listeners.get(world)?.("published", article.id)
  return json(201, { article: translation === undefined ? null : viewArticle(world, article, translation) })
}
