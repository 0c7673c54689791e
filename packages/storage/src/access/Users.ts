/** People who may use the API, with their roles. */
import { foldAddress, type StoreError } from "@opencx/core"
import { Clock, Context, Effect, Layer, Schema } from "effect"
import type { SqlClient, SqlError } from "effect/sql"
import { type AuditEntry, insertAudit } from "../settings/AuditLog.ts"
import { Int64 } from "../sql/columns.ts"
import { type Database, database } from "../sql/Database.ts"
import { newId } from "../sql/ids.ts"
import { keyOf, plainText } from "../sql/keys.ts"
import { decoderOf } from "../sql/rows.ts"

/** A role in one organization; organization `*` stands for all of them, and for the installation itself. */
export interface Membership {
  readonly orgId: string
  readonly role: string
}

export interface User {
  /** UUID. */
  readonly id: string
  /** Lower-case. */
  readonly email: string
  readonly name: string
  readonly disabled: boolean
  /** Whether they can log in with a password; else only by single sign-on, or not yet. */
  readonly hasPassword: boolean
  /** Epoch milliseconds. */
  readonly createdAt: number
  readonly memberships: ReadonlyArray<Membership>
}

/** Changes to one user; what is absent stays. `password`: a digest. */
export interface UserPatch {
  readonly name?: string
  readonly disabled?: boolean
  readonly password?: string
}

/** Someone else has this email address. */
export class EmailTaken extends Schema.TaggedError<EmailTaken>("@opencx/storage/EmailTaken")("EmailTaken", {
  email: Schema.String,
}) {}

/** Without them nobody could manage the installation (or the organization) any more. */
export class LastOwner extends Schema.TaggedError<LastOwner>("@opencx/storage/LastOwner")("LastOwner", {
  orgId: Schema.String,
}) {}

export class Users extends Context.Service<
  Users,
  {
    /** How many there are, disabled ones too. */
    readonly count: Effect.Effect<number, StoreError>
    get(id: string): Effect.Effect<User | null, StoreError>
    byEmail(email: string): Effect.Effect<User | null, StoreError>
    /** By what a single sign-on provider calls them. */
    byIdentity(issuer: string, subject: string): Effect.Effect<User | null, StoreError>
    link(issuer: string, subject: string, userId: string): Effect.Effect<void, StoreError>
    /** Whether the provider calls this user anything already. */
    isLinked(issuer: string, userId: string): Effect.Effect<boolean, StoreError>
    /** The password's digest; null when there is none, or no such user, or a disabled one. */
    passwordOf(
      email: string,
    ): Effect.Effect<{ readonly id: string; readonly digest: string } | null, StoreError>
    /** Those with a role in this organization itself. `*`: those of the installation. */
    list(orgId: string): Effect.Effect<ReadonlyArray<User>, StoreError>
    create(
      input: {
        readonly email: string
        readonly name: string
        readonly password: string | null
        readonly memberships: ReadonlyArray<Membership>
      },
      audit: AuditEntry,
    ): Effect.Effect<User, StoreError | EmailTaken>
    /**
     * Disabling ends their browser sessions, a new password too. Enabling forgets what single sign-on providers call them:
     * the next person who proves the address there is them.
     */
    update(id: string, patch: UserPatch, audit: AuditEntry): Effect.Effect<void, StoreError | LastOwner>
    /** Gives, changes or (null) takes a role. The last owner keeps theirs. */
    setRole(
      id: string,
      orgId: string,
      role: string | null,
      audit: AuditEntry,
    ): Effect.Effect<void, StoreError | LastOwner>
  }
>()("@opencx/storage/access/Users") {}

const userRows = decoderOf(
  Schema.Struct({
    id: Schema.String,
    email: Schema.String,
    name: Schema.String,
    has_password: Int64,
    disabled: Int64,
    created_at: Int64,
  }),
)
const membershipRows = decoderOf(
  Schema.Struct({ user_id: Schema.String, org_id: Schema.String, role: Schema.String }),
)
const passwordRows = decoderOf(Schema.Struct({ id: Schema.String, digest: Schema.String }))
const counted = decoderOf(Schema.Struct({ n: Int64 }))
const orgRows = decoderOf(Schema.Struct({ org_id: Schema.String }))

