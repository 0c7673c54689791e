// Who may import whom, no cycles, and nobody but an app starts the program.
import { join } from "node:path"
import { type Check, type Finding } from "../Check.ts"
import { allowedRunners, allowedWorkspaceImports, isRunner, onlyEffect } from "../boundaries/rules.ts"
import { findCycles } from "../boundaries/cycles.ts"
import { resolveRelative } from "../boundaries/resolve.ts"
import { readSource, type Source } from "../workspace/Source.ts"
import { typescriptFiles, workspacePackages, type WorkspacePackage } from "../workspace/Workspace.ts"

interface File {
  readonly path: string
  readonly part: "src" | "test"
  readonly owner: WorkspacePackage
  readonly source: Source
}

const readFiles = (root: string, owner: WorkspacePackage): ReadonlyArray<File> =>
  (["src", "test"] as const).flatMap((part) =>
    typescriptFiles(root, `${owner.directory}/${part}`).map((path) => ({
      path,
      part,
      owner,
      source: readSource(join(root, path)),
    })),
  )

const packageName = (specifier: string) =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/")

/** What a package lets others import: its name, and the subpaths that its `exports` list. */
const entriesOf = ({ manifest }: WorkspacePackage): ReadonlyArray<string> => [
  manifest.name,
  ...Object.keys(manifest.exports ?? {})
    .filter((key) => key.startsWith("./") && key !== "./package.json")
    .map((key) => manifest.name + key.slice(1)),
]

const importFindings = (
  file: File,
  entries: ReadonlyMap<string, ReadonlyArray<string>>,
): ReadonlyArray<Finding> =>
  file.source.imports.flatMap(({ specifier, line }): ReadonlyArray<Finding> => {
    const found = (message: string) => [{ file: file.path, line, message }]
    const own = file.owner.manifest.name
    if (specifier.startsWith(".")) {
      const target = resolveRelative(file.path, specifier)
      if (!target.startsWith(`${file.owner.directory}/`)) {
        return found(`imports ${specifier}, which leaves its package; import the package by name`)
      }
      return file.part === "src" && !target.startsWith(`${file.owner.directory}/src/`)
        ? found(`imports ${specifier}, which is not part of the published src`)
        : []
    }
    const name = packageName(specifier)
    if (entries.has(name)) {
      if (name === own && file.part === "test") return []
      if (!(entries.get(name) ?? []).includes(specifier))
        return found(`imports ${specifier}; public are ${(entries.get(name) ?? []).join(", ")}`)
      const allowed = allowedWorkspaceImports(file.owner, file.part)
      return allowed === "all" || allowed.includes(name)
        ? []
        : found(
            `imports ${name}, but ${own} (${file.part}) may import only: ${allowed.join(", ") || "none of ours"}`,
          )
    }
    return file.part === "src" && onlyEffect.has(own) && name !== "effect"
      ? found(`imports ${specifier}, but ${own} imports only effect`)
      : []
  })

const runnerFindings = (file: File): ReadonlyArray<Finding> =>
  file.part === "test" || file.owner.group !== "packages" || allowedRunners.has(file.owner.manifest.name)
    ? []
    : file.source.calls
        .filter(({ path }) => isRunner(path))
        .map(({ path, line }) => ({
          file: file.path,
          line,
          message: `calls ${path.join(".")}; only an app runs effects and provides layers`,
        }))

const fileCycles = (files: ReadonlyArray<File>): ReadonlyArray<Finding> => {
  const graph = new Map(
    files.map((file) => [
      file.path,
      file.source.imports
        .filter(({ specifier }) => specifier.startsWith("."))
        .map(({ specifier }) => resolveRelative(file.path, specifier)),
    ]),
  )
  return findCycles(graph).map((cycle) => ({
    file: cycle[0] ?? "",
    message: `import cycle: ${[...cycle, cycle[0]].join(" → ")}`,
  }))
}

const packageCycles = (packages: ReadonlyArray<WorkspacePackage>): ReadonlyArray<Finding> => {
  const names = new Set(packages.map(({ manifest }) => manifest.name))
  const graph = new Map(
    packages.map(({ manifest }) => [
      manifest.name,
      Object.keys({
        ...manifest.dependencies,
        ...manifest.peerDependencies,
        ...manifest.devDependencies,
      }).filter((name) => names.has(name)),
    ]),
  )
  return findCycles(graph).map((cycle) => ({
    message: `packages depend on each other in a circle: ${[...cycle, cycle[0]].join(" → ")}`,
  }))
}

export const boundaries: Check = {
  name: "boundaries",
  title: "boundaries (imports, cycles, who runs effects)",
  remedy:
    "The layout and its rules are in CONTRIBUTING.md; the rules as code in tooling/checks/src/boundaries/rules.ts.",
  run: async ({ root }) => {
    const packages = workspacePackages(root)
    const entries = new Map(packages.map((each) => [each.manifest.name, entriesOf(each)]))
    const files = packages.flatMap((owner) => readFiles(root, owner))
    return [
      ...files.flatMap((file) =>
        file.source.errors.map((message) => ({ file: file.path, message: `does not parse: ${message}` })),
      ),
      ...files.flatMap((file) => importFindings(file, entries)),
      ...files.flatMap(runnerFindings),
      ...fileCycles(files),
      ...packageCycles(packages),
    ]
  },
}
