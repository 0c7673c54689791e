/** Reads every shelf from its first page to its last, and then removes what no shelf listed. Goes on where it was broken off. */
import { type KnowledgeError, NotFound, type StoreError } from "@opencx/core"
import { Clock, Effect, Result } from "effect"
import { listShelf } from "./Listing.ts"
import { recordError, type Run, shelfProgress, tellProgress } from "./Run.ts"
import { overviewOf, type Shelf } from "./Shelves.ts"
import { sweep } from "./Sweep.ts"
import { type SyncState, stateText, type Unfinished } from "./SyncState.ts"

export const saveState = (run: Run, state: SyncState): Effect.Effect<void, StoreError> =>
  run.store.setState(run.orgId, run.source.id, stateText(state))

/** Where the run stands, as it is kept. */
const unfinishedOf = (
  run: Run,
  where: Omit<Unfinished, "run" | "startedAt" | "calls" | "tally" | "progress">,
) => {
  const { errors: _, ...tally } = run.tally
  return {
    ...where,
    run: run.id,
    startedAt: run.startedAt,
    calls: run.counter.count,
    tally: { ...tally },
    progress: [...run.shelves.values()].map((shelf) => ({ ...shelf })),
  } satisfies Unfinished
}

/** Every shelf's length, for the progress; and the newest change before the run began, from which the next run reads on. */
const lookAhead = Effect.fnUntraced(function* (run: Run, shelves: ReadonlyArray<Shelf>) {
  let newest = 0
  for (const shelf of shelves) {
    const overview = yield* Effect.result(overviewOf(run.calls, shelf))
    if (Result.isFailure(overview)) {
      // A locale or category that is not there is told when its listing is read.
      if (overview.failure.reason instanceof NotFound) continue
      return yield* overview.failure
    }
    shelfProgress(run, shelf.name).total = overview.success.count
    newest = Math.max(newest, overview.success.newest)
  }
  yield* tellProgress(run, "reading")
  // Everything is older than this when there is nothing yet.
  return Math.max(newest, 1)
})

const nameOf = (shelf: Shelf): string =>
  shelf.category === null ? `locale ${shelf.locale}` : `category ${shelf.category} in ${shelf.locale ?? "it"}`

/** `resumed`: where an earlier run was broken off. Answers with the state to keep. */
export const runFull = Effect.fnUntraced(function* (
  run: Run,
  shelves: ReadonlyArray<Shelf>,
  before: SyncState,
  options: { readonly resumed: Unfinished | null; readonly acceptLoss: boolean },
): Effect.fn.Return<SyncState, KnowledgeError | StoreError> {
  const { resumed } = options
  const names = shelves.map((shelf) => shelf.name)
  const newest = resumed === null ? yield* lookAhead(run, shelves) : resumed.newest
  const done = [...(resumed?.done ?? [])]
  const state = (where: { readonly shelf: string | null; readonly cursor: string | null }) =>
    Effect.map(Clock.currentTimeMillis, (savedAt): SyncState => ({
      ...before,
      shelves: names,
      lastRun: run.id,
      unfinished: unfinishedOf(run, { ...where, done: [...done], savedAt, newest }),
    }))
  for (const shelf of shelves) {
    if (done.includes(shelf.name)) continue
    const cursor = resumed !== null && resumed.shelf === shelf.name ? resumed.cursor : null
    const saveAt = (next: string | null) =>
      Effect.flatMap(state({ shelf: shelf.name, cursor: next }), (one) => saveState(run, one))
    yield* saveAt(cursor)
    yield* listShelf(run, shelf, { cursor, onPage: saveAt }).pipe(
      Effect.catchReason("KnowledgeError", "NotFound", (reason, error) =>
        shelf.locale === null && shelf.category === null
          ? Effect.fail(error)
          : Effect.sync(() =>
              recordError(run, "*", `the Help Center has no ${nameOf(shelf)} (${reason.what})`),
            ),
      ),
    )
    done.push(shelf.name)
    yield* Effect.flatMap(state({ shelf: null, cursor: null }), (one) => saveState(run, one))
  }
  yield* sweep(run, shelves, { acceptLoss: options.acceptLoss })
  return {
    version: 2,
    shelves: names,
    lastRun: run.id,
    lastFullAt: run.startedAt,
    watermark: newest,
    offsets: {},
    again: [],
    looked: null,
    unfinished: null,
  }
})
