/** A person at a terminal: a command on a pseudo-terminal, whose questions are answered as they come. */
import { spawn, spawnSync } from "node:child_process"
import { inherited, main } from "./cli.ts"

/** util-linux' `script` opens the terminal; other systems have another one of that name, or none. */
export const whyNoTerminal = (): string | null => {
  const { error, stdout } = spawnSync("script", ["--version"], { encoding: "utf8" })
  return error === undefined && stdout.includes("util-linux")
    ? null
    : "this machine has no util-linux `script`, which opens a terminal"
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`

/** Runs a command and types each answer once its question stands there. Ends with all that the screen showed. */
export const atTerminal = (
  args: ReadonlyArray<string>,
  answers: ReadonlyArray<readonly [question: string, keys: string]>,
): Promise<{ readonly code: number | null; readonly screen: string }> =>
  new Promise((resolve, reject) => {
    const command = [process.execPath, main, ...args].map(quoted).join(" ")
    const child = spawn("script", ["-qec", command, "/dev/null"], {
      env: { ...inherited(), TERM: "xterm" },
      stdio: ["pipe", "pipe", "inherit"],
    })
    const left = [...answers]
    let screen = ""
    let from = 0
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      screen += text
      const [next] = left
      if (next === undefined || !screen.slice(from).includes(next[0])) return
      left.shift()
      from = screen.length
      child.stdin.write(next[1])
    })
    child.once("error", reject)
    child.once("close", (code) => resolve({ code, screen }))
  })
