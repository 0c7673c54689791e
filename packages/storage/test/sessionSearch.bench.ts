/**
 * How long each filter of the session search takes among very many sessions, beside a look-up by id in the same run:
 * `node test/sessionSearch.bench.ts [sessions] [postgres]`. Prints one line a filter.
 */
import {
  ChannelId,
  ConversationStore,
  OrgId,
  SessionId,
  SessionSearch,
  type SessionQuery,
} from "@opencx/core"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { acquirePostgres } from "@opencx-tooling/postgres"
import { postgresStores, sqliteStores, temporaryDirectory } from "./support/databases.ts"
import { newLane, newSession, message } from "./support/fixtures.ts"

const total = Number(process.argv[2] ?? 100_000)
const postgres = process.argv[3] === "postgres" ? await acquirePostgres() : null
const orgId = OrgId.make("bench")
const batch = 500

const uuid = (kind: number, n: number): string =>
  `0000000${kind}-0000-4000-8000-${String(n).padStart(12, "0")}`

const states = ["closed", "closed", "closed", "ai", "human"] as const

/** Rows as `apply` would have written them, many at once. Of rare things there are ten. */
const row = (n: number) => {
  const lane = { ...newLane(orgId), channel: ChannelId.make(n % 10_000 === 7 ? "rare" : "email") }
  const state = n % 10_000 === 9 ? "handing_off" : (states[n % states.length] ?? "ai")
  const session = {
    ...newSession(lane, { state, createdAt: n, updatedAt: n, subject: `Question ${n}`, lastSeq: 2 }),
    id: SessionId.make(uuid(1, n)),
  }
  const tags = ["opencx", ...(n % 10_000 === 11 ? ["opencx_vip"] : [])]
  const brief = { summary: "wants a refund", sentiment: "neutral", language: "en", reason: "no_answer" }
  const handed = { _tag: "HandoffConfirmed", ticketId: String(n), chatId: null, brief, created: true, tags }
  const said = message(
    `Where is my parcel ${n}? ${"It was promised for Monday. ".repeat(5)}${n % 10_000 === 13 ? "zeppelin" : ""}`,
  )
  const contactId = uuid(2, Math.floor(n / 2))
  const identity = { kind: "email", value: `customer${Math.floor(n / 2)}@example.com`, verified: true }
  return {
    session: {
      id: session.id,
      org_id: orgId,
      lane: `${orgId}|${lane.channel}|support|${lane.threadKey}`,
      contact_id: contactId,
      state,
      closed: state === "closed" ? 1 : 0,
      ticket_id: String(n),
      chat_id: `chat-${n}`,
      watched: 0,
      created_at: n,
      updated_at: n,
      seen_at: n,
      channel: lane.channel,
      outcome: "escalated",
      body: JSON.stringify({ ...session, contactId }),
    },
    entries: [said, handed].map((body, i) => ({
      session_id: session.id,
      seq: i + 1,
      org_id: orgId,
      at: n,
      tag: body._tag,
      body: JSON.stringify(body),
    })),
    tags: tags.map((tag) => ({ org_id: orgId, tag, session_id: session.id })),
    contact:
      n % 2 === 1
        ? null
        : {
            contact: {
              id: contactId,
              org_id: orgId,
              created_at: n,
              body: JSON.stringify({
                id: contactId,
                orgId,
                name: `Customer ${n}`,
                locale: null,
                identities: [identity],
              }),
            },
            identity: {
              org_id: orgId,
              kind: "email",
              match_key: identity.value,
              verified: 1,
              contact_id: contactId,
            },
          },
  }
}

const fill = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  for (let from = 0; from < total; from += batch) {
    const rows = Array.from({ length: Math.min(batch, total - from) }, (_, i) => row(from + i))
    const people = rows.flatMap(({ contact }) => (contact === null ? [] : [contact]))
    const tables = {
      opencx_sessions: rows.map(({ session }) => session),
      opencx_entries: rows.flatMap(({ entries }) => entries),
      opencx_session_tags: rows.flatMap(({ tags }) => tags),
      opencx_contacts: people.map(({ contact }) => contact),
      opencx_contact_identities: people.map(({ identity }) => identity),
    }
    const written = Effect.forEach(Object.entries(tables), ([table, values]) => {
      const [first, ...others] = values.map((one) => ({ ...one }))
      return first === undefined
        ? Effect.succeed([])
        : sql`INSERT INTO ${sql(table)} ${sql.insert([first, ...others])}`
    })
    yield* sql.withTransaction(written)
  }
  yield* sql.onDialectOrElse({ pg: () => sql`ANALYZE`, orElse: () => Effect.void })
})

const timed = Effect.fnUntraced(function* (times: number, effect: Effect.Effect<unknown, unknown>) {
  yield* effect
  const began = performance.now()
  for (let n = 0; n < times; n += 1) yield* effect
  return (performance.now() - began) / times
})

const middle = Math.floor(total / 2)
const queries: Readonly<Record<string, SessionQuery>> = {
  "newest page": {},
  "by ticket": { externalId: String(middle) },
  "by chat": { externalId: `chat-${middle}` },
  "by an id that nobody has": { externalId: "nothing" },
  "by contact's address": { contact: "customer5@example.com" },
  "by a part of a contact's name": { contact: "ustomer 1234" },
  "by a name that nobody has": { contact: "nobody at all" },
  "by a rare channel": { channel: ChannelId.make("rare") },
  "by a channel that nobody uses": { channel: ChannelId.make("fax") },
  "by a rare state": { states: ["handing_off"] },
  "by a common state": { states: ["closed"] },
  "by a rare tag": { tag: "opencx_vip" },
  "by a common tag": { tag: "opencx" },
  "by a tag that nobody has": { tag: "opencx_nothing" },
  "by rare words": { text: "zeppelin" },
  "by common words": { text: "promised for Monday" },
  "by words that nobody said": { text: "submarine" },
}

const measure = Effect.gen(function* () {
  yield* fill
  const [search, store] = [yield* SessionSearch, yield* ConversationStore]
  const one = yield* timed(500, store.session(orgId, SessionId.make(uuid(1, middle))))
  console.log(
    `${postgres === null ? "SQLite" : "Postgres"}, ${total} sessions; by id: ${one.toFixed(3)} ms = 1`,
  )
  for (const [name, query] of Object.entries(queries)) {
    let sessions = 0
    const page = Effect.map(search.search(orgId, query, { limit: 50, after: null }), (found) => {
      sessions = found.sessions.length
    })
    const took = yield* timed(3, page)
    console.log(`${name}: ${took.toFixed(1)} ms = ${Math.round(took / one)} (${sessions} found)`)
  }
})

const on = async (stores: ReturnType<typeof sqliteStores>) =>
  Effect.runPromise(Effect.provide(measure, stores))

if (postgres === null) {
  const directory = temporaryDirectory()
  await on(sqliteStores(directory.path))
  directory.remove()
} else if ("skipped" in postgres) {
  console.log(`no Postgres: ${postgres.skipped}`)
} else {
  await on(postgresStores(await postgres.createDatabase("bench")))
  await postgres.close()
}
