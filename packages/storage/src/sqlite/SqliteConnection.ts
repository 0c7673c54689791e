/** Statements on one `node:sqlite` database, as Effect's SQL client wants them. */
import { Context, Effect, Stream } from "effect"
import { SafeIntegers } from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import { ConnectionError, SqlError } from "effect/sql/SqlError"
import type { DatabaseSync, SQLOutputValue } from "node:sqlite"
import { bindValue } from "./bind.ts"
import type { Attempt, BusyWait } from "./BusyWait.ts"
import { isBusy, sqliteError } from "./classify.ts"
import type { Prepared, StatementCache } from "./StatementCache.ts"

type Row = Record<string, SQLOutputValue>
type Transform = (<A extends object>(rows: ReadonlyArray<A>) => ReadonlyArray<A>) | undefined

const streamChunk = 256

const attempt = <A>(operation: string, run: () => A): Attempt<A> => {
  try {
    return { ok: true, value: run() }
  } catch (cause) {
    return { ok: false, busy: isBusy(cause), error: () => sqliteError(cause, operation) }
  }
}

const asArrays = (rows: ReadonlyArray<Row>): ReadonlyArray<ReadonlyArray<unknown>> =>
  rows.map((row) => (Array.isArray(row) ? row : Object.values(row)))

export interface ConnectionParts {
  readonly db: DatabaseSync
  readonly cache: StatementCache
  readonly busy: BusyWait
}

export class SqliteConnection implements Connection {
  readonly #db: DatabaseSync
  readonly #cache: StatementCache
  readonly #busy: BusyWait

  constructor(parts: ConnectionParts) {
    this.#db = parts.db
    this.#cache = parts.cache
    this.#busy = parts.busy
  }

  get inTransaction(): boolean {
    return this.#db.isTransaction
  }

  #run<A>(prepare: () => Prepared, use: (prepared: Prepared) => A): Effect.Effect<A, SqlError> {
    return Effect.withFiber((fiber) => {
      const bigInts = Context.get(fiber.context, SafeIntegers)
      return this.#busy.run(() =>
        attempt("execute", () => {
          const prepared = prepare()
          prepared.statement.setReadBigInts(bigInts)
          return use(prepared)
        }),
      )
    })
  }

  #rows(
    prepare: () => Prepared,
    params: ReadonlyArray<unknown>,
  ): Effect.Effect<ReadonlyArray<Row>, SqlError> {
    return this.#run(prepare, ({ statement, reads }): ReadonlyArray<Row> => {
      if (reads) return statement.all(...params.map(bindValue))
      statement.run(...params.map(bindValue))
      return []
    })
  }

  #values(prepare: () => Prepared, params: ReadonlyArray<unknown>) {
    return this.#run(prepare, ({ statement, reads }) => {
      if (!reads) {
        statement.run(...params.map(bindValue))
        return []
      }
      statement.setReturnArrays(true)
      try {
        return asArrays(statement.all(...params.map(bindValue)))
      } finally {
        statement.setReturnArrays(false)
      }
    })
  }

  execute(sql: string, params: ReadonlyArray<unknown>, transform: Transform) {
    const rows = this.#rows(() => this.#cache.get(sql), params)
    return transform === undefined ? rows : Effect.map(rows, transform)
  }

  executeUnprepared(sql: string, params: ReadonlyArray<unknown>, transform: Transform) {
    const rows = this.#rows(() => this.#cache.occasional(sql), params)
    return transform === undefined ? rows : Effect.map(rows, transform)
  }

  executeValues(sql: string, params: ReadonlyArray<unknown>) {
    return this.#values(() => this.#cache.get(sql), params)
  }

  executeValuesUnprepared(sql: string, params: ReadonlyArray<unknown>) {
    return this.#values(() => this.#cache.occasional(sql), params)
  }

  /** Rows when there are any to read, else `{ changes, lastInsertRowid }`. */
  executeRaw(sql: string, params: ReadonlyArray<unknown>): Effect.Effect<unknown, SqlError> {
    return this.#run(
      () => this.#cache.get(sql),
      ({ statement, reads }): unknown =>
        reads ? statement.all(...params.map(bindValue)) : statement.run(...params.map(bindValue)),
    )
  }

  /** A statement of its own: a cached one could be restarted by someone else while its rows are still being read. */
  executeStream(sql: string, params: ReadonlyArray<unknown>, transform: Transform) {
    const open = Effect.acquireRelease(
      this.#run(
        () => this.#cache.fresh(sql),
        ({ statement }) => statement.iterate(...params.map(bindValue)),
      ),
      (rows) => Effect.sync(() => rows.return?.()),
    )
    const chunks = (rows: NodeJS.Iterator<Row>) =>
      Stream.unfold(false, (done) =>
        done ? Effect.undefined : Effect.map(this.#nextChunk(rows), (chunk) => [chunk.rows, chunk.done]),
      )
    return Stream.unwrap(Effect.map(open, chunks)).pipe(
      Stream.flatMap((rows) => Stream.fromIterable(transform === undefined ? rows : transform(rows))),
    )
  }

  #nextChunk(rows: NodeJS.Iterator<Row>) {
    return this.#busy.run(() =>
      attempt("stream", () => {
        const chunk: Array<Row> = []
        while (chunk.length < streamChunk) {
          const next = rows.next()
          if (next.done === true) return { rows: chunk, done: true }
          chunk.push(next.value)
        }
        return { rows: chunk, done: false }
      }),
    )
  }
}

const lostTransaction = () =>
  new SqlError({
    reason: new ConnectionError({
      cause: "The transaction is gone",
      operation: "execute",
      message: "SQLite rolled this transaction back after an error; nothing more may be written in it",
    }),
  })

/**
 * The connection as a transaction sees it. After a full disk or an I/O error SQLite may roll back by itself, and the
 * statements that follow would then be committed one by one (https://www.sqlite.org/lang_transaction.html §3.1).
 */
export class TransactionConnection implements Connection {
  readonly #connection: SqliteConnection
  readonly #begin: string
  #begun = false

  constructor(connection: SqliteConnection, begin: string) {
    this.#connection = connection
    this.#begin = begin
  }

  get inTransaction(): boolean {
    return this.#connection.inTransaction
  }

  #guard<A>(sql: string, effect: Effect.Effect<A, SqlError>): Effect.Effect<A, SqlError> {
    return Effect.suspend(() => {
      if (sql === this.#begin) {
        return Effect.tap(effect, () => Effect.sync(() => void (this.#begun = true)))
      }
      return this.#begun && !this.#connection.inTransaction && sql !== "ROLLBACK"
        ? Effect.fail(lostTransaction())
        : effect
    })
  }

  execute(sql: string, params: ReadonlyArray<unknown>, transform: Transform) {
    return this.#guard(sql, this.#connection.execute(sql, params, transform))
  }
  executeUnprepared(sql: string, params: ReadonlyArray<unknown>, transform: Transform) {
    return this.#guard(sql, this.#connection.executeUnprepared(sql, params, transform))
  }
  executeValues(sql: string, params: ReadonlyArray<unknown>) {
    return this.#guard(sql, this.#connection.executeValues(sql, params))
  }
  executeValuesUnprepared(sql: string, params: ReadonlyArray<unknown>) {
    return this.#guard(sql, this.#connection.executeValuesUnprepared(sql, params))
  }
  executeRaw(sql: string, params: ReadonlyArray<unknown>) {
    return this.#guard(sql, this.#connection.executeRaw(sql, params))
  }
  executeStream(sql: string, params: ReadonlyArray<unknown>, transform: Transform) {
    return this.#connection.executeStream(sql, params, transform)
  }
}
