/** What one sync run shares between its steps: where it reads, where it writes, its tally and its progress. */
import type { ArticleStore, OrgId, SyncProgress, SyncReport } from "@opencx/core"
import { Clock, Effect } from "effect"
import type { CallCounter, HelpCenterCalls } from "./Calls.ts"
import type { StructureOf } from "./Paths.ts"
import type { SavedTally } from "./SyncState.ts"

/** One Help Center, or a part of it. Absent or empty filters let everything in. */
export interface HelpCenterSource {
  readonly id: string
  /** Only these locales. */
  readonly locales?: ReadonlyArray<string>
  /** Only articles of these categories, by id. */
  readonly categories?: ReadonlyArray<string>
}

export interface Tally extends SavedTally {
  readonly errors: Array<{ readonly articleId: string; readonly detail: string }>
}

export const emptyTally = (): Tally => ({
  seen: 0,
  changed: 0,
  removed: 0,
  skippedDrafts: 0,
  internal: 0,
  failed: 0,
  heldBack: 0,
  errors: [],
})

interface ShelfProgress {
  readonly name: string
  done: number
  total: number | null
}

export interface Run {
  readonly orgId: OrgId
  readonly source: HelpCenterSource
  /** Grows from run to run; a run that goes on keeps its number. */
  readonly id: number
  readonly kind: SyncReport["kind"]
  readonly startedAt: number
  readonly origin: string
  readonly calls: HelpCenterCalls
  readonly counter: CallCounter
  /** Reads what everybody may read; null when `calls` has no credentials itself. */
  readonly anonymous: HelpCenterCalls | null
  readonly store: ArticleStore["Service"]
  readonly structureOf: StructureOf
  readonly tally: Tally
  readonly shelves: Map<string, ShelfProgress>
  /** What had been done when this process took up the run, and when: the base of the estimate. */
  readonly base: { done: number; at: number }
  readonly onProgress: (progress: SyncProgress) => Effect.Effect<void>
}

/** More errors than this are counted, not kept: a broken Help Center must not fill the memory. */
const maxErrors = 200

/** `articleId` is `*` for what concerns the whole source. */
export const recordError = (run: Run, articleId: string, detail: string): void => {
  if (articleId !== "*") run.tally.failed += 1
  if (run.tally.errors.length < maxErrors) run.tally.errors.push({ articleId, detail: detail.slice(0, 400) })
}

/** Starts or goes on with a shelf's count. */
export const shelfProgress = (run: Run, name: string): ShelfProgress => {
  const found = run.shelves.get(name) ?? { name, done: 0, total: null }
  run.shelves.set(name, found)
  return found
}

const sumOf = (run: Run) => {
  let [done, total]: [number, number | null] = [0, 0]
  for (const shelf of run.shelves.values()) {
    done += shelf.done
    total = total === null || shelf.total === null ? null : total + shelf.total
  }
  return { done, total }
}

/** How much is done, so that a run that goes on estimates by its own pace. */
export const doneSoFar = (run: Run): number => sumOf(run).done

/** Tells where the run stands. The estimate goes by this process's pace so far. */
export const tellProgress = Effect.fnUntraced(function* (run: Run, phase: SyncProgress["phase"]) {
  const now = yield* Clock.currentTimeMillis
  const { done, total } = sumOf(run)
  const own = done - run.base.done
  const left = total === null || own <= 0 ? null : Math.max(0, total - done)
  yield* run.onProgress({
    sourceId: run.source.id,
    kind: run.kind,
    phase,
    done,
    total,
    shelves: [...run.shelves.values()].map((shelf) => ({ ...shelf })),
    changed: run.tally.changed,
    removed: run.tally.removed,
    failed: run.tally.failed,
    calls: run.counter.count,
    startedAt: run.startedAt,
    estimatedEnd: left === null ? null : now + Math.round(((now - run.base.at) / own) * left),
  })
})
