/** When each webhook of each organization was last heard of: for metrics and diagnosis, over restarts and processes. */
import { OrgId, type StoreError } from "@opencx/core"
import { Context, Effect, Layer, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { marks } from "./schema/migrations/0011_marks.ts"
import { Int64 } from "./sql/columns.ts"
import { type Database, database } from "./sql/Database.ts"
import { keyOf } from "./sql/keys.ts"
import { decoderOf } from "./sql/rows.ts"

/** `at`: epoch milliseconds. */
export interface HookSeen {
  readonly orgId: OrgId
  readonly hook: string
  readonly at: number
}

export class HooksSeen extends Context.Service<
  HooksSeen,
  {
    /** The newest time stands, whoever tells it and in which order. */
    note(seen: HookSeen): Effect.Effect<void, StoreError>
    readonly all: Effect.Effect<ReadonlyArray<HookSeen>, StoreError>
    /** Since when this database keeps them, epoch milliseconds: what came before is not known. */
    readonly since: Effect.Effect<number, StoreError>
  }
>()("@opencx/storage/HooksSeen") {}

const rows = decoderOf(
  Schema.Struct({ orgId: OrgId, hook: Schema.String, at: Int64 }).pipe(
    Schema.encodeKeys({ orgId: "org_id" }),
  ),
)

const applied = decoderOf(Schema.Struct({ applied_at: Int64 }))

const make = ({ run, sql }: Database) =>
  HooksSeen.of({
    note: Effect.fn("HooksSeen.note")(function* ({ at, hook, orgId }: HookSeen) {
      yield* sql`INSERT INTO opencx_hooks_seen ${sql.insert({ org_id: orgId, hook: keyOf(hook), at: Math.floor(at) })}
        ON CONFLICT (org_id, hook) DO UPDATE SET at = excluded.at WHERE excluded.at > opencx_hooks_seen.at`
    }, run("HooksSeen.note")),
    all: Effect.suspend(() => sql`SELECT org_id, hook, at FROM opencx_hooks_seen ORDER BY org_id, hook`).pipe(
      Effect.flatMap(rows.all),
      run("HooksSeen.all"),
    ),
    since: Effect.suspend(() => sql`SELECT applied_at FROM opencx_migrations WHERE id = ${marks.id}`).pipe(
      Effect.flatMap(applied.first),
      Effect.map((row) => row?.applied_at ?? 0),
      run("HooksSeen.since"),
    ),
  })

export const layer: Layer.Layer<HooksSeen, never, SqlClient.SqlClient> = Layer.effect(
  HooksSeen,
  Effect.map(database, make),
)
