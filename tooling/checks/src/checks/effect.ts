// The Effect language service as a check: floating effects, missing `return yield*`, hidden clocks and
// environments. Which rule is an error stands in tsconfig.base.json, so that editors show the same.
import { relative } from "node:path"
import { type Check, type Finding } from "../Check.ts"
import { run } from "../tools/Process.ts"
import { typescriptFiles, workspacePackages } from "../workspace/Workspace.ts"

interface Diagnostic {
  readonly file: string
  readonly line: number
  readonly severity: string
  readonly name: string
  readonly message: string
}

interface Report {
  readonly diagnostics: ReadonlyArray<Diagnostic>
  readonly summary: { readonly filesChecked: number; readonly totalFiles: number }
}

const isReport = (value: unknown): value is Report =>
  typeof value === "object" && value !== null && "diagnostics" in value && "summary" in value

const parseReport = (text: string): Report | undefined => {
  const start = text.indexOf("{")
  try {
    const value: unknown = start < 0 ? undefined : JSON.parse(text.slice(start))
    return isReport(value) ? value : undefined
  } catch {
    return undefined
  }
}

export const effect: Check = {
  name: "effect",
  title: "Effect diagnostics (effect-tsgo)",
  remedy:
    "Fix the effect, or at a real edge of the program write `// @effect-diagnostics-next-line <rule>:off` with the reason.",
  run: async ({ root }) => {
    const args = ["diagnostics", "--project", "tsconfig.diagnostics.json", "--format", "json"]
    const result = await run("effect-tsgo", args, { cwd: root })
    const report = parseReport(result.stdout)
    if (report === undefined) {
      return [
        { message: `effect-tsgo gave no report (code ${result.code}): ${result.stderr || result.stdout}` },
      ]
    }
    // A tsconfig without the plugin makes the tool look at nothing and call it clean.
    const expected = workspacePackages(root).flatMap(({ directory }) =>
      ["src", "test"].flatMap((part) => typescriptFiles(root, `${directory}/${part}`)),
    ).length
    const unseen: ReadonlyArray<Finding> =
      report.summary.filesChecked < expected
        ? [{ message: `only ${report.summary.filesChecked} of ${expected} files were looked at` }]
        : []
    const findings = report.diagnostics
      .filter((diagnostic) => diagnostic.severity === "error" || diagnostic.severity === "warning")
      .map((diagnostic) => ({
        file: relative(root, diagnostic.file),
        line: diagnostic.line,
        message: `${diagnostic.name}: ${diagnostic.message}`,
      }))
    return [...unseen, ...findings]
  },
}
