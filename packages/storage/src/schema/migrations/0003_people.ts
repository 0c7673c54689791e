import type { Migration } from "./Migration.ts"

/** Merged contacts, opt-outs, and sessions by their live chat. */
export const people: Migration = {
  id: 3,
  name: "people",
  statements: ({ int64, keyTable }) => [
    `ALTER TABLE opencx_sessions ADD COLUMN chat_id TEXT`,
    `CREATE INDEX opencx_sessions_chat ON opencx_sessions (org_id, chat_id, created_at) WHERE chat_id IS NOT NULL`,
    `ALTER TABLE opencx_contacts ADD COLUMN merged_into TEXT`,
    `CREATE INDEX opencx_contacts_merged ON opencx_contacts (org_id, merged_into) WHERE merged_into IS NOT NULL`,
    `CREATE INDEX opencx_contact_identities_contact ON opencx_contact_identities (contact_id)`,
    `CREATE TABLE opencx_consents (
      org_id TEXT NOT NULL, account_id TEXT NOT NULL, thread_key TEXT NOT NULL, opted_out INTEGER NOT NULL,
      word TEXT NOT NULL, at ${int64} NOT NULL,
      PRIMARY KEY (org_id, account_id, thread_key)
    ) ${keyTable}`,
  ],
}
