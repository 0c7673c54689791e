/**
 * `SessionSearch` over SQL: walks the organization's sessions from the newest, so that it stops when a page is full, or the few
 * that a contact, a tag or an external id leaves.
 */
import {
  type OrgId,
  OrgId as OrgIdSchema,
  type Session,
  type SessionId,
  SessionId as SessionIdSchema,
  type SessionCursor,
  type SessionPage,
  type SessionQuery,
  SessionSearch,
} from "@opencx/core"
import { Effect, Layer, Schema } from "effect"
import type { SqlClient, Statement } from "effect/sql"
import { entryRows, sessionRows, workColumns, workRows } from "../conversations/rows.ts"
import { type Database, database } from "../sql/Database.ts"
import { Int64 } from "../sql/columns.ts"
import { keyOf } from "../sql/keys.ts"
import { decoderOf } from "../sql/rows.ts"
import { makeFew } from "./few.ts"
import { inJson, textsIn } from "./patterns.ts"

/** Lines of one session that are read to see whether words stand in them, and not in the names of fields. */
const linesRead = 200

const pageSize = (limit: number): number => Math.max(1, Math.min(Math.floor(limit), 500))

/** Sessions whose lines are looked through per statement: the embedded database works on the event loop. */
const window = 1_000

const keyRows = decoderOf(Schema.Struct({ id: SessionIdSchema, updated_at: Int64 }))

const makeClauses = ({ sql }: Database) => {
  const like = sql.onDialectOrElse({ pg: () => sql.literal("ILIKE"), orElse: () => sql.literal("LIKE") })

  const ofContact = (orgId: OrgId, contact: string) => sql`
    contact_id IN (
      SELECT c.id FROM opencx_contacts c WHERE c.org_id = ${orgId} AND COALESCE(c.merged_into, c.id) IN (
        SELECT COALESCE(m.merged_into, m.id) FROM opencx_contacts m
        WHERE m.org_id = ${orgId} AND m.body ${like} ${inJson(contact)} ESCAPE '!'))`

  const tagged = (orgId: OrgId, tag: string) => sql`
    EXISTS (SELECT 1 FROM opencx_session_tags t
      WHERE t.org_id = ${orgId} AND t.tag = ${keyOf(tag)} AND t.session_id = opencx_sessions.id)`

  /** Words may stand in the subject or in a line. */
  const says = (text: string) => sql`(body ${like} ${inJson(text)} ESCAPE '!' OR EXISTS (
    SELECT 1 FROM opencx_entries e WHERE e.session_id = opencx_sessions.id AND e.body ${like} ${inJson(text)} ESCAPE '!'))`

  /** All but the words. `few`: ids that hold what the query wants of contact, tag and external id, if they are few. */
  const plain = (
    orgId: OrgId,
    query: SessionQuery,
    few: ReadonlyArray<string> | null,
  ): ReadonlyArray<Statement.Fragment> => {
    const { channel, contact, since, states, tag, until } = query
    return [
      // No index of the organization may win over the ids, which are fewer.
      ...(few === null
        ? [sql`org_id = ${orgId}`]
        : [sql`org_id || '' = ${orgId}`, sql`id IN ${sql.in(few)}`]),
      ...(few === null && contact !== undefined ? [ofContact(orgId, contact)] : []),
      ...(few === null && tag !== undefined ? [tagged(orgId, tag)] : []),
      ...(channel === undefined ? [] : [sql`channel = ${channel}`]),
      ...(states === undefined ? [] : [sql`state IN ${sql.in(states)}`]),
      ...(since === undefined ? [] : [sql`updated_at >= ${Math.ceil(since)}`]),
      ...(until === undefined ? [] : [sql`updated_at < ${Math.ceil(until)}`]),
    ]
  }
  return { plain, says }
}

/** The plain comparison of times in each is what an index is good for. */
const makePlaces = ({ sql }: Database) => ({
  after: (cursor: SessionCursor | null): ReadonlyArray<Statement.Fragment> =>
    cursor === null
      ? []
      : [
          sql`updated_at <= ${cursor.updatedAt}`,
          sql`(updated_at < ${cursor.updatedAt} OR id > ${cursor.id})`,
        ],
  upTo: (cursor: SessionCursor): ReadonlyArray<Statement.Fragment> => [
    sql`updated_at >= ${cursor.updatedAt}`,
    sql`(updated_at > ${cursor.updatedAt} OR id <= ${cursor.id})`,
  ],
})

