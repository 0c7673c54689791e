/** The browser's sources have a TypeScript project of their own, which the build of the packages does not look at. */
import { execFileSync } from "node:child_process"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { assert, it } from "vitest"

it("the browser's sources have no type errors", () => {
  const typescript = dirname(createRequire(import.meta.url).resolve("typescript/package.json"))
  const project = join(import.meta.dirname, "..", "src", "browser")
  try {
    execFileSync(process.execPath, [join(typescript, "bin", "tsc"), "-p", project, "--pretty", "false"], {
      encoding: "utf8",
    })
  } catch (error) {
    assert.fail(error instanceof Error && "stdout" in error ? String(error.stdout) : String(error))
  }
})
