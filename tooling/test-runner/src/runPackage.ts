// Runs vitest in one package and counts the outcome.
import { spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type TestPackage } from "./discover.ts"
import { countReport, type Counts } from "./report.ts"

export interface PackageOutcome {
  readonly package: TestPackage
  readonly counts: Counts
  readonly seconds: number
  /** What vitest printed. */
  readonly output: string
}

export interface RunPackageOptions {
  readonly root: string
  /** vitest's own script: the command in node_modules/.bin would choose a Node of its own. */
  readonly vitest: string
  /** A package that hangs is a failure after this long. */
  readonly limitMillis: number
}

const read = (file: string) => {
  try {
    return readFileSync(file, "utf8")
  } catch {
    return undefined
  }
}

const spawnVitest = (cwd: string, command: string, args: ReadonlyArray<string>, limitMillis: number) =>
  new Promise<{ readonly code: number; readonly output: string }>((resolve) => {
    const chunks: Array<Buffer> = []
    const plain = process.stdout.isTTY
      ? { ...process.env, FORCE_COLOR: "1" }
      : { ...process.env, NO_COLOR: "1" }
    // A process group of its own, so that a hanging package takes its servers and workers with it.
    const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"], detached: true, env: plain })
    const collect = (chunk: Buffer) => chunks.push(chunk)
    const stop = () => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL")
    }
    const stopSoon = () => {
      try {
        stop()
      } finally {
        process.exit(130)
      }
    }
    const timer = setTimeout(() => {
      chunks.push(Buffer.from(`\nstopped after ${limitMillis / 1000} s\n`))
      stop()
    }, limitMillis)
    process.once("SIGINT", stopSoon)
    process.once("SIGTERM", stopSoon)
    child.stdout.on("data", collect)
    child.stderr.on("data", collect)
    const end = (code: number, more = "") => {
      clearTimeout(timer)
      process.off("SIGINT", stopSoon)
      process.off("SIGTERM", stopSoon)
      resolve({ code, output: Buffer.concat(chunks).toString("utf8") + more })
    }
    child.on("error", (error) => end(127, error.message))
    child.on("close", (code) => end(code ?? 1))
  })

/** Runs the tests of one package to their end. */
export const runPackage = async (
  target: TestPackage,
  options: RunPackageOptions,
): Promise<PackageOutcome> => {
  const started = performance.now()
  const scratch = mkdtempSync(join(tmpdir(), "opencx-test-"))
  try {
    const file = join(scratch, "report.json")
    const args = [options.vitest, "run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`]
    const cwd = join(options.root, target.directory)
    const { code, output } = await spawnVitest(cwd, process.execPath, args, options.limitMillis)
    const counts = countReport(read(file), code)
    return { package: target, counts, output, seconds: (performance.now() - started) / 1000 }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
