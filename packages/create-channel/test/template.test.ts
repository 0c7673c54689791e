/** The templates against this repository: versions that it has, and nothing that packing would drop. */
import { assert, describe, it } from "vitest"
import { readFileSync } from "node:fs"
import { renderChannel } from "../src/index.ts"
import { requestFor } from "./support/request.ts"

interface Manifest {
  readonly version: string
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
}

const manifest = (): Manifest => JSON.parse(renderChannel(requestFor("/x")).get("package.json") ?? "")
const source = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8")

describe("the templates", () => {
  it("want the versions that OpenCX itself uses", () => {
    const catalog = source("../../../pnpm-workspace.yaml")
    const { devDependencies } = manifest()
    for (const name of ["effect", "typescript", "vitest", "@effect/vitest", "@types/node"]) {
      const [, version = ""] = new RegExp(`^ {2}"?${name}"?: \\^?(\\S+)$`, "m").exec(catalog) ?? []
      assert.strictEqual(devDependencies[name], `^${version}`, name)
    }
  })

  it("want the packages that are released with this one", () => {
    const own: Manifest = JSON.parse(source("../package.json"))
    const { dependencies, devDependencies } = manifest()
    assert.strictEqual(dependencies["@opencx/core"], `^${own.version}`)
    assert.strictEqual(devDependencies["@opencx/testing"], `^${own.version}`)
  })

  it("share `effect` with the runtime instead of bringing one", () => {
    const core: Manifest = JSON.parse(source("../../core/package.json"))
    assert.deepStrictEqual(manifest().peerDependencies, core.peerDependencies)
    assert.notProperty(manifest().dependencies, "effect")
  })
})
