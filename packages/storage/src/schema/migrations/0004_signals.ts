import type { Migration } from "./Migration.ts"

/**
 * Signals of the help desk that no lane has yet. Nothing but the primary key: a row is appended when the signal comes, and
 * deleted a moment later. An index over the keys, which are random, would cost more than all the rest (see AGENTS.md).
 */
export const signals: Migration = {
  id: 4,
  name: "signals",
  statements: ({ serialKey, table }) => [
    `CREATE TABLE opencx_signals (
      position ${serialKey}, org_id TEXT NOT NULL, signal_key TEXT NOT NULL, ticket_id TEXT NOT NULL,
      session_id TEXT, read_status INTEGER NOT NULL
    ) ${table}`,
  ],
}
