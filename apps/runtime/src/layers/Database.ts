/** The database that the configuration names, its repositories and its keys. The schema is brought up to date first. */
import type {
  ArticleStore,
  Blobs,
  Bookmarks,
  Consents,
  DeliveryParts,
  ContactRecords,
  Contacts,
  ConversationStore,
  Secrets,
  SessionSearch,
  SignalInbox,
  Threads,
  TokenLedger,
} from "@opencx/core"
import {
  Administration,
  type AdministrationStores,
  ErasureMarks,
  type Erasures,
  Exclusive,
  explainSql,
  Figures,
  HookSightings,
  type HooksSeen,
  Journal,
  type JournalUpkeep,
  type KeyUpkeep,
  KeyUpkeeps,
  type MasterKey,
  MasterKeys,
  Migrations,
  Postgres,
  Sqlite,
  Stores,
  type WorkFigures,
} from "@opencx/storage"
import { Effect, Layer } from "effect"
import { type SqlClient, SqlError } from "effect/sql"
import { ConfigurationError } from "../config/ConfigError.ts"
import { Settings } from "./Settings.ts"

const Connection = Layer.unwrap(
  Effect.gen(function* () {
    const { config } = yield* Settings
    return config.databaseUrl === undefined
      ? Sqlite.layer({
          directory: config.dataDir,
          synchronous: config.durability === "power" ? "FULL" : "NORMAL",
        })
      : Postgres.layer({ url: config.databaseUrl })
  }),
)

const Keys = Layer.unwrap(
  Effect.gen(function* () {
    const { config } = yield* Settings
    return MasterKeys.layer({ directory: config.dataDir })
  }),
)

/** Everything that is kept, and the SQL client that the engine's journal shares with it. */
export type Database =
  | SqlClient.SqlClient
  | MasterKey
  | ConversationStore
  | Consents
  | DeliveryParts
  | Contacts
  | Threads
  | Blobs
  | ArticleStore
  | Secrets
  | SignalInbox
  | TokenLedger
  | Bookmarks
  | SessionSearch
  | ContactRecords
  | KeyUpkeep
  | WorkFigures
  | HooksSeen
  | Erasures
  | JournalUpkeep
  | AdministrationStores

/** Refuses to start beside another runtime on the same data: both would do everything. */
export const OnlyRuntime = Layer.unwrap(
  Effect.gen(function* () {
    const { config } = yield* Settings
    return config.databaseUrl === undefined
      ? Exclusive.layerDirectory(config.dataDir)
      : Exclusive.layerPostgres
  }),
)

/**
 * Waits until no other runtime has this data: for one that is started before its predecessor stops. Nothing of the database
 * is touched meanwhile, its schema neither.
 */
export const untilAlone = Effect.gen(function* () {
  const look = Effect.scoped(Effect.asVoid(Layer.build(OnlyRuntime.pipe(Layer.provide(Connection)))))
  for (let waited = false; ; waited = true) {
    const busy = yield* look.pipe(
      Effect.as(false),
      Effect.catchTag("AlreadyRunning", () => Effect.succeed(true)),
    )
    if (!busy) return
    if (!waited) yield* Effect.logInfo("Another runtime has this data; waiting until it stops")
    yield* Effect.sleep("500 millis")
  }
})

/** Failures that say by themselves what to do get no second advice, which could only mislead. */
const hintFor = (error: object): string => {
  if (!SqlError.isSqlError(error)) return "Nothing was changed."
  return error.message.startsWith("PgConnection")
    ? "Check `databaseUrl` (OPENCX_DATABASE_URL): host, port, name of the database, user, password, `sslmode`; and that the server runs."
    : "Check `dataDir` (OPENCX_DATA_DIR): it must belong to the user that runs OpenCX, on a local disk with free space."
}

export const DatabaseLive: Layer.Layer<Database, ConfigurationError, Settings> = Layer.mergeAll(
  Administration.layer,
  Journal.layer,
  KeyUpkeeps.layer,
  Figures.layer,
  HookSightings.layer,
  ErasureMarks.layer,
).pipe(
  Layer.provideMerge(Stores.layer()),
  Layer.provideMerge(Keys),
  Layer.provideMerge(Migrations.layer),
  Layer.provideMerge(Connection),
  Layer.catch((error): Layer.Layer<Database, ConfigurationError> =>
    Layer.effectContext(
      Effect.fail(
        new ConfigurationError({
          problem: `The database cannot be used: ${SqlError.isSqlError(error) ? explainSql(error) : error.message}`,
          hint: hintFor(error),
        }),
      ),
    ),
  ),
)
