/** The agent's index at 10,000 articles, beside MiniSearch on the same articles. */
import { Effect } from "effect"
import { runChild } from "../process/children.ts"
import type { Bench } from "../report/Bench.ts"
import type { Figure } from "../report/Figure.ts"
import { Outcome } from "./outcome.ts"

const figuresOf = ({ articles, miniSearch, ours, textMb }: Outcome): ReadonlyArray<Figure> => {
  const beside = (pick: (one: Outcome["ours"]) => number) => ({
    beside: { name: "MiniSearch", value: pick(miniSearch) },
  })
  return [
    {
      name: "search p50",
      value: ours.p50,
      unit: "ms",
      ...beside((one) => one.p50),
      note: `${articles} articles, ${textMb.toFixed(1)} MB of text`,
    },
    {
      name: "search p99",
      value: ours.p99,
      unit: "ms",
      ...beside((one) => one.p99),
      target: { of: "value", atMost: 20 },
    },
    { name: "index build", value: ours.buildMs, unit: "ms", ...beside((one) => one.buildMs) },
    {
      name: "index heap",
      value: ours.heapMb,
      unit: "MB",
      ...beside((one) => one.heapMb),
      target: { of: "value", atMost: 200 },
    },
  ]
}

export const search: Bench = Effect.gen(function* () {
  const outcome = yield* runChild(
    {
      what: "the search measurement",
      script: new URL("measure.ts", import.meta.url),
      nodeArgs: ["--expose-gc"],
      within: "60 seconds",
    },
    Outcome,
  )
  return { figures: figuresOf(outcome), remark: null }
})
