/** Starts what plugins listen on by themselves (SMTP, IMAP), for all accounts of each plugin; anew when these change. */
import { type ChannelPlugin, Ingest, type ListenInfo } from "@opencx/core"
import { Context, Effect, Layer, type Scope } from "effect"
import { ConfigurationError } from "../config/ConfigError.ts"
import { rebuilt } from "../organizations/Rebuilt.ts"
import { Plugins } from "./Plugins.ts"
import { Settings } from "./Settings.ts"

const startOne = Effect.fnUntraced(function* (plugin: ChannelPlugin) {
  const { config } = yield* Settings
  const { listen } = plugin
  const accept = (yield* Ingest).events
  if (listen === null) return {}
  const options = config.listeners[plugin.id] ?? {}
  // Senders of mail come again when the port is shut for a moment, while accounts change.
  const started = yield* rebuilt(
    plugin,
    { exclusive: true },
    (accounts): Effect.Effect<ListenInfo, ConfigurationError, Scope.Scope> =>
      accounts.length === 0
        ? Effect.succeed({})
        : listen({ accounts, options, accept }).pipe(
            Effect.mapError((error) => new ConfigurationError({ problem: error.detail, hint: error.hint })),
          ),
  )
  return started.current()
})

/** Where the plugins listen at the start, for its banner: `{ smtp: "127.0.0.1:2525" }`. */
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
