/** What the load generator is told, and what it tells. */
import { Schema } from "effect"

export const Job = Schema.Struct({
  url: Schema.String,
  /** Key of the webhook signature. */
  secret: Schema.String,
  tickets: Schema.Array(Schema.Struct({ ticketId: Schema.String, externalId: Schema.String })),
  /** `rate`: this many a second, whether or not the earlier ones are answered. Null: as fast as answers come. */
  rate: Schema.NullOr(Schema.Number),
  seconds: Schema.Number,
  connections: Schema.Int,
})
export type Job = typeof Job.Type

/** Latencies in milliseconds; with a rate they count from the moment at which the request was due. */
export const Outcome = Schema.Struct({
  answered: Schema.Int,
  /** Answers by status code; `0` counts broken connections and requests without an answer. */
  statuses: Schema.Record(Schema.String, Schema.Int),
  perSecond: Schema.Number,
  p50: Schema.Number,
  p99: Schema.Number,
  max: Schema.Number,
  /** Share of one core that the generator itself used: near 1, it is the generator that is measured. */
  ownCpu: Schema.Number,
})
export type Outcome = typeof Outcome.Type
