import type { Caller } from "../http/Request.ts"
import { type Article, isAgent, type Translation } from "../world/model.ts"
import type { World } from "../world/World.ts"

export type Viewer = "anonymous" | "end-user" | "agent"

export const viewerOf = (caller: Caller): Viewer =>
  caller.kind === "anonymous" ? "anonymous" : isAgent(caller.user) ? "agent" : "end-user"

/** Agents see drafts and every segment; others see what is published for them. */
export const mayRead = (
  world: World,
  viewer: Viewer,
  article: Article,
  translation: Translation,
): boolean => {
  if (article.archived) return false
  if (viewer === "agent") return true
  if (translation.draft) return false
  if (article.userSegmentIds.length === 0) return true
  if (viewer === "anonymous") return false
  return article.userSegmentIds.some(
    (id) => world.helpCenter.segments.get(id)?.userType === "signed_in_users",
  )
}

export interface Shown {
  readonly article: Article
  readonly translation: Translation
}

/** The translation in the wanted locale, or the source one when no locale is wanted. */
export const shownIn = (article: Article, locale: string | undefined): Translation | undefined =>
  article.translations.get(locale?.toLowerCase() ?? article.sourceLocale)

export const shown = (
  world: World,
  viewer: Viewer,
  article: Article,
  locale: string | undefined,
): Shown | undefined => {
  const translation = shownIn(article, locale)
  return translation !== undefined && mayRead(world, viewer, article, translation)
    ? { article, translation }
    : undefined
}
