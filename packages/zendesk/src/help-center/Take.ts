/** Takes in what a listing said of articles: what is new is converted and stored, and each is noted as seen. */
import type { Article, KnowledgeError, ListedItem, StoreError } from "@opencx/core"
import { Effect, Result, Schema } from "effect"
import { idText } from "../support/Wire.ts"
import { isDraft, keyOf, markOf, toArticle, updatedAtOf, visibilityOf } from "./ArticleMapper.ts"
import type { Structure } from "./Paths.ts"
import { recordError, type Run } from "./Run.ts"
import type { Shelf } from "./Shelves.ts"
import { ArticleStub, ArticleWire } from "./Wire.ts"

const decodeArticle = Schema.decodeUnknownResult(ArticleWire)
const decodeStub = Schema.decodeUnknownResult(ArticleStub)

/** An article that cannot be read. `key` is null when not even its id and locale can. */
export interface Unreadable {
  readonly key: string | null
  readonly isPublic: boolean
}

/** Sorts out what can be read; the rest is recorded. `locale`: of the listing, for rows that hide theirs. */
export const readRows = (
  run: Run,
  rows: ReadonlyArray<unknown>,
  locale: string | null,
): { readonly wires: ReadonlyArray<ArticleWire>; readonly unreadable: ReadonlyArray<Unreadable> } => {
  const wires: Array<ArticleWire> = []
  const unreadable: Array<Unreadable> = []
  for (const row of rows) {
    const decoded = decodeArticle(row)
    if (Result.isSuccess(decoded)) {
      wires.push(decoded.success)
      continue
    }
    const stub = decodeStub(row)
    const id = Result.isSuccess(stub) ? idText(stub.success.id) : "unknown"
    recordError(run, id, `cannot be read: ${decoded.failure.message.replaceAll(/\s+/g, " ")}`)
    if (Result.isFailure(stub)) unreadable.push({ key: null, isPublic: false })
    else {
      const own = stub.success.locale
      const where = typeof own === "string" && own !== "" ? own : locale
      const isPublic = visibilityOf(stub.success) === "public"
      unreadable.push({ key: where === null ? null : keyOf(id, where), isPublic })
    }
  }
  return { wires, unreadable }
}

interface Converted {
  readonly item: ListedItem
  /** Null: not to be stored. */
  readonly article: Article | null
}

const convert = (run: Run, shelf: Shelf, wire: ArticleWire, structure: Structure): Converted => {
  const item: ListedItem = {
    key: keyOf(idText(wire.id), wire.locale),
    shelf: shelf.name,
    state: isDraft(wire) ? "draft" : visibilityOf(wire),
    mark: markOf(wire, structure),
    updatedAt: updatedAtOf(wire),
  }
  if (item.state === "draft") return { item, article: null }
  try {
    return { item, article: toArticle({ sourceId: run.source.id, origin: run.origin, wire, structure }) }
  } catch (error) {
    const detail = error instanceof Error ? error.message : "unknown error"
    recordError(run, idText(wire.id), `cannot be converted: ${detail}`)
    return { item: { ...item, state: "failed", mark: item.state }, article: null }
  }
}

const count = (run: Run, wires: ReadonlyArray<ArticleWire>): void => {
  for (const wire of wires) {
    if (isDraft(wire)) run.tally.skippedDrafts += 1
    else {
      run.tally.seen += 1
      if (visibilityOf(wire) === "internal") run.tally.internal += 1
    }
  }
}

/** Articles converted before other fibers may run: a few milliseconds. */
const atATime = 10

/**
 * Stores articles of one shelf whose mark changed, removes those that became drafts, and notes all as seen. What was
 * stored before stays searchable until its successor is stored.
 */
export const takeWires = Effect.fnUntraced(function* (
  run: Run,
  shelf: Shelf,
  wires: ReadonlyArray<ArticleWire>,
  structure: Structure,
) {
  count(run, wires)
  const keys = wires.map((wire) => keyOf(idText(wire.id), wire.locale))
  const known = yield* run.store.listing.items(run.orgId, run.source.id, keys)
  const items: Array<ListedItem> = []
  const articles: Array<Article> = []
  const withdrawn: Array<string> = []
  for (const [index, wire] of wires.entries()) {
    const before = known.get(keys[index] ?? "")
    if (before !== undefined && before.state !== "failed" && before.mark === markOf(wire, structure)) {
      items.push({ ...before, shelf: shelf.name, updatedAt: updatedAtOf(wire) })
      continue
    }
    if (index % atATime === 0) yield* Effect.yieldNow
    const { article, item } = convert(run, shelf, wire, structure)
    items.push(item)
    if (article !== null) articles.push(article)
    // What failed to convert may stay as it was, but not for everybody when it is no longer for everybody.
    else if (item.state === "draft" || item.mark !== "public") withdrawn.push(item.key)
  }
  if (articles.length > 0) run.tally.changed += yield* run.store.upsert(run.orgId, articles)
  yield* withdraw(run, withdrawn)
  yield* run.store.listing.see(run.orgId, run.source.id, run.id, items)
})

/** Removes stored articles that must not be answered from any more. */
export const withdraw = Effect.fnUntraced(function* (run: Run, keys: ReadonlyArray<string>) {
  if (keys.length > 0) run.tally.removed += yield* run.store.remove(run.orgId, run.source.id, keys)
})

/** Removes articles and every trace of them. */
export const drop = Effect.fnUntraced(function* (run: Run, keys: ReadonlyArray<string>) {
  if (keys.length === 0) return
  yield* withdraw(run, keys)
  yield* run.store.listing.forget(run.orgId, run.source.id, keys)
})

/**
 * Notes as seen what cannot be read: it exists. What was stored of it stands while it is certain that everybody may read
 * it; otherwise it goes, because its stored form can no longer be shown to be true.
 */
export const takeUnreadable = Effect.fnUntraced(function* (
  run: Run,
  shelf: Shelf,
  unreadable: ReadonlyArray<Unreadable>,
) {
  const found = unreadable.flatMap(({ isPublic, key }) => (key === null ? [] : [{ isPublic, key }]))
  yield* withdraw(
    run,
    found.flatMap(({ isPublic, key }) => (isPublic ? [] : [key])),
  )
  const items = found.map(({ key }): ListedItem => ({
    key,
    shelf: shelf.name,
    state: "failed",
    mark: "",
    updatedAt: 0,
  }))
  yield* run.store.listing.see(run.orgId, run.source.id, run.id, items)
})

/** One page of a shelf's listing. */
export const takePage = (
  run: Run,
  shelf: Shelf,
  rows: ReadonlyArray<unknown>,
  structure: Structure,
): Effect.Effect<void, KnowledgeError | StoreError> =>
  Effect.gen(function* () {
    const { unreadable, wires } = readRows(run, rows, shelf.locale)
    const own = wires.filter((wire) => shelf.locale === null || wire.locale.toLowerCase() === shelf.locale)
    yield* takeWires(run, shelf, own, structure)
    yield* takeUnreadable(run, shelf, unreadable)
  })
