/**
 * One process per database: two engines on one journal would do everything twice. The lock is the database's own, so it
 * is gone the moment the process is, however it ended.
 */
import { Context, Deferred, Effect, Layer, Schedule, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"

/** Another process has the database. */
export class AlreadyRunning extends Schema.TaggedError<AlreadyRunning>("@opencx/storage/AlreadyRunning")(
  "AlreadyRunning",
  { detail: Schema.String, hint: Schema.String },
) {
  override get message(): string {
    return `${this.detail} ${this.hint}`
  }
}

/** Held for as long as its layer lives. */
export class OnlyProcess extends Context.Service<OnlyProcess, { readonly held: true }>()(
  "@opencx/storage/exclusive/OnlyProcess",
) {}

const hint =
  "Stop it first, or start with --wait to take over when it stops; one runtime per database is supported."

/** For the embedded database: a write lock on a small file beside it. */
export const layerDirectory = (directory: string): Layer.Layer<OnlyProcess, AlreadyRunning> =>
  Layer.effect(
    OnlyProcess,
    Effect.as(
      Effect.acquireRelease(
        Effect.try({
          try: () => {
            mkdirSync(directory, { recursive: true, mode: 0o700 })
            const lock = new DatabaseSync(join(directory, "opencx.lock"), { timeout: 2_000 })
            lock.exec("BEGIN EXCLUSIVE")
            return lock
          },
          catch: () => new AlreadyRunning({ detail: `Another OpenCX process uses ${directory}.`, hint }),
        }),
        (lock) => Effect.sync(() => lock.close()),
      ),
      OnlyProcess.of({ held: true }),
    ),
  )

/** Any number that nobody else uses for advisory locks in this database: "opencx" in ASCII. */
const lockNumber = 122_524_639_847_288

const decodeLocked = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ locked: Schema.Boolean })))

const taken = new AlreadyRunning({ detail: "Another OpenCX process uses this Postgres database.", hint })

/** Takes the lock with one connection and keeps both, until either is lost. */
const hold = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  first: Deferred.Deferred<void, AlreadyRunning>,
) {
  const connection = yield* sql.reserve
  const ask = connection
    .executeUnprepared(`SELECT pg_try_advisory_lock(${lockNumber}) AS locked`, [], undefined)
    .pipe(Effect.flatMap(decodeLocked))
  const [row] = yield* ask
  if (row?.locked !== true) return yield* taken
  yield* Deferred.succeed(first, undefined)
  // The same session may take its lock again: an answer means that it still has it.
  return yield* Effect.repeat(ask, Schedule.spaced("5 seconds"))
}, Effect.scoped)

/** For Postgres: an advisory lock of one connection. When that connection is lost, the lock is taken again. */
export const layerPostgres: Layer.Layer<OnlyProcess, AlreadyRunning, SqlClient.SqlClient> = Layer.effect(
  OnlyProcess,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const first = yield* Deferred.make<void, AlreadyRunning>()
    const refused = (error: { readonly message: string }) =>
      error instanceof AlreadyRunning
        ? error
        : new AlreadyRunning({ detail: error.message, hint: "Is the server up?" })
    yield* hold(sql, first).pipe(
      Effect.tapError((error) => Deferred.fail(first, refused(error))),
      Effect.tapError((error) =>
        Effect.logWarning("The lock of this database was lost; taking it again", error.message),
      ),
      Effect.retry(Schedule.spaced("5 seconds")),
      Effect.forkScoped,
    )
    yield* Deferred.await(first)
    return OnlyProcess.of({ held: true })
  }),
)
