import type { Migration } from "./Migration.ts"

/**
 * Sessions, timelines, work orders, event keys. `body` columns are JSON as text: Postgres' `jsonb` refuses the
 * character U+0000, which customers do send.
 */
export const conversations: Migration = {
  id: 1,
  name: "conversations",
  statements: ({ int64, serialKey, table, keyTable }) => [
    `CREATE TABLE opencx_events (
      lane TEXT NOT NULL, event_key TEXT NOT NULL, at ${int64} NOT NULL,
      PRIMARY KEY (lane, event_key)
    ) ${keyTable}`,
    `CREATE INDEX opencx_events_at ON opencx_events (at)`,
    `CREATE TABLE opencx_sessions (
      id TEXT NOT NULL PRIMARY KEY, org_id TEXT NOT NULL, lane TEXT NOT NULL, contact_id TEXT NOT NULL,
      state TEXT NOT NULL, closed INTEGER NOT NULL, ticket_id TEXT, watched INTEGER NOT NULL,
      created_at ${int64} NOT NULL, updated_at ${int64} NOT NULL, seen_at ${int64} NOT NULL, body TEXT NOT NULL
    ) ${table}`,
    `CREATE INDEX opencx_sessions_lane ON opencx_sessions (lane, closed, created_at)`,
    `CREATE INDEX opencx_sessions_updated ON opencx_sessions (org_id, updated_at)`,
    `CREATE INDEX opencx_sessions_contact ON opencx_sessions (org_id, contact_id, closed)`,
    `CREATE INDEX opencx_sessions_ticket ON opencx_sessions (org_id, ticket_id) WHERE ticket_id IS NOT NULL`,
    `CREATE INDEX opencx_sessions_watched ON opencx_sessions (org_id, seen_at) WHERE watched = 1`,
    `CREATE TABLE opencx_entries (
      session_id TEXT NOT NULL REFERENCES opencx_sessions (id), seq INTEGER NOT NULL, org_id TEXT NOT NULL,
      at ${int64} NOT NULL, tag TEXT NOT NULL, delivery_id TEXT, body TEXT NOT NULL,
      PRIMARY KEY (session_id, seq)
    ) ${keyTable}`,
    `CREATE INDEX opencx_entries_delivery ON opencx_entries (delivery_id) WHERE delivery_id IS NOT NULL`,
    `CREATE TABLE opencx_work (
      position ${serialKey}, id TEXT NOT NULL UNIQUE, org_id TEXT NOT NULL, lane TEXT NOT NULL,
      session_id TEXT NOT NULL, queue TEXT NOT NULL, task TEXT NOT NULL, status TEXT NOT NULL,
      epoch INTEGER NOT NULL, attempts INTEGER NOT NULL, step TEXT, outcome TEXT, last_error TEXT,
      not_before ${int64}, created_at ${int64} NOT NULL, updated_at ${int64} NOT NULL
    ) ${table}`,
    `CREATE INDEX opencx_work_pending ON opencx_work (session_id, position) WHERE status = 'pending'`,
    `CREATE INDEX opencx_work_idle ON opencx_work (updated_at) WHERE status = 'pending'`,
    `CREATE INDEX opencx_work_dead ON opencx_work (updated_at) WHERE status = 'dead'`,
    `CREATE INDEX opencx_work_finished ON opencx_work (updated_at) WHERE status IN ('done', 'discarded')`,
    `CREATE TABLE opencx_probe (id INTEGER NOT NULL PRIMARY KEY, stamp TEXT NOT NULL) ${table}`,
  ],
}
