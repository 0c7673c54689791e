/** Reads the articles of one locale page by page and stores what changed. */
import { type Article, Invalid, type KnowledgeError, type StoreError } from "@opencx/core"
import { Effect, Result, Schema } from "effect"
import { idText, nextCursor, WireId } from "../support/Wire.ts"
import { isDraft, keyOf, toArticle } from "./ArticleMapper.ts"
import type { Structure } from "./Paths.ts"
import { recordError, type Run } from "./Run.ts"
import { ArticlePage, ArticleWire } from "./Wire.ts"

const decodeArticle = Schema.decodeUnknownResult(ArticleWire)
const decodeId = Schema.decodeUnknownResult(Schema.Struct({ id: WireId }))

const hasLocale = (wire: ArticleWire, locale: string | null): boolean =>
  locale === null || wire.locale.toLowerCase() === locale.toLowerCase()

/** Null when the article cannot be made sense of; then it is recorded, and counts as seen so that it is not removed. */
const readArticle = (run: Run, raw: unknown, locale: string | null): ArticleWire | null => {
  const decoded = decodeArticle(raw)
  if (Result.isSuccess(decoded)) return decoded.success
  const id = decodeId(raw)
  const articleId = Result.isSuccess(id) ? idText(id.success.id) : "unknown"
  recordError(run, articleId, `cannot be read: ${decoded.failure.message.replaceAll(/\s+/g, " ")}`)
  if (locale !== null) run.seenKeys.add(keyOf(articleId, locale))
  else for (const key of run.known.keys()) if (key.startsWith(`${articleId}:`)) run.seenKeys.add(key)
  return null
}

/** The stored form, or null for drafts and articles that fail to convert. */
const convert = (run: Run, wire: ArticleWire, structure: Structure): Article | null => {
  const key = keyOf(idText(wire.id), wire.locale)
  run.seenKeys.add(key)
  if (isDraft(wire)) {
    run.tally.skippedDrafts += 1
    return null
  }
  try {
    const article = toArticle({ sourceId: run.source.id, origin: run.origin, wire, structure })
    run.tally.seen += 1
    if (article.visibility === "internal") run.tally.internal += 1
    return article
  } catch (error) {
    recordError(
      run,
      idText(wire.id),
      `cannot be converted: ${error instanceof Error ? error.message : "unknown error"}`,
    )
    return null
  }
}

const storePage = Effect.fnUntraced(function* (
  run: Run,
  raw: ReadonlyArray<unknown>,
  locale: string | null,
  structure: Structure,
) {
  const wires = raw
    .map((one) => readArticle(run, one, locale))
    .filter((one) => one !== null)
    .filter((one) => hasLocale(one, locale))
  const articles = wires.map((wire) => convert(run, wire, structure)).filter((one) => one !== null)
  const changed = articles.filter((article) => run.known.get(article.key) !== article.hash)
  if (changed.length > 0) run.tally.changed += yield* run.store.upsert(run.orgId, changed)
  // An article that went back to draft must not be answered from any more, so it does not wait for the sweep.
  const drafts = wires
    .filter(isDraft)
    .map((wire) => keyOf(idText(wire.id), wire.locale))
    .filter((key) => run.known.has(key))
  if (drafts.length > 0) run.tally.removed += yield* run.store.remove(run.orgId, run.source.id, drafts)
})

/**
 * All pages of a locale (of everything when `locale` is null), from `cursor` on. `onPage` is told the next cursor after
 * each page is stored. A cursor that Zendesk no longer takes starts the locale over.
 */
export const listLocale = (
  run: Run,
  input: {
    readonly prefix: string
    readonly locale: string | null
    readonly cursor: string | null
    readonly structure: Structure
    readonly onPage: (next: string | null) => Effect.Effect<void, StoreError>
  },
): Effect.Effect<void, KnowledgeError | StoreError> =>
  Effect.gen(function* () {
    let cursor = input.cursor
    let resumed = cursor !== null
    for (;;) {
      const page = yield* Effect.result(
        run.calls.get(ArticlePage, `${input.prefix}/articles.json`, {
          "page[size]": "100",
          ...(cursor === null ? {} : { "page[after]": cursor }),
        }),
      )
      if (Result.isFailure(page)) {
        if (!resumed || !(page.failure.reason instanceof Invalid)) return yield* page.failure
        cursor = null
        resumed = false
        continue
      }
      resumed = false
      yield* storePage(run, page.success.articles, input.locale, input.structure)
      const next = nextCursor(page.success.meta)
      // A cursor that does not move would read the same page for ever.
      if (next === null || next === cursor) return
      cursor = next
      yield* input.onPage(cursor)
    }
  })
