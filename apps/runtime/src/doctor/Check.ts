/** A check: one question about an organization, answered from what was read, with what to do where the answer is bad. */
import type { Chart } from "./Chart.ts"
import type { CheckResult } from "./Diagnosis.ts"
import type { Reading } from "./Reading.ts"

export type Verdict = Omit<CheckResult, "id">

/** `look` answers null where the question does not arise (an assist check while assist mode is off). */
export interface Check {
  readonly id: string
  readonly look: (chart: Chart) => Verdict | null
}

export const ok = (...evidence: ReadonlyArray<string>): Verdict => ({
  status: "ok",
  needed: true,
  problem: null,
  fix: null,
  evidence,
})

export const unknown = (why: string): Verdict => ({
  status: "unknown",
  needed: true,
  problem: why,
  fix: null,
  evidence: [],
})

interface Said {
  readonly problem: string
  readonly fix: string
  readonly evidence?: ReadonlyArray<string>
}

const said = ({ evidence = [], fix, problem }: Said, needed: boolean): Verdict => ({
  status: "problem",
  needed,
  problem,
  fix,
  evidence,
})

export const problem = (what: Said): Verdict => said(what, true)

/** A problem with which everything works, or that may be meant so. */
export const notice = (what: Said): Verdict => said(what, false)

/** Judges what was read; says so where it was not. */
export const judged = <A>(reading: Reading<A>, judge: (value: A) => Verdict | null): Verdict | null => {
  switch (reading._tag) {
    case "Read":
      return judge(reading.value)
    case "Unread":
      return unknown(reading.why)
    case "Absent":
      return null
  }
}

/** Evidence is told for so many. */
const most = 10

/** Lines of evidence, the first ten, and how many more there are. */
export const listed = (lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.length <= most ? lines : [...lines.slice(0, most), `and ${lines.length - most} more`]
