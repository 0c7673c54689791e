/** Figures as a table for people, and as one JSON line for programs. */
import { type BenchResult, type Figure, ratioOf, type Target, targetMet } from "./Figure.ts"

const number = (value: number): string => {
  const size = Math.abs(value)
  if (!Number.isFinite(value)) return "-"
  return size >= 100 || Number.isInteger(value)
    ? String(Math.round(value))
    : value.toFixed(size >= 10 ? 1 : 2)
}

const withUnit = (value: number, unit: string): string => `${number(value)}${unit === "" ? "" : ` ${unit}`}`

const targetText = ({ atLeast, atMost, of }: Target): string => {
  const bound = atMost === undefined ? `>= ${number(atLeast ?? 0)}` : `<= ${number(atMost)}`
  return of === "ratio" ? `ratio ${bound}` : bound
}

const verdict = (figure: Figure): string => {
  const met = targetMet(figure)
  return met === null ? "" : met ? "met" : "MISSED"
}

const row = (figure: Figure): ReadonlyArray<string> => {
  const ratio = ratioOf(figure)
  const { beside, target, unit } = figure
  return [
    figure.name,
    withUnit(figure.value, unit),
    beside === undefined ? "" : `${withUnit(beside.value, unit)} (${beside.name})`,
    ratio === null ? "" : `${number(ratio)} x`,
    target === undefined ? "" : targetText(target),
    verdict(figure),
    figure.note ?? "",
  ]
}

const head = ["figure", "value", "beside it, same run", "ratio", "target", "", ""]

const aligned = (rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> => {
  const widths = head.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)))
  return rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  )
}

/** Lines of one bench. */
export const tableOf = (result: BenchResult): string =>
  [
    "",
    `${result.bench} (${number(result.seconds)} s)`,
    ...(result.figures.length === 0 ? [] : aligned([head, ...result.figures.map(row)])),
    ...(result.remark === null ? [] : [result.remark]),
  ].join("\n")

/** One line; ratios and verdicts are written out, so that nobody has to compute them again. */
export const jsonOf = (results: ReadonlyArray<BenchResult>): string =>
  JSON.stringify({
    benches: results.map((result) => ({
      ...result,
      figures: result.figures.map((figure) => ({
        ...figure,
        ratio: ratioOf(figure),
        met: targetMet(figure),
      })),
    })),
  })
