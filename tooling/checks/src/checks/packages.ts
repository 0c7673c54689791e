// What npm users will get: each public package is packed and the tarball looked at, not the folder.
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Check, type Finding } from "../Check.ts"
import { inspectTarball } from "../packaging/tarball.ts"
import { ensurePnpm, mapLimited, run } from "../tools/Process.ts"
import { workspacePackages, type WorkspacePackage } from "../workspace/Workspace.ts"

const tail = (text: string) => text.trim().split("\n").slice(-25).join("\n    ")

const pack = async (root: string, owner: WorkspacePackage, into: string): Promise<string | Finding> => {
  const packed = await run("pnpm", ["pack", "--json", "--pack-destination", into], {
    cwd: join(root, owner.directory),
  })
  const start = packed.stdout.indexOf("{")
  if (packed.code !== 0 || start < 0) {
    return { file: owner.directory, message: `pnpm pack failed: ${tail(packed.stderr || packed.stdout)}` }
  }
  const result: { readonly filename: string } = JSON.parse(packed.stdout.slice(start))
  return result.filename.startsWith("/") ? result.filename : join(into, result.filename)
}

/** publint and attw over one tarball. */
export const lintTarball = async (
  root: string,
  owner: WorkspacePackage,
  tarball: string,
): Promise<ReadonlyArray<Finding>> => {
  const [publint, attw] = await Promise.all([
    run("publint", ["run", tarball, "--strict"], { cwd: root }),
    run("attw", [tarball, "--profile", "esm-only", "--format", "ascii", "--no-emoji"], { cwd: root }),
  ])
  return [
    ...(publint.code === 0
      ? []
      : [{ file: owner.directory, message: `publint: ${tail(publint.stdout + publint.stderr)}` }]),
    ...(attw.code === 0
      ? []
      : [{ file: owner.directory, message: `attw: ${tail(attw.stdout + attw.stderr)}` }]),
  ]
}

/** The built file must load: a bundler can break an import that types and lint know nothing of. */
export const loadBuilt = async (root: string, owner: WorkspacePackage): Promise<ReadonlyArray<Finding>> => {
  // A suite for vitest loads only inside vitest.
  if ("vitest" in (owner.manifest.peerDependencies ?? {})) return []
  const loaded = await run("node", ["dist/index.js"], { cwd: join(root, owner.directory) })
  return loaded.code === 0
    ? []
    : [{ file: `${owner.directory}/dist/index.js`, message: `does not load: ${tail(loaded.stderr)}` }]
}

/** The program as users get it must do its main job: what is bundled into it can break what works from source. */
const walkBuilt = async (root: string, owner: WorkspacePackage): Promise<ReadonlyArray<Finding>> => {
  if (owner.manifest.name !== "@opencx/runtime") return []
  const tour = await run("node", ["dist/main.js", "tour"], { cwd: join(root, owner.directory) })
  return tour.code === 0
    ? []
    : [{ file: `${owner.directory}/dist/main.js`, message: `its tour fails: ${tail(tour.stdout)}` }]
}

const checkPackage = async (
  root: string,
  owner: WorkspacePackage,
  into: string,
): Promise<ReadonlyArray<Finding>> => {
  const tarball = await pack(root, owner, into)
  if (typeof tarball !== "string") return [tarball]
  return [
    ...(await inspectTarball(tarball, owner)),
    ...(await loadBuilt(root, owner)),
    ...(await walkBuilt(root, owner)),
    ...(await lintTarball(root, owner, tarball)),
  ]
}

const limitsKnown = (packages: ReadonlyArray<WorkspacePackage>, limits: object): ReadonlyArray<Finding> =>
  packages
    .filter(({ manifest }) => !(manifest.name in limits))
    .map(({ directory, manifest }) => ({
      file: directory,
      message: `${manifest.name} has no size limit in tooling/checks/src/packaging/limits.json`,
    }))

export const packages: Check = {
  name: "packages",
  title: "packaging (pnpm pack, publint, attw, size)",
  remedy:
    "The tarball is what users get: correct exports, files or publishConfig in the package's package.json.",
  run: async ({ root }) => {
    const published = workspacePackages(root).filter(({ manifest }) => manifest.private !== true)
    await ensurePnpm()
    const built = await run("turbo", ["run", "build", "--output-logs=errors-only"], { cwd: root })
    if (built.code !== 0) return [{ message: `the build failed: ${tail(built.stdout + built.stderr)}` }]
    const limits: object = JSON.parse(
      readFileSync(join(import.meta.dirname, "../packaging/limits.json"), "utf8"),
    )
    const into = mkdtempSync(join(tmpdir(), "opencx-pack-"))
    try {
      const findings = await mapLimited(published, 2, (owner) => checkPackage(root, owner, into))
      return [...limitsKnown(published, limits), ...findings.flat()]
    } finally {
      rmSync(into, { recursive: true, force: true })
    }
  },
}
