// Reads what vitest wrote and counts it so that nothing broken can look green.

export interface Counts {
  readonly files: number
  readonly passed: number
  readonly failed: number
  /** Names of tests that did not run. */
  readonly skipped: ReadonlyArray<string>
  /** What else went wrong, in words. */
  readonly problems: ReadonlyArray<string>
}

interface Assertion {
  readonly fullName: string
  readonly status: string
  readonly meta?: unknown
}

interface FileResult {
  readonly name: string
  readonly status: string
  readonly message?: string
  readonly assertionResults: ReadonlyArray<Assertion>
}

interface VitestReport {
  readonly success: boolean
  readonly testResults: ReadonlyArray<FileResult>
}

const isReport = (value: unknown): value is VitestReport =>
  typeof value === "object" && value !== null && "testResults" in value && Array.isArray(value.testResults)

const broken = (problem: string): Counts => ({
  files: 0,
  passed: 0,
  failed: 1,
  skipped: [],
  problems: [problem],
})

const firstLine = (text: string | undefined) => (text ?? "").trim().split("\n")[0] ?? ""

/**
 * Counts one package's run. Beside failed tests these count as one failure each: a file that did not load, a run
 * that ended badly with no test to blame (an unhandled rejection, a crash), a report that is not there.
 */
export const countReport = (text: string | undefined, exitCode: number): Counts => {
  if (text === undefined) return broken(`vitest ended with code ${exitCode} and wrote no report`)
  const report = parse(text)
  if (report === undefined) return broken("vitest wrote a report that cannot be read")
  const tests = report.testResults.flatMap((file) => file.assertionResults)
  const withStatus = (status: string) => tests.filter((test) => test.status === status)
  const unloaded = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  )
  const failed = withStatus("failed").length + unloaded.length
  const blameless = exitCode !== 0 && failed === 0
  return {
    files: report.testResults.length,
    passed: withStatus("passed").length,
    failed: failed + (blameless ? 1 : 0),
    skipped: tests
      .filter(({ status }) => status !== "passed" && status !== "failed")
      .map(({ fullName }) => fullName),
    problems: [
      ...unloaded.map((file) => `${file.name} did not load: ${firstLine(file.message)}`),
      ...(blameless
        ? [`vitest ended with code ${exitCode} although every test passed: see the errors above`]
        : []),
    ],
  }
}

const parse = (text: string): VitestReport | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return isReport(value) ? value : undefined
  } catch {
    return undefined
  }
}
