/** A database of the first release is read by this one: its tables gain columns, and its JSON lacks newer fields. */
import { assert, describe, it } from "@effect/vitest"
import {
  AccountId,
  ChannelId,
  CommentId,
  ContactId,
  Contacts,
  ConversationStore,
  DeliveryId,
  DeskUserId,
  type Lane,
  OrgId,
  type Session,
  SessionId,
  SessionSearch,
  ThreadKey,
  TicketId,
  WorkId,
} from "@opencx/core"
import { Migrations, Postgres, Sqlite, Stores } from "@opencx/storage"
import { acquirePostgres, reportSkipped } from "@opencx-tooling/postgres"
import { Effect, Layer } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { afterAll } from "vitest"
import { conversations as conversationTables } from "../src/schema/migrations/0001_conversations.ts"
import { directory as directoryTables } from "../src/schema/migrations/0002_directory.ts"
import { temporaryDirectory, testKey } from "./support/databases.ts"

const directory = temporaryDirectory()
const postgres = await acquirePostgres()

afterAll(async () => {
  directory.remove()
  if (!("skipped" in postgres)) await postgres.close()
})

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`

const lane: Lane = {
  orgId: OrgId.make("acme"),
  channel: ChannelId.make("email"),
  accountId: AccountId.make("support"),
  threadKey: ThreadKey.make("thread-1"),
}
const laneText = "acme|email|support|thread-1"

/** As that release knew sessions. */
const session: Omit<Session, "chat" | "held" | "lastInboundAt"> = {
  id: SessionId.make(uuid(1)),
  ...lane,
  contactId: ContactId.make(uuid(2)),
  state: "human",
  subject: "Refund",
  language: "en",
  lastSeq: 3,
  answeredSeq: 1,
  customerSeq: 1,
  forwardedSeq: 1,
  turn: null,
  handoffPending: false,
  recentAnswers: [],
  turns: 1,
  handoffs: 1,
  ticket: {
    ticketId: TicketId.make("42"),
    status: "open",
    requesterId: DeskUserId.make("7"),
    commentCursor: CommentId.make("90"),
  },
  humanName: "Ada",
  createdAt: 1_000,
  updatedAt: 2_000,
}

const brief = { summary: "wants a refund", sentiment: "neutral", language: "en", reason: "no_answer" }

const bodies = [
  { _tag: "HandoffConfirmed", ticketId: "42", brief, created: true },
  {
    _tag: "HumanReply",
    text: "On its way.",
    authorName: "Ada",
    commentId: "90",
    ticketId: "42",
    attachments: [],
    deliveryId: uuid(3),
  },
  {
    _tag: "HandoffConfirmed",
    ticketId: "42",
    brief: { ...brief, summary: "a character that Postgres refuses: \u0000" },
    created: false,
    tags: ["opencx_handedoff"],
  },
]

/** What the first release wrote, by its own statements. */
const writeFirstRelease = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`INSERT INTO opencx_sessions ${sql.insert({
    id: session.id,
    org_id: lane.orgId,
    lane: laneText,
    contact_id: session.contactId,
    state: session.state,
    closed: 0,
    ticket_id: "42",
    watched: 1,
    created_at: 1_000,
    updated_at: 2_000,
    seen_at: 1_000,
    body: JSON.stringify(session),
  })}`
  for (const [i, body] of bodies.entries()) {
    yield* sql`INSERT INTO opencx_entries ${sql.insert({
      session_id: session.id,
      seq: i + 1,
      org_id: lane.orgId,
      at: 1_000,
      tag: body._tag,
      delivery_id: "deliveryId" in body ? body.deliveryId : null,
      body: JSON.stringify(body),
    })}`
  }
  yield* sql`INSERT INTO opencx_work ${sql.insert({
    id: uuid(4),
    org_id: lane.orgId,
    lane: JSON.stringify(lane),
    session_id: session.id,
    queue: "desk",
    task: JSON.stringify({ _tag: "Forward", upToSeq: 1 }),
    status: "done",
    epoch: 0,
    attempts: 0,
    outcome: JSON.stringify({ _tag: "Forwarded", upToSeq: 1 }),
    created_at: 1_000,
    updated_at: 1_000,
  })}`
  const email = { kind: "email", value: "Dana@customer.example", verified: true }
  const contact = {
    id: session.contactId,
    orgId: lane.orgId,
    name: "Dana",
    locale: null,
    identities: [email],
  }
  const { id } = contact
  yield* sql`INSERT INTO opencx_contacts ${sql.insert({ id, org_id: lane.orgId, created_at: 1, body: JSON.stringify(contact) })}`
  yield* sql`INSERT INTO opencx_contact_identities ${sql.insert({
    org_id: lane.orgId,
    kind: email.kind,
    match_key: "dana@customer.example",
    verified: 1,
    contact_id: id,
  })}`
})

const readsAll = Effect.gen(function* () {
  const store = yield* ConversationStore
  const contacts = yield* Contacts
  const expected: Session = { ...session, chat: null, held: [], lastInboundAt: null }
  assert.deepStrictEqual(yield* store.session(lane.orgId, session.id), expected)
  assert.deepStrictEqual(yield* store.sessionByTicket(lane.orgId, TicketId.make("42")), expected)
  assert.deepStrictEqual(yield* store.sessionsOfLane(lane, 5), [expected])
  assert.deepStrictEqual(yield* store.watched(lane.orgId, 5), [expected])
  const [confirmed, reply] = yield* store.timeline(session.orgId, session.id)
  assert.deepStrictEqual<unknown>(confirmed?.body, { ...bodies[0], chatId: null, tags: [] })
  assert.deepStrictEqual<unknown>(reply?.body, { ...bodies[1], chatMessageId: null, byDesk: false })
  const period = { from: 0, to: 10_000, quietSince: 3_000 }
  const [figure, ...more] = yield* store.figures(lane.orgId, period)
  assert.deepInclude(figure, { channel: "email", outcome: "resolved_by_human", sessions: 1, answers: 0 })
  assert.lengthOf(more, 0)
  const search = yield* SessionSearch
  for (const query of [{ channel: lane.channel }, { externalId: "42" }, { tag: "opencx_handedoff" }])
    assert.deepStrictEqual((yield* search.search(lane.orgId, query, { limit: 5, after: null })).sessions, [
      expected,
    ])
  assert.strictEqual((yield* store.delivery(lane.orgId, DeliveryId.make(uuid(3))))?.seq, 2)
  assert.strictEqual((yield* store.work(session.orgId, WorkId.make(uuid(4))))?.outcome?._tag, "Forwarded")
  const identity = { kind: "email", value: "dana@customer.example", verified: true } as const
  const also = [{ kind: "phone", value: "+15550100", verified: true }] as const
  const dana = yield* contacts.resolve({ orgId: lane.orgId, identity, also, name: null, locale: null })
  assert.strictEqual(dana.id, session.contactId)
  const other = yield* contacts.resolve({
    orgId: lane.orgId,
    identity: { ...identity, value: "new@customer.example" },
    name: null,
    locale: null,
  })
  yield* contacts.merge(lane.orgId, other.id, dana.id)
  assert.deepStrictEqual(yield* store.openSessionsOf(lane.orgId, other.id), [expected])
})

const suite = (name: string, fresh: () => Promise<Layer.Layer<SqlClient.SqlClient, SqlError.SqlError>>) =>
  describe(`a database of the first release on ${name}`, () => {
    it.live("is brought up to date and read, with what was not known then left empty", () =>
      Effect.gen(function* () {
        yield* Migrations.migrate([conversationTables, directoryTables])
        yield* writeFirstRelease
        yield* Migrations.migrate()
        yield* readsAll.pipe(Effect.provide(Stores.layer().pipe(Layer.provide(testKey))))
      }).pipe(Effect.provide(Layer.unwrap(Effect.promise(fresh)))),
    )
  })

suite("SQLite", async () => Sqlite.layer({ directory: directory.path }))

if ("skipped" in postgres) {
  reportSkipped(postgres.skipped)
  describe("a database of the first release on Postgres", () =>
    it("is skipped", (context) => context.skip(`no Postgres: ${postgres.skipped}`)))
} else {
  suite("Postgres", async () => Postgres.layer({ url: await postgres.createDatabase("upgrade") }))
}
