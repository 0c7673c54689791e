import { badRequest, json, recordNotFound, type Reply } from "../http/Reply.ts"
import { archiveArticle, editArticle, restoreArticle } from "../help-center/edit.ts"
import { viewArticle } from "../help-center/view.ts"
import { asBool, asString, get, has, strings } from "../world/json.ts"
import type { Article } from "../world/model.ts"
import { seedArticle, segmentNamed } from "../world/seedHelpCenter.ts"
import type { World } from "../world/World.ts"

const reply = (world: World, status: number, article: Article): Reply => {
  const translation = article.translations.get(article.sourceLocale)
  return json(status, {
    article:
      translation === undefined
        ? null
        : { ...viewArticle(world, article, translation), archived: article.archived },
  })
}

/**
 * `{title, body, draft, label_names, …}` edits; `segment: "name" | null` restricts or opens;
 * `action: "publish" | "unpublish" | "archive" | "restore"` does just that. With `silent: true` none of it moves
 * `updated_at`: whether Zendesk moves it for a restriction or a withdrawal is not documented.
 */
export const articleControl = (world: World, id: number, source: unknown): Reply => {
  const article = world.helpCenter.articles.get(id)
  if (article === undefined) throw recordNotFound()
  const { updatedAt } = article
  const action = get(source, "action")
  if (action === "archive") archiveArticle(world, article)
  else if (action === "restore") restoreArticle(world, article)
  else if (action === "publish") editArticle(world, article, { draft: false })
  else if (action === "unpublish") editArticle(world, article, { draft: true })
  else if (action !== undefined)
    throw badRequest("InvalidAction", "action must be publish, unpublish, archive or restore")
  if (has(source, "segment")) {
    const segment = asString(get(source, "segment"))
    const ids = segment === undefined ? [] : [segmentNamed(world, segment, world.now())]
    editArticle(world, article, { user_segment_ids: ids })
  }
  const edited = [
    "title",
    "body",
    "draft",
    "label_names",
    "content_tag_ids",
    "promoted",
    "position",
    "user_segment_id",
    "user_segment_ids",
  ]
  if (edited.some((name) => has(source, name))) editArticle(world, article, source)
  if (get(source, "silent") === true) article.updatedAt = updatedAt
  return reply(world, 200, article)
}

export const newArticle = (world: World, source: unknown): Reply => {
  const title = asString(get(source, "title"))
  const body = asString(get(source, "body"))
  if (title === undefined || body === undefined)
    throw badRequest("InvalidArticle", "title and body are required")
  const optional = Object.fromEntries(
    ["locale", "category", "section", "segment"].flatMap((name) => {
      const value = asString(get(source, name))
      return value === undefined ? [] : [[name, value]]
    }),
  )
  const article = seedArticle(world, {
    title,
    body,
    draft: asBool(get(source, "draft")) ?? false,
    labels: strings(get(source, "labels")),
    updatedAt: world.now(),
    ...optional,
  })
  return reply(world, 201, article)
}
