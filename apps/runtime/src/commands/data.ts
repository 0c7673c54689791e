/** Commands that work on the data: with the configuration, and beside a runtime that is up. */
import { OrgId } from "@opencx/core"
import { Effect, Option } from "effect"
import { Flag } from "effect/cli"
import { loadConfig } from "../config/load.ts"
import type { RuntimeConfig } from "../config/RuntimeConfig.ts"
import type { Database } from "../layers/Database.ts"
import type { Settings } from "../layers/Settings.ts"
import { onData } from "../operate/onData.ts"
import { environment } from "./environment.ts"

/** The configuration that a command is to use. */
export const configured = (file: Option.Option<string>) =>
  loadConfig(Option.getOrUndefined(file), environment)

/** Runs something on the database of a configuration, which is closed afterwards. */
export const withData = <A, E, R>(
  file: Option.Option<string>,
  use: (config: RuntimeConfig) => Effect.Effect<A, E, R | Database | Settings>,
) => Effect.flatMap(configured(file), (config) => onData(config, use(config)))

export const orgFlag = Flag.String("org").pipe(
  Flag.withSchema(OrgId),
  Flag.withDescription("Only this organization"),
  Flag.optional,
)

export const limitFlag = (count: number) =>
  Flag.Int("limit").pipe(Flag.withDescription("At most so many"), Flag.withDefault(count))
