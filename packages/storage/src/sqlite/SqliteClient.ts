/** Effect's `SqlClient` over `node:sqlite`: one connection, one writer, statements in turn. */
import { ahead, Urgency } from "@opencx/core"
import { Duration, Effect, Layer, type Scope, Semaphore } from "effect"
import { Reactivity } from "effect/reactivity"
import { SqlClient, type SqlError, Statement } from "effect/sql"
import { BusyWait } from "./BusyWait.ts"
import { openDatabase } from "./openDatabase.ts"
import { SqliteConnection, TransactionConnection } from "./SqliteConnection.ts"
import type { SqliteOptions } from "./SqliteOptions.ts"
import { StatementCache } from "./StatementCache.ts"

type Acquirers = ReturnType<typeof SqlClient.makeSqliteAcquirers<SqliteConnection>>

/**
 * The connection is lent in turn. What is not urgent waits in a line of its own, of which only the first stands in the line
 * for the connection: so what is urgent has at most one of them before it, and nobody waits for ever. Whoever has it goes
 * on ahead of other fibers: all the rest wait for it.
 */
const urgentFirst = (lend: Acquirers): Acquirers => {
  const others = Semaphore.makeUnsafe(1)
  const lease: Acquirers["acquirer"] = Effect.flatMap(Effect.service(Urgency), (urgent) =>
    urgent ? lend.acquirer : Effect.andThen(others.takeScoped(1), lend.acquirer),
  )
  return {
    ...lend,
    acquirer: lease,
    transactionAcquirer: lease,
    borrower: (use) =>
      Effect.flatMap(Effect.service(Urgency), (urgent) =>
        ahead(urgent ? lend.borrower(use) : others.withPermit(lend.borrower(use))),
      ),
  }
}

const transactionsAhead =
  ({ withTransaction }: SqlClient.SqlClient): SqlClient.SqlClient["withTransaction"] =>
  (self) =>
    ahead(withTransaction(self))

const beginImmediate = "BEGIN IMMEDIATE"

/** Opens the database and builds the client. Fails with a `ConnectionError` that names the file and what is wrong. */
export const make = Effect.fnUntraced(function* (
  options: SqliteOptions,
): Effect.fn.Return<SqlClient.SqlClient, SqlError.SqlError, Scope.Scope | Reactivity.Reactivity> {
  const busy = new BusyWait(Duration.fromInputUnsafe(options.busyWait ?? "5 seconds"))
  const db = yield* openDatabase(options, busy)
  const cache = new StatementCache(db, options.preparedStatements ?? 256)
  const connection = new SqliteConnection({ db, cache, busy })
  const acquirers = urgentFirst(
    SqlClient.makeSqliteAcquirers({
      connection: Effect.succeed(connection),
      semaphore: Semaphore.makeUnsafe(1),
      isTransaction: (conn) => conn.inTransaction,
    }),
  )
  const client = yield* SqlClient.make({
    ...acquirers,
    transactionAcquirer: Effect.map(
      acquirers.transactionAcquirer,
      (conn) => new TransactionConnection(conn, beginImmediate),
    ),
    isTransaction: () => db.isTransaction,
    onCommitFailure: () => acquirers.onCommitFailure(connection),
    driver: "node:sqlite",
    compiler: Statement.makeCompilerSqlite(),
    beginTransaction: beginImmediate,
    prepareTransactionControls: true,
    releaseSavepoint: (name) => `RELEASE SAVEPOINT ${name}`,
    spanAttributes: [["db.system.name", "sqlite"]],
  })
  return Object.assign(client, { withTransaction: transactionsAhead(client) })
})

/**
 * The embedded database. One process should own a data directory; a second one is waited for at its locks, but never
 * at the price of this one's event loop.
 */
export const layer = (options: SqliteOptions): Layer.Layer<SqlClient.SqlClient, SqlError.SqlError> =>
  Layer.effect(SqlClient.SqlClient, make(options)).pipe(Layer.provide(Reactivity.layer))
