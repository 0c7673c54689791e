/** `SessionSearch` over SQL: walks the organization's sessions from the newest, so that it stops when a page is full. */
import {
  type OrgId,
  OrgId as OrgIdSchema,
  type Session,
  type SessionId,
  type SessionCursor,
  type SessionPage,
  type SessionQuery,
  SessionSearch,
} from "@opencx/core"
import { Effect, Layer, Schema } from "effect"
import type { SqlClient, Statement } from "effect/sql"
import { entryRows, sessionRows, workColumns, workRows } from "../conversations/rows.ts"
import { type Database, database } from "../sql/Database.ts"
import { keyOf } from "../sql/keys.ts"
import { decoderOf } from "../sql/rows.ts"
import { inJson, startingWith, textsIn, wholeInJson } from "./patterns.ts"

/** Lines of one session that are read to see whether words stand in them, and not in the names of fields. */
const linesRead = 200

const pageSize = (limit: number): number => Math.max(1, Math.min(Math.floor(limit), 500))

const mailAddress = (text: string): string => (text.includes("@") ? text.trim().toLowerCase() : text)

const makeClauses = ({ sql }: Database) => {
  const like = sql.onDialectOrElse({ pg: () => sql.literal("ILIKE"), orElse: () => sql.literal("LIKE") })

  /** A session keeps the contact that it was opened for, so those who were merged count too. */
  const ofContact = (orgId: OrgId, contact: string) => sql`
    contact_id IN (
      SELECT c.id FROM opencx_contacts c WHERE c.org_id = ${orgId} AND COALESCE(c.merged_into, c.id) IN (
        SELECT COALESCE(m.merged_into, m.id) FROM opencx_contacts m WHERE m.org_id = ${orgId} AND (
          m.id = ${contact} OR m.body ${like} ${inJson(contact)} ESCAPE '!'
          OR m.id IN (SELECT i.contact_id FROM opencx_contact_identities i
            WHERE i.org_id = ${orgId} AND i.match_key = ${keyOf(mailAddress(contact))}))))`

  const lines = (pattern: string, tag: string | null) => sql`
    EXISTS (SELECT 1 FROM opencx_entries e WHERE e.session_id = opencx_sessions.id
      ${tag === null ? sql.literal("") : sql`AND e.tag = ${tag}`} AND e.body ${like} ${pattern} ESCAPE '!')`

  return (orgId: OrgId, query: SessionQuery): ReadonlyArray<Statement.Fragment> => {
    const { channel, contact, externalId, since, states, tag, text, until } = query
    return [
      sql`org_id = ${orgId}`,
      ...(externalId === undefined
        ? []
        : [sql`(id = ${externalId} OR ticket_id = ${externalId} OR chat_id = ${keyOf(externalId)})`]),
      ...(contact === undefined ? [] : [ofContact(orgId, contact)]),
      // A lane is `organization|channel|account|thread`; no bar can stand in the first three.
      ...(channel === undefined ? [] : [sql`lane LIKE ${startingWith(`${orgId}|${channel}|`)} ESCAPE '!'`]),
      ...(states === undefined ? [] : [sql`state IN ${sql.in(states)}`]),
      ...(tag === undefined ? [] : [lines(wholeInJson(tag), "HandoffConfirmed")]),
      ...(text === undefined
        ? []
        : [sql`(body ${like} ${inJson(text)} ESCAPE '!' OR ${lines(inJson(text), null)})`]),
      ...(since === undefined ? [] : [sql`updated_at >= ${Math.ceil(since)}`]),
      ...(until === undefined ? [] : [sql`updated_at < ${Math.ceil(until)}`]),
    ]
  }
}

const after = ({ sql }: Database, cursor: SessionCursor | null): ReadonlyArray<Statement.Fragment> =>
  cursor === null
    ? []
    : [sql`(updated_at < ${cursor.updatedAt} OR (updated_at = ${cursor.updatedAt} AND id > ${cursor.id}))`]

const holdsWords = (values: ReadonlyArray<unknown>, text: string): boolean =>
  values.flatMap(textsIn).some((one) => one.toLowerCase().includes(text.toLowerCase()))

const makeSearch = (db: Database): SessionSearch["Service"]["search"] => {
  const { sql } = db
  const clausesOf = makeClauses(db)
  const like = sql.onDialectOrElse({ pg: () => sql.literal("ILIKE"), orElse: () => sql.literal("LIKE") })

  /** The database finds words anywhere in the JSON; what counts is that they stand in what somebody said. */
  const saysSo = Effect.fnUntraced(function* (session: Session, text: string | undefined) {
    if (text === undefined || holdsWords([session.subject], text)) return true
    const rows = yield* sql`SELECT session_id, seq, at, body FROM opencx_entries
      WHERE session_id = ${session.id} AND body ${like} ${inJson(text)} ESCAPE '!' ORDER BY seq LIMIT ${linesRead}`
    const entries = yield* entryRows.all(rows)
    return holdsWords(
      entries.map(({ body }) => body),
      text,
    )
  })

  return Effect.fn("SessionSearch.search")(function* (
    orgId: OrgId,
    query: SessionQuery,
    page: { readonly limit: number; readonly after: SessionCursor | null },
  ) {
    const limit = pageSize(page.limit)
    if (query.states?.length === 0) return { sessions: [], next: null } satisfies SessionPage
    const clauses = [...clausesOf(orgId, query), ...after(db, page.after)]
    const rows = yield* sql`SELECT body FROM opencx_sessions WHERE ${sql.and(clauses)}
      ORDER BY updated_at DESC, id LIMIT ${limit}`
    const found = (yield* sessionRows.all(rows)).map(({ body }) => body)
    const sessions = yield* Effect.filter(found, (session) => saysSo(session, query.text))
    const last = found.at(-1)
    const next =
      last === undefined || found.length < limit ? null : { updatedAt: last.updatedAt, id: last.id }
    return { sessions, next } satisfies SessionPage
  }, db.run("SessionSearch.search"))
}

const makeWork = ({ run, sql }: Database): SessionSearch["Service"]["work"] =>
  Effect.fn("SessionSearch.work")(function* (orgId: OrgId, id: SessionId) {
    return yield* workRows.all(
      yield* sql`SELECT ${sql.literal(workColumns)} FROM opencx_work
        WHERE org_id = ${orgId} AND session_id = ${id} ORDER BY position`,
    )
  }, run("SessionSearch.work"))

const organizations = decoderOf(Schema.Struct({ org_id: OrgIdSchema }))

const makeOrganizations = ({ run, sql }: Database): SessionSearch["Service"]["organizations"] =>
  Effect.suspend(() => sql`SELECT DISTINCT org_id FROM opencx_sessions ORDER BY org_id`).pipe(
    Effect.flatMap(organizations.all),
    Effect.map((rows) => rows.map((row) => row.org_id)),
    run("SessionSearch.organizations"),
  )

export const layer: Layer.Layer<SessionSearch, never, SqlClient.SqlClient> = Layer.effect(
  SessionSearch,
  Effect.map(database, (db) =>
    SessionSearch.of({
      search: makeSearch(db),
      work: makeWork(db),
      organizations: makeOrganizations(db),
    }),
  ),
)
