/**
 * Syncs sources that list everything they have: a folder, a sitemap. What a listing does not name any more is gone, unless it
 * is too much to believe.
 */
import {
  type Article,
  ArticleStore,
  isSuspiciousLoss,
  type KnowledgeError,
  KnowledgeSync,
  type ListedItem,
  type OrgId,
  type StoreError,
  type SyncProgress,
  type SyncReport,
} from "@opencx/core"
import { Clock, Effect, Result } from "effect"
import { createHash } from "node:crypto"
import { makeTally, type Tally } from "./Tally.ts"

/** What reading an entry gave. `withdrawn`: not to be stored: a draft, or a page that does not want to be found. */
export type Loaded =
  | { readonly _tag: "article"; readonly article: Omit<Article, "sourceId" | "key" | "hash"> }
  | { readonly _tag: "withdrawn" }
  | { readonly _tag: "gone" }
  | { readonly _tag: "unreadable"; readonly detail: string }

/** One entry of a listing. `key` is unique in the source. */
export interface Entry {
  readonly key: string
  /** Fingerprint of the entry without reading it, or null when there is none. */
  readonly mark: string | null
  readonly updatedAt: number
  /** A failure ends the run: the whole source does not answer. */
  readonly load: Effect.Effect<Loaded, KnowledgeError>
}

/** A complete listing. `problems`: what was left out of it and why. */
export interface Listing {
  readonly entries: ReadonlyArray<Entry>
  readonly problems: ReadonlyArray<{ readonly articleId: string; readonly detail: string }>
}

export interface ListedSource {
  readonly orgId: OrgId
  readonly sourceId: string
  /** The only shelf: what the source is called in progress. */
  readonly shelf: string
  readonly list: Effect.Effect<Listing, KnowledgeError>
  /** Calls made so far, for the report. */
  readonly calls: () => number
  readonly onProgress: (progress: SyncProgress) => Effect.Effect<void>
}

interface Run {
  readonly source: ListedSource
  readonly store: ArticleStore["Service"]
  readonly id: number
  readonly kind: SyncReport["kind"]
  readonly startedAt: number
  readonly tally: Tally
}

/** Counts up when this release makes something else of the same text. */
const readerVersion = 1

const fullMark = (mark: string | null): string => (mark === null ? "" : `${readerVersion}:${mark}`)

const hashOf = (article: Omit<Article, "hash">): string =>
  createHash("sha256")
    .update(
      [article.locale, article.title, ...article.path, article.body, article.url ?? "", article.visibility]
        .concat(article.labels, article.articleId)
        .map((part) => `${part.length}:${part}`)
        .join(""),
    )
    .digest("hex")

const tellProgress = Effect.fnUntraced(function* (run: Run, done: number, total: number) {
  const now = yield* Clock.currentTimeMillis
  const { source, tally } = run
  yield* source.onProgress({
    sourceId: source.sourceId,
    kind: run.kind,
    phase: "reading",
    done,
    total,
    shelves: [{ name: source.shelf, done, total }],
    changed: tally.changed,
    removed: tally.removed,
    failed: tally.failed,
    calls: source.calls(),
    startedAt: run.startedAt,
    estimatedEnd: done === 0 ? null : now + Math.round(((now - run.startedAt) / done) * (total - done)),
  })
})

/** Stores what was read of one entry; answers with how it is to be noted, or null when it is not there any more. */
const take = Effect.fnUntraced(function* (run: Run, entry: Entry, loaded: Loaded) {
  const { source, store, tally } = run
  const { orgId, shelf, sourceId } = source
  const item = { key: entry.key, shelf, mark: fullMark(entry.mark), updatedAt: entry.updatedAt }
  if (loaded._tag === "article") {
    const plain = { ...loaded.article, sourceId, key: entry.key }
    tally.seen += 1
    if (plain.visibility === "internal") tally.internal += 1
    tally.changed += yield* store.upsert(orgId, [{ ...plain, hash: hashOf(plain) }])
    return { ...item, state: plain.visibility } satisfies ListedItem
  }
  if (loaded._tag === "unreadable") {
    tally.fail(entry.key, loaded.detail)
    return { ...item, state: "failed", mark: "" } satisfies ListedItem
  }
  tally.removed += yield* store.remove(orgId, sourceId, [entry.key])
  if (loaded._tag === "gone") return null
  tally.skippedDrafts += 1
  return { ...item, state: "draft" } satisfies ListedItem
})

