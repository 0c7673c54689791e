/** Postgres, with limits on everything that could wait for ever. */
import { PgClient } from "@effect/sql-pg"
import { Duration, type Layer, Redacted } from "effect"
import type { SqlClient, SqlError } from "effect/sql"
import type { ConnectionOptions } from "node:tls"
import { watchedSockets } from "./WatchedSocket.ts"

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`, with `?sslmode=…` as libpq has it. */
  readonly url: Redacted.Redacted<string> | string
  /** Node's TLS options, for a certificate authority of one's own; otherwise the URL's `sslmode` decides. */
  readonly ssl?: boolean | ConnectionOptions | undefined
  /** Default: 10. Each process has its own pool: keep the sum below the server's `max_connections`. */
  readonly maxConnections?: number | undefined
  /** How long a new connection may take. Default: 3 seconds. */
  readonly connectTimeout?: Duration.Input | undefined
  /** How long the server works on one statement, or waits for one lock. Default: 5 seconds. */
  readonly statementTimeout?: Duration.Input | undefined
  /** How long the server may be silent before its connection is given up. Default: the statement timeout and 3 seconds. */
  readonly answerTimeout?: Duration.Input | undefined
  /** How long an unused connection is kept. Default: 1 minute. */
  readonly idleTimeout?: Duration.Input | undefined
  /** Shown in `pg_stat_activity`. Default: `opencx`. */
  readonly applicationName?: string | undefined
}

/** Larger than any blob, whose default limit is 64 MiB: the driver refuses longer answers. */
const maxMessageSize = 130 * 1024 * 1024

const milliseconds = (input: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(input))

/**
 * A pool of connections. It is built without a server; a statement fails with a `ConnectionError` while there is none,
 * and works again when it is back.
 */
export const layer = (
  options: PostgresOptions,
): Layer.Layer<PgClient.PgClient | SqlClient.SqlClient, SqlError.SqlError> => {
  const url = typeof options.url === "string" ? Redacted.make(options.url) : options.url
  const statementMs = milliseconds(options.statementTimeout ?? "5 seconds")
  const answerMs =
    options.answerTimeout === undefined ? statementMs + 3000 : milliseconds(options.answerTimeout)
  return PgClient.layer({
    url,
    ssl: options.ssl,
    stream: watchedSockets(Redacted.value(url), answerMs),
    maxConnections: options.maxConnections ?? 10,
    connectTimeout: options.connectTimeout ?? "3 seconds",
    idleTimeout: options.idleTimeout ?? "1 minute",
    applicationName: options.applicationName ?? "opencx",
    maxMessageSize,
    startupParameters: {
      statement_timeout: String(statementMs),
      lock_timeout: String(statementMs),
      idle_in_transaction_session_timeout: "15000",
    },
  })
}
