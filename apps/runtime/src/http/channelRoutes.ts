/**
 * Routes that channel plugins serve themselves (widgets, voice sockets), each under `/<plugin id>`. They are built of all
 * accounts at once, and anew when these change; requests that are under way, calls above all, end where they began.
 */
import { type ChannelPlugin, Conversations, Ingest } from "@opencx/core"
import { Effect, Layer, Schedule, type Scope } from "effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { ConfigurationError } from "../config/ConfigError.ts"
import { announced } from "./announce.ts"
import { Plugins } from "../layers/Plugins.ts"
import type { PluginAccounts } from "../organizations/accounts.ts"
import { rebuilt } from "../organizations/Rebuilt.ts"

/** The plugin adds its routes to this: everything it adds lies under its id. */
const under = (plugin: ChannelPlugin) =>
  Layer.effect(
    HttpRouter.HttpRouter,
    Effect.map(HttpRouter.HttpRouter, (router) =>
      announced(router.prefixed(`/${plugin.id}`), `/${plugin.id}`),
    ),
  )

/** Signed tokens of files, of calls, and of accounts with long names are longer than the router's usual 100 characters. */
export const routerConfig = { maxParamLength: 1000 }

const nothing = HttpServerResponse.empty({ status: 404 })

/** Routes as one handler, and how many requests are in it. */
const makeHandler = Effect.fnUntraced(function* (routes: Layer.Layer<never, never, HttpRouter.HttpRouter>) {
  // With the memory of layers of the runtime's own router they would be added to that one, and ask themselves for ever.
  const handler = yield* HttpRouter.toHttpEffect(routes).pipe(
    Effect.provideService(HttpRouter.RouterConfig, routerConfig),
    Effect.provideServiceEffect(Layer.CurrentMemoMap, Layer.makeMemoMap),
  )
  let inside = 0
  const counted = Effect.acquireUseRelease(
    Effect.sync(() => (inside += 1)),
    () => handler,
    () => Effect.sync(() => (inside -= 1)),
  )
  return {
    handle: Effect.catchIf(
      counted,
      (error) => error.reason._tag === "RouteNotFound",
      () => Effect.succeed(nothing),
    ),
    isIdle: Effect.sync(() => inside === 0),
  }
})
type Handler = Effect.Success<ReturnType<typeof makeHandler>>

const whileInUse = ({ isIdle }: Handler) =>
  Effect.asVoid(Effect.repeat(isIdle, { until: (idle) => idle, schedule: Schedule.spaced("1 second") }))

const routesOf = Effect.fnUntraced(function* (plugin: ChannelPlugin) {
  const { routes } = plugin
  if (routes === null) return Layer.empty
  const accept = (yield* Ingest).events
  const conversations = (yield* Conversations).view(plugin.id)
  const make = (accounts: PluginAccounts): Effect.Effect<Handler, ConfigurationError, Scope.Scope> =>
    accounts.length === 0
      ? makeHandler(Layer.empty)
      : routes({ accounts, accept, conversations }).pipe(
          Effect.mapError((error) => new ConfigurationError({ problem: error.detail, hint: error.hint })),
          Effect.flatMap((built) => makeHandler(built.pipe(Layer.provide(under(plugin))))),
        )
  const { current } = yield* rebuilt(plugin, { exclusive: false, whileInUse }, make)
  return HttpRouter.add(
    "*",
    `/${plugin.id}/*`,
    Effect.suspend(() => current().handle),
  )
})

export const ChannelRoutes = Layer.unwrap(
  Effect.gen(function* () {
    const { all } = yield* Plugins
    const layers = yield* Effect.forEach(all, routesOf)
    return layers.reduce((some, more) => Layer.merge(some, more), Layer.empty)
  }),
)
