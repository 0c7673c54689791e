import type { NodeServices } from "@effect/platform-node"
import type { Effect } from "effect"
import type { HttpClient } from "effect/http"
import type { BenchResult } from "./Figure.ts"

/** Measures one thing; ends everything that it started. */
export type Bench = Effect.Effect<
  Pick<BenchResult, "figures" | "remark">,
  Error,
  NodeServices.NodeServices | HttpClient.HttpClient
>
