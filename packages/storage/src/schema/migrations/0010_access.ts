import type { Migration } from "./Migration.ts"

/**
 * Who may use the API. Nothing in here opens anything: passwords are scrypt digests, and of browser sessions, keys and
 * one-time links only SHA-256 digests are kept. A membership of organization `*` counts in all of them.
 */
export const access: Migration = {
  id: 10,
  name: "access",
  statements: ({ int64, keyTable }) => [
    `CREATE TABLE opencx_users (
      id TEXT NOT NULL PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, password TEXT,
      disabled INTEGER NOT NULL, created_at ${int64} NOT NULL, updated_at ${int64} NOT NULL
    ) ${keyTable}`,
    `CREATE TABLE opencx_user_identities (
      issuer TEXT NOT NULL, subject TEXT NOT NULL, user_id TEXT NOT NULL REFERENCES opencx_users (id),
      PRIMARY KEY (issuer, subject)
    ) ${keyTable}`,
    `CREATE TABLE opencx_memberships (
      user_id TEXT NOT NULL REFERENCES opencx_users (id), org_id TEXT NOT NULL, role TEXT NOT NULL,
      PRIMARY KEY (user_id, org_id)
    ) ${keyTable}`,
    `CREATE INDEX opencx_memberships_org ON opencx_memberships (org_id)`,
    `CREATE TABLE opencx_browser_sessions (
      digest TEXT NOT NULL PRIMARY KEY, user_id TEXT NOT NULL REFERENCES opencx_users (id),
      created_at ${int64} NOT NULL, expires_at ${int64} NOT NULL
    ) ${keyTable}`,
    `CREATE INDEX opencx_browser_sessions_user ON opencx_browser_sessions (user_id)`,
    `CREATE TABLE opencx_api_keys (
      id TEXT NOT NULL PRIMARY KEY, org_id TEXT NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL UNIQUE,
      scopes TEXT NOT NULL, created_at ${int64} NOT NULL, created_by TEXT NOT NULL, expires_at ${int64},
      last_used_at ${int64}, revoked_at ${int64}
    ) ${keyTable}`,
    `CREATE INDEX opencx_api_keys_org ON opencx_api_keys (org_id)`,
    `CREATE TABLE opencx_one_time_tokens (
      digest TEXT NOT NULL PRIMARY KEY, purpose TEXT NOT NULL, subject TEXT NOT NULL, expires_at ${int64} NOT NULL
    ) ${keyTable}`,
    `CREATE TABLE opencx_login_failures (
      subject TEXT NOT NULL PRIMARY KEY, failures INTEGER NOT NULL, last_at ${int64} NOT NULL,
      locked_until ${int64} NOT NULL
    ) ${keyTable}`,
  ],
}
