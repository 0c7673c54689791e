// `node tooling/checks/src/main.ts [names…] [--fix] [--root=folder]`: runs the checks and ends with 1 when one found something.
import { availableParallelism } from "node:os"
import { type Check, type Finding, renderFinding } from "./Check.ts"
import { fixReferences } from "./checks/references.ts"
import { registry } from "./registry.ts"
import { mapLimited, run, toolRoot } from "./tools/Process.ts"

interface Outcome {
  readonly check: Check
  readonly findings: ReadonlyArray<Finding>
  readonly seconds: number
}

const shown = 60

const runCheck = async (root: string, check: Check): Promise<Outcome> => {
  const started = performance.now()
  // A check that breaks has not looked, so it must not pass.
  const findings = await check.run({ root }).catch((error: unknown): ReadonlyArray<Finding> => [
    {
      message: `the check itself broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    },
  ])
  return { check, findings, seconds: (performance.now() - started) / 1000 }
}

const hasFailed = ({ findings }: Outcome): boolean => findings.some(({ isWarning }) => isWarning !== true)

const report = (outcome: Outcome) => {
  const { check, findings, seconds } = outcome
  const verdict = hasFailed(outcome) ? "FAIL" : findings.length === 0 ? "ok  " : "WARN"
  console.log(`${verdict} ${check.name.padEnd(11)} ${check.title} (${seconds.toFixed(1)} s)`)
  for (const finding of findings.slice(0, shown)) console.log(`       ${renderFinding(finding)}`)
  if (findings.length > shown) console.log(`       … and ${findings.length - shown} more`)
  if (hasFailed(outcome)) console.log(`     → ${check.remedy}`)
}

/**
 * `packages` builds and `types` writes declarations into the same dist folders, so they take turns; everything
 * else only reads and runs beside them.
 */
const runAll = async (root: string, checks: ReadonlyArray<Check>): Promise<ReadonlyArray<Outcome>> => {
  const writers = checks.filter(({ name }) => name === "packages" || name === "types")
  const readers = checks.filter((check) => !writers.includes(check))
  const told = async (check: Check) => {
    const outcome = await runCheck(root, check)
    report(outcome)
    return outcome
  }
  const width = Math.max(1, availableParallelism() - (writers.length > 0 ? 1 : 0))
  const [written, read] = await Promise.all([mapLimited(writers, 1, told), mapLimited(readers, width, told)])
  return [...written, ...read]
}

const fixers: Readonly<Record<string, (root: string) => Promise<unknown>>> = {
  references: async (root) => {
    for (const file of fixReferences(root)) console.log(`wrote the references of ${file}`)
  },
  lint: (root) => run("oxlint", ["--fix", "."], { cwd: root }),
  format: (root) => run("oxfmt", ["."], { cwd: root }),
}

const optionValue = (args: ReadonlyArray<string>, name: string) =>
  args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3)

const main = async (args: ReadonlyArray<string>): Promise<number> => {
  const names = args.filter((arg) => !arg.startsWith("--"))
  const unknown = names.filter((name) => !registry.some((check) => check.name === name))
  if (unknown.length > 0) {
    console.error(
      `unknown check ${unknown.join(", ")}; choose from ${registry.map(({ name }) => name).join(", ")}`,
    )
    return 2
  }
  const root = optionValue(args, "root") ?? toolRoot
  const chosen = names.length === 0 ? registry : registry.filter(({ name }) => names.includes(name))
  if (args.includes("--fix")) {
    for (const [name, fix] of Object.entries(fixers))
      if (chosen.some((check) => check.name === name)) await fix(root)
  }
  const outcomes = await runAll(root, chosen)
  const failed = outcomes.filter(hasFailed)
  console.log(
    failed.length === 0
      ? `all ${outcomes.length} checks passed`
      : `${failed.length} of ${outcomes.length} checks failed: ${failed.map(({ check }) => check.name).join(", ")}`,
  )
  return failed.length === 0 ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
