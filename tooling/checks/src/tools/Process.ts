// Starts the tools of the repository and collects what they print.
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { dirname, join } from "node:path"
import { stripVTControlCharacters } from "node:util"

/** The repository these tools are installed in; a checked fixture may live elsewhere. */
export const toolRoot = dirname(dirname(dirname(dirname(import.meta.dirname))))

const binDirectories = [
  join(toolRoot, "node_modules", "node", "bin"),
  join(toolRoot, "node_modules", ".bin"),
  join(toolRoot, "node_modules", ".opencx", "bin"),
]

export interface Output {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd: string
  /** A tool that hangs is a failed check, not a stuck one. Default 5 minutes. */
  readonly timeoutMillis?: number
}

/** Runs `command` to its end. Never rejects: a tool that cannot start is an output with code 127. */
export const run = (command: string, args: ReadonlyArray<string>, options: RunOptions): Promise<Output> =>
  new Promise((resolve) => {
    const stdout: Array<Buffer> = []
    const stderr: Array<Buffer> = []
    const child = spawn(command, args, {
      cwd: options.cwd,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: options.timeoutMillis ?? 300_000,
      env: {
        ...process.env,
        PATH: [...binDirectories, process.env["PATH"] ?? ""].join(":"),
        NO_COLOR: "1",
        TURBO_TELEMETRY_DISABLED: "1",
      },
    })
    // Some tools colour their output in CI whatever NO_COLOR says.
    const text = (chunks: ReadonlyArray<Buffer>) =>
      stripVTControlCharacters(Buffer.concat(chunks).toString("utf8"))
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk))
    child.on("error", (error) => resolve({ code: 127, stdout: text(stdout), stderr: error.message }))
    child.on("close", (code, signal) =>
      resolve({
        code: code ?? 1,
        stdout: text(stdout),
        stderr: signal === null ? text(stderr) : `${text(stderr)}\nended by ${signal}`,
      }),
    )
  })

/** Puts the `pnpm` that turbo and packing need where `run` finds it, unless the bootstrap did so already. */
export const ensurePnpm = async (): Promise<void> => {
  if (existsSync(join(toolRoot, "node_modules", ".opencx", "bin", "pnpm"))) return
  const bootstrap: { readonly writePnpmShim: (root: string) => Promise<void> } = await import(
    join(toolRoot, "tooling", "bootstrap", "pnpm.mjs")
  )
  await bootstrap.writePnpmShim(toolRoot)
}

/** Runs `task` over `items`, at most `width` at a time, keeping the order of the results. */
export const mapLimited = async <A, B>(
  items: ReadonlyArray<A>,
  width: number,
  task: (item: A) => Promise<B>,
): Promise<ReadonlyArray<B>> => {
  const results: Array<B> = []
  let next = 0
  const worker = async () => {
    while (next < items.length) {
      const index = next
      next += 1
      const item = items[index]
      if (item !== undefined) results[index] = await task(item)
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker))
  return results
}
