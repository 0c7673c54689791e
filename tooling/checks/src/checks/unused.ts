// knip: files, exports and dependencies that nothing uses.
import { type Check, type Finding } from "../Check.ts"
import { run } from "../tools/Process.ts"

interface Issue {
  readonly file: string
  readonly [kind: string]: unknown
}

const words: Readonly<Record<string, string>> = {
  dependencies: "dependency is used by nothing",
  devDependencies: "development dependency is used by nothing",
  unlisted: "package is imported but not in package.json",
  unresolved: "import does not resolve",
  binaries: "program is run but not in package.json",
  exports: "export is used by nothing",
  types: "exported type is used by nothing",
  duplicates: "is exported twice",
  catalog: "catalog entry is used by nothing",
  nsExports: "export is used by nothing",
  nsTypes: "exported type is used by nothing",
}

const isIssue = (value: unknown): value is Issue =>
  typeof value === "object" && value !== null && "file" in value && typeof value.file === "string"

const nameOf = (item: unknown): string =>
  Array.isArray(item)
    ? item.map(nameOf).join(", ")
    : typeof item === "object" && item !== null && "name" in item
      ? String(item.name)
      : String(item)

const lineOf = (item: unknown): number | undefined =>
  typeof item === "object" && item !== null && "line" in item && typeof item.line === "number"
    ? item.line
    : undefined

/** Turns knip's JSON into findings. */
export const parseKnip = (text: string): ReadonlyArray<Finding> | undefined => {
  const start = text.indexOf("{")
  if (start < 0) return undefined
  const report: unknown = JSON.parse(text.slice(start))
  if (typeof report !== "object" || report === null || !("issues" in report)) return undefined
  if (!Array.isArray(report.issues)) return undefined
  return report.issues.filter(isIssue).flatMap((issue) =>
    Object.entries(issue).flatMap(([kind, items]) =>
      Array.isArray(items) && kind !== "owners"
        ? items.map((item): Finding => {
            const line = lineOf(item)
            return {
              file: issue.file,
              message:
                kind === "files" ? "file is used by nothing" : `${nameOf(item)}: ${words[kind] ?? kind}`,
              ...(line === undefined ? {} : { line }),
            }
          })
        : [],
    ),
  )
}

export const unused: Check = {
  name: "unused",
  title: "unused code (knip)",
  remedy: "Delete it, use it, or un-export it; public API belongs in the package's src/index.ts.",
  run: async ({ root }) => {
    const result = await run("knip", ["--reporter", "json", "--no-progress"], { cwd: root })
    const findings = parseKnip(result.stdout)
    if (findings === undefined || (result.code > 1 && findings.length === 0)) {
      return [{ message: `knip ended with code ${result.code}: ${result.stderr || result.stdout}` }]
    }
    return result.code === 0 || findings.length > 0
      ? findings
      : [{ message: `knip failed without saying why: ${result.stdout}` }]
  },
}