const addressOf = (email: string): string => keyOf(foldAddress(email))

const makeReading = ({ run, sql }: Database) => {
  const columns = sql.literal(
    "u.id, u.email, u.name, CASE WHEN u.password IS NULL THEN 0 ELSE 1 END AS has_password, u.disabled, u.created_at",
  )

  const withRoles = Effect.fnUntraced(function* (rows: ReadonlyArray<unknown>) {
    const users = yield* userRows.all(rows)
    if (users.length === 0) return []
    const memberships = yield* membershipRows.all(
      yield* sql`SELECT user_id, org_id, role FROM opencx_memberships
        WHERE ${sql.in(
          "user_id",
          users.map(({ id }) => id),
        )} ORDER BY org_id`,
    )
    return users.map(({ created_at, disabled, has_password, ...user }): User => ({
      ...user,
      disabled: disabled === 1,
      hasPassword: has_password === 1,
      createdAt: created_at,
      memberships: memberships
        .filter(({ user_id }) => user_id === user.id)
        .map(({ org_id, role }) => ({ orgId: org_id, role })),
    }))
  })

  const first = (query: Effect.Effect<ReadonlyArray<unknown>, SqlError.SqlError>) =>
    Effect.map(Effect.flatMap(query, withRoles), (users) => users[0] ?? null)

  return {
    count: Effect.flatMap(sql`SELECT COUNT(*) AS n FROM opencx_users`, counted.first).pipe(
      Effect.map((row) => row?.n ?? 0),
      run("Users.count"),
    ),
    get: Effect.fn("Users.get")(
      (id: string) => first(sql`SELECT ${columns} FROM opencx_users u WHERE u.id = ${id}`),
      run("Users.get"),
    ),
    byEmail: Effect.fn("Users.byEmail")(
      (email: string) =>
        first(sql`SELECT ${columns} FROM opencx_users u WHERE u.email = ${addressOf(email)}`),
      run("Users.byEmail"),
    ),
    byIdentity: Effect.fn("Users.byIdentity")(
      (issuer: string, subject: string) =>
        first(sql`SELECT ${columns} FROM opencx_users u JOIN opencx_user_identities i ON i.user_id = u.id
          WHERE i.issuer = ${keyOf(issuer)} AND i.subject = ${keyOf(subject)}`),
      run("Users.byIdentity"),
    ),
    passwordOf: Effect.fn("Users.passwordOf")(
      (email: string) =>
        Effect.flatMap(
          sql`SELECT id, password AS digest FROM opencx_users
            WHERE email = ${addressOf(email)} AND disabled = 0 AND password IS NOT NULL`,
          passwordRows.first,
        ),
      run("Users.passwordOf"),
    ),
    isLinked: Effect.fn("Users.isLinked")(
      (issuer: string, userId: string) =>
        Effect.map(
          Effect.flatMap(
            sql`SELECT COUNT(*) AS n FROM opencx_user_identities
              WHERE issuer = ${keyOf(issuer)} AND user_id = ${userId}`,
            counted.first,
          ),
          (row) => (row?.n ?? 0) > 0,
        ),
      run("Users.isLinked"),
    ),
    list: Effect.fn("Users.list")(
      (orgId: string) =>
        Effect.flatMap(
          sql`SELECT ${columns} FROM opencx_users u JOIN opencx_memberships m ON m.user_id = u.id
            WHERE m.org_id = ${orgId} ORDER BY u.email`,
          withRoles,
        ),
      run("Users.list"),
    ),
  }
}

/** Whoever changes roles holds this lock, so that of two owners not both can go at once. SQLite's BEGIN IMMEDIATE is one. */
const lockRoles = (sql: SqlClient.SqlClient) =>
  sql.onDialectOrElse({
    pg: () => Effect.asVoid(sql`SELECT pg_advisory_xact_lock(hashtextextended('opencx|roles', 0))`),
    orElse: () => Effect.void,
  })

