/** Reports as tables for people, and as one JSON line for programs. */
import type { EvalReport, Section } from "./Report.ts"

const number = (value: number | null): string => {
  if (value === null || !Number.isFinite(value)) return "-"
  return Number.isInteger(value) && Math.abs(value) > 1 ? String(value) : value.toFixed(3)
}

const sectionLines = ({ columns, count, note, rows, set }: Section): ReadonlyArray<string> => {
  const cells = [
    [`${set} (${count})`, ...columns],
    ...rows.map((row) => [`${row.ours ? "*" : " "} ${row.system}`, ...row.values.map(number)]),
  ]
  const widths = cells[0]?.map((_, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0))) ?? []
  return [
    ...cells.map((line) =>
      line
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join("  "),
    ),
    ...(note === undefined ? [] : [`  ${note}`]),
  ]
}

/** `*` marks ours. */
export const tableOf = (name: string, { sections, skipped }: EvalReport): string =>
  [
    "",
    `== ${name}`,
    ...sections.flatMap((section) => ["", ...sectionLines(section)]),
    ...skipped.map((why) => `SKIPPED ${why}`),
  ].join("\n")

const rounded = (value: number | null): number | null =>
  value === null || !Number.isFinite(value) ? null : Math.round(value * 10_000) / 10_000

/** One line. */
export const jsonOf = (reports: Readonly<Record<string, EvalReport>>): string =>
  JSON.stringify({
    evals: Object.entries(reports).map(([name, { sections, skipped }]) => ({
      eval: name,
      skipped,
      sections: sections.map(({ columns, rows, ...rest }) => ({
        ...rest,
        rows: rows.map(({ ours, system, values }) => ({
          system,
          ours,
          ...Object.fromEntries(columns.map((column, at) => [column, rounded(values[at] ?? null)])),
        })),
      })),
    })),
  })
