/** Which files other people's messages refer to: bytes are kept once, however many messages carry them. */
import { BlobId, type OrgId, type SessionId } from "@opencx/core"
import { Effect, Schema } from "effect"
import type { Database } from "../sql/Database.ts"
import { decoderOf } from "../sql/rows.ts"

/** Rows per statement: the embedded database works on the event loop, so it is let go in between. */
const batch = 500

const rows = decoderOf(Schema.Struct({ session_id: Schema.String, seq: Schema.Number, body: Schema.String }))
const works = decoderOf(Schema.Struct({ session_id: Schema.String, texts: Schema.String }))

/** Content addresses anywhere in a JSON text: SHA-256 in hexadecimal. */
const addresses = (text: string): ReadonlyArray<string> => text.match(/\b[0-9a-f]{64}\b/g) ?? []

/** Those of `files` that something other than these sessions refers to. */
export const usedElsewhere = Effect.fnUntraced(function* (
  { sql }: Database,
  orgId: OrgId,
  { files, sessions }: { readonly files: ReadonlyArray<BlobId>; readonly sessions: ReadonlyArray<SessionId> },
) {
  const wanted = new Set<string>(files)
  const ours = new Set<string>(sessions)
  const used = new Set<string>()
  const note = (sessionId: string, text: string) => {
    if (ours.has(sessionId)) return
    for (const address of addresses(text)) if (wanted.has(address)) used.add(address)
  }
  if (wanted.size === 0) return used
  let last = { session_id: "", seq: 0 }
  for (let read = batch; read === batch;) {
    const page = yield* rows.all(
      yield* sql`SELECT session_id, seq, body FROM opencx_entries
        WHERE org_id = ${orgId} AND (session_id, seq) > (${last.session_id}, ${last.seq}) AND body LIKE '%lobId":"%'
        ORDER BY session_id, seq LIMIT ${batch}`,
    )
    for (const { body, session_id } of page) note(session_id, body)
    last = page.at(-1) ?? last
    read = page.length
    yield* Effect.yieldNow
  }
  const waiting = yield* works.all(
    yield* sql`SELECT session_id, COALESCE(step, '') || COALESCE(outcome, '') AS texts FROM opencx_work
      WHERE org_id = ${orgId} AND status IN ('pending', 'dead')`,
  )
  for (const { session_id, texts } of waiting) note(session_id, texts)
  return used
})
