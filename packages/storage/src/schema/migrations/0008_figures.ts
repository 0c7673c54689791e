import type { Migration } from "./Migration.ts"

/**
 * What came of each session, for reports. `outcome` is null for sessions of earlier releases until somebody asks; the rest
 * of the row means nothing then.
 */
export const figures: Migration = {
  id: 8,
  name: "figures",
  statements: () => [
    `ALTER TABLE opencx_sessions ADD COLUMN channel TEXT`,
    `ALTER TABLE opencx_sessions ADD COLUMN outcome TEXT`,
    `ALTER TABLE opencx_sessions ADD COLUMN escalation TEXT`,
    ...[
      "abstained",
      "human_spoke",
      "answers",
      "thumbs_up",
      "thumbs_down",
      "drafted",
      "undrafted",
      "drafts_kept",
      "drafts_edited",
      "drafts_unused",
    ].map((column) => `ALTER TABLE opencx_sessions ADD COLUMN ${column} INTEGER NOT NULL DEFAULT 0`),
    `ALTER TABLE opencx_sessions ADD COLUMN csat INTEGER`,
    `CREATE INDEX opencx_sessions_created ON opencx_sessions (org_id, created_at)`,
    `CREATE INDEX opencx_sessions_uncounted ON opencx_sessions (org_id, created_at) WHERE outcome IS NULL`,
  ],
}
