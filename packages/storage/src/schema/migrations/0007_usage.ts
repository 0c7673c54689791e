import type { Migration } from "./Migration.ts"

/** What sessions have used of language models, and how far feeds of other systems were read. One row each, changed in place. */
export const usage: Migration = {
  id: 7,
  name: "usage",
  statements: ({ int64, keyTable }) => [
    `CREATE TABLE opencx_tokens (
      org_id TEXT NOT NULL, session_id TEXT NOT NULL, spent ${int64} NOT NULL,
      PRIMARY KEY (org_id, session_id)
    ) ${keyTable}`,
    `CREATE TABLE opencx_bookmarks (
      org_id TEXT NOT NULL, feed TEXT NOT NULL, place TEXT NOT NULL,
      PRIMARY KEY (org_id, feed)
    ) ${keyTable}`,
  ],
}
