import type { World } from "../world/World.ts"
import { type Shown, shown, type Viewer } from "./visibility.ts"

export type Sort = "position" | "title" | "created_at" | "updated_at" | "edited_at"

export const sorts: ReadonlyArray<Sort> = ["position", "title", "created_at", "updated_at", "edited_at"]

export const sortValue = (item: Shown, sort: Sort): number | string => {
  switch (sort) {
    case "title":
      return item.translation.title
    case "created_at":
      return item.article.createdAt
    case "updated_at":
      return item.article.updatedAt
    case "edited_at":
      return item.article.editedAt
    default:
      return item.article.position
  }
}

interface Cached {
  readonly version: number
  readonly items: ReadonlyArray<Shown>
}

/** Sorted listings, kept until the content changes: paging through 10,000 articles sorts them once. */
export class Listings {
  private readonly cache = new Map<string, Cached>()
  private readonly world: World

  constructor(world: World) {
    this.world = world
  }

  articles(
    viewer: Viewer,
    locale: string | undefined,
    sort: Sort,
    descending: boolean,
  ): ReadonlyArray<Shown> {
    const key = `${viewer}/${locale ?? ""}/${sort}/${String(descending)}`
    const version = this.world.helpCenter.version
    const cached = this.cache.get(key)
    if (cached?.version === version) return cached.items
    const sign = descending ? -1 : 1
    const items = [...this.world.helpCenter.articles.values()]
      .flatMap((article) => shown(this.world, viewer, article, locale) ?? [])
      .sort((a, b) => {
        const left = sortValue(a, sort)
        const right = sortValue(b, sort)
        return sign * (left < right ? -1 : left > right ? 1 : a.article.id - b.article.id)
      })
    this.cache.set(key, { version, items })
    return items
  }
}
