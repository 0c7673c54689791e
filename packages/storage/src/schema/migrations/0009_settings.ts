import type { Migration } from "./Migration.ts"

/**
 * Organizations that are configured through the API, one document each, and who changed what. A removed organization keeps
 * its row: its conversations are still there, and the version of a new one under the same id must not look like an old one.
 */
export const settings: Migration = {
  id: 9,
  name: "settings",
  statements: ({ int64, keyTable, serialKey, table }) => [
    `CREATE TABLE opencx_organizations (
      org_id TEXT NOT NULL PRIMARY KEY, version ${int64} NOT NULL, removed INTEGER NOT NULL,
      updated_at ${int64} NOT NULL, body TEXT NOT NULL
    ) ${keyTable}`,
    `CREATE TABLE opencx_audit (
      position ${serialKey}, org_id TEXT NOT NULL, at ${int64} NOT NULL, actor TEXT NOT NULL, actor_name TEXT NOT NULL,
      action TEXT NOT NULL, target TEXT NOT NULL, changes TEXT NOT NULL
    ) ${table}`,
    `CREATE INDEX opencx_audit_org ON opencx_audit (org_id, position)`,
  ],
}