/** Entries looked up and noted together. */
const batch = 50

const takeBatch = Effect.fnUntraced(function* (run: Run, entries: ReadonlyArray<Entry>) {
  const { listing } = run.store
  const { orgId, sourceId } = run.source
  const known = yield* listing.items(
    orgId,
    sourceId,
    entries.map((entry) => entry.key),
  )
  for (const entry of entries) {
    const before = known.get(entry.key)
    const mark = fullMark(entry.mark)
    // A full run reads everything anew, and still writes only what differs.
    const isKnown = run.kind === "incremental" && mark !== "" && before?.mark === mark
    const item = isKnown ? before : yield* take(run, entry, yield* entry.load)
    if (item === null) yield* listing.forget(orgId, sourceId, [entry.key])
    else yield* listing.see(orgId, sourceId, run.id, [item])
    yield* Effect.yieldNow
  }
})

/** Removes what the listing does not name any more. */
const sweep = Effect.fnUntraced(function* (run: Run, acceptLoss: boolean) {
  const { orgId, sourceId } = run.source
  const { listing } = run.store
  const unseen = yield* listing.unseen(orgId, sourceId, run.id)
  const missing = unseen.filter((item) => item.isStored).length
  const counts = [...(yield* listing.counts(orgId, sourceId)).values()]
  const known =
    counts.reduce((sum, one) => sum + one.listed, 0) + unseen.filter((item) => item.shelf === null).length
  if (!acceptLoss && isSuspiciousLoss(missing, known)) {
    run.tally.holdBack(missing, known)
    return
  }
  const keys = unseen.map((item) => item.key)
  run.tally.removed += yield* run.store.remove(orgId, sourceId, keys)
  yield* listing.forget(orgId, sourceId, keys)
})

const runListed = Effect.fnUntraced(function* (
  source: ListedSource,
  store: ArticleStore["Service"],
  wish: { readonly kind: SyncReport["kind"]; readonly acceptLoss: boolean },
): Effect.fn.Return<SyncReport, KnowledgeError | StoreError> {
  const startedAt = yield* Clock.currentTimeMillis
  const last = Number((yield* store.getState(source.orgId, source.sourceId)) ?? "")
  // A clock that was set back must not give the number of a run that was.
  const id = Math.max(startedAt, Number.isSafeInteger(last) ? last + 1 : 0)
  yield* store.setState(source.orgId, source.sourceId, String(id))
  const callsBefore = source.calls()
  const run: Run = { source, store, id, kind: wish.kind, startedAt, tally: makeTally() }
  const { entries, problems } = yield* source.list
  for (const { articleId, detail } of problems) run.tally.fail(articleId, detail)
  for (let at = 0; at < entries.length; at += batch) {
    yield* tellProgress(run, at, entries.length)
    yield* takeBatch(run, entries.slice(at, at + batch))
  }
  yield* tellProgress(run, entries.length, entries.length)
  yield* sweep(run, wish.acceptLoss)
  return {
    sourceId: source.sourceId,
    kind: run.kind,
    resumed: false,
    ...run.tally.numbers(),
    calls: source.calls() - callsBefore,
    durationMs: (yield* Clock.currentTimeMillis) - startedAt,
  }
})

/** The sync of a source that lists everything. */
export const makeListedSync = Effect.fnUntraced(function* (source: ListedSource) {
  const store = yield* ArticleStore
  const run = (kind: SyncReport["kind"], acceptLoss: boolean) =>
    runListed(source, store, { kind, acceptLoss }).pipe(
      Effect.withSpan(`KnowledgeSync.${kind}`, { attributes: { source: source.sourceId } }),
    )
  return KnowledgeSync.of({
    full: run("full", false),
    incremental: run("incremental", false),
    fullAcceptingLoss: run("full", true),
  })
})

/** Turns an expected failure into something that is told of one entry alone. */
export const asUnreadable = <E extends { readonly message: string }, R>(
  effect: Effect.Effect<Loaded, E, R>,
): Effect.Effect<Loaded, never, R> =>
  Effect.map(Effect.result(effect), (result) =>
    Result.isSuccess(result) ? result.success : { _tag: "unreadable", detail: result.failure.message },
  )
