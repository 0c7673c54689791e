// Types of every package, test and tool, through one solution of project references.
import { type Check, type Finding } from "../Check.ts"
import { run } from "../tools/Process.ts"

const located = /^(.+?)\((\d+),\d+\): error (.*)$/
const bare = /^error (.*)$/

/** Reads `tsc --pretty false` output. */
export const parseTscOutput = (output: string): ReadonlyArray<Finding> =>
  output.split("\n").flatMap((line): ReadonlyArray<Finding> => {
    const at = located.exec(line)
    if (at) return [{ file: at[1] ?? "", line: Number(at[2]), message: at[3] ?? "" }]
    const plain = bare.exec(line)
    return plain ? [{ message: plain[1] ?? line }] : []
  })

export const types: Check = {
  name: "types",
  title: "types (tsc -b, sources and tests)",
  remedy: "Fix the type errors; `tsc -b` in the package shows them alone.",
  run: async ({ root }) => {
    const result = await run("tsc", ["-b", "--pretty", "false"], { cwd: root })
    const findings = parseTscOutput(`${result.stdout}\n${result.stderr}`)
    return result.code !== 0 && findings.length === 0
      ? [{ message: `tsc ended with code ${result.code}: ${result.stderr || result.stdout}` }]
      : findings
  },
}
