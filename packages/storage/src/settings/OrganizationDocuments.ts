/**
 * Organizations that are configured through the API: one JSON document each, with a version for optimistic concurrency. What
 * stands in a document is its reader's affair. Its secrets lie in `Secrets`, under names that the document refers to.
 */
import { OrgId, Secrets, type StoreError } from "@opencx/core"
import { Clock, Context, Effect, Layer, type Redacted, Schema } from "effect"
import type { SqlClient, SqlError } from "effect/sql"
import { Int64 } from "../sql/columns.ts"
import { type Database, database } from "../sql/Database.ts"
import { decoderOf } from "../sql/rows.ts"
import { type AuditEntry, insertAudit } from "./AuditLog.ts"

export interface OrganizationDocument {
  readonly orgId: OrgId
  /** Grows by one with each change, also over removal and new creation. */
  readonly version: number
  /** Epoch milliseconds. */
  readonly updatedAt: number
  /** JSON, without secrets. */
  readonly body: string
}

/** A new state of a document, with the secrets that come and go with it. All of it is kept, or nothing. */
export interface DocumentChange {
  readonly body: string
  /** By their name in `Secrets`, under the organization's scope. */
  readonly newSecrets: ReadonlyMap<string, Redacted.Redacted<string>>
  readonly oldSecrets: ReadonlyArray<string>
  readonly audit: AuditEntry
}

/** Somebody else was quicker, or it is there already, or not there at all: `version` is the one that stands; null: none. */
export class VersionConflict extends Schema.TaggedError<VersionConflict>("@opencx/storage/VersionConflict")(
  "VersionConflict",
  { orgId: Schema.String, version: Schema.NullOr(Schema.Int) },
) {}

type Changed<A> = Effect.Effect<A, StoreError | VersionConflict>

export class OrganizationDocuments extends Context.Service<
  OrganizationDocuments,
  {
    /** All that are not removed, by id. */
    readonly all: Effect.Effect<ReadonlyArray<OrganizationDocument>, StoreError>
    /** Version by id of all that are not removed: what one asks again and again. */
    readonly versions: Effect.Effect<ReadonlyMap<OrgId, number>, StoreError>
    get(orgId: OrgId): Effect.Effect<OrganizationDocument | null, StoreError>
    create(orgId: OrgId, change: DocumentChange): Changed<OrganizationDocument>
    /** Only while `version` is the one that stands. */
    update(orgId: OrgId, version: number, change: DocumentChange): Changed<OrganizationDocument>
    /** Takes it out of use; with all its secrets, and everybody's roles and keys in it. Conversations stay. */
    remove(orgId: OrgId, version: number, audit: AuditEntry): Changed<void>
  }
>()("@opencx/storage/settings/OrganizationDocuments") {}

const documentRows = decoderOf(
  Schema.Struct({ org_id: OrgId, version: Int64, updated_at: Int64, body: Schema.String }),
)
const versionRows = decoderOf(Schema.Struct({ org_id: OrgId, version: Int64 }))

const documentOf = (row: {
  readonly org_id: OrgId
  readonly version: number
  readonly updated_at: number
  readonly body: string
}): OrganizationDocument => ({
  orgId: row.org_id,
  version: row.version,
  updatedAt: row.updated_at,
  body: row.body,
})

const makeReading = ({ run, sql }: Database) => {
  const all = Effect.gen(function* () {
    const rows = yield* documentRows.all(
      yield* sql`SELECT org_id, version, updated_at, body FROM opencx_organizations WHERE removed = 0 ORDER BY org_id`,
    )
    return rows.map(documentOf)
  }).pipe(run("OrganizationDocuments.all"))

  const versions = Effect.gen(function* () {
    const rows = yield* versionRows.all(
      yield* sql`SELECT org_id, version FROM opencx_organizations WHERE removed = 0`,
    )
    return new Map(rows.map((row) => [row.org_id, row.version]))
  }).pipe(run("OrganizationDocuments.versions"))

  const get = Effect.fn("OrganizationDocuments.get")(function* (orgId: OrgId) {
    const row = yield* documentRows.first(
      yield* sql`SELECT org_id, version, updated_at, body FROM opencx_organizations
        WHERE org_id = ${orgId} AND removed = 0`,
    )
    return row === null ? null : documentOf(row)
  }, run("OrganizationDocuments.get"))

  return { all, versions, get }
}

