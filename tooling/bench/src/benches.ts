/** All benches, in the order in which they run. */
import type { Bench } from "./report/Bench.ts"
import { calls } from "./scenarios/calls.ts"
import { channels } from "./channels/channels.ts"
import { engine } from "./scenarios/engine.ts"
import { handoffLatency } from "./scenarios/handoffLatency.ts"
import { search } from "./search/search.ts"
import { webhook } from "./webhook/webhook.ts"

export const benches: Readonly<Record<string, Bench>> = {
  webhook,
  calls,
  "handoff-latency": handoffLatency,
  engine,
  channels,
  search,
}
