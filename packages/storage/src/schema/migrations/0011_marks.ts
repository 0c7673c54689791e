import type { Migration } from "./Migration.ts"

/**
 * When each webhook was last heard of, and whom we were told to forget. `mark` is a digest of a contact's id, which is
 * random: it says of a contact that comes back with an old database that it was erased, and nothing of anybody else.
 */
export const marks: Migration = {
  id: 11,
  name: "marks",
  statements: ({ int64, keyTable }) => [
    `CREATE TABLE opencx_hooks_seen (
      org_id TEXT NOT NULL, hook TEXT NOT NULL, at ${int64} NOT NULL,
      PRIMARY KEY (org_id, hook)
    ) ${keyTable}`,
    `CREATE TABLE opencx_erasures (
      org_id TEXT NOT NULL, mark TEXT NOT NULL, at ${int64} NOT NULL,
      PRIMARY KEY (org_id, mark)
    ) ${keyTable}`,
  ],
}
