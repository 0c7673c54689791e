// Looks into a packed package: names, sizes and what pnpm wrote into its package.json.
import { readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { type Finding } from "../Check.ts"
import { run } from "../tools/Process.ts"
import { type WorkspacePackage } from "../workspace/Workspace.ts"

const sizeLimits: Readonly<Record<string, number>> = JSON.parse(
  readFileSync(join(import.meta.dirname, "limits.json"), "utf8"),
)

const required = [
  "package/package.json",
  "package/README.md",
  "package/LICENSE",
  "package/dist/index.js",
  "package/dist/index.d.ts",
]

const unwanted: ReadonlyArray<readonly [RegExp, string]> = [
  [/(?:^|\/)(?:test|tests|__tests__|fixtures)\//, "a test file"],
  [/\.test\.[cm]?[jt]s$/, "a test file"],
  [/\.tsbuildinfo$/, 'a build record: add "!dist/**/*.tsbuildinfo" to files'],
  [/^package\/src\//, "a source file: exports point to dist"],
  [/(?:^|\/)\.env/, "an environment file"],
]

// Maps of our own code help whoever debugs; a map that carries bundled dependencies only costs download time.
const mapLimitBytes = 1_000_000

interface Entry {
  readonly name: string
  readonly bytes: number
}

/** Reads `tar -tv`: mode, owner, size, date, time, name. GNU and BSD differ in columns, not in the size being first number after the owner. */
const parseListing = (listing: string): ReadonlyArray<Entry> =>
  listing.split("\n").flatMap((line) => {
    const match = /^\S+\s+(?:\d+\s+)?\S+(?:\s+\S+)?\s+(\d+)\s+.*?(package\/.*)$/.exec(line)
    return match ? [{ bytes: Number(match[1]), name: match[2] ?? "" }] : []
  })

const manifestFindings = (text: string, owner: WorkspacePackage): ReadonlyArray<Finding> => {
  const found = (message: string) => ({ file: `${owner.directory}/package.json`, message })
  const manifest: Record<string, unknown> = JSON.parse(text)
  const findings: Array<Finding> = []
  if (/"(?:workspace|catalog):/.test(text))
    findings.push(found("still names workspace: or catalog: when packed"))
  if (/"\.\/src\//.test(text)) findings.push(found("still points to src when packed; see publishConfig"))
  if (manifest["sideEffects"] !== false)
    findings.push(found("sideEffects must be false: importing does nothing"))
  for (const field of ["description", "license", "repository", "engines", "files"]) {
    if (!(field in manifest)) findings.push(found(`has no ${field}`))
  }
  return findings
}

/** What is wrong with one tarball. Sizes are in kB of the compressed file. */
export const inspectTarball = async (
  tarball: string,
  owner: WorkspacePackage,
): Promise<ReadonlyArray<Finding>> => {
  const listed = await run("tar", ["-tvzf", tarball], { cwd: "." })
  const manifest = await run("tar", ["-xzOf", tarball, "package/package.json"], { cwd: "." })
  if (listed.code !== 0 || manifest.code !== 0) {
    return [
      { file: owner.directory, message: `the tarball does not open: ${listed.stderr}${manifest.stderr}` },
    ]
  }
  const entries = parseListing(listed.stdout)
  const names = entries.map(({ name }) => name)
  const found = (message: string) => ({ file: owner.directory, message })
  const kilobytes = Math.ceil(statSync(tarball).size / 1000)
  const limit = sizeLimits[owner.manifest.name]
  return [
    ...required
      .filter((name) => !names.includes(name))
      .map((name) => found(`the tarball lacks ${name.slice(8)}`)),
    ...names.flatMap((name) =>
      unwanted
        .filter(([pattern]) => pattern.test(name))
        .map(([, what]) => found(`the tarball has ${name.slice(8)}, ${what}`)),
    ),
    ...entries
      .filter(({ name, bytes }) => name.endsWith(".map") && bytes > mapLimitBytes)
      .map(({ name, bytes }) =>
        found(`the tarball has ${name.slice(8)} of ${bytes} bytes: add "!dist/**/*.map" to files`),
      ),
    ...(limit !== undefined && kilobytes > limit
      ? [found(`the tarball has ${kilobytes} kB, its limit is ${limit} kB (packaging/limits.json)`)]
      : []),
    ...manifestFindings(manifest.stdout, owner),
  ]
}