const holdsWords = (values: ReadonlyArray<unknown>, text: string): boolean =>
  values.flatMap(textsIn).some((one) => one.toLowerCase().includes(text.toLowerCase()))

const cursorOf = ({ id, updatedAt }: Session): SessionCursor => ({ id, updatedAt })

const makeSearch = (db: Database): SessionSearch["Service"]["search"] => {
  const { sql } = db
  const run = db.run("SessionSearch.search")
  const { plain, says } = makeClauses(db)
  const { after, upTo } = makePlaces(db)
  const fewOf = makeFew(db)
  const like = sql.onDialectOrElse({ pg: () => sql.literal("ILIKE"), orElse: () => sql.literal("LIKE") })

  /** The database finds words anywhere in the JSON; what counts is that they stand in what somebody said. */
  const saysSo = Effect.fnUntraced(function* (session: Session, text: string) {
    if (holdsWords([session.subject], text)) return true
    const rows = yield* sql`SELECT session_id, seq, at, body FROM opencx_entries
      WHERE session_id = ${session.id} AND body ${like} ${inJson(text)} ESCAPE '!' ORDER BY seq LIMIT ${linesRead}`
    const entries = yield* entryRows.all(rows)
    return holdsWords(
      entries.map(({ body }) => body),
      text,
    )
  }, run)

  const read = Effect.fnUntraced(function* (clauses: ReadonlyArray<Statement.Fragment>, limit: number) {
    const rows = yield* sql`SELECT body FROM opencx_sessions WHERE ${sql.and(clauses)}
      ORDER BY updated_at DESC, id LIMIT ${limit}`
    return (yield* sessionRows.all(rows)).map(({ body }) => body)
  }, run)

  /** Where the next sessions end that are looked through at once; null when there are none. */
  const windowAfter = Effect.fnUntraced(function* (
    clauses: ReadonlyArray<Statement.Fragment>,
    cursor: SessionCursor | null,
  ) {
    const rows = yield* keyRows.all(
      yield* sql`SELECT id, updated_at FROM opencx_sessions WHERE ${sql.and([...clauses, ...after(cursor)])}
        ORDER BY updated_at DESC, id LIMIT ${window}`,
    )
    const last = rows.at(-1)
    if (last === undefined) return null
    return { end: { id: last.id, updatedAt: last.updated_at }, isLast: rows.length < window }
  }, run)

  /** Window by window, and others have their turn in between. */
  const withWords = Effect.fnUntraced(function* (
    clauses: ReadonlyArray<Statement.Fragment>,
    text: string,
    { after: from, limit }: { readonly limit: number; readonly after: SessionCursor | null },
  ) {
    const sessions: Array<Session> = []
    for (let cursor = from; ;) {
      const place = yield* windowAfter(clauses, cursor)
      if (place === null) return { sessions, next: null } satisfies SessionPage
      const within = [...clauses, ...after(cursor), ...upTo(place.end), says(text)]
      const wanted = limit - sessions.length
      const found = yield* read(within, wanted)
      sessions.push(...(yield* Effect.filter(found, (session) => saysSo(session, text))))
      const last = found.length < wanted ? undefined : found.at(-1)
      if (last !== undefined) return { sessions, next: cursorOf(last) } satisfies SessionPage
      if (place.isLast) return { sessions, next: null } satisfies SessionPage
      cursor = place.end
      yield* Effect.yieldNow
    }
  })

  return Effect.fn("SessionSearch.search")(function* (
    orgId: OrgId,
    query: SessionQuery,
    page: { readonly limit: number; readonly after: SessionCursor | null },
  ) {
    const limit = pageSize(page.limit)
    const few = yield* fewOf(orgId, query)
    const nothing: SessionPage = { sessions: [], next: null }
    if (query.states?.length === 0 || few?.length === 0) return nothing
    const clauses = plain(orgId, query, few)
    if (query.text !== undefined) return yield* withWords(clauses, query.text, { limit, after: page.after })
    const sessions = yield* read([...clauses, ...after(page.after)], limit)
    const last = sessions.length < limit ? undefined : sessions.at(-1)
    return { sessions, next: last === undefined ? null : cursorOf(last) }
  })
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
