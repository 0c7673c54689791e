/** Work on the data beside a runtime that is up, or without one. */
import { Effect, Layer } from "effect"
import type { RuntimeConfig } from "../config/RuntimeConfig.ts"
import { type Database, DatabaseLive } from "../layers/Database.ts"
import { Settings } from "../layers/Settings.ts"

/** Runs something on the database of a configuration, over a connection of its own that is closed afterwards. */
export const onData = <A, E, R>(config: RuntimeConfig, use: Effect.Effect<A, E, R | Database | Settings>) =>
  Effect.provide(use, DatabaseLive.pipe(Layer.provideMerge(Settings.layer(config))))
