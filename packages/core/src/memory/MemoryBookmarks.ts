/** `Bookmarks` in memory. */
import { Effect, Layer } from "effect"
import { Bookmarks } from "../ports/Bookmarks.ts"

/** `Bookmarks` in memory: a new process begins anew. */
export const bookmarksMemory: Layer.Layer<Bookmarks> = Layer.sync(Bookmarks, () => {
  const places = new Map<string, string>()
  return Bookmarks.of({
    get: (orgId, feed) => Effect.sync(() => places.get(`${orgId}|${feed}`) ?? null),
    keep: (orgId, feed, place) => Effect.sync(() => void places.set(`${orgId}|${feed}`, place)),
  })
})
