/** Where a sync run stands, kept in the article store so that a restart goes on instead of starting over. */
import { Result, Schema } from "effect"
import { jsonText } from "../client/Json.ts"

/** `cursor`: of the next page of `locale`, null for its first. `startedAt` in epoch milliseconds. */
export const SyncState = Schema.Struct({
  version: Schema.Literal(1),
  locale: Schema.NullOr(Schema.String),
  cursor: Schema.NullOr(Schema.String),
  done: Schema.Array(Schema.String),
  startedAt: Schema.Number,
})
export type SyncState = typeof SyncState.Type

const Json = Schema.fromJsonString(SyncState)
const decode = Schema.decodeUnknownResult(Json)

/** Cursors are not documented to live for ever: an old run is started over. */
const maxAgeMs = 6 * 60 * 60_000

/** The unfinished run in a stored value; null when there is none, it is too old, or the value cannot be read. */
export const unfinishedRun = (stored: string | null, now: number): SyncState | null => {
  if (stored === null) return null
  const state = decode(stored)
  return Result.isSuccess(state) &&
    now - state.success.startedAt <= maxAgeMs &&
    now >= state.success.startedAt
    ? state.success
    : null
}

/** The value to store; the empty text when no run is unfinished. */
export const storedState = (state: SyncState | null): string => (state === null ? "" : jsonText(state))
