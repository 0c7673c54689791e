/** `npm run bench -- [--json] [names…]`: measures, prints, and judges nothing but the targets of the design. */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Cause, Effect, Layer } from "effect"
import { FetchHttpClient } from "effect/http"
import { benches, onRequest } from "./benches.ts"
import type { BenchResult } from "./report/Figure.ts"
import { jsonOf, tableOf } from "./report/table.ts"

const args = process.argv.slice(2)
const json = args.includes("--json")
const names = args.filter((arg) => !arg.startsWith("-"))
const unknown = [
  ...names.filter((name) => !(name in benches)),
  ...args.filter((arg) => arg.startsWith("-") && arg !== "--json"),
]

const say = (text: string) => Effect.sync(() => void process.stdout.write(`${text}\n`))

/** For everything together: nobody waits longer. */
const budgetMs = 235_000
const startedAll = performance.now()

/** A bench that fails is reported and the others go on. */
const runOne = Effect.fnUntraced(function* (name: string) {
  const bench = benches[name]
  if (bench === undefined) return null
  const started = performance.now()
  const outcome = yield* Effect.exit(bench.pipe(Effect.timeout(Math.max(0, startedAll + budgetMs - started))))
  const seconds = (performance.now() - started) / 1000
  const result: BenchResult =
    outcome._tag === "Success"
      ? { bench: name, seconds, ...outcome.value }
      : { bench: name, seconds, figures: [], remark: `FAILED: ${Cause.pretty(outcome.cause)}` }
  if (!json) yield* say(tableOf(result))
  return { result, failed: outcome._tag === "Failure" }
})

const program = Effect.gen(function* () {
  if (unknown.length > 0) {
    yield* say(`unknown: ${unknown.join(", ")}. Usage: bench [--json] [${Object.keys(benches).join(" ")}]`)
    return false
  }
  const usual = Object.keys(benches).filter((name) => !onRequest.has(name))
  const wanted = names.length === 0 ? usual : names
  const done = yield* Effect.forEach(wanted, runOne)
  const results = done.filter((one) => one !== null)
  if (names.length === 0 && !json) {
    const left = [...onRequest].map((name) => `npm run bench -- ${name}`)
    yield* say(`\nOnly on request: ${left.join(", ")}`)
  }
  if (json) yield* say(jsonOf(results.map((one) => one.result)))
  return results.every((one) => !one.failed)
})

NodeRuntime.runMain(
  program.pipe(
    Effect.flatMap((ok) => (ok ? Effect.void : Effect.sync(() => void (process.exitCode = 1)))),
    Effect.provide(Layer.mergeAll(NodeServices.layer, FetchHttpClient.layer)),
  ),
)
