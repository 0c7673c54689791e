/** Zendesk and a mail server that stay while runtimes come and go, and the configuration file that binds them. */
import { startEmulator, type Emulator } from "@opencx/zendesk-emulator"
import { Effect, Exit, Schema, Scope } from "effect"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { demoConfig, supportAddress } from "../../src/demo/config.ts"
import { makeMailSink, type MailSink } from "../../src/demo/MailSink.ts"
import { freePort } from "../../src/demo/ports.ts"
import { sampleSeed, setUpWebhook } from "../../src/demo/sampleAccount.ts"
import { sendMail } from "../../src/demo/sendMail.ts"
import { runCli } from "./cli.ts"
import { run } from "./run.ts"

export interface Stage {
  readonly emulator: Emulator
  readonly sink: MailSink
  readonly configFile: string
  readonly runtimeUrl: string
  /** What `opencx urls` printed before anything ran. */
  readonly hooks: typeof Hooks.Type
  readonly smtp: { readonly host: string; readonly port: number }
  readonly supportAddress: string
  readonly write: (from: string, text: string) => Promise<void>
  readonly close: () => Promise<void>
}

export const Hooks = Schema.Array(
  Schema.Struct({ organization: Schema.String, what: Schema.String, url: Schema.String }),
)

/** What `opencx urls --json` prints. */
export const urlsOf = async (configFile: string): Promise<typeof Hooks.Type> => {
  const { code, err, out } = await runCli(["urls", "--config", configFile, "--json"])
  if (code !== 0) throw new Error(err)
  return Schema.decodeUnknownSync(Schema.fromJsonString(Hooks))(out)
}

const host = "127.0.0.1"

/** Sets the stage; nothing of the runtime is running yet. */
export const setStage = async (): Promise<Stage> => {
  const dataDir = await mkdtemp(join(tmpdir(), "opencx-runtime-test-"))
  const scope = Scope.makeUnsafe()
  const [port, smtpPort] = await run(Effect.all([freePort(host, 0), freePort(host, 0)]))
  const emulator = await startEmulator({
    subdomain: "larkspoke",
    seed: sampleSeed,
    limits: { requestsPerMinute: Number.POSITIVE_INFINITY },
  })
  const sink = await run(Effect.provideService(makeMailSink({ host, port: 0 }), Scope.Scope, scope))
  const configFile = join(dataDir, "opencx.config.json")
  const configure = (tuning: { readonly signingSecret?: string }) => {
    const addresses = { host, port, smtpPort, sinkPort: sink.port, emulatorUrl: emulator.url, dataDir }
    return writeFile(configFile, JSON.stringify(demoConfig(addresses, { ...tuning, reconcileSeconds: 1 })))
  }
  await configure({})
  const hooks = await urlsOf(configFile)
  const hook = hooks.find(({ what }) => what === "zendesk ticketing")?.url ?? ""
  await configure({ signingSecret: (await run(setUpWebhook(emulator.url, hook))).signingSecret })
  return {
    emulator,
    sink,
    configFile,
    hooks,
    runtimeUrl: `http://${host}:${port}`,
    smtp: { host, port: smtpPort },
    supportAddress,
    write: async (from, text) => {
      await run(sendMail({ host, port: smtpPort, from, to: supportAddress, subject: "A question", text }))
    },
    close: async () => {
      await emulator.close()
      await Effect.runPromise(Scope.close(scope, Exit.void))
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
