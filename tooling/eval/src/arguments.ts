/** What is asked for on the command line. */
import { join } from "node:path"
import { evals } from "./evals.ts"
import type { EvalOptions } from "./report/Report.ts"

export const usage = `Usage: eval [${Object.keys(evals).join(" ")}] [--data DIR] [--half a|b] [--json]`
const besideTheRepository = join(import.meta.dirname, "..", "..", "..", "..", "shared", "data")

export interface Arguments extends EvalOptions {
  readonly names: ReadonlyArray<string>
  readonly json: boolean
}

/** Null when it cannot be understood. */
export const parse = (args: ReadonlyArray<string>): Arguments | null => {
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
    } else if (Object.hasOwn(evals, arg)) names.push(arg)
    else return null
  }
  return { names: names.length === 0 ? Object.keys(evals) : names, data, half, json }
}
