// Project references follow package.json: `tsc -b` sees a dependency only when both name it.
// `node tooling/checks/src/main.ts references --fix` writes them.
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join, relative } from "node:path"
import { type Check, type Finding } from "../Check.ts"
import { workspacePackages, type WorkspacePackage } from "../workspace/Workspace.ts"

interface Expected {
  readonly file: string
  readonly references: ReadonlyArray<string>
}

const dependencyDirectories = (
  owner: WorkspacePackage,
  all: ReadonlyArray<WorkspacePackage>,
  development: boolean,
): ReadonlyArray<string> => {
  const { dependencies, peerDependencies, devDependencies } = owner.manifest
  const wanted = { ...dependencies, ...peerDependencies, ...(development ? devDependencies : {}) }
  return all.filter(({ manifest }) => manifest.name in wanted).map(({ directory }) => directory)
}

const testConfig = (directory: string) => `${directory}/test/tsconfig.json`
/** What runs in browsers has other types around it, so it is a project of its own. */
const browserConfig = (directory: string) => `${directory}/src/browser/tsconfig.json`

/** The references every tsconfig.json should have, as repository paths. */
export const expectedReferences = (root: string): ReadonlyArray<Expected> => {
  const all = workspacePackages(root)
  const projects = all.flatMap((owner): ReadonlyArray<Expected> => {
    const { directory } = owner
    const tests = existsSync(join(root, testConfig(directory)))
      ? [{ file: testConfig(directory), references: [directory, ...dependencyDirectories(owner, all, true)] }]
      : []
    const browser = existsSync(join(root, browserConfig(directory)))
      ? [{ file: browserConfig(directory), references: [] }]
      : []
    return [
      { file: `${directory}/tsconfig.json`, references: dependencyDirectories(owner, all, false) },
      ...browser,
      ...tests,
    ]
  })
  const everything = projects.map(({ file }) => file.replace(/\/tsconfig\.json$/, ""))
  return [...projects, { file: "tsconfig.json", references: everything }]
}

const asPaths = ({ file, references }: Expected) =>
  references.map((target) => {
    const path = relative(join(file, ".."), target)
    return path.startsWith(".") ? path : `./${path}`
  })

const readConfig = (file: string): { readonly references?: ReadonlyArray<{ readonly path: string }> } =>
  JSON.parse(readFileSync(file, "utf8"))

const problem = (root: string, expected: Expected): ReadonlyArray<Finding> => {
  if (!existsSync(join(root, expected.file))) return [{ file: expected.file, message: "is missing" }]
  const actual = (readConfig(join(root, expected.file)).references ?? []).map(({ path }) => path)
  const wanted = asPaths(expected)
  const missing = wanted.filter((path) => !actual.includes(path))
  const extra = actual.filter((path) => !wanted.includes(path))
  return [
    ...missing.map((path) => ({ file: expected.file, message: `lacks the reference ${path}` })),
    ...extra.map((path) => ({
      file: expected.file,
      message: `has the reference ${path} without a dependency`,
    })),
  ]
}

/** Writes the expected references into every tsconfig.json that differs. */
export const fixReferences = (root: string): ReadonlyArray<string> =>
  expectedReferences(root).flatMap((expected) => {
    const file = join(root, expected.file)
    if (!existsSync(file) || problem(root, expected).length === 0) return []
    const config = { ...readConfig(file), references: asPaths(expected).map((path) => ({ path })) }
    writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`)
    return [expected.file]
  })

export const references: Check = {
  name: "references",
  title: "project references match package.json",
  remedy: "Run `node tooling/checks/src/main.ts references --fix`.",
  run: async ({ root }) => expectedReferences(root).flatMap((expected) => problem(root, expected)),
}
