#!/usr/bin/env node
/** `create-channel`: what `npm create @opencx/channel` runs. */
import { relative } from "node:path"
import { createInterface } from "node:readline/promises"
import { type Ask, readRequest, usage } from "./commandLine.ts"
import { createChannel } from "./createChannel.ts"
import { Refusal } from "./Refusal.ts"
import type { ChannelRequest } from "./Request.ts"

const { argv, cwd, stderr, stdin, stdout } = process

/** Asks on the terminal. */
const askOn =
  (terminal: ReturnType<typeof createInterface>): Ask =>
  (question, proposal) =>
    terminal.question(proposal === "" ? `${question}: ` : `${question} [${proposal}]: `)

/** As a person would type it. */
const shown = (directory: string): string => {
  const path = relative(cwd(), directory)
  return path.startsWith("..") ? directory : path || "."
}

const report = ({ directory, name }: ChannelRequest, count: number): string => {
  const folder = shown(directory)
  return `${name}: ${count} files in ${folder}

  cd ${folder}
  npm install
  npm test        # the contract of every channel, over the example provider
  npm run build

Then open README.md: it says what to change first.
`
}

const run = async (ask: Ask | null): Promise<number> => {
  try {
    const request = await readRequest(argv.slice(2), ask, cwd())
    stdout.write(request === "help" ? usage : report(request, createChannel(request).files.length))
    return 0
  } catch (error) {
    // Ctrl+D or Ctrl+C at a question.
    if (error instanceof Error && error.name === "AbortError") return 130
    if (!(error instanceof Refusal)) throw error
    stderr.write(`${error.message}\n${error.hint}\n`)
    return 1
  }
}

if (stdin.isTTY && stdout.isTTY) {
  const terminal = createInterface({ input: stdin, output: stdout })
  process.exitCode = await run(askOn(terminal))
  terminal.close()
} else process.exitCode = await run(null)
