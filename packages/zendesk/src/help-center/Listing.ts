/** Reads the articles of one shelf page by page and takes them in. */
import { Invalid, type KnowledgeError, type StoreError } from "@opencx/core"
import { Effect, Result } from "effect"
import { nextCursor } from "../support/Wire.ts"
import { type Run, shelfProgress, tellProgress } from "./Run.ts"
import type { Shelf } from "./Shelves.ts"
import { takePage } from "./Take.ts"
import { ArticlePage } from "./Wire.ts"

/**
 * All pages of a shelf from `cursor` on. `onPage` is told the next cursor after each page is stored. A cursor that Zendesk
 * no longer takes starts the shelf over.
 */
export const listShelf = (
  run: Run,
  shelf: Shelf,
  input: {
    readonly cursor: string | null
    readonly onPage: (next: string) => Effect.Effect<void, StoreError>
  },
): Effect.Effect<void, KnowledgeError | StoreError> =>
  Effect.gen(function* () {
    const progress = shelfProgress(run, shelf.name)
    const structure = yield* run.structureOf(shelf.locale)
    let cursor = input.cursor
    let resumed = cursor !== null
    for (;;) {
      const page = yield* Effect.result(
        run.calls.get(ArticlePage, `${shelf.path}.json`, {
          "page[size]": "100",
          ...(cursor === null ? {} : { "page[after]": cursor }),
        }),
      )
      if (Result.isFailure(page)) {
        if (!resumed || !(page.failure.reason instanceof Invalid)) return yield* page.failure
        cursor = null
        resumed = false
        progress.done = 0
        continue
      }
      resumed = false
      yield* takePage(run, shelf, page.success.articles, structure)
      progress.done += page.success.articles.length
      const next = nextCursor(page.success.meta)
      yield* tellProgress(run, "reading")
      // A cursor that does not move would read the same page for ever.
      if (next === null || next === cursor) return
      cursor = next
      yield* input.onPage(cursor)
    }
  })
