/**
 * Marks of contacts that were erased. A mark is a digest of the contact's id, which is a random UUID: nobody finds the id
 * from it by guessing, and whoever holds an older copy of the data can tell whom to erase again. Node edge: `node:crypto`.
 */
import type { ContactId, OrgId } from "@opencx/core"
import { Array as Arr, Effect } from "effect"
import { createHash } from "node:crypto"
import type { Database } from "../sql/Database.ts"

/** `at`: when it was erased, epoch milliseconds. */
export interface ErasureMark {
  readonly orgId: OrgId
  readonly mark: string
  readonly at: number
}

/** Rows per statement. */
const batch = 200

export const markOf = (orgId: OrgId, contactId: ContactId): string =>
  createHash("sha256").update(`opencx/erased/v1|${orgId}|${contactId}`, "utf8").digest("hex")

/** The earliest time stands. */
export const keepMarks = Effect.fnUntraced(function* ({ sql }: Database, marks: ReadonlyArray<ErasureMark>) {
  const rows = marks.map(({ at, mark, orgId }) => ({ org_id: orgId, mark, at: Math.floor(at) }))
  for (const chunk of Arr.chunksOf(rows, batch))
    yield* sql`INSERT INTO opencx_erasures ${sql.insert(chunk)}
      ON CONFLICT (org_id, mark) DO UPDATE SET at = excluded.at WHERE excluded.at < opencx_erasures.at`
})
