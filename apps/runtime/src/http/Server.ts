/** All routes of the runtime on one port. */
import { NodeHttpServer } from "@effect/platform-node"
import { Effect, Layer } from "effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import { createServer } from "node:http"
import { ApiRoutes } from "../api/ApiRoutes.ts"
import { ConfigurationError } from "../config/ConfigError.ts"
import { Settings, type SettingsValues } from "../layers/Settings.ts"
import { AnnouncedRouter } from "./announce.ts"
import { ChannelHooks } from "./channelHooks.ts"
import { ChannelRoutes, routerConfig } from "./channelRoutes.ts"
import { ConsentRoutes } from "./consent.ts"
import { Files } from "./files.ts"
import { Health } from "./health.ts"
import { safeHeaders, SecurityHeaders } from "./limits/headers.ts"
import { RateLimits } from "./limits/RateLimits.ts"
import { MessagingHooks } from "./messagingHooks.ts"
import { OperatorRoutes } from "./operator.ts"
import { answerTheUnreadable } from "./rawAnswers.ts"
import { SourceRoutes } from "./sources.ts"
import { ZendeskHooks } from "./zendeskHooks.ts"

/** Slow senders are cut, and so are connections that say nothing. */
const makeServer = ({ config: { http }, publicUrl }: SettingsValues) => {
  const server = createServer({
    requestTimeout: http.requestSeconds * 1000,
    headersTimeout: http.headersSeconds * 1000,
    // How often Node looks for them.
    connectionsCheckingInterval: Math.min(2_000, http.headersSeconds * 250),
    keepAliveTimeout: 65_000,
    maxHeaderSize: 32_768,
    // Ours to answer, see `SecurityHeaders`.
    requireHostHeader: false,
  })
  server.maxConnections = http.maxConnections
  return answerTheUnreadable(server, safeHeaders(publicUrl))
}

export const Routes = Layer.mergeAll(
  Health,
  ZendeskHooks,
  MessagingHooks,
  ChannelHooks,
  ChannelRoutes,
  Files,
  OperatorRoutes,
  ConsentRoutes,
  SourceRoutes,
  ApiRoutes,
)

const Listening = Layer.unwrap(
  Effect.gen(function* () {
    const settings = yield* Settings
    const { host, port } = settings.config.http
    return NodeHttpServer.layer(() => makeServer(settings), {
      host,
      port,
      gracefulShutdownTimeout: "5 seconds",
      // Voice relays send small JSON; `ws` would take 100 MiB a frame.
      websocket: { maxPayload: 1_048_576 },
    }).pipe(
      Layer.catch(({ cause }) =>
        Layer.effectContext(
          Effect.fail(
            new ConfigurationError({
              problem: `HTTP on ${host}:${port}: ${cause instanceof Error ? cause.message : String(cause)}`,
              hint: "Choose another address with `http.host` and `http.port` (OPENCX_HOST, OPENCX_PORT), or stop what uses it.",
            }),
          ),
        ),
      ),
    )
  }),
)

/** Headers go around limits, so that refusals carry them too. */
const served = (extra: Layer.Layer<never, never, HttpRouter.HttpRouter>) =>
  Layer.mergeAll(Routes, extra).pipe(
    Layer.provide(AnnouncedRouter),
    Layer.merge(Layer.provideMerge(RateLimits, SecurityHeaders)),
  )

/** Serves until its scope closes; requests in flight are finished first, for at most 5 s. `extra`: routes of the demonstration. */
export const serverLayer = (extra: Layer.Layer<never, never, HttpRouter.HttpRouter>) =>
  HttpRouter.serve(served(extra), {
    disableListenLog: true,
    disableLogger: true,
    routerConfig,
  }).pipe(Layer.provideMerge(HttpServer.layerServices), Layer.provideMerge(Listening))
