// What we ship of others, and what we build with, as some of that is bundled: licences that everybody may ship, and no known hole. pnpm answers both; it asks the registry about holes.
import { type Check, type Finding } from "../Check.ts"
import { ensurePnpm, type Output, run } from "../tools/Process.ts"

/**
 * Licences that ask for no more than a notice. MPL-2.0 asks for the source of files that were changed, and we change none.
 * Names as SPDX has them; of `A OR B` one is enough.
 */
const allowed = new Set([
  "MIT",
  "MIT-0",
  "ISC",
  "0BSD",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "Unlicense",
  "Python-2.0",
  "MPL-2.0",
])

/** Packages whose manifest names no licence, by what is known of them instead. */
const known: Readonly<Record<string, string>> = {
  // The compiled half of mdream, from the same repository under the same MIT licence.
  "@mdream/rust-": "MIT",
}

const isAllowed = (licence: string): boolean =>
  licence
    .replace(/^\(|\)$/g, "")
    .split(" OR ")
    .some((one) => one.split(" AND ").every((part) => allowed.has(part)))

const licenceOf = (licence: string, name: string): string =>
  licence === "Unknown"
    ? (Object.entries(known).find(([prefix]) => name.startsWith(prefix))?.[1] ?? licence)
    : licence

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const nameIn = (value: unknown): string =>
  isRecord(value) && typeof value["name"] === "string" ? value["name"] : "?"

/** Findings in the answer of `pnpm licenses list --json`. */
export const licenceFindings = (output: Output): ReadonlyArray<Finding> => {
  const listed = parsed(output.stdout)
  if (!isRecord(listed) || Object.keys(listed).length === 0)
    return [{ message: `pnpm listed no licences (code ${output.code}): ${output.stderr.slice(0, 300)}` }]
  return Object.entries(listed).flatMap(([licence, packages]) =>
    (Array.isArray(packages) ? packages : []).flatMap((one: unknown): ReadonlyArray<Finding> => {
      const name = nameIn(one)
      const said = licenceOf(licence, name)
      return isAllowed(said) ? [] : [{ message: `${name} is under "${said}", which is not on the list` }]
    }),
  )
}

const severe = new Set(["high", "critical"])

const advisoryFinding = (value: unknown): ReadonlyArray<Finding> => {
  if (!isRecord(value)) return []
  const [severity, title, url] = [value["severity"], value["title"], value["url"]].map((part) =>
    String(part ?? ""),
  )
  const name = String(value["module_name"] ?? value["name"] ?? "?")
  const isWarning = !severe.has(severity ?? "")
  return [{ message: `${name}: ${title} (${severity}) ${url}`, ...(isWarning ? { isWarning } : {}) }]
}

/** Findings in the answer of `pnpm audit --json`; a registry that does not answer is a warning that nobody can miss. */
export const auditFindings = (output: Output): ReadonlyArray<Finding> => {
  const answer = parsed(output.stdout)
  if (!isRecord(answer) || !isRecord(answer["advisories"])) {
    const why = `${output.stderr} ${output.stdout}`
      .replace(/[\s×│]+/g, " ")
      .trim()
      .slice(0, 200)
    return [{ message: `THE AUDIT DID NOT RUN: nobody has looked for known holes. ${why}`, isWarning: true }]
  }
  return Object.values(answer["advisories"]).flatMap(advisoryFinding)
}

export const dependencies: Check = {
  name: "dependencies",
  title: "dependencies (licences, known holes)",
  remedy:
    "Use another package, or a version without the hole (`overrides` in pnpm-workspace.yaml); a licence that everybody may ship goes on the list in tooling/checks/src/checks/dependencies.ts.",
  run: async ({ root }) => {
    await ensurePnpm()
    const [licences, audit] = await Promise.all([
      run("pnpm", ["--recursive", "licenses", "list", "--json"], { cwd: root }),
      run("pnpm", ["audit", "--json"], { cwd: root, timeoutMillis: 60_000 }),
    ])
    return [...licenceFindings(licences), ...auditFindings(audit)]
  },
}
