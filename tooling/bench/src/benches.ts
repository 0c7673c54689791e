/** All benches, in the order in which they run. */
import type { NodeServices } from "@effect/platform-node"
import type { Effect } from "effect"
import type { HttpClient } from "effect/http"
import type { BenchResult } from "./report/Figure.ts"
import { calls } from "./scenarios/calls.ts"
import { engine } from "./scenarios/engine.ts"
import { handoffLatency } from "./scenarios/handoffLatency.ts"
import { search } from "./search/search.ts"
import { webhook } from "./webhook/webhook.ts"

export type Bench = Effect.Effect<
  Pick<BenchResult, "figures" | "remark">,
  Error,
  NodeServices.NodeServices | HttpClient.HttpClient
>

export const benches: Readonly<Record<string, Bench>> = {
  webhook,
  calls,
  "handoff-latency": handoffLatency,
  engine,
  search,
}
