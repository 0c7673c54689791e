/** `opencx serve`: the runtime with a configuration, until it is told to stop. */
import { Console, Effect, Layer, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { firstStart } from "../access/firstStart.ts"
import { loadConfig } from "../config/load.ts"
import { untilAlone } from "../layers/Database.ts"
import { hookUrls } from "../layers/HookUrls.ts"
import { Listeners } from "../layers/Listeners.ts"
import { Settings } from "../layers/Settings.ts"
import { background, noExtras, runtimeLayer } from "../Runtime.ts"
import type { RuntimeConfig } from "../config/RuntimeConfig.ts"
import { version } from "../version.ts"
import { untilStopped } from "./ending.ts"
import { environment } from "./environment.ts"
import { configFlag, jsonFlag } from "./flags.ts"
import { printJson } from "./output.ts"

const sayReady = Effect.fnUntraced(function* (json: boolean) {
  const { config, publicUrl } = yield* Settings
  const listening = yield* Listeners
  const hooks = yield* hookUrls
  const runtime = `http://${config.http.host}:${config.http.port}`
  const setupUrl = yield* firstStart
  if (json) return yield* printJson({ ready: true, runtime, publicUrl, listening, hooks, setupUrl })
  yield* Console.log(`OpenCX is up at ${runtime} (public: ${publicUrl})`)
  for (const [name, address] of Object.entries(listening)) yield* Console.log(`  ${name}: ${address}`)
  yield* Console.log("Webhook URLs to paste: opencx urls")
  if (setupUrl !== null) yield* Console.log(`Make the first administrator (good for 72 hours): ${setupUrl}`)
})

/** What an operator looks for first in a log: when it came up, as what, on which data; and when it was told to stop. */
const logLife = (config: RuntimeConfig) =>
  Effect.acquireRelease(
    Effect.logInfo(
      `OpenCX ${version} is up on ${config.http.host}:${config.http.port}, data in ${
        config.databaseUrl === undefined ? config.dataDir : "Postgres"
      }, Node ${process.version}, process ${process.pid}`,
    ),
    () => Effect.logInfo("Stopping: nothing new is taken, what is under way is finished"),
  )

const flags = {
  config: configFlag,
  json: jsonFlag,
  wait: Flag.Boolean("wait").pipe(
    Flag.withDescription("Wait while another runtime has the data, and take over when it stops"),
    Flag.withDefault(false),
  ),
}

/** Runs until interrupted; what is in flight is finished, or left in the journal for the next start. */
export const serve = Command.make("serve", flags, ({ config: file, json, wait }) =>
  Effect.scoped(
    Effect.gen(function* () {
      yield* untilStopped
      const config = yield* loadConfig(Option.getOrUndefined(file), environment)
      if (wait) yield* Effect.provide(untilAlone, Settings.layer(config))
      const services = yield* Layer.build(runtimeLayer(config, noExtras))
      yield* Effect.provide(sayReady(json), services)
      yield* logLife(config)
      return yield* Effect.provide(background, services)
    }),
  ),
).pipe(Command.withDescription("Run OpenCX with a configuration file"))
