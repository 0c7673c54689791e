/** What every repository stands on: the SQL client, with all its failures turned into `StoreError`. */
import { StoreError } from "@opencx/core"
import { Cause, type Duration, Effect, type Schema } from "effect"
import { SqlClient, SqlError } from "effect/sql"
import { explainSql } from "./explain.ts"

type Failure = SqlError.SqlError | Schema.SchemaError | StoreError

export interface Database {
  readonly sql: SqlClient.SqlClient
  /** Runs statements of one operation; `operation` is named in the error. */
  readonly run: (
    operation: string,
  ) => <A, R>(effect: Effect.Effect<A, Failure, R>) => Effect.Effect<A, StoreError, R>
  /** The same in one transaction. It is tried again when the database broke it off in favour of another one. */
  readonly transaction: (
    operation: string,
  ) => <A, R>(effect: Effect.Effect<A, Failure, R>) => Effect.Effect<A, StoreError, R>
}

/** A server that takes statements and never answers is given up after this; the statement timeout is shorter. */
const answerWithin: Duration.Input = "6 seconds"

const retriesAfterConflict = 3

/** Customers' words can be in a decoding error, so only the fact is told. */
const unreadable =
  "a stored row does not fit this release: it was written by another one, or the database is damaged"

const detailOf = (failure: unknown): string | undefined => {
  if (SqlError.isSqlError(failure)) return explainSql(failure)
  if (failure instanceof StoreError) return failure.detail
  return undefined
}

const fail = (operation: string, detail: string) => new StoreError({ operation, detail })

const isSchemaError = (failure: Failure): failure is Schema.SchemaError => failure._tag === "SchemaError"

/**
 * A failed rollback after a lost connection comes as a defect: it, too, is only the database that is gone. Real defects
 * stay what they are, and an interruption stays an interruption.
 */
const asStoreError =
  (operation: string) =>
  (cause: Cause.Cause<Failure>): Effect.Effect<never, StoreError> => {
    const rest: Array<Cause.Reason<StoreError>> = []
    const details = new Set<string>()
    for (const reason of cause.reasons) {
      if (Cause.isFailReason(reason)) {
        details.add(isSchemaError(reason.error) ? unreadable : (detailOf(reason.error) ?? unreadable))
      } else if (Cause.isDieReason(reason)) {
        const detail = detailOf(reason.defect)
        if (detail === undefined) rest.push(reason)
        else details.add(detail)
      } else {
        rest.push(reason)
      }
    }
    return rest.length > 0 || details.size === 0
      ? Effect.failCause(Cause.fromReasons(rest))
      : Effect.fail(fail(operation, [...details].join("; ")))
  }

const lostToAnother = (failure: Failure): boolean =>
  SqlError.isSqlError(failure) &&
  (failure.reason._tag === "DeadlockError" || failure.reason._tag === "SerializationError")

const within = (sql: SqlClient.SqlClient, operation: string) => {
  const limit = <A, R>(effect: Effect.Effect<A, Failure, R>): Effect.Effect<A, Failure, R> =>
    Effect.timeoutOrElse(effect, {
      duration: answerWithin,
      orElse: () => Effect.fail(fail(operation, "the database did not answer in time")),
    })
  const unlimited = <A, R>(effect: Effect.Effect<A, Failure, R>): Effect.Effect<A, Failure, R> => effect
  // SQLite is in this process, and its waiting for locks is limited by the client.
  return sql.onDialectOrElse({ pg: () => limit, orElse: () => unlimited })
}

export const makeDatabase = (sql: SqlClient.SqlClient): Database => {
  const run: Database["run"] = (operation) => (effect) =>
    Effect.catchCause(within(sql, operation)(effect), asStoreError(operation))
  const transaction: Database["transaction"] = (operation) => (effect) =>
    run(operation)(
      Effect.retry(sql.withTransaction(effect), { times: retriesAfterConflict, while: lostToAnother }),
    )
  return { sql, run, transaction }
}

/** Builds a repository's `Database` from the SQL client in the context. */
export const database: Effect.Effect<Database, never, SqlClient.SqlClient> = Effect.map(
  SqlClient.SqlClient,
  makeDatabase,
)
