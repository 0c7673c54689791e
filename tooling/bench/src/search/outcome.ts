/** What the measuring process of the search bench tells. */
import { Schema } from "effect"

const Measured = Schema.Struct({
  buildMs: Schema.Number,
  heapMb: Schema.Number,
  p50: Schema.Number,
  p99: Schema.Number,
})

export const Outcome = Schema.Struct({
  articles: Schema.Int,
  textMb: Schema.Number,
  ours: Measured,
  miniSearch: Measured,
})
export type Outcome = typeof Outcome.Type
