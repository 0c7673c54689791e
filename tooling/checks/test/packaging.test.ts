// Tarballs made by hand, each wrong in one way that a folder would hide.
import { execFileSync } from "node:child_process"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { renderFinding } from "../src/Check.ts"
import { lintTarball, loadBuilt } from "../src/checks/packages.ts"
import { inspectTarball } from "../src/packaging/tarball.ts"
import { type WorkspacePackage } from "../src/workspace/Workspace.ts"
import { emptyFolder, write } from "./fixture.ts"

const owner: WorkspacePackage = {
  directory: "packages/core",
  group: "packages",
  manifest: { name: "@opencx/core" },
}

const manifest = {
  name: "@opencx/core",
  version: "1.0.0",
  description: "Core.",
  license: "MIT",
  type: "module",
  sideEffects: false,
  engines: { node: ">=22" },
  repository: { type: "git", url: "git+https://github.com/opencx/opencx-zendesk.git" },
  files: ["dist"],
  exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
}

const contents: Readonly<Record<string, string>> = {
  "package/package.json": JSON.stringify(manifest),
  "package/README.md": "# Core\n",
  "package/LICENSE": "MIT\n",
  "package/dist/index.js": "export const one = 1\n",
  "package/dist/index.d.ts": "export declare const one: number\n",
}

const tarball = (changes: Readonly<Record<string, string>> = {}): string => {
  const root = emptyFolder()
  write(root, { ...contents, ...changes })
  execFileSync("tar", ["-czf", "packed.tgz", "package"], { cwd: root })
  return join(root, "packed.tgz")
}

const withManifest = (changes: object) => ({
  "package/package.json": JSON.stringify({ ...manifest, ...changes }),
})

const inspect = async (changes?: Readonly<Record<string, string>>) =>
  (await inspectTarball(tarball(changes), owner)).map(renderFinding)

describe("inspectTarball", () => {
  it("passes a sound tarball", async () => {
    expect(await inspect()).toEqual([])
    expect(await inspect({ "package/dist/index.js.map": "{}" })).toEqual([])
  })

  const noise = Array.from({ length: 60_000 }, (_, index) => Math.sin(index).toString(36)).join("")
  const wrong = [
    ["a test inside", { "package/dist/a.test.js": "" }, "has dist/a.test.js, a test file"],
    ["fixtures inside", { "package/test/fixtures/a.json": "{}" }, "has test/fixtures/a.json, a test file"],
    ["sources inside", { "package/src/index.ts": "" }, "has src/index.ts, a source file"],
    [
      "a big source map",
      { "package/dist/a.js.map": " ".repeat(1_000_001) },
      "has dist/a.js.map of 1000001 bytes",
    ],
    ["a build record inside", { "package/dist/tsconfig.tsbuildinfo": "{}" }, "a build record"],
    ["a secret file inside", { "package/.env": "" }, "an environment file"],
    ["too many bytes", { "package/dist/data.js": noise }, "has 502 kB, its limit is"],
    ["side effects", withManifest({ sideEffects: true }), "sideEffects must be false"],
    [
      "an open workspace range",
      withManifest({ dependencies: { a: "workspace:*" } }),
      "still names workspace:",
    ],
    ["exports of src", withManifest({ exports: { ".": "./src/index.ts" } }), "still points to src"],
    ["no licence field", withManifest({ license: undefined }), "has no license"],
  ] as const

  it.each(wrong)("reports %s", async (_, changes, message) => {
    expect(await inspect(changes)).toContainEqual(expect.stringContaining(message))
  })

  it("reports a tarball without declarations", async () => {
    const root = emptyFolder()
    write(root, { "package/package.json": contents["package/package.json"] ?? "" })
    execFileSync("tar", ["-czf", "packed.tgz", "package"], { cwd: root })
    const findings = (await inspectTarball(join(root, "packed.tgz"), owner)).map(renderFinding)
    expect(findings).toContain("packages/core the tarball lacks dist/index.d.ts")
    expect(findings).toContain("packages/core the tarball lacks LICENSE")
  })
})

describe("lintTarball", () => {
  const limits = { timeout: 60_000 }
  const linted = async (changes?: Readonly<Record<string, string>>) =>
    (await lintTarball(".", owner, tarball(changes))).map(renderFinding).join("\n")

  it("passes a sound tarball", limits, async () => {
    expect(await linted()).toBe("")
  })

  it("reports an export that is not in the tarball", limits, async () => {
    const changed = { exports: { ".": { types: "./dist/index.d.ts", default: "./dist/gone.js" } } }
    expect(await linted(withManifest(changed))).toMatch(/publint: [^]*gone\.js/)
  })

  it("reports types that do not resolve", limits, async () => {
    const changed = { exports: { ".": { default: "./dist/index.js" } } }
    const noTypes = { ...withManifest(changed), "package/dist/index.d.ts": 'export * from "./missing.js"\n' }
    expect(await linted(noTypes)).toMatch(/attw: /)
  })
})

describe("loadBuilt", () => {
  const built = async (code: string) => {
    const root = emptyFolder()
    write(root, {
      "packages/core/dist/index.js": code,
      "packages/core/package.json": JSON.stringify(manifest),
    })
    return (await loadBuilt(root, owner)).map(renderFinding).join("\n")
  }

  it("passes a file that loads", async () => {
    expect(await built('import { join } from "node:path"\nexport const there = join("a", "b")\n')).toBe("")
  })

  it("reports a module of Node's that lost its prefix", async () => {
    expect(await built('import { DatabaseSync } from "sqlite"\nexport const open = DatabaseSync\n')).toMatch(
      /does not load: [^]*sqlite/,
    )
  })
})
