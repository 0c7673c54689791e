/** What a sync must remember from run to run, kept in the article store so that a restart goes on and does not start over. */
import { Result, Schema } from "effect"
import { jsonText } from "../client/Json.ts"

const SavedTally = Schema.Struct({
  seen: Schema.mutableKey(Schema.Number),
  changed: Schema.mutableKey(Schema.Number),
  removed: Schema.mutableKey(Schema.Number),
  skippedDrafts: Schema.mutableKey(Schema.Number),
  internal: Schema.mutableKey(Schema.Number),
  failed: Schema.mutableKey(Schema.Number),
  heldBack: Schema.mutableKey(Schema.Number),
})
export type SavedTally = typeof SavedTally.Type

/** A full run that has not come to its end. `cursor`: of the next page of `shelf`, null for its first. */
const Unfinished = Schema.Struct({
  run: Schema.Number,
  shelf: Schema.NullOr(Schema.String),
  cursor: Schema.NullOr(Schema.String),
  done: Schema.Array(Schema.String),
  startedAt: Schema.Number,
  savedAt: Schema.Number,
  newest: Schema.NullOr(Schema.Number),
  calls: Schema.Number,
  tally: SavedTally,
  progress: Schema.Array(
    Schema.Struct({ name: Schema.String, done: Schema.Number, total: Schema.NullOr(Schema.Number) }),
  ),
})
export type Unfinished = typeof Unfinished.Type

/**
 * - `shelves`: what the last full run read; another set of them needs a full run.
 * - `watermark`: Unix seconds by Zendesk's clock; everything that changed before is known. Null: not known.
 * - `offsets`: by how much a shelf's count differed from ours after it was read anew, which is no news any more.
 * - `looked`: articles that changed in the second of the watermark and are known or were not wanted; null: not remembered.
 * - `again`: articles that changed and could not be read.
 */
export const SyncState = Schema.Struct({
  version: Schema.Literal(2),
  shelves: Schema.Array(Schema.String),
  lastRun: Schema.Number,
  lastFullAt: Schema.NullOr(Schema.Number),
  watermark: Schema.NullOr(Schema.Number),
  offsets: Schema.Record(Schema.String, Schema.Struct({ listed: Schema.Number, public: Schema.Number })),
  again: Schema.Array(Schema.String),
  looked: Schema.NullOr(Schema.Array(Schema.String)),
  unfinished: Schema.NullOr(Unfinished),
})
export type SyncState = typeof SyncState.Type

const decode = Schema.decodeUnknownResult(Schema.fromJsonString(SyncState))

export const freshState: SyncState = {
  version: 2,
  shelves: [],
  lastRun: 0,
  lastFullAt: null,
  watermark: null,
  offsets: {},
  again: [],
  looked: null,
  unfinished: null,
}

/** The stored value; a fresh state when there is none or it cannot be read. */
export const readState = (stored: string | null): SyncState => {
  if (stored === null) return freshState
  const state = decode(stored)
  return Result.isSuccess(state) ? state.success : freshState
}

export const stateText = (state: SyncState): string => jsonText(state)

/** Cursors are not documented to live for ever: a run that rested for longer is started over. */
const maxRestMs = 6 * 60 * 60_000

/** The unfinished run if it may go on: not too old, and over the same shelves. */
export const resumable = (
  state: SyncState,
  shelves: ReadonlyArray<string>,
  now: number,
): Unfinished | null => {
  const { unfinished } = state
  if (unfinished === null || Math.abs(now - unfinished.savedAt) > maxRestMs) return null
  return sameShelves(state.shelves, shelves) ? unfinished : null
}

export const sameShelves = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): boolean =>
  a.length === b.length && a.toSorted().join("\n") === b.toSorted().join("\n")
