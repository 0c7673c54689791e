/** Keeps indexes in files: reads one at the start when it fits the store, writes it when enough has changed. */
import type { ArticleStore, OrgId, StoreError } from "@opencx/core"
import { Effect, type Scope, type Semaphore } from "effect"
import type { OrgIndex } from "../OrgIndex.ts"
import type { IndexFiles } from "./IndexFiles.ts"
import { packIndex } from "./pack.ts"
import { type Unpacked, unpackIndex } from "./unpack.ts"

/** An index in use. `lock` is held by whoever changes it. */
export interface Kept {
  readonly index: OrgIndex
  readonly revision: number
  readonly lock: Semaphore.Semaphore
}

export interface Keeper {
  /** The kept index with what the store has changed since, or null: then all articles are read. */
  load(orgId: OrgId): Effect.Effect<Unpacked | null, StoreError>
  /** Told after each change, with the number of articles. Returns at once. */
  changed(orgId: OrgId, kept: Kept, articles: number): Effect.Effect<void>
}

export const noKeeper: Keeper = { load: () => Effect.succeed(null), changed: () => Effect.void }

/** Fewer changes are quicker taken in again than written. */
const fewest = 64
const share = 0.05

/** Nothing is written for so few: they are read in a moment. */
const smallest = 200

export const makeKeeper = (store: ArticleStore["Service"], files: IndexFiles, scope: Scope.Scope): Keeper => {
  const unwritten = new Map<OrgId, number>()

  /** Same articles with the same content, told by the hashes that the store has for each source. */
  const fits = Effect.fnUntraced(function* (orgId: OrgId, index: OrgIndex) {
    const sources = new Map<string, Map<string, string>>()
    for (const { sourceId, key, hash } of index.articles()) {
      const known = sources.get(sourceId)
      if (known === undefined) sources.set(sourceId, new Map([[key, hash]]))
      else known.set(key, hash)
    }
    for (const [sourceId, have] of sources) {
      const want = yield* store.hashes(orgId, sourceId)
      if (want.size !== have.size) return false
      for (const [key, hash] of want) if (have.get(key) !== hash) return false
    }
    return true
  })

  /** Takes in what changed since; null when the store does not lead on from there. */
  const caughtUp = Effect.fnUntraced(function* (orgId: OrgId, kept: Unpacked) {
    const changes = yield* store.changesSince(orgId, kept.revision)
    if (changes.revision < kept.revision) return null
    for (const { sourceId, key } of changes.removed) kept.index.remove(sourceId, key)
    for (const [at, article] of changes.changed.entries()) {
      kept.index.put(article)
      if (at % 32 === 31) yield* Effect.yieldNow
    }
    unwritten.set(orgId, changes.changed.length + changes.removed.length)
    return (yield* fits(orgId, kept.index)) ? { index: kept.index, revision: changes.revision } : null
  })

  const load = Effect.fn("IndexKeeper.load")(function* (orgId: OrgId) {
    const bytes = yield* files
      .read(orgId)
      .pipe(
        Effect.catch((error) =>
          Effect.as(Effect.logWarning("the kept search index could not be read", error), null),
        ),
      )
    if (bytes === null) return null
    const kept = yield* unpackIndex(bytes, orgId)
    const current = kept === null ? null : yield* caughtUp(orgId, kept)
    if (current === null) {
      unwritten.delete(orgId)
      yield* Effect.logInfo("the kept search index does not fit any more; all articles are read", { orgId })
    }
    return current
  })

  const write = Effect.fn("IndexKeeper.write")(function* (orgId: OrgId, kept: Kept) {
    // Nothing may be put in while it is packed; searches go on.
    const bytes = yield* kept.lock.withPermits(1)(
      Effect.suspend(() => packIndex(kept.index, orgId, kept.revision)),
    )
    yield* files
      .write(orgId, bytes)
      .pipe(Effect.catch((error) => Effect.logWarning("the search index could not be kept", error)))
  })

  return {
    load,
    changed: (orgId, kept, articles) =>
      Effect.suspend(() => {
        const waiting = (unwritten.get(orgId) ?? 0) + articles
        unwritten.set(orgId, waiting)
        const { size } = kept.index
        if (waiting < Math.max(fewest, size * share) || size < smallest) return Effect.void
        unwritten.set(orgId, 0)
        return Effect.asVoid(Effect.forkIn(write(orgId, kept), scope))
      }),
  }
}
