/** Opens the database file. Node edge: the file system and `node:sqlite` are touched here. */
import { Effect, type Scope } from "effect"
import { ConnectionError, SqlError } from "effect/sql/SqlError"
import { closeSync, mkdirSync, openSync } from "node:fs"
import { dirname, join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import type { BusyWait } from "./BusyWait.ts"
import { isBusy, sqliteError, wordsOf } from "./classify.ts"
import { databaseFileName, type SqliteOptions } from "./SqliteOptions.ts"

const inMemory = ":memory:"

const fileOf = (options: SqliteOptions): string =>
  options.directory === undefined ? options.filename : join(options.directory, databaseFileName)

/** Customers' words are in this file: it, and the WAL beside it that takes over its mode, belong to one user alone. */
const createPrivately = (file: string): void => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  closeSync(openSync(file, "a", 0o600))
}

const cannotOpen = (file: string, cause: unknown) =>
  new SqlError({
    reason: new ConnectionError({
      cause,
      operation: "connect",
      message: `The database ${file} cannot be opened: ${wordsOf(cause)}`,
    }),
  })

const settings = (synchronous: string): string => `
  PRAGMA synchronous = ${synchronous};
  PRAGMA foreign_keys = ON;
  PRAGMA temp_store = MEMORY;
  PRAGMA cache_size = -16000;
  PRAGMA journal_size_limit = 67108864;
  PRAGMA trusted_schema = OFF;
`

const useWal = (db: DatabaseSync, file: string): void => {
  const row = db.prepare("PRAGMA journal_mode = WAL").get()
  if (file !== inMemory && row?.["journal_mode"] !== "wal") {
    throw new Error(
      "its file system does not support SQLite's WAL mode: keep the data directory on a local disk",
    )
  }
}

const open = (file: string): Effect.Effect<DatabaseSync, SqlError, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.try({
      try: () => {
        if (file !== inMemory) createPrivately(file)
        return new DatabaseSync(file, { timeout: 0 })
      },
      catch: (cause) => cannotOpen(file, cause),
    }),
    (db) => Effect.sync(() => db.close()),
  )

/** An open database in WAL mode, closed with the scope. */
export const openDatabase = Effect.fnUntraced(function* (options: SqliteOptions, busy: BusyWait) {
  const file = fileOf(options)
  const db = yield* open(file)
  yield* busy.run(() => {
    try {
      useWal(db, file)
      db.exec(settings(options.synchronous ?? "NORMAL"))
      return { ok: true, value: undefined }
    } catch (cause) {
      const locked = isBusy(cause)
      return {
        ok: false,
        busy: locked,
        error: () => (locked ? sqliteError(cause, "connect") : cannotOpen(file, cause)),
      }
    }
  })
  return db
})
