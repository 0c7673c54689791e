// The table at the end of a test run.
import { type PackageOutcome } from "./runPackage.ts"

const columns = ["package", "files", "passed", "failed", "skipped", "time"] as const

const row = ({ package: { name }, counts, seconds }: PackageOutcome): ReadonlyArray<string> => [
  name,
  String(counts.files),
  String(counts.passed),
  String(counts.failed),
  String(counts.skipped.length),
  `${seconds.toFixed(1)} s`,
]

const detail = ({ package: { name }, counts }: PackageOutcome): ReadonlyArray<string> => [
  ...counts.problems.map((problem) => `failed: ${name}: ${problem}`),
  ...counts.skipped.map((test) => `skipped: ${name}: ${test}`),
]

/** One line per package, then what failed without a test and what did not run. */
export const summaryTable = (outcomes: ReadonlyArray<PackageOutcome>): string => {
  const sorted = outcomes.toSorted((left, right) => left.package.name.localeCompare(right.package.name))
  const rows = [columns, ...sorted.map(row)]
  const widths = columns.map((_, index) => Math.max(...rows.map((cells) => cells[index]?.length ?? 0)))
  const line = (cells: ReadonlyArray<string>) =>
    cells
      .map((cell, index) =>
        index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0),
      )
      .join("  ")
  return [...rows.map(line), ...sorted.flatMap(detail)].join("\n")
}

const sum = (outcomes: ReadonlyArray<PackageOutcome>, pick: "passed" | "failed") =>
  outcomes.reduce((total, { counts }) => total + counts[pick], 0)

/** `N passed, N failed`; running no package at all is a failure. */
export const closingLine = (outcomes: ReadonlyArray<PackageOutcome>): string =>
  `${sum(outcomes, "passed")} passed, ${outcomes.length === 0 ? 1 : sum(outcomes, "failed")} failed`
