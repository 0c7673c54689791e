/**
 * `npm run eval -- [names…] [--data DIR] [--half a|b] [--json]`: measures answers on data sets, each figure beside
 * baselines of the same run. Exit code 0 unless it could not run; figures never decide.
 */
import { join } from "node:path"
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Cause, Effect, FileSystem } from "effect"
import { evals } from "./evals.ts"
import type { EvalOptions, EvalReport } from "./report/Report.ts"
import { jsonOf, tableOf } from "./report/table.ts"

const usage = `Usage: eval [${Object.keys(evals).join(" ")}] [--data DIR] [--half a|b] [--json]`
const besideTheRepository = join(import.meta.dirname, "..", "..", "..", "..", "shared", "data")

interface Arguments extends EvalOptions {
  readonly names: ReadonlyArray<string>
  readonly json: boolean
}

/** Null when it cannot be understood. */
const parse = (args: ReadonlyArray<string>): Arguments | null => {
  const names: Array<string> = []
  let data = besideTheRepository
  let half: EvalOptions["half"] = null
  let json = false
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? ""
    const [flag, inline] = arg.split("=", 2)
    if (arg === "--json") json = true
    else if (flag === "--data" || flag === "--half") {
      const value = inline ?? args[++at]
      if (value === undefined) return null
      if (flag === "--data") data = value
      else if (value === "a" || value === "b") half = value
      else return null
    } else if (arg in evals) names.push(arg)
    else return null
  }
  return { names: names.length === 0 ? Object.keys(evals) : names, data, half, json }
}

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
