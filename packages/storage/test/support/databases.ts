/** The databases that the suites run on. */
import { MasterKeys, Migrations, Postgres, type PostgresOptions, Sqlite, Stores } from "@opencx/storage"
import { Layer } from "effect"
import type { SqlClient } from "effect/sql"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

export const testKey = MasterKeys.layerFromBytes(new Uint8Array(32).fill(7))

/** All stores over some SQL client, with the schema made first; the client stays visible. */
export const withStores = <E, R>(client: Layer.Layer<SqlClient.SqlClient, E, R>) =>
  Stores.layer().pipe(
    Layer.provide(testKey),
    Layer.provideMerge(Migrations.layer),
    Layer.provideMerge(client),
  )

export const sqliteStores = (directory: string) => withStores(Sqlite.layer({ directory }))

export const postgresStores = (url: string, options: Omit<PostgresOptions, "url"> = {}) =>
  withStores(Postgres.layer({ url, maxConnections: 5, ...options }))

/** A directory of its own under the system's temporary one, and how to remove it. */
export const temporaryDirectory = () => {
  const path = mkdtempSync(join(tmpdir(), "opencx-storage-"))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
