// Which packages have tests.
import { existsSync, readFileSync, readdirSync } from "node:fs"
import { join } from "node:path"

export interface TestPackage {
  readonly name: string
  /** Relative to the repository. */
  readonly directory: string
}

const nameOf = (file: string): string => {
  const manifest: unknown = JSON.parse(readFileSync(file, "utf8"))
  return typeof manifest === "object" && manifest !== null && "name" in manifest
    ? String(manifest.name)
    : file
}

const hasTests = (directory: string): boolean =>
  existsSync(directory) &&
  readdirSync(directory, { withFileTypes: true }).some((entry) =>
    entry.isDirectory()
      ? entry.name !== "node_modules" && hasTests(join(directory, entry.name))
      : entry.name.endsWith(".test.ts"),
  )

/**
 * Packages with at least one `*.test.ts`, the slow ones first so that they do not end alone.
 * `filters` choose by part of the name or folder: `core`, `channel-email`, `tooling/e2e`.
 */
export const testPackages = (root: string, filters: ReadonlyArray<string>): ReadonlyArray<TestPackage> =>
  ["tooling", "apps", "packages"]
    .flatMap((group) =>
      existsSync(join(root, group))
        ? readdirSync(join(root, group))
            .toSorted()
            .map((name) => `${group}/${name}`)
        : [],
    )
    .filter((directory) => existsSync(join(root, directory, "package.json")))
    .filter((directory) => hasTests(join(root, directory, "test")) || hasTests(join(root, directory, "src")))
    .map((directory) => ({ directory, name: nameOf(join(root, directory, "package.json")) }))
    .filter(
      ({ directory, name }) =>
        filters.length === 0 || filters.some((filter) => name.includes(filter) || directory.includes(filter)),
    )
