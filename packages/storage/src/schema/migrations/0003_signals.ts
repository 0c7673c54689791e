import type { Migration } from "./Migration.ts"

/**
 * Signals of the help desk. `handed_on` is 1 once a lane has it; rows stay for their keys until they are purged. Both are
 * found without an index of their own: what waits by the partial one, what is old by position, which grows with time.
 */
export const signals: Migration = {
  id: 3,
  name: "signals",
  statements: ({ int64, serialKey, table }) => [
    `CREATE TABLE opencx_signals (
      position ${serialKey}, org_id TEXT NOT NULL, signal_key TEXT NOT NULL, ticket_id TEXT NOT NULL,
      session_id TEXT, status_hint TEXT, at ${int64} NOT NULL, handed_on INTEGER NOT NULL DEFAULT 0,
      UNIQUE (org_id, signal_key)
    ) ${table}`,
    `CREATE INDEX opencx_signals_waiting ON opencx_signals (position) WHERE handed_on = 0`,
  ],
}
