/**
 * `npm run eval -- [names…] [--data DIR] [--half a|b] [--json]`: measures answers on data sets, each figure beside
 * baselines of the same run. Exit code 0 unless it could not run; figures never decide.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Cause, Effect, FileSystem } from "effect"
import { parse, usage } from "./arguments.ts"
import { evals } from "./evals.ts"
import type { EvalReport } from "./report/Report.ts"
import { jsonOf, tableOf } from "./report/table.ts"

const say = (text: string) => Effect.sync(() => void process.stdout.write(`${text}\n`))

const program = Effect.gen(function* () {
  const args = parse(process.argv.slice(2))
  if (args === null) {
    yield* say(usage)
    return false
  }
  if (!(yield* FileSystem.FileSystem.use((fs) => fs.exists(args.data)))) {
    yield* say(`there is no folder ${args.data}: name one with --data DIR`)
    return false
  }
  const reports: Record<string, EvalReport> = {}
  let failed = false
  for (const name of args.names) {
    const run = evals[name]
    if (run === undefined) continue
    const outcome = yield* Effect.exit(run(args))
    if (outcome._tag === "Failure") {
      failed = true
      yield* say(`${name} FAILED: ${Cause.pretty(outcome.cause)}`)
      continue
    }
    reports[name] = outcome.value
    yield* say(tableOf(name, outcome.value))
  }
  if (args.json) yield* say(jsonOf(reports))
  return !failed
})

NodeRuntime.runMain(
  program.pipe(
    Effect.flatMap((ok) => (ok ? Effect.void : Effect.sync(() => void (process.exitCode = 1)))),
    Effect.provide(NodeServices.layer),
  ),
)