const makeWriting = (
  db: Database,
  secrets: Secrets["Service"],
  get: OrganizationDocuments["Service"]["get"],
) => {
  const { sql } = db

  /** In one transaction: `take` writes the document, or answers with no row when it may not. */
  const write = Effect.fnUntraced(function* (
    orgId: OrgId,
    take: Effect.Effect<ReadonlyArray<unknown>, SqlError.SqlError>,
    change: Omit<DocumentChange, "body">,
    alsoDo: Effect.Effect<void, SqlError.SqlError> = Effect.void,
  ) {
    const written = yield* db.transaction("OrganizationDocuments.write")(
      Effect.gen(function* () {
        const row = yield* documentRows.first(yield* take)
        if (row === null) return null
        for (const [name, value] of change.newSecrets) yield* secrets.put(orgId, name, value)
        for (const name of change.oldSecrets) yield* secrets.remove(orgId, name)
        yield* alsoDo
        yield* insertAudit(sql, change.audit)
        return documentOf(row)
      }),
    )
    if (written !== null) return written
    return yield* new VersionConflict({ orgId, version: (yield* get(orgId))?.version ?? null })
  })

  const create = Effect.fn("OrganizationDocuments.create")(function* (orgId: OrgId, change: DocumentChange) {
    const updated_at = yield* Clock.currentTimeMillis
    const row = { org_id: orgId, version: 1, removed: 0, updated_at, body: change.body }
    return yield* write(
      orgId,
      sql`INSERT INTO opencx_organizations ${sql.insert(row)} ON CONFLICT (org_id) DO UPDATE SET
        version = opencx_organizations.version + 1, removed = 0, updated_at = excluded.updated_at, body = excluded.body
        WHERE opencx_organizations.removed = 1 RETURNING org_id, version, updated_at, body`,
      change,
    )
  })

  const update = Effect.fn("OrganizationDocuments.update")(function* (
    orgId: OrgId,
    version: number,
    change: DocumentChange,
  ) {
    const now = yield* Clock.currentTimeMillis
    return yield* write(
      orgId,
      sql`UPDATE opencx_organizations SET version = version + 1, updated_at = ${now}, body = ${change.body}
        WHERE org_id = ${orgId} AND version = ${version} AND removed = 0 RETURNING org_id, version, updated_at, body`,
      change,
    )
  })

  const remove = Effect.fn("OrganizationDocuments.remove")(function* (
    orgId: OrgId,
    version: number,
    audit: AuditEntry,
  ) {
    const now = yield* Clock.currentTimeMillis
    yield* write(
      orgId,
      sql`UPDATE opencx_organizations SET version = version + 1, updated_at = ${now}, body = '{}', removed = 1
        WHERE org_id = ${orgId} AND version = ${version} AND removed = 0 RETURNING org_id, version, updated_at, body`,
      { audit, newSecrets: new Map(), oldSecrets: [] },
      Effect.gen(function* () {
        yield* sql`DELETE FROM opencx_secrets WHERE scope = ${orgId}`
        yield* sql`DELETE FROM opencx_memberships WHERE org_id = ${orgId}`
        yield* sql`UPDATE opencx_api_keys SET revoked_at = ${now} WHERE org_id = ${orgId} AND revoked_at IS NULL`
      }),
    )
  })

  return { create, update, remove }
}

export const layer: Layer.Layer<OrganizationDocuments, never, SqlClient.SqlClient | Secrets> = Layer.effect(
  OrganizationDocuments,
  Effect.gen(function* () {
    const db = yield* database
    const reading = makeReading(db)
    return OrganizationDocuments.of({ ...reading, ...makeWriting(db, yield* Secrets, reading.get) })
  }),
)
