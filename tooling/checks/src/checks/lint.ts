// oxlint, warnings included: a warning that may stay is a rule that should be off.
import { type Check, type Finding } from "../Check.ts"
import { run } from "../tools/Process.ts"

const unixLine = /^(.+?):(\d+):\d+: (.*)$/

/** Reads oxlint's `unix` format. */
export const parseOxlintOutput = (output: string): ReadonlyArray<Finding> =>
  output.split("\n").flatMap((line): ReadonlyArray<Finding> => {
    const at = unixLine.exec(line)
    return at ? [{ file: at[1] ?? "", line: Number(at[2]), message: at[3] ?? "" }] : []
  })

export const lint: Check = {
  name: "lint",
  title: "lint (oxlint)",
  remedy: "`oxlint --fix` repairs what it can; the rules are in .oxlintrc.json.",
  run: async ({ root }) => {
    const args = ["--deny-warnings", "--report-unused-disable-directives", "--format", "unix", "."]
    const result = await run("oxlint", args, { cwd: root })
    const findings = parseOxlintOutput(result.stdout)
    return result.code !== 0 && findings.length === 0
      ? [{ message: `oxlint ended with code ${result.code}: ${result.stdout}${result.stderr}` }]
      : findings
  },
}
