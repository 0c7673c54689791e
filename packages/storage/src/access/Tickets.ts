/**
 * What opens the API without a password: browser sessions, API keys of machines, and links that work once. Callers give
 * digests of the tokens, never the tokens; a token has so much randomness that a fast digest is enough.
 */
import { OrgId, type StoreError } from "@opencx/core"
import { Clock, Context, Effect, Layer, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { type AuditEntry, insertAudit } from "../settings/AuditLog.ts"
import { Int64 } from "../sql/columns.ts"
import { type Database, database } from "../sql/Database.ts"
import { plainText } from "../sql/keys.ts"
import { decoderOf } from "../sql/rows.ts"

export interface ApiKey {
  readonly id: string
  readonly orgId: OrgId
  readonly name: string
  /** Names of actions. */
  readonly scopes: ReadonlyArray<string>
  /** Epoch milliseconds, all of them. */
  readonly createdAt: number
  readonly createdBy: string
  readonly expiresAt: number | null
  /** To the minute. */
  readonly lastUsedAt: number | null
  readonly revokedAt: number | null
}

export interface OneTimeToken {
  readonly purpose: string
  readonly subject: string
}

export class Tickets extends Context.Service<
  Tickets,
  {
    readonly sessions: {
      add(session: {
        readonly digest: string
        readonly userId: string
        readonly expiresAt: number
      }): Effect.Effect<void, StoreError>
      /** The user whose session this is and goes on; null: none, over, or the user is disabled. */
      userOf(digest: string): Effect.Effect<string | null, StoreError>
      end(digest: string): Effect.Effect<void, StoreError>
      endAllOf(userId: string): Effect.Effect<void, StoreError>
    }
    readonly keys: {
      add(
        key: Omit<ApiKey, "lastUsedAt" | "revokedAt" | "createdAt"> & { readonly digest: string },
        audit: AuditEntry,
      ): Effect.Effect<ApiKey, StoreError>
      /** A key that is good now. Notes that it was used. */
      use(digest: string): Effect.Effect<ApiKey | null, StoreError>
      /** All of an organization, revoked ones too, newest first. */
      list(orgId: OrgId): Effect.Effect<ReadonlyArray<ApiKey>, StoreError>
      /** False when the organization has no such key that is good. */
      revoke(orgId: OrgId, id: string, audit: AuditEntry): Effect.Effect<boolean, StoreError>
    }
    readonly once: {
      add(
        token: OneTimeToken & { readonly digest: string; readonly expiresAt: number },
      ): Effect.Effect<void, StoreError>
      /** What it is for, without using it up; null when it is not good (any more). */
      look(digest: string): Effect.Effect<OneTimeToken | null, StoreError>
      /** The same, and nobody can use it again. */
      take(digest: string): Effect.Effect<OneTimeToken | null, StoreError>
      /** Makes all of one purpose void. */
      drop(purpose: string): Effect.Effect<void, StoreError>
    }
  }
>()("@opencx/storage/access/Tickets") {}

const minuteMs = 60_000

const userIds = decoderOf(Schema.Struct({ user_id: Schema.String }))
const tokenRows = decoderOf(Schema.Struct({ purpose: Schema.String, subject: Schema.String }))
const Scopes = Schema.fromJsonString(Schema.Array(Schema.String))
const scopesText = Schema.encodeSync(Scopes)
const keyRows = decoderOf(
  Schema.Struct({
    id: Schema.String,
    org_id: OrgId,
    name: Schema.String,
    scopes: Scopes,
    created_at: Int64,
    created_by: Schema.String,
    expires_at: Schema.NullOr(Int64),
    last_used_at: Schema.NullOr(Int64),
    revoked_at: Schema.NullOr(Int64),
  }),
)
type KeyRow = Effect.Success<ReturnType<typeof keyRows.all>>[number]

const keyFrom = (row: KeyRow): ApiKey => ({
  id: row.id,
  orgId: row.org_id,
  name: row.name,
  scopes: row.scopes,
  createdAt: row.created_at,
  createdBy: row.created_by,
  expiresAt: row.expires_at,
  lastUsedAt: row.last_used_at,
  revokedAt: row.revoked_at,
})

const makeSessions = ({ run, sql }: Database): Tickets["Service"]["sessions"] => ({
  add: Effect.fn("Tickets.sessions.add")(function* ({ digest, expiresAt, userId }) {
    const now = yield* Clock.currentTimeMillis
    yield* sql`DELETE FROM opencx_browser_sessions WHERE expires_at <= ${now}`
    const row = { digest, user_id: userId, created_at: now, expires_at: expiresAt }
    yield* sql`INSERT INTO opencx_browser_sessions ${sql.insert(row)}`
  }, run("Tickets.sessions.add")),
  userOf: Effect.fn("Tickets.sessions.userOf")(function* (digest) {
    const now = yield* Clock.currentTimeMillis
    const row = yield* userIds.first(
      yield* sql`SELECT s.user_id FROM opencx_browser_sessions s JOIN opencx_users u ON u.id = s.user_id
        WHERE s.digest = ${digest} AND s.expires_at > ${now} AND u.disabled = 0`,
    )
    return row?.user_id ?? null
  }, run("Tickets.sessions.userOf")),
  end: (digest) =>
    Effect.asVoid(sql`DELETE FROM opencx_browser_sessions WHERE digest = ${digest}`).pipe(
      run("Tickets.sessions.end"),
    ),
  endAllOf: (userId) =>
    Effect.asVoid(sql`DELETE FROM opencx_browser_sessions WHERE user_id = ${userId}`).pipe(
      run("Tickets.sessions.endAllOf"),
    ),
})

const makeKeys = ({ run, sql, transaction }: Database): Tickets["Service"]["keys"] => {
  const columns = sql.literal(
    "id, org_id, name, scopes, created_at, created_by, expires_at, last_used_at, revoked_at",
  )
  return {
    add: Effect.fn("Tickets.keys.add")(function* ({ digest, ...key }, audit) {
      const createdAt = yield* Clock.currentTimeMillis
      const row = {
        id: key.id,
        org_id: key.orgId,
        name: plainText(key.name),
        digest,
        scopes: scopesText(key.scopes),
        created_at: createdAt,
        created_by: key.createdBy,
        expires_at: key.expiresAt,
      }
      yield* sql`INSERT INTO opencx_api_keys ${sql.insert(row)}`
      yield* insertAudit(sql, audit)
      return { ...key, createdAt, lastUsedAt: null, revokedAt: null }
    }, transaction("Tickets.keys.add")),
    use: Effect.fn("Tickets.keys.use")(function* (digest) {
      const now = yield* Clock.currentTimeMillis
      const row = yield* keyRows.first(
        yield* sql`SELECT ${columns} FROM opencx_api_keys WHERE digest = ${digest} AND revoked_at IS NULL
          AND (expires_at IS NULL OR expires_at > ${now})`,
      )
      if (row === null) return null
      if (row.last_used_at === null || row.last_used_at + minuteMs <= now)
        yield* sql`UPDATE opencx_api_keys SET last_used_at = ${now} WHERE id = ${row.id}`
      return keyFrom(row)
    }, run("Tickets.keys.use")),
    list: Effect.fn("Tickets.keys.list")(function* (orgId) {
      const rows = yield* keyRows.all(
        yield* sql`SELECT ${columns} FROM opencx_api_keys WHERE org_id = ${orgId} ORDER BY created_at DESC, id`,
      )
      return rows.map(keyFrom)
    }, run("Tickets.keys.list")),
    revoke: Effect.fn("Tickets.keys.revoke")(function* (orgId, id, audit) {
      const now = yield* Clock.currentTimeMillis
      const [row] = yield* sql`UPDATE opencx_api_keys SET revoked_at = ${now}
        WHERE org_id = ${orgId} AND id = ${id} AND revoked_at IS NULL RETURNING id`
      if (row === undefined) return false
      yield* insertAudit(sql, audit)
      return true
    }, transaction("Tickets.keys.revoke")),
  }
}

const makeOnce = ({ run, sql }: Database): Tickets["Service"]["once"] => ({
  add: Effect.fn("Tickets.once.add")(function* ({ digest, expiresAt, purpose, subject }) {
    const row = { digest, purpose, subject, expires_at: expiresAt }
    yield* sql`DELETE FROM opencx_one_time_tokens WHERE expires_at <= ${yield* Clock.currentTimeMillis}`
    yield* sql`INSERT INTO opencx_one_time_tokens ${sql.insert(row)}`
  }, run("Tickets.once.add")),
  look: Effect.fn("Tickets.once.look")(function* (digest) {
    const now = yield* Clock.currentTimeMillis
    return yield* tokenRows.first(
      yield* sql`SELECT purpose, subject FROM opencx_one_time_tokens WHERE digest = ${digest} AND expires_at > ${now}`,
    )
  }, run("Tickets.once.look")),
  take: Effect.fn("Tickets.once.take")(function* (digest) {
    const now = yield* Clock.currentTimeMillis
    return yield* tokenRows.first(
      yield* sql`DELETE FROM opencx_one_time_tokens WHERE digest = ${digest} AND expires_at > ${now}
        RETURNING purpose, subject`,
    )
  }, run("Tickets.once.take")),
  drop: (purpose) =>
    Effect.asVoid(sql`DELETE FROM opencx_one_time_tokens WHERE purpose = ${purpose}`).pipe(
      run("Tickets.once.drop"),
    ),
})

export const layer: Layer.Layer<Tickets, never, SqlClient.SqlClient> = Layer.effect(
  Tickets,
  Effect.map(database, (db) =>
    Tickets.of({ sessions: makeSessions(db), keys: makeKeys(db), once: makeOnce(db) }),
  ),
)
