/** Runs a written package where it is, against the sources of this repository instead of published packages. */
import { Schema } from "effect"
import { execFile } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const repository = fileURLToPath(new URL("../../../../", import.meta.url))
const bin = (name: string): string => join(repository, "node_modules", ".bin", name)

const sources = {
  "@opencx/core": join(repository, "packages/core/src/index.ts"),
  "@opencx/testing": join(repository, "packages/testing/src/index.ts"),
}

/** A new folder below this package, so that `effect` and the tools are found; git and the checks do not look there. */
export const newFolder = (): string => {
  const cache = fileURLToPath(new URL("../../.cache", import.meta.url))
  mkdirSync(cache, { recursive: true })
  return mkdtempSync(join(cache, "channel-"))
}

const Report = Schema.fromJsonString(
  Schema.Struct({ numPassedTests: Schema.Number, numTotalTests: Schema.Number }),
)

interface Ended {
  readonly code: number
  readonly output: string
}

const run = (command: string, args: ReadonlyArray<string>, cwd: string): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: "1", VITEST: "", VITEST_POOL_ID: "", VITEST_WORKER_ID: "" }
    execFile(command, [...args], { cwd, env, timeout: 180_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1
      resolve({ code, output: stdout + stderr })
    })
  })

/** How many of the package's own tests passed, and what the others say. */
export const runTests = async (folder: string) => {
  const config = `export default { resolve: { alias: ${JSON.stringify(sources)} }, test: { testTimeout: 60000 } }\n`
  writeFileSync(join(folder, "vitest.config.ts"), config)
  const report = join(folder, "report.json")
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`]
  const { code, output } = await run(bin("vitest"), ["run", "--root", folder, ...reporters], folder)
  if (!existsSync(report)) throw new Error(`vitest did not run: ${output}`)
  const { numPassedTests, numTotalTests } = Schema.decodeUnknownSync(Report)(readFileSync(report, "utf8"))
  return { code, output, passed: numPassedTests, total: numTotalTests }
}

/** Type errors in the package's sources and tests, under its own configuration. */
export const typeErrors = async (folder: string): Promise<ReadonlyArray<string>> => {
  const paths = Object.fromEntries(Object.entries(sources).map(([name, file]) => [name, [file]]))
  const compilerOptions = {
    // Above every source that is read; the package's own settings stay as they are otherwise.
    rootDir: repository,
    erasableSyntaxOnly: false,
    noUnusedLocals: false,
    paths,
  }
  const file = join(folder, "tsconfig.repository.json")
  writeFileSync(file, JSON.stringify({ extends: "./tsconfig.test.json", compilerOptions }))
  const { code, output } = await run(bin("tsc"), ["-p", file, "--pretty", "false"], folder)
  const lines = output.split("\n").filter((line) => line.trim() !== "")
  // Errors of our own sources begin with `../` and are found by the check of this repository.
  const foreign = lines.some((line) => line.startsWith("../"))
  if (code !== 0 && !foreign && lines.length === 0) return [`tsc ended with ${code}`]
  return lines.filter((line) => !/^(?:\.\.\/|\s)/.test(line))
}
