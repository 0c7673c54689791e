import type { ThreadKey, ThreadScope } from "@opencx/core"
import type { Database } from "../sql/Database.ts"
import { keyOf } from "../sql/keys.ts"

/** Sets a thread's reply address; also part of the conversation store's transaction. */
export const upsertAddress = (
  { sql }: Database,
  scope: ThreadScope,
  input: { readonly key: ThreadKey; readonly address: string; readonly now: number },
) => sql`
  INSERT INTO opencx_threads ${sql.insert({
    org_id: scope.orgId,
    account_id: scope.accountId,
    thread_key: keyOf(input.key),
    name: input.key,
    address: input.address,
    updated_at: input.now,
  })} ON CONFLICT (org_id, account_id, thread_key)
  DO UPDATE SET address = excluded.address, updated_at = excluded.updated_at`
