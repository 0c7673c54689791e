import type { Migration } from "./Migration.ts"

/**
 * What sources listed, and who syncs them when. A listing has a row per article and language, drafts included: a run marks
 * what it saw, so that what it did not see is found without holding anything in memory.
 */
export const sources: Migration = {
  id: 5,
  name: "sources",
  statements: ({ int64, keyTable }) => [
    `CREATE TABLE opencx_source_items (
      org_id TEXT NOT NULL, source_id TEXT NOT NULL, lookup TEXT NOT NULL, key TEXT NOT NULL, shelf TEXT NOT NULL,
      state TEXT NOT NULL, mark TEXT NOT NULL, updated_at ${int64} NOT NULL, run ${int64} NOT NULL,
      PRIMARY KEY (org_id, source_id, lookup)
    ) ${keyTable}`,
    `CREATE TABLE opencx_source_runs (
      org_id TEXT NOT NULL, source_id TEXT NOT NULL, holder TEXT, held_until ${int64} NOT NULL, last_at ${int64},
      retry_at ${int64} NOT NULL, failures INTEGER NOT NULL,
      PRIMARY KEY (org_id, source_id)
    ) ${keyTable}`,
  ],
}
