/** All benches, in the order in which they run. */
import type { Bench } from "./report/Bench.ts"
import { calls } from "./scenarios/calls.ts"
import { channels } from "./channels/channels.ts"
import { engine } from "./scenarios/engine.ts"
import { handoffLatency } from "./scenarios/handoffLatency.ts"
import { peers } from "./peers/peers.ts"
import { search } from "./search/search.ts"
import { webhook } from "./webhook/webhook.ts"

export const benches: Readonly<Record<string, Bench>> = {
  webhook,
  calls,
  "handoff-latency": handoffLatency,
  engine,
  channels,
  peers,
  search,
}

/** Left out unless they are named: they fetch programs of others from the registry the first time. */
export const onRequest: ReadonlySet<string> = new Set(["peers"])
