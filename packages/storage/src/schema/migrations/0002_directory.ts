import type { Migration } from "./Migration.ts"

/** Contacts, threads, blobs, articles, secrets. */
export const directory: Migration = {
  id: 2,
  name: "directory",
  statements: ({ int64, bytes, table, keyTable }) => [
    `CREATE TABLE opencx_contacts (
      id TEXT NOT NULL PRIMARY KEY, org_id TEXT NOT NULL, created_at ${int64} NOT NULL, body TEXT NOT NULL
    ) ${table}`,
    `CREATE TABLE opencx_contact_identities (
      org_id TEXT NOT NULL, kind TEXT NOT NULL, match_key TEXT NOT NULL, verified INTEGER NOT NULL,
      contact_id TEXT NOT NULL,
      PRIMARY KEY (org_id, kind, match_key, verified)
    ) ${keyTable}`,
    `CREATE TABLE opencx_threads (
      org_id TEXT NOT NULL, account_id TEXT NOT NULL, thread_key TEXT NOT NULL, name TEXT NOT NULL, address TEXT,
      updated_at ${int64} NOT NULL,
      PRIMARY KEY (org_id, account_id, thread_key)
    ) ${keyTable}`,
    `CREATE TABLE opencx_thread_messages (
      org_id TEXT NOT NULL, account_id TEXT NOT NULL, message_id TEXT NOT NULL, thread_key TEXT NOT NULL,
      PRIMARY KEY (org_id, account_id, thread_key, message_id)
    ) ${keyTable}`,
    `CREATE INDEX opencx_thread_messages_id ON opencx_thread_messages (org_id, account_id, message_id)`,
    `CREATE TABLE opencx_thread_participants (
      org_id TEXT NOT NULL, account_id TEXT NOT NULL, thread_key TEXT NOT NULL, participant TEXT NOT NULL,
      PRIMARY KEY (org_id, account_id, thread_key, participant)
    ) ${keyTable}`,
    `CREATE TABLE opencx_blobs (
      org_id TEXT NOT NULL, id TEXT NOT NULL, bytes ${bytes} NOT NULL, created_at ${int64} NOT NULL,
      PRIMARY KEY (org_id, id)
    ) ${table}`,
    `CREATE TABLE opencx_article_revisions (org_id TEXT NOT NULL PRIMARY KEY, revision ${int64} NOT NULL) ${keyTable}`,
    `CREATE TABLE opencx_articles (
      org_id TEXT NOT NULL, source_id TEXT NOT NULL, lookup TEXT NOT NULL, key TEXT NOT NULL, hash TEXT NOT NULL,
      revision ${int64} NOT NULL, removed INTEGER NOT NULL, body TEXT,
      PRIMARY KEY (org_id, source_id, lookup)
    ) ${table}`,
    `CREATE INDEX opencx_articles_revision ON opencx_articles (org_id, revision)`,
    `CREATE TABLE opencx_source_states (
      org_id TEXT NOT NULL, source_id TEXT NOT NULL, state TEXT NOT NULL,
      PRIMARY KEY (org_id, source_id)
    ) ${keyTable}`,
    `CREATE TABLE opencx_secrets (
      scope TEXT NOT NULL, name TEXT NOT NULL, sealed TEXT NOT NULL, updated_at ${int64} NOT NULL,
      PRIMARY KEY (scope, name)
    ) ${keyTable}`,
  ],
}