/** The first of these organizations whose only owner who can log in is this user; null: none. */
const onlyOwnedBy = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  userId: string,
  orgId: string | null,
) {
  const rows = yield* orgRows.all(
    yield* sql`SELECT m.org_id FROM opencx_memberships m JOIN opencx_users u ON u.id = m.user_id
      WHERE m.role = 'owner' AND u.disabled = 0 GROUP BY m.org_id
      HAVING COUNT(*) = 1 AND MAX(m.user_id) = ${userId}`,
  )
  const found = rows.find(({ org_id }) => orgId === null || org_id === orgId)
  return found?.org_id ?? null
})

const makeWriting = (db: Database, get: Users["Service"]["get"]) => {
  const { sql } = db

  const create: Users["Service"]["create"] = Effect.fn("Users.create")(function* (input, audit) {
    const id = newId()
    const now = yield* Clock.currentTimeMillis
    const row = {
      id,
      email: addressOf(input.email),
      name: plainText(input.name),
      password: input.password,
      disabled: 0,
      created_at: now,
      updated_at: now,
    }
    const made = yield* Effect.gen(function* () {
      const [taken] =
        yield* sql`INSERT INTO opencx_users ${sql.insert(row)} ON CONFLICT DO NOTHING RETURNING id`
      if (taken === undefined) return false
      for (const { orgId, role } of input.memberships)
        yield* sql`INSERT INTO opencx_memberships ${sql.insert({ user_id: id, org_id: orgId, role })}`
      yield* insertAudit(sql, audit)
      return true
    }).pipe(db.transaction("Users.create"))
    const user = made ? yield* get(id) : null
    return user ?? (yield* new EmailTaken({ email: input.email }))
  })

  const update: Users["Service"]["update"] = Effect.fn("Users.update")(function* (id, patch, audit) {
    const orgId = yield* Effect.gen(function* () {
      yield* lockRoles(sql)
      const lonely = patch.disabled === true ? yield* onlyOwnedBy(sql, id, null) : null
      if (lonely !== null) return lonely
      const updated_at = yield* Clock.currentTimeMillis
      const columns = {
        ...(patch.name === undefined ? {} : { name: plainText(patch.name) }),
        ...(patch.disabled === undefined ? {} : { disabled: patch.disabled ? 1 : 0 }),
        ...(patch.password === undefined ? {} : { password: patch.password }),
        updated_at,
      }
      yield* sql`UPDATE opencx_users SET ${sql.update(columns)} WHERE id = ${id}`
      if (patch.disabled === true || patch.password !== undefined)
        yield* sql`DELETE FROM opencx_browser_sessions WHERE user_id = ${id}`
      if (patch.disabled === false) yield* sql`DELETE FROM opencx_user_identities WHERE user_id = ${id}`
      yield* insertAudit(sql, audit)
      return null
    }).pipe(db.transaction("Users.update"))
    if (orgId !== null) return yield* new LastOwner({ orgId })
  })

  const setRole: Users["Service"]["setRole"] = Effect.fn("Users.setRole")(function* (id, orgId, role, audit) {
    const lonely = yield* Effect.gen(function* () {
      yield* lockRoles(sql)
      const only = role === "owner" ? null : yield* onlyOwnedBy(sql, id, orgId)
      if (only !== null) return only
      yield* role === null
        ? sql`DELETE FROM opencx_memberships WHERE user_id = ${id} AND org_id = ${orgId}`
        : sql`INSERT INTO opencx_memberships ${sql.insert({ user_id: id, org_id: orgId, role })}
            ON CONFLICT (user_id, org_id) DO UPDATE SET role = excluded.role`
      yield* insertAudit(sql, audit)
      return null
    }).pipe(db.transaction("Users.setRole"))
    if (lonely !== null) return yield* new LastOwner({ orgId: lonely })
  })

  const link = Effect.fn("Users.link")(function* (issuer: string, subject: string, userId: string) {
    const row = { issuer: keyOf(issuer), subject: keyOf(subject), user_id: userId }
    yield* sql`INSERT INTO opencx_user_identities ${sql.insert(row)} ON CONFLICT (issuer, subject) DO NOTHING`
  }, db.run("Users.link"))

  return { create, update, setRole, link }
}

export const layer: Layer.Layer<Users, never, SqlClient.SqlClient> = Layer.effect(
  Users,
  Effect.map(database, (db) => {
    const reading = makeReading(db)
    return Users.of({ ...reading, ...makeWriting(db, reading.get) })
  }),
)
