/** The command line as people start it: a process of its own, with nothing of this one's settings. */
import { type ChildProcess, spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { eventually } from "./run.ts"

/** Each start would strip the types of every file anew. */
const compiled = join(tmpdir(), "opencx-runtime-test-compiled")

export const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url))

type Env = Readonly<Record<string, string>>

interface CliOptions {
  readonly env?: Env
  readonly cwd?: string
}

export const inherited = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(OPENCX|OTEL|NODE_OPTIONS|VITEST)/.test(name)),
  )

const spawned = (args: ReadonlyArray<string>, { cwd, env = {} }: CliOptions): ChildProcess =>
  spawn(process.execPath, [main, ...args], {
    cwd: cwd ?? process.cwd(),
    env: { ...inherited(), NODE_COMPILE_CACHE: compiled, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  })

export interface Started {
  /** Lines of standard output so far. */
  readonly out: ReadonlyArray<string>
  /** Lines of standard error so far. */
  readonly err: ReadonlyArray<string>
  /** Resolves with the exit code when it has ended and all its output is here; null when a signal ended it. */
  readonly ended: Promise<number | null>
  readonly hasEnded: () => boolean
  readonly send: (signal: NodeJS.Signals) => void
}

const linesOf = (stream: NodeJS.ReadableStream | null): Array<string> => {
  const lines: Array<string> = []
  if (stream !== null) createInterface({ input: stream }).on("line", (line) => lines.push(line))
  return lines
}

/** Starts a command that stays. End it: `stopped`, or `send("SIGKILL")`. */
export const startCli = (args: ReadonlyArray<string>, options: CliOptions = {}): Started => {
  const child = spawned(args, options)
  const out = linesOf(child.stdout)
  const err = linesOf(child.stderr)
  const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)))
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  return { out, err, ended, hasEnded, send: (signal) => void child.kill(signal) }
}

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs a command to its end. */
export const runCli = async (args: ReadonlyArray<string>, options: CliOptions = {}): Promise<Ended> => {
  const started = startCli(args, options)
  const code = await started.ended
  return { code, out: started.out.join("\n"), err: started.err.join("\n") }
}

/** Waits for the line of JSON that says `ready`; fails with the log when the process ends before. */
export const readyOf = async (started: Started): Promise<Readonly<Record<string, unknown>>> => {
  const look = () => {
    if (started.hasEnded()) throw new Error(`it ended:\n${started.err.join("\n")}`)
    return started.out[0]
  }
  // Generous: on a busy machine many programs start at the same time.
  const line = await eventually("the ready line", look, 60)
  return JSON.parse(line)
}

/** Asks it to stop; the exit code and how long it took. */
export const stopped = async (started: Started, signal: NodeJS.Signals = "SIGTERM") => {
  const began = performance.now()
  started.send(signal)
  const code = await started.ended
  return { code, seconds: (performance.now() - began) / 1000 }
}
