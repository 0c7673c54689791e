// `npm test [-- name…] [--jobs=N]`: the tests of every package, a table, and `N passed, N failed` as the last line.
import { dirname, join } from "node:path"
import { testPackages } from "./discover.ts"
import { type PackageOutcome, runPackage } from "./runPackage.ts"
import { closingLine, summaryTable } from "./summary.ts"

const root = process.env["OPENCX_TEST_ROOT"] ?? dirname(dirname(dirname(import.meta.dirname)))
const toolRoot = dirname(dirname(dirname(import.meta.dirname)))
const limitMillis = 17 * 60_000

const runAll = async (
  filters: ReadonlyArray<string>,
  jobs: number,
): Promise<ReadonlyArray<PackageOutcome>> => {
  const waiting = [...testPackages(root, filters)]
  const outcomes: Array<PackageOutcome> = []
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const vitest = join(toolRoot, "node_modules", "vitest", "vitest.mjs")
      const outcome = await runPackage(next, { root, vitest, limitMillis })
      process.stdout.write(`\n── ${next.name} ──\n${outcome.output.trimEnd()}\n`)
      outcomes.push(outcome)
    }
  }
  await Promise.all(Array.from({ length: jobs }, worker))
  return outcomes
}

const main = async (args: ReadonlyArray<string>): Promise<number> => {
  const filters = args.filter((arg) => !arg.startsWith("--"))
  const jobs = Number(args.find((arg) => arg.startsWith("--jobs="))?.slice("--jobs=".length) ?? 2)
  if (!Number.isInteger(jobs) || jobs < 1) {
    process.stderr.write("--jobs wants a number of packages to run at once, like --jobs=2\n")
    return 2
  }
  const outcomes = await runAll(filters, jobs)
  if (outcomes.length === 0) {
    const packages = testPackages(root, []).map(({ name }) => name)
    process.stdout.write(`no package matches; there are: ${packages.join(", ") || "none with tests"}\n`)
  }
  process.stdout.write(`\n${summaryTable(outcomes)}\n${closingLine(outcomes)}\n`)
  // Running nothing is not passing.
  return outcomes.length > 0 && outcomes.every(({ counts }) => counts.failed === 0) ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
