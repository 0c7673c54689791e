/** The runtime as a process of its own, so that it can be killed. */
import { type ChildProcess, spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

const main = fileURLToPath(new URL("../../../../apps/runtime/src/main.ts", import.meta.url))

export interface RuntimeProcess {
  readonly pid: number
  /** Ends it as a power cut would; resolves when it is gone. */
  readonly kill: () => Promise<void>
  /** Asks it to stop; resolves with the exit code. */
  readonly stop: () => Promise<number | null>
  readonly exited: Promise<number | null>
  /** Resolves when it says that it is ready; rejects when it ends before. */
  readonly ready: Promise<void>
  /** The last lines of its log. */
  readonly log: () => ReadonlyArray<string>
}

const collect = (child: ChildProcess, keptLines: number): Array<string> => {
  const lines: Array<string> = []
  if (child.stderr !== null) {
    createInterface({ input: child.stderr }).on("line", (line) => {
      lines.push(line)
      if (lines.length > keptLines) lines.shift()
    })
  }
  return lines
}

/** Starts `opencx serve`; resolves when it says that it is ready. `ready` false: resolves at once. */
export const startRuntime = async (
  configFile: string,
  options: {
    readonly env?: Readonly<Record<string, string>>
    readonly args?: ReadonlyArray<string>
    readonly untilReady?: boolean
    /** How many lines of its log are kept. Default 400. */
    readonly keptLines?: number
  } = {},
): Promise<RuntimeProcess> => {
  const child = spawn(
    process.execPath,
    [main, "serve", "--config", configFile, "--json", ...(options.args ?? [])],
    {
      env: { ...process.env, OPENCX_LOG_LEVEL: "Warn", ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    },
  )
  const lines = collect(child, options.keptLines ?? 400)
  const exited = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)))
  const ready = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", () => resolve())
    void exited.then((code) => reject(new Error(`the runtime ended with ${code}:\n${lines.join("\n")}`)))
  })
  // Whoever does not wait for it may kill it before.
  ready.catch(() => undefined)
  if (options.untilReady !== false) await ready
  return {
    pid: child.pid ?? -1,
    exited,
    ready,
    log: () => lines,
    kill: async () => {
      child.kill("SIGKILL")
      await exited
    },
    stop: async () => {
      child.kill("SIGTERM")
      return exited
    },
  }
}
