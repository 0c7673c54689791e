/** Zendesk and a mail server that stay while runtimes come and go, and the configuration that binds them. */
import {
  demoConfig,
  type DemoTuning,
  freePort,
  type MailSink,
  makeMailSink,
  sampleSeed,
  setUpWebhook,
} from "@opencx/runtime"
import { startEmulator, type Emulator, type EmulatorOptions } from "@opencx/zendesk-emulator"
import { Effect, Exit, Scope } from "effect"
import { FetchHttpClient } from "effect/http"
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
  /** Zendesk's webhook URL and the secret that it signs with. */
  readonly hook: { readonly url: string; readonly secret: string }
  readonly close: () => Promise<void>
}

const main = fileURLToPath(new URL("../../../../apps/runtime/src/main.ts", import.meta.url))
const run = promisify(execFile)

const urlsOf = async (configFile: string): Promise<string> => {
  const { stdout } = await run(process.execPath, [main, "urls", "--config", configFile, "--json"])
  const found: unknown = JSON.parse(stdout)
  if (!Array.isArray(found)) throw new Error("opencx urls printed no list")
  for (const item of found) {
    if (item.what === "zendesk ticketing") return String(item.url)
  }
  throw new Error("no ticketing URL")
}

/** Sets the stage; nothing of the runtime is running yet. */
export const setStage = async (
  tuning: DemoTuning = {},
  emulatorOptions: EmulatorOptions = {},
  place?: string,
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
  const addresses = { host, port, smtpPort, sinkPort: sink.port, emulatorUrl: emulator.url, dataDir }
  const configDir = await mkdtemp(join(tmpdir(), "opencx-e2e-config-"))
  const configFile = join(configDir, "opencx.config.json")
  const write = (signingSecret?: string) =>
    writeFile(
      configFile,
      JSON.stringify(
        demoConfig(addresses, { ...tuning, ...(signingSecret === undefined ? {} : { signingSecret }) }),
      ),
    )
  await write()
  const hook = await urlsOf(configFile)
  const { signingSecret } = await Effect.runPromise(
    setUpWebhook(emulator.url, hook).pipe(Effect.provide(FetchHttpClient.layer)),
  )
  await write(signingSecret)
  return {
    emulator,
    sink,
    configFile,
    dataDir,
    runtimeUrl: `http://${host}:${port}`,
    smtpPort,
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
