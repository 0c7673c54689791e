/** `opencx serve` as a process of its own, with an emulated Zendesk and a mail sink in this one. */
import { randomBytes } from "node:crypto"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import {
  demoConfig,
  freePort,
  type MailSink,
  mailsTo,
  makeMailSink,
  sampleSeed,
  sendMail,
  supportAddress,
  tickets,
  until,
} from "@opencx/runtime"
import { type Emulator, make as makeEmulator } from "@opencx/zendesk-emulator"
import { Effect, Schema, type Scope } from "effect"
import { startChild } from "../process/children.ts"
import { temporaryDir } from "../process/temporary.ts"

const host = "127.0.0.1"

const Ready = Schema.Struct({
  runtime: Schema.String,
  listening: Schema.Struct({ smtp: Schema.String }),
  hooks: Schema.Array(Schema.Struct({ what: Schema.String, url: Schema.String })),
})

const entry = new URL("main.ts", import.meta.resolve("@opencx/runtime"))

/** With `OPENCX_BENCH_PROFILE=<directory>` the runtime writes a V8 CPU profile there when it ends. */
const profileArgs = (): ReadonlyArray<string> => {
  const dir = process.env["OPENCX_BENCH_PROFILE"]
  return dir === undefined || dir === "" ? [] : ["--cpu-prof", `--cpu-prof-dir=${dir}`]
}

/** So many calls a minute that the emulated account never holds the engine back: the engine is what is measured. */
const limits = { requestsPerMinute: 10_000_000 }

export interface RuntimeChild {
  readonly emulator: Emulator
  readonly sink: MailSink
  readonly signingSecret: string
  readonly url: string
  readonly smtpPort: number
  /** The signed URL that Zendesk would call. */
  readonly hook: string
}

export const startRuntimeChild: Effect.Effect<RuntimeChild, Error, Scope.Scope> = Effect.gen(function* () {
  const dir = yield* temporaryDir
  const signingSecret = randomBytes(24).toString("base64")
  const emulator = yield* makeEmulator({ host, subdomain: "larkspoke", seed: sampleSeed, limits })
  const sink = yield* makeMailSink({ host, port: 0 })
  const port = yield* freePort(host, 0)
  const smtpPort = yield* freePort(host, 0)
  const config = demoConfig(
    { host, port, smtpPort, sinkPort: sink.port, emulatorUrl: emulator.url, dataDir: dir },
    { signingSecret, reconcileSeconds: 3600 },
  )
  const file = join(dir, "opencx.config.json")
  yield* Effect.promise(() => writeFile(file, JSON.stringify(config)))
  const ready = yield* startChild(
    {
      what: "the runtime",
      script: entry,
      args: ["serve", "--json", "--config", file],
      nodeArgs: profileArgs(),
      env: { OPENCX_LOG_LEVEL: "Warn" },
      within: "30 seconds",
    },
    Ready,
  )
  return {
    emulator,
    sink,
    signingSecret,
    url: ready.runtime,
    smtpPort: Number(ready.listening.smtp.split(":")[1]),
    hook: ready.hooks.find((hook) => hook.what === "zendesk ticketing")?.url ?? "",
  }
})

/** Conversations that humans have taken over: their tickets are what webhooks are about. */
export const openConversations = Effect.fnUntraced(function* (runtime: RuntimeChild, count: number) {
  const addresses = Array.from({ length: count }, (_, n) => `customer${n}@example.com`)
  yield* Effect.forEach(
    addresses,
    (from) =>
      sendMail({
        host,
        port: runtime.smtpPort,
        from,
        to: supportAddress,
        subject: "Please call me",
        text: "I want to talk to a human, please.",
      }),
    { concurrency: 4, discard: true },
  )
  yield* until(`${count} tickets`, () => runtime.emulator.counts().tickets >= count, 30)
  // The message to the customer comes after the ticket is linked to the session.
  yield* until("every customer told", () => addresses.every((one) => mailsTo(runtime, one).length > 0), 30)
  return tickets(runtime).map((ticket) => ({
    ticketId: String(ticket.id),
    externalId: ticket.external_id ?? "",
  }))
})
