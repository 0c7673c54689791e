/** Reports: one query over the sessions' rows. Sessions of earlier releases are counted when somebody asks. */
import {
  type ConversationStore,
  type Entry,
  Figure,
  type FiguresPeriod,
  type OrgId,
  questionTags,
  type Session,
  unansweredIn,
} from "@opencx/core"
import { type Context, Effect, Schema, SchemaTransformation } from "effect"
import type { Database } from "../sql/Database.ts"
import { Int64 } from "../sql/columns.ts"
import { decoderOf } from "../sql/rows.ts"
import { factsNow, factsToRow } from "./facts.ts"
import { entryRows, sessionRows } from "./rows.ts"

type Store = Context.Service.Shape<typeof ConversationStore>

const Flag = Int64.pipe(
  Schema.decodeTo(
    Schema.Boolean,
    SchemaTransformation.transform<boolean, number>({
      decode: (value) => value !== 0,
      encode: (value) => (value ? 1 : 0),
    }),
  ),
)

const figureRows = decoderOf(
  Schema.Struct({
    ...Figure.fields,
    day: Int64,
    abstained: Flag,
    sessions: Int64,
    answers: Int64,
    thumbsUp: Int64,
    thumbsDown: Int64,
    rated: Int64,
    csatSum: Int64,
    drafted: Int64,
    undrafted: Int64,
    draftsKept: Int64,
    draftsEdited: Int64,
    draftsUnused: Int64,
  }).pipe(
    Schema.encodeKeys({
      thumbsUp: "thumbs_up",
      thumbsDown: "thumbs_down",
      csatSum: "csat_sum",
      draftsKept: "drafts_kept",
      draftsEdited: "drafts_edited",
      draftsUnused: "drafts_unused",
    }),
  ),
)

/** Sessions whose timelines are in memory at a time. */
const batch = 50

const sums = [
  "answers",
  "thumbs_up",
  "thumbs_down",
  "drafted",
  "undrafted",
  "drafts_kept",
  "drafts_edited",
  "drafts_unused",
]
  .map((column) => `SUM(${column}) AS ${column}`)
  .join(", ")

const entriesBySession = (entries: ReadonlyArray<Entry>): ReadonlyMap<string, ReadonlyArray<Entry>> => {
  const found = new Map<string, Array<Entry>>()
  for (const entry of entries) {
    const known = found.get(entry.sessionId)
    if (known === undefined) found.set(entry.sessionId, [entry])
    else known.push(entry)
  }
  return found
}

const chunksOf = <A>(all: ReadonlyArray<A>): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: Math.ceil(all.length / batch) }, (_, i) => all.slice(i * batch, (i + 1) * batch))

export const makeFigures = (db: Database): Pick<Store, "figures" | "unanswered"> => {
  const { sql } = db

  const openedIn = (orgId: OrgId, { from, to }: FiguresPeriod) =>
    sql`org_id = ${orgId} AND created_at >= ${Math.ceil(from)} AND created_at < ${Math.ceil(to)}`

  /** The newest change is looked at again: whoever changes the session meanwhile counts it, and is not written over. */
  const count = Effect.fnUntraced(function* (session: Session) {
    const timeline = yield* entryRows.all(
      yield* sql`SELECT session_id, seq, at, body FROM opencx_entries WHERE session_id = ${session.id} ORDER BY seq`,
    )
    const row = { ...factsToRow(factsNow(null, timeline, [])), channel: session.channel }
    yield* sql`UPDATE opencx_sessions SET ${sql.update(row)}
      WHERE id = ${session.id} AND outcome IS NULL AND updated_at = ${session.updatedAt}`
  })

  const countOld = Effect.fnUntraced(function* (orgId: OrgId, period: FiguresPeriod) {
    for (;;) {
      const old = yield* db.run("ConversationStore.figures")(
        Effect.flatMap(
          sql`SELECT body FROM opencx_sessions WHERE ${openedIn(orgId, period)} AND outcome IS NULL
            ORDER BY created_at LIMIT ${batch}`,
          sessionRows.all,
        ),
      )
      if (old.length === 0) return
      yield* Effect.forEach(old, ({ body }) => db.run("ConversationStore.figures")(count(body)), {
        discard: true,
      })
      yield* Effect.yieldNow
    }
  })

  const figures = Effect.fn("ConversationStore.figures")(function* (orgId: OrgId, period: FiguresPeriod) {
    yield* countOld(orgId, period)
    const grouped = sql`
      SELECT day, channel, outcome, escalation, abstained, COUNT(*) AS sessions, COUNT(csat) AS rated,
        COALESCE(SUM(csat), 0) AS csat_sum, ${sql.literal(sums)}
      FROM (
        SELECT created_at / 86400000 AS day, channel, escalation, abstained, csat, answers, thumbs_up, thumbs_down,
          drafted, undrafted, drafts_kept, drafts_edited, drafts_unused,
          CASE WHEN closed = 1 OR updated_at < ${Math.floor(period.quietSince)} THEN outcome ELSE 'open' END AS outcome
        FROM opencx_sessions WHERE ${openedIn(orgId, period)}
      ) AS opened
      GROUP BY day, channel, outcome, escalation, abstained
      ORDER BY day, channel, outcome`
    return yield* db.run("ConversationStore.figures")(Effect.flatMap(grouped, figureRows.all))
  })

  const questionsOf = Effect.fnUntraced(function* (sessions: ReadonlyArray<Session>) {
    const ids = sessions.map(({ id }) => id)
    const entries = entriesBySession(
      yield* entryRows.all(
        yield* sql`SELECT session_id, seq, at, body FROM opencx_entries
          WHERE ${sql.in("session_id", ids)} AND ${sql.in("tag", questionTags)} ORDER BY session_id, seq`,
      ),
    )
    return sessions.flatMap((session) => unansweredIn(session, entries.get(session.id) ?? []))
  })

  const unanswered = Effect.fn("ConversationStore.unanswered")(function* (
    orgId: OrgId,
    period: FiguresPeriod,
    limit: number,
  ) {
    yield* countOld(orgId, period)
    const run = db.run("ConversationStore.unanswered")
    const sessions = yield* run(
      Effect.flatMap(
        sql`SELECT body FROM opencx_sessions WHERE ${openedIn(orgId, period)} AND abstained = 1
          ORDER BY created_at DESC, id LIMIT ${Math.max(0, Math.floor(limit))}`,
        sessionRows.all,
      ),
    )
    const chunks = chunksOf(sessions.map(({ body }) => body))
    return (yield* Effect.forEach(chunks, (chunk) => run(questionsOf(chunk)))).flat()
  })

  return { figures, unanswered }
}
