/** Child processes that speak line by line. */
import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

export interface Child {
  /** The next line that it prints; null when it has ended. */
  readonly line: () => Promise<string | null>
  readonly say: (text: string) => void
  /** SIGKILL, and wait until it is gone. */
  readonly kill: () => Promise<void>
}

/** Starts `support/<script>` in a Node of the same kind as this one. */
export const startChild = (script: string, args: ReadonlyArray<string>): Child => {
  const path = fileURLToPath(new URL(`./${script}`, import.meta.url))
  const child = spawn(process.execPath, ["--no-warnings", path, ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()))
  return {
    line: async () => {
      const next = await lines.next()
      return next.done === true ? null : next.value
    },
    say: (text) => void child.stdin.write(`${text}\n`),
    kill: () => {
      child.kill("SIGKILL")
      return exited
    },
  }
}
