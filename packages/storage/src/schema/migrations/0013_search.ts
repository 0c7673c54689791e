import type { Migration } from "./Migration.ts"

/**
 * For finding sessions among very many: by channel, by state, by tag. Tags stand in timelines too; here each is once for each
 * session that has it. What earlier releases wrote is taken over: the channel from the lane, tags from confirmed handoffs.
 */
export const search: Migration = {
  id: 13,
  name: "search",
  statements: ({ keyTable, name }) => [
    `CREATE TABLE opencx_session_tags (
      org_id TEXT NOT NULL, tag TEXT NOT NULL, session_id TEXT NOT NULL,
      PRIMARY KEY (org_id, tag, session_id)
    ) ${keyTable}`,
    `CREATE INDEX opencx_session_tags_session ON opencx_session_tags (session_id)`,
    ...(name === "postgres"
      ? [
          `UPDATE opencx_sessions SET channel = split_part(lane, '|', 2) WHERE channel IS NULL AND lane NOT LIKE 'sha256:%'`,
          // Cut out first: Postgres' JSON refuses the character U+0000, which the rest of an entry may hold.
          `INSERT INTO opencx_session_tags (org_id, tag, session_id)
            SELECT DISTINCT e.org_id, t.tag, e.session_id FROM opencx_entries e,
              json_array_elements_text(substring(e.body from '"tags":(\\["[^"\\\\]+"(?:,"[^"\\\\]+")*\\])')::json) AS t (tag)
            WHERE e.tag = 'HandoffConfirmed'`,
        ]
      : [
          `UPDATE opencx_sessions SET channel = json_extract(body, '$.channel') WHERE channel IS NULL`,
          `INSERT INTO opencx_session_tags (org_id, tag, session_id)
            SELECT DISTINCT e.org_id, t.value, e.session_id FROM opencx_entries e, json_each(e.body, '$.tags') t
            WHERE e.tag = 'HandoffConfirmed'`,
        ]),
    `CREATE INDEX opencx_sessions_channel ON opencx_sessions (org_id, channel, updated_at)`,
    `CREATE INDEX opencx_sessions_state ON opencx_sessions (org_id, state, updated_at)`,
  ],
}
