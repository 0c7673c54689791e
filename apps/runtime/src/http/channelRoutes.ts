/** Routes that channel plugins serve themselves (widgets, voice sockets), each under `/<plugin id>`. */
import { type ChannelPlugin, Conversations, Ingest } from "@opencx/core"
import { Effect, Layer } from "effect"
import * as HttpRouter from "effect/http/HttpRouter"
import { ConfigurationError } from "../config/ConfigError.ts"
import { accountsOf } from "../layers/OrganizationsLive.ts"
import { Plugins } from "../layers/Plugins.ts"

/** The plugin adds its routes to this: everything it adds lies under its id. */
const under = (plugin: ChannelPlugin) =>
  Layer.effect(
    HttpRouter.HttpRouter,
    Effect.map(HttpRouter.HttpRouter, (router) => router.prefixed(`/${plugin.id}`)),
  )

const routesOf = Effect.fnUntraced(function* (plugin: ChannelPlugin) {
  const accounts = yield* accountsOf(plugin)
  if (plugin.routes === null || accounts.length === 0) return Layer.empty
  const ingest = yield* Ingest
  const conversations = (yield* Conversations).view(plugin.id)
  const routes = yield* plugin
    .routes({ accounts, accept: ingest.events, conversations })
    .pipe(Effect.mapError((error) => new ConfigurationError({ problem: error.detail, hint: error.hint })))
  return routes.pipe(Layer.provide(under(plugin)))
})

export const ChannelRoutes = Layer.unwrap(
  Effect.gen(function* () {
    const { all } = yield* Plugins
    const layers = yield* Effect.forEach(all, routesOf)
    return layers.reduce((some, more) => Layer.merge(some, more), Layer.empty)
  }),
)
