/** Puts the parts together: this is the one place where layers are provided. */
import { NodeServices } from "@effect/platform-node"
import { EmbeddedAgent } from "@opencx/agent"
import { Engine, Reconciler } from "@opencx/core"
import { Effect, Layer, Schedule } from "effect"
import { FetchHttpClient, type HttpRouter } from "effect/http"
import * as Access from "./access/Access.ts"
import * as SignOn from "./access/oidc/signOn.ts"
import type { RuntimeConfig } from "./config/RuntimeConfig.ts"
import { Banner } from "./http/pages/Banner.ts"
import type { Part } from "./http/pages/html.ts"
import { measure } from "./http/measure.ts"
import { serverLayer } from "./http/Server.ts"
import { DatabaseLive, OnlyRuntime } from "./layers/Database.ts"
import { EngineLive } from "./layers/EngineLive.ts"
import { KnowledgeLive } from "./layers/KnowledgeLive.ts"
import { Listeners } from "./layers/Listeners.ts"
import { Plugins } from "./layers/Plugins.ts"
import { Schedules } from "./layers/Schedules.ts"
import { Settings } from "./layers/Settings.ts"
import { Signing } from "./layers/Signing.ts"
import { Sync } from "./layers/Sync.ts"
import { WebhookSecrets } from "./layers/WebhookSecrets.ts"
import * as WebhooksSeen from "./layers/WebhooksSeen.ts"
import { ZendeskAccounts } from "./layers/ZendeskAccounts.ts"
import * as LiveOrganizations from "./organizations/LiveOrganizations.ts"
import { keepErased } from "./operate/erasures.ts"
import { upkeep } from "./operate/upkeep.ts"

const AgentLive = EmbeddedAgent.layer.pipe(Layer.provideMerge(KnowledgeLive))

/** Everything but sockets: what commands that only work on the data need. */
export const servicesLayer = (config: RuntimeConfig) =>
  Layer.mergeAll(Sync.layer, Schedules.layer, WebhookSecrets.layer, WebhooksSeen.layer).pipe(
    Layer.provideMerge(LiveOrganizations.layer),
    Layer.provideMerge(Plugins.layer),
    Layer.provideMerge(AgentLive),
    Layer.provideMerge(Signing.layer),
    Layer.provideMerge(DatabaseLive),
    Layer.provideMerge(Settings.layer(config)),
    Layer.provideMerge(FetchHttpClient.layer),
    Layer.provideMerge(NodeServices.layer),
  )

/** What the demonstration adds: routes of its own, and a word above the list of sessions. */
export interface Extras {
  readonly routes: Layer.Layer<never, never, HttpRouter.HttpRouter>
  readonly banner: Part
}

export const noExtras: Extras = { routes: Layer.empty, banner: null }

/** The whole runtime. Listeners and server come last: nothing is taken in before it can be kept. */
export const runtimeLayer = (config: RuntimeConfig, extras: Extras) =>
  Listeners.layer.pipe(
    Layer.provideMerge(serverLayer(extras.routes)),
    Layer.provideMerge(EngineLive),
    Layer.provideMerge(Layer.mergeAll(Access.layer, SignOn.layer)),
    // Before anything works on data that may have come back from a backup.
    Layer.provideMerge(Layer.effectDiscard(keepErased)),
    Layer.provideMerge(OnlyRuntime),
    Layer.provideMerge(servicesLayer(config)),
    Layer.provideMerge(Layer.succeed(Banner, extras.banner)),
  )

/** Says at the start whether each Zendesk account takes us, and what to do if not; the runtime runs on either way. */
const sayWhoWeAre = Effect.gen(function* () {
  for (const [orgId, { connection, ticketing }] of (yield* ZendeskAccounts).all) {
    yield* ticketing.verify.pipe(
      Effect.matchEffect({
        onSuccess: ({ name }) =>
          Effect.logInfo(`Zendesk account "${connection.subdomain}" of ${orgId}: connected as ${name}`),
        onFailure: (error) =>
          Effect.logError(
            `Zendesk account "${connection.subdomain}" of ${orgId} cannot be used`,
            error.message,
          ),
      }),
    )
  }
})

/** What goes on in the background. Ends only with a failure, when the process should be started again. */
export const background = Effect.gen(function* () {
  const { config } = yield* Settings
  const sync = yield* Sync
  const engine = yield* Engine
  yield* Effect.forkScoped(sayWhoWeAre)
  yield* Effect.forkScoped(sync.schedule)
  yield* Effect.forkScoped((yield* Schedules).schedule)
  yield* Effect.forkScoped(Reconciler.every(`${config.reconcileSeconds} seconds`))
  yield* Effect.forkScoped(Effect.repeat(upkeep, Schedule.spaced("6 hours")))
  yield* Effect.forkScoped(Effect.repeat(measure, Schedule.spaced("15 seconds")))
  return yield* engine.untilBroken
  // Scoped: a stop waits until each of them has stopped, before the database is closed under them.
}).pipe(Effect.scoped)
