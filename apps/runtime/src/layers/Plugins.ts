/** The channel plugins of this runtime, by their id: our own, and packages that the configuration names. */
import { emailPlugin } from "@opencx/channel-email"
import { phonePlugin } from "@opencx/channel-phone"
import { smsPlugin } from "@opencx/channel-sms"
import { whatsappPlugin } from "@opencx/channel-whatsapp"
import { widgetPlugin } from "@opencx/channel-widget"
import type { ChannelPlugin } from "@opencx/core"
import { Context, Effect, Layer, Schema } from "effect"
import { isAbsolute } from "node:path"
import { pathToFileURL } from "node:url"
import { ConfigurationError } from "../config/ConfigError.ts"
import { Settings } from "./Settings.ts"

const ownPlugins: ReadonlyArray<ChannelPlugin> = [
  emailPlugin,
  smsPlugin,
  whatsappPlugin,
  phonePlugin,
  widgetPlugin,
]

/** Ids under which the runtime itself answers: no plugin's routes may lie there. */
const reserved = new Set([
  "api",
  "console",
  "dead-letters",
  "demo",
  "files",
  "healthz",
  // The sessions of assist mode.
  "helpdesk-assist",
  "hooks",
  "login",
  "metrics",
  "readyz",
  "sessions",
  "zendesk",
])

/** Enough to tell a plugin from something else; what it does is its own affair. */
const PluginShape = Schema.declare(
  (value): value is ChannelPlugin =>
    typeof value === "object" &&
    value !== null &&
    ["id", "title", "capabilities", "identity", "bind", "listen", "routes"].every((key) => key in value),
)
const isPlugin = Schema.is(PluginShape)

const refused = (name: string, problem: string, hint: string) =>
  new ConfigurationError({ problem: `Plugin "${name}": ${problem}`, hint })

/** A file, or a package that this program can see. */
const addressOf = (name: string): string => (isAbsolute(name) ? pathToFileURL(name).href : name)

const load = Effect.fnUntraced(function* (name: string) {
  const module: unknown = yield* Effect.tryPromise({
    try: async () => import(addressOf(name)),
    catch: (error) =>
      refused(
        name,
        `it cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
        `Install it beside the configuration file (npm install ${name}).`,
      ),
  })
  const exported = typeof module === "object" && module !== null ? Object.values(module) : []
  const found = exported.filter((value) => isPlugin(value))
  if (found.length === 0)
    return yield* refused(
      name,
      "it exports no channel plugin.",
      "A plugin package exports what `definePlugin` of @opencx/core returns.",
    )
  return [...new Set(found)]
})

const checkIds = Effect.fnUntraced(function* (all: ReadonlyArray<ChannelPlugin>) {
  const seen = new Set<string>()
  for (const { id, title } of all) {
    if (seen.has(id) || reserved.has(id))
      return yield* refused(title, `its id "${id}" is taken.`, "Give the plugin another id.")
    seen.add(id)
  }
})

export class Plugins extends Context.Service<
  Plugins,
  {
    readonly all: ReadonlyArray<ChannelPlugin>
    /** An unknown id fails with the ids that there are. */
    named(id: string): Effect.Effect<ChannelPlugin, ConfigurationError>
  }
>()("@opencx/runtime/layers/Plugins") {
  static readonly layer = Layer.effect(
    Plugins,
    Effect.gen(function* () {
      const { config } = yield* Settings
      const loaded = yield* Effect.forEach(config.plugins, load)
      const all = [...ownPlugins, ...loaded.flat()]
      yield* checkIds(all)
      const named = (id: string) => {
        const found = all.find((plugin) => plugin.id === id)
        return found === undefined
          ? Effect.fail(
              new ConfigurationError({
                problem: `There is no channel plugin "${id}".`,
                hint: `Known channels: ${all.map((plugin) => plugin.id).join(", ")}. Others are named under \`plugins\`.`,
              }),
            )
          : Effect.succeed(found)
      }
      return Plugins.of({ all, named })
    }),
  )
}
