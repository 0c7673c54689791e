/**
 * Notices what the incremental listing does not tell: archived and deleted articles vanish from it, and whether it tells of
 * every restriction and withdrawal is not documented. So each shelf is asked how many articles it has, for us and for
 * everybody; a shelf whose number is not ours is read anew. Two calls per shelf, whatever its size.
 */
import { Effect, Result } from "effect"
import type { HelpCenterCalls } from "./Calls.ts"
import { listShelf } from "./Listing.ts"
import { type Run, shelfProgress } from "./Run.ts"
import { overviewOf, type Shelf } from "./Shelves.ts"
import { sweep } from "./Sweep.ts"
import type { SyncState } from "./SyncState.ts"

type Offset = SyncState["offsets"][string]

const none: Offset = { listed: 0, public: 0 }

/** Null when it does not tell; only a listing of our own must answer. */
const countOf = Effect.fnUntraced(function* (calls: HelpCenterCalls | null, shelf: Shelf, must: boolean) {
  if (calls === null) return null
  const overview = yield* Effect.result(overviewOf(calls, shelf))
  if (Result.isSuccess(overview)) return overview.success.count
  return must && overview.failure.isRetryable ? yield* overview.failure : null
})

/** By how much the shelf's numbers differ from ours; what is not told does not differ. */
const differenceOf = Effect.fnUntraced(function* (run: Run, shelf: Shelf) {
  const listed = yield* countOf(run.calls, shelf, true)
  const open = yield* countOf(run.anonymous, shelf, false)
  const compare = Effect.map(run.store.listing.counts(run.orgId, run.source.id), (counts): Offset => {
    const ours = counts.get(shelf.name) ?? { listed: 0, public: 0 }
    return {
      listed: listed === null ? 0 : listed - ours.listed,
      public: open === null ? 0 : open - ours.public,
    }
  })
  return { now: yield* compare, again: compare, listed }
})

const isSame = (a: Offset, b: Offset): boolean => a.listed === b.listed && a.public === b.public

/**
 * Reads anew every shelf whose numbers differ from ours by something new. What still differs afterwards is kept: it is how
 * this Help Center counts, and no reason to read the shelf in every run.
 */
export const checkShelves = Effect.fnUntraced(function* (
  run: Run,
  shelves: ReadonlyArray<Shelf>,
  before: SyncState["offsets"],
) {
  const offsets: Record<string, Offset> = {}
  for (const shelf of shelves) {
    const usual = before[shelf.name] ?? none
    const difference = yield* differenceOf(run, shelf)
    let now = difference.now
    if (!isSame(now, usual)) {
      shelfProgress(run, shelf.name).total = difference.listed
      yield* listShelf(run, shelf, { cursor: null, onPage: () => Effect.void })
      // What is not settled is asked for again in the next run.
      const settled = yield* sweep(run, shelves, { only: shelf, acceptLoss: false })
      now = settled ? yield* difference.again : usual
    }
    if (!isSame(now, none)) offsets[shelf.name] = now
  }
  return offsets
})
