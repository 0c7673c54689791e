import type { Migration } from "./Migration.ts"

/** Parts of deliveries that are on their way or out: what a try after a crash must not send again. */
export const parts: Migration = {
  id: 6,
  name: "parts",
  statements: ({ int64, keyTable }) => [
    `CREATE TABLE opencx_delivery_parts (
      org_id TEXT NOT NULL, delivery_id TEXT NOT NULL, name TEXT NOT NULL, begun_at ${int64} NOT NULL,
      provider_key TEXT, provider_id TEXT, doubted INTEGER NOT NULL,
      PRIMARY KEY (org_id, delivery_id, name)
    ) ${keyTable}`,
    `CREATE INDEX opencx_delivery_parts_provider ON opencx_delivery_parts (org_id, provider_key)
      WHERE provider_key IS NOT NULL`,
    `CREATE INDEX opencx_delivery_parts_begun ON opencx_delivery_parts (begun_at)`,
  ],
}
