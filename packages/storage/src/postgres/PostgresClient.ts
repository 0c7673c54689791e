/** Postgres, with limits on everything that could wait for ever. */
import { PgClient } from "@effect/sql-pg"
import { Duration, type Layer, Redacted } from "effect"
import type { SqlClient, SqlError } from "effect/sql"

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`, with `?sslmode=…` as libpq has it. */
  readonly url: Redacted.Redacted<string> | string
  /** Default: 10. Each process has its own pool: keep the sum below the server's `max_connections`. */
  readonly maxConnections?: number | undefined
  /** How long a new connection may take. Default: 3 seconds. */
  readonly connectTimeout?: Duration.Input | undefined
  /** How long the server works on one statement, or waits for one lock. Default: 5 seconds. */
  readonly statementTimeout?: Duration.Input | undefined
  /** How long an unused connection is kept. Default: 1 minute. */
  readonly idleTimeout?: Duration.Input | undefined
  /** Shown in `pg_stat_activity`. Default: `opencx`. */
  readonly applicationName?: string | undefined
}

/** Larger than any blob, whose default limit is 64 MiB: the driver refuses longer answers. */
const maxMessageSize = 130 * 1024 * 1024

const milliseconds = (input: Duration.Input): string => String(Duration.toMillis(Duration.fromInputUnsafe(input)))

/**
 * A pool of connections. It is built without a server; a statement fails with a `ConnectionError` while there is none,
 * and works again when it is back.
 */
export const layer = (
  options: PostgresOptions,
): Layer.Layer<PgClient.PgClient | SqlClient.SqlClient, SqlError.SqlError> => {
  const statementTimeout = milliseconds(options.statementTimeout ?? "5 seconds")
  return PgClient.layer({
    url: typeof options.url === "string" ? Redacted.make(options.url) : options.url,
    maxConnections: options.maxConnections ?? 10,
    connectTimeout: options.connectTimeout ?? "3 seconds",
    idleTimeout: options.idleTimeout ?? "1 minute",
    applicationName: options.applicationName ?? "opencx",
    keepAlive: "10 seconds",
    maxMessageSize,
    startupParameters: {
      statement_timeout: statementTimeout,
      lock_timeout: statementTimeout,
      idle_in_transaction_session_timeout: "15000",
    },
  })
}
