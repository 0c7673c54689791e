/** Starts what plugins listen on by themselves (SMTP, IMAP), for all accounts of each plugin. */
import { type ChannelPlugin, Ingest, type ListenInfo } from "@opencx/core"
import { Context, Effect, Layer } from "effect"
import { ConfigurationError } from "../config/ConfigError.ts"
import { accountsOf } from "./OrganizationsLive.ts"
import { Plugins } from "./Plugins.ts"
import { Settings } from "./Settings.ts"

const startOne = Effect.fnUntraced(function* (plugin: ChannelPlugin) {
  const { config } = yield* Settings
  const ingest = yield* Ingest
  const accounts = yield* accountsOf(plugin)
  if (plugin.listen === null || accounts.length === 0) return {}
  return yield* plugin
    .listen({ accounts, options: config.listeners[plugin.id] ?? {}, accept: ingest.events })
    .pipe(Effect.mapError((error) => new ConfigurationError({ problem: error.detail, hint: error.hint })))
})

/** Where the plugins listen, for the start banner: `{ smtp: "127.0.0.1:2525" }`. */
export class Listeners extends Context.Service<Listeners, ListenInfo>()("@opencx/runtime/layers/Listeners") {
  static readonly layer = Layer.effect(
    Listeners,
    Effect.gen(function* () {
      const { all } = yield* Plugins
      const infos = yield* Effect.forEach(all, startOne)
      return Listeners.of(Object.assign({}, ...infos))
    }),
  )
}
