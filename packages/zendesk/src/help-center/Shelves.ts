/** The parts of a Help Center that a source reads: one listing per locale, or per locale and category. */
import { type KnowledgeError, NotFound } from "@opencx/core"
import { Effect, Result, Schema } from "effect"
import { updatedAtOf } from "./ArticleMapper.ts"
import type { HelpCenterCalls } from "./Calls.ts"
import type { HelpCenterSource, Run } from "./Run.ts"
import { CountedPage, LocaleList } from "./Wire.ts"

/** `locale: null` reads the listing without a locale, for Help Centers that do not tell theirs. */
export interface Shelf {
  readonly name: string
  readonly locale: string | null
  readonly category: string | null
  /** Path of the listing, without `.json`. */
  readonly path: string
}

const isLocale = (locale: string): boolean => /^[A-Za-z0-9-]{1,35}$/.test(locale)
const isId = (id: string): boolean => /^\d{1,20}$/.test(id)

export const prefixOf = (locale: string | null): string => (locale === null ? "" : `/${locale}`)

/** The shelf of a locale and category; the same one for the same place, whatever else was read. */
export const shelfAt = (locale: string | null, category: string | null): Shelf => ({
  name: category === null ? (locale ?? "*") : `${locale ?? "*"}/${category}`,
  locale,
  category,
  path: `${prefixOf(locale)}${category === null ? "" : `/categories/${category}`}/articles`,
})

const localesOf = Effect.fnUntraced(function* (
  calls: HelpCenterCalls,
  source: HelpCenterSource,
): Effect.fn.Return<ReadonlyArray<string | null>, KnowledgeError> {
  const wanted = (source.locales ?? []).map((locale) => locale.toLowerCase()).filter(isLocale)
  if (wanted.length > 0) return [...new Set(wanted)]
  const list = yield* Effect.result(calls.get(LocaleList, "/locales.json"))
  if (Result.isSuccess(list)) {
    const all = [...new Set(list.success.locales.map((one) => one.toLowerCase()).filter(isLocale))]
    return all.length > 0 ? all : [null]
  }
  if (list.failure.reason instanceof NotFound) return [null]
  return yield* list.failure
})

/** Ids of the categories that are wanted; empty for all. */
export const wantedCategories = (source: HelpCenterSource): ReadonlyArray<string> => [
  ...new Set((source.categories ?? []).filter(isId)),
]

/** All shelves of the source, in the order in which they are read. One call when no locales are given. */
export const shelvesOf = Effect.fnUntraced(function* (run: Pick<Run, "calls" | "source">) {
  const locales = yield* localesOf(run.calls, run.source)
  const categories = wantedCategories(run.source)
  return locales.flatMap((locale) =>
    categories.length === 0 ? [shelfAt(locale, null)] : categories.map((id) => shelfAt(locale, id)),
  )
})

const decodeTimes = Schema.decodeUnknownResult(
  Schema.Struct({
    updated_at: Schema.optionalKey(Schema.NullOr(Schema.String)),
    edited_at: Schema.optionalKey(Schema.NullOr(Schema.String)),
  }),
)

/** What a shelf says of itself. `newest`: Unix seconds of its last change, by Zendesk's clock; 0 for none. */
export interface Overview {
  readonly count: number | null
  readonly newest: number
}

/**
 * How many articles a shelf has and when the last one changed, in one call. Offset paging tells the count, and it alone
 * takes a sort order: with `page[size]` Zendesk ignores `sort_by`.
 */
export const overviewOf = Effect.fnUntraced(function* (calls: HelpCenterCalls, shelf: Shelf) {
  const page = yield* calls.get(CountedPage, `${shelf.path}.json`, {
    per_page: "1",
    sort_by: "updated_at",
    sort_order: "desc",
  })
  const first = decodeTimes(page.articles[0])
  const newest = Result.isSuccess(first) ? Math.floor(updatedAtOf(first.success) / 1_000) : 0
  const count = page.count ?? null
  return {
    count: count !== null && Number.isInteger(count) && count >= 0 ? count : null,
    newest,
  } satisfies Overview
})
