/** Zendesk and a mail server that stay while runtimes come and go, and the configuration that binds them. */
import {
  type Customers,
  customersOf,
  demoConfig,
  type DemoTuning,
  freePort,
  type MailSink,
  makeMailSink,
  type Providers,
  sampleSeed,
  setUpMessaging,
  setUpWebhook,
  startProviders,
} from "@opencx/runtime"
import { startEmulator, type Emulator, type EmulatorOptions } from "@opencx/zendesk-emulator"
import { Effect, Exit, Schema, Scope } from "effect"
import { FetchHttpClient, type HttpClient } from "effect/http"
import { execFile } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

export interface Stage {
  readonly emulator: Emulator
  readonly sink: MailSink
  readonly configFile: string
  readonly dataDir: string
  readonly runtimeUrl: string
  readonly smtpPort: number
  /** Providers of the real-time channels, and the customers at them; only on a stage that was set with them. */
  readonly realTime: { readonly providers: Providers; readonly people: Customers } | null
  /** Zendesk's webhook URL and the secret that it signs with. */
  readonly hook: { readonly url: string; readonly secret: string }
  readonly close: () => Promise<void>
}

const main = fileURLToPath(new URL("../../../../apps/runtime/src/main.ts", import.meta.url))
const run = promisify(execFile)

const Hooks = Schema.Array(
  Schema.Struct({ organization: Schema.String, what: Schema.String, url: Schema.String }),
)

/** The webhook URLs, as the command line prints them. */
const urlsOf = async (configFile: string) => {
  const { stdout } = await run(process.execPath, [main, "urls", "--config", configFile, "--json"])
  return Schema.decodeUnknownSync(Schema.fromJsonString(Hooks))(stdout)
}

/** Syncs the Help Center before the runtime starts, so that the first question finds its answer. */
export const syncHelpCenter = async ({ configFile }: Pick<Stage, "configFile">): Promise<void> => {
  await run(process.execPath, [main, "sync", "--config", configFile])
}

/** Sets the stage; nothing of the runtime is running yet. */
export const setStage = async (
  tuning: DemoTuning = {},
  emulatorOptions: EmulatorOptions = {},
  place?: string,
  { realTime = false }: { readonly realTime?: boolean } = {},
): Promise<Stage> => {
  const host = "127.0.0.1"
  const dataDir = place ?? (await mkdtemp(join(tmpdir(), "opencx-e2e-")))
  const scope = Effect.runSync(Scope.make())
  const [port, smtpPort] = await Effect.runPromise(Effect.all([freePort(host, 0), freePort(host, 0)]))
  const emulator = await startEmulator({
    subdomain: "larkspoke",
    seed: sampleSeed,
    limits: { requestsPerMinute: Number.POSITIVE_INFINITY },
    ...emulatorOptions,
  })
  const sink = await Effect.runPromise(
    Effect.provideService(makeMailSink({ host, port: 0 }), Scope.Scope, scope),
  )
  const providers = realTime
    ? await Effect.runPromise(Effect.provideService(startProviders(host), Scope.Scope, scope))
    : null
  const addresses = (webhookSecret: string | null) => ({
    host,
    port,
    smtpPort,
    sinkPort: sink.port,
    emulatorUrl: emulator.url,
    dataDir,
    ...(providers === null
      ? {}
      : {
          realTime: {
            providers: {
              twilio: providers.twilio.url,
              meta: providers.meta.url,
              relay: providers.relay.url,
            },
            webhookSecret,
          },
        }),
  })
  const configDir = await mkdtemp(join(tmpdir(), "opencx-e2e-config-"))
  const configFile = join(configDir, "opencx.config.json")
  const write = (signingSecret?: string, webhookSecret: string | null = null) =>
    writeFile(
      configFile,
      JSON.stringify(
        demoConfig(addresses(webhookSecret), {
          ...tuning,
          ...(signingSecret === undefined ? {} : { signingSecret }),
        }),
      ),
    )
  await write()
  const hooks = await urlsOf(configFile)
  const hook = hooks.find(({ what }) => what === "zendesk ticketing")?.url ?? ""
  const outside = <A, E>(effect: Effect.Effect<A, E, HttpClient.HttpClient>) =>
    Effect.runPromise(Effect.provide(effect, FetchHttpClient.layer))
  const { signingSecret } = await outside(setUpWebhook(emulator.url, hook))
  const messagingHook = hooks.find(({ what }) => what === "zendesk messaging")?.url
  const messaging =
    messagingHook === undefined ? null : await outside(setUpMessaging(emulator.url, messagingHook))
  emulator.sunshine.configure({ conversationControl: "release" })
  await write(signingSecret, messaging?.webhookSecret ?? null)
  return {
    emulator,
    sink,
    configFile,
    dataDir,
    runtimeUrl: `http://${host}:${port}`,
    smtpPort,
    realTime: providers === null ? null : { providers, people: customersOf(providers, hooks) },
    hook: { url: hook, secret: signingSecret },
    close: async () => {
      await emulator.close()
      await Effect.runPromise(Scope.close(scope, Exit.void))
      for (const dir of place === undefined ? [dataDir, configDir] : [configDir]) {
        await rm(dir, { recursive: true, force: true })
      }
    },
  }
}
