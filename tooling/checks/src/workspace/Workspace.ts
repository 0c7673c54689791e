// The packages of the repository, read from disk.
import { existsSync, readFileSync, readdirSync } from "node:fs"
import { join, relative } from "node:path"

/** The fields of a package.json the checks look at. */
export interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly sideEffects?: unknown
  readonly exports?: Readonly<Record<string, unknown>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

export interface WorkspacePackage {
  /** Relative to the repository: `packages/core`. */
  readonly directory: string
  readonly group: "packages" | "apps" | "tooling"
  readonly manifest: Manifest
}

const groups = ["packages", "apps", "tooling"] as const

const isManifest = (value: unknown): value is Manifest =>
  typeof value === "object" && value !== null && "name" in value && typeof value.name === "string"

/** Reads a package.json; a file without a name is an error that names the file. */
export const readManifest = (file: string): Manifest => {
  const value: unknown = JSON.parse(readFileSync(file, "utf8"))
  if (!isManifest(value)) throw new Error(`${file} has no name`)
  return value
}

/** Every package of the workspace, in a stable order. */
export const workspacePackages = (root: string): ReadonlyArray<WorkspacePackage> =>
  groups.flatMap((group) =>
    existsSync(join(root, group))
      ? readdirSync(join(root, group))
          .toSorted()
          .filter((name) => existsSync(join(root, group, name, "package.json")))
          .map((name) => ({
            directory: `${group}/${name}`,
            group,
            manifest: readManifest(join(root, group, name, "package.json")),
          }))
      : [],
  )

const skipped = new Set(["node_modules", "dist", "coverage", ".turbo", ".git", ".cache", ".opencx"])

/** Every file below `directory`, as paths relative to `root`; build output and installed code left out. */
export const filesBelow = (root: string, directory: string): ReadonlyArray<string> =>
  existsSync(join(root, directory))
    ? readdirSync(join(root, directory), { withFileTypes: true }).flatMap((entry) => {
        if (skipped.has(entry.name)) return []
        const path = join(directory, entry.name)
        if (entry.isDirectory()) return filesBelow(root, path)
        return entry.isFile() ? [relative(".", path)] : []
      })
    : []

/** The TypeScript sources of one folder of a package. */
export const typescriptFiles = (root: string, directory: string): ReadonlyArray<string> =>
  filesBelow(root, directory).filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
