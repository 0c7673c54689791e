/** The fake provider that a written package brings along, as the program that it is for people. */
import { Schema } from "effect"
import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { eventually } from "../support/customers.ts"

const Shown = Schema.Struct({ id: Schema.String, conversation: Schema.String, text: Schema.String })
export type Shown = typeof Shown.Type
const Line = Schema.fromJsonString(
  Schema.Union([
    Schema.Struct({ ready: Schema.Literal(true), apiBaseUrl: Schema.String }),
    Schema.Struct({ shown: Shown }),
    Schema.Struct({ wrote: Schema.String, status: Schema.Number }),
    Schema.Struct({ reported: Schema.String, status: Schema.Number }),
  ]),
)
type Line = typeof Line.Type

export interface FakeProgram {
  readonly apiBaseUrl: string
  /** Where the provider calls. */
  readonly callHooksAt: (hookUrl: string) => void
  /** A customer writes; resolves with the status that the webhook answered. */
  readonly write: (user: string, words: string) => Promise<number>
  /** The provider tells what became of a message; resolves with the status that the webhook answered. */
  readonly report: (id: string, state: string) => Promise<number>
  /** What customers were shown, in order. */
  readonly shown: () => ReadonlyArray<Shown>
  readonly stop: () => Promise<void>
}

/** Starts `npm run fake` of the package in `folder`, with these secrets. */
export const startFake = async (
  folder: string,
  secrets: { readonly apiKey: string; readonly webhookSecret: string },
): Promise<FakeProgram> => {
  const child = spawn(process.execPath, ["test/fake.ts"], {
    cwd: folder,
    env: {
      ...process.env,
      FAKE_PORT: "0",
      FAKE_API_KEY: secrets.apiKey,
      FAKE_WEBHOOK_SECRET: secrets.webhookSecret,
    },
    stdio: ["pipe", "pipe", "inherit"],
  })
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()))
  const lines: Array<Line> = []
  const read = Schema.decodeUnknownSync(Line)
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(read(line)))
  const say = (line: string): void => void child.stdin.write(`${line}\n`)
  const ready = await eventually(
    "the fake provider",
    () => lines.find((line) => "ready" in line) ?? (child.exitCode === null ? null : lines[0]),
    20,
  )
  if (!("ready" in ready)) throw new Error("the fake provider did not start")
  return {
    apiBaseUrl: ready.apiBaseUrl,
    callHooksAt: (hookUrl) => say(`hook ${hookUrl}`),
    write: async (user, words) => {
      say(`${user}: ${words}`)
      const wrote = (line: Line) => "wrote" in line && line.wrote === words
      const line = await eventually(`an answer to the webhook of "${words}"`, () => lines.find(wrote), 30)
      return "status" in line ? line.status : 0
    },
    report: async (id, state) => {
      say(`report ${id} ${state}`)
      const told = (line: Line) => "reported" in line && line.reported === id
      const line = await eventually(`an answer to the report on ${id}`, () => lines.find(told), 30)
      return "status" in line ? line.status : 0
    },
    shown: () => lines.flatMap((line) => ("shown" in line ? [line.shown] : [])),
    stop: async () => {
      child.kill("SIGTERM")
      await exited
    },
  }
}
