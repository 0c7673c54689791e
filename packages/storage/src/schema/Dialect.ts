/** The few words in which our SQLite and our Postgres differ. */
import type { SqlClient } from "effect/sql"

export interface Dialect {
  readonly name: "sqlite" | "postgres"
  /** 64-bit integers: milliseconds, counters. */
  readonly int64: string
  readonly bytes: string
  /** A column definition: numbered by the database in the order of insertion, and the primary key. */
  readonly serialKey: string
  /** Ends a `CREATE TABLE`. SQLite checks column types only in STRICT tables. */
  readonly table: string
  /** The same for tables that are looked up by their primary key alone. */
  readonly keyTable: string
}

const sqlite: Dialect = {
  name: "sqlite",
  int64: "INTEGER",
  bytes: "BLOB",
  serialKey: "INTEGER PRIMARY KEY AUTOINCREMENT",
  table: "STRICT",
  keyTable: "STRICT, WITHOUT ROWID",
}

const postgres: Dialect = {
  name: "postgres",
  int64: "BIGINT",
  bytes: "BYTEA",
  serialKey: "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
  table: "",
  keyTable: "",
}

export const dialectOf = (sql: SqlClient.SqlClient): Dialect =>
  sql.onDialectOrElse({ pg: () => postgres, orElse: () => sqlite })
