import { assert, describe, it } from "@effect/vitest"
import {
  type BlobId,
  Blobs,
  Consents,
  ContactId,
  ContactRecords,
  Contacts,
  ConversationStore,
  CustomerText,
  DeliveryId,
  DeskUserId,
  type EntryBody,
  laneKey,
  OrgId,
  ThreadKey,
  Threads,
  TicketId,
} from "@opencx/core"
import { acquirePostgres, reportSkipped } from "@opencx-tooling/postgres"
import { Effect, Exit, Layer, Scope } from "effect"
import { SqlMessageStorage } from "effect/cluster"
import { Digest } from "effect/crypto"
import { SqlClient } from "effect/sql"
import { randomUUID } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import { afterAll } from "vitest"
import { conversation, mail, person } from "./support/conversations.ts"
import { postgresStores, sqliteStores, temporaryDirectory } from "./support/databases.ts"
import { deliver, message, newLane } from "./support/fixtures.ts"

const directory = temporaryDirectory()
const postgres = await acquirePostgres()
const scope = Scope.makeUnsafe()

afterAll(async () => {
  await Effect.runPromise(Scope.close(scope, Exit.void))
  directory.remove()
  if (!("skipped" in postgres)) await postgres.close()
})

const newOrg = () => OrgId.make(`o${randomUUID()}`)

const withFile = (text: string, blobId: BlobId): EntryBody => ({
  ...message(text),
  _tag: "CustomerMessage",
  text,
  fullText: null,
  attachments: [{ blobId, fileName: "receipt.png", contentType: "image/png", size: 9 }],
  messageId: `<${text}@example.com>`,
  rawBlobId: null,
  automatic: false,
  identified: true,
})

/** A row of the engine's journal, as `effect/cluster` writes them. */
const journaled = Effect.fnUntraced(function* (entityId: string, payload: string, type = "Conversation") {
  const sql = yield* SqlClient.SqlClient
  const id = Math.floor(Math.random() * 2 ** 40)
  const row = { id, request_id: id, shard_id: "default:1", entity_type: type, entity_id: entityId }
  yield* sql`INSERT INTO cluster_messages ${sql.insert({ ...row, kind: 0, tag: "Receive", payload })}`
  yield* sql`INSERT INTO cluster_replies ${sql.insert({ id, request_id: id, kind: 0, payload: "{}" })}`
})

/** Every text of every table, except the migrations' names. */
const everything = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const tables = yield* sql.onDialectOrElse({
    pg: () =>
      sql<{
        name: string
      }>`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()`,
    orElse: () => sql<{ name: string }>`SELECT name FROM sqlite_schema WHERE type = 'table'`,
  })
  const rows = yield* Effect.forEach(tables, ({ name }) => sql`SELECT * FROM ${sql(name)}`)
  const seen = (_: string, value: unknown) =>
    typeof value === "bigint"
      ? String(value)
      : value instanceof Uint8Array
        ? Buffer.from(value).toString("latin1")
        : value
  return JSON.stringify(rows, seen)
})

const mailThread = (text: string) => ThreadKey.make(`mail-${text}`)

const suite = (name: string, stores: Layer.Layer<Layer.Success<ReturnType<typeof sqliteStores>>>) =>
  describe(`a contact's records on ${name}`, () => {
    it.live("are read as a whole: merged contacts, files, and where everything went", () =>
      Effect.gen(function* () {
        const orgId = newOrg()
        const [contacts, records] = [yield* Contacts, yield* ContactRecords]
        const ana = yield* person(orgId, "ana@example.com", "Ana")
        const former = yield* person(orgId, "ana@old.example")
        const blob = yield* (yield* Blobs).put(orgId, new TextEncoder().encode("receipt"))
        const lane = newLane(orgId)
        const deliveryId = DeliveryId.make(randomUUID())
        const session = yield* conversation(
          lane,
          former,
          [
            withFile("hello", blob),
            { _tag: "SystemMessage", text: CustomerText.make("hi"), purpose: "x", deliveryId },
            { _tag: "DeliveryUpdate", deliveryId, status: "sent", providerId: "SM1", explanation: null },
            { _tag: "DeliveryUpdate", deliveryId, status: "read", providerId: "SM1", explanation: null },
            {
              _tag: "HandoffRequested",
              reason: "no_answer",
              trace: {
                agent: "llm",
                queries: [],
                hits: [],
                signals: {},
                latencyMs: 1,
                model: {
                  prompt: "respond-1",
                  tools: [],
                  reasoning: null,
                  retries: 0,
                  failures: [],
                  cost: null,
                  calls: Array.from({ length: 2 }, () => ({
                    model: "openai/gpt",
                    ms: 1,
                    inputTokens: 1,
                    outputTokens: 1,
                  })),
                },
              },
            },
          ],
          {
            ticket: {
              ticketId: TicketId.make("7"),
              status: "open",
              requesterId: DeskUserId.make("9"),
              commentCursor: null,
            },
          },
        )
        yield* contacts.merge(orgId, ana.id, former.id)
        yield* (yield* Consents).record(lane, lane.threadKey, { optedOut: true, word: "STOP", at: 1 })
        for (const known of [former.id, ana.id]) {
          const record = yield* records.read(orgId, known)
          assert.strictEqual(record?.contact.id, ana.id)
          assert.deepStrictEqual(record?.formerIds, [former.id])
          assert.deepStrictEqual(
            record?.sessions.map(({ entries, session }) => [session.id, entries.length]),
            [[session.id, 5]],
          )
          assert.deepStrictEqual(
            record?.files.map(({ blobId }) => blobId),
            [blob],
          )
          assert.deepInclude(record?.threads[0], { threadKey: lane.threadKey, optedOut: true })
          const { chats, deskUsers, messages, models, tickets } = record?.sentWhere ?? {}
          assert.deepStrictEqual(tickets, [{ ticketId: TicketId.make("7"), sessionId: session.id }])
          assert.deepStrictEqual([chats, deskUsers], [[], [DeskUserId.make("9")]])
          assert.deepStrictEqual(models, [{ model: "openai/gpt", calls: 2 }])
          assert.deepStrictEqual(
            messages?.map(({ providerId }) => providerId),
            ["SM1"],
          )
        }
        assert.deepStrictEqual(
          (yield* records.find(orgId, " Ana@Example.com")).map(({ id }) => id),
          [ana.id],
        )
        assert.deepStrictEqual(yield* records.find(newOrg(), ana.id), [])
        assert.isNull(yield* records.read(newOrg(), ana.id))
        assert.isNull(yield* records.erase(newOrg(), ana.id))
        assert.isNull(yield* records.read(orgId, ContactId.make(randomUUID())))
      }).pipe(Effect.provide(stores)),
    )

    it.live("leave nothing behind when they are erased, and take nothing of anybody else", () =>
      Effect.gen(function* () {
        const orgId = newOrg()
        const [blobs, contacts, records, store] = [
          yield* Blobs,
          yield* Contacts,
          yield* ContactRecords,
          yield* ConversationStore,
        ]
        const needle = `needle${randomUUID().slice(0, 8)}`
        const ana = yield* person(orgId, `${needle}@example.com`, needle)
        const former = yield* person(orgId, `${needle}.old@example.com`)
        const ben = yield* person(orgId, "ben@example.com")
        const bytes = (text: string) => blobs.put(orgId, new TextEncoder().encode(text))
        const [own, shared] = [yield* bytes(`${needle} receipt`), yield* bytes(`a logo ${randomUUID()}`)]
        const [alone, together] = [{ ...newLane(orgId), threadKey: mailThread(needle) }, newLane(orgId)]
        const session = yield* conversation(alone, ana, [
          withFile(needle, own),
          withFile(`${needle} 2`, shared),
        ])
        yield* conversation(together, former, [message(needle)], { state: "closed" })
        const bens = yield* conversation(together, ben, [withFile("mine", shared)])
        yield* contacts.merge(orgId, ana.id, former.id)
        yield* (yield* Threads).record(alone, alone.threadKey, {
          messageIds: [`<${needle}@x>`],
          participants: [mail(`${needle}@example.com`).value],
        })
        yield* (yield* Threads).record(together, together.threadKey, {
          messageIds: ["<b@x>"],
          participants: [`${needle}@example.com`, "ben@example.com"],
        })
        yield* (yield* Consents).record(alone, alone.threadKey, { optedOut: true, word: needle, at: 1 })
        yield* journaled(laneKey(alone), `{"text":"${needle}"}`)
        yield* journaled(`${session.id}|out`, `{"why":"${needle}"}`, "WorkQueue")
        yield* journaled(laneKey(together), `{"contactId":"${former.id}","text":"${needle}"}`)
        yield* journaled(laneKey(together), `{"contactId":"${ben.id}","text":"bens words ${orgId}"}`)
        assert.include(yield* everything, needle)

        const erased = yield* records.erase(orgId, former.id)
        assert.deepInclude(erased, { contactIds: [ana.id, former.id], sessions: 2, files: 1 })
        const left = yield* everything
        for (const gone of [needle, ana.id, former.id, session.id]) assert.notInclude(left, gone)
        assert.include(left, `bens words ${orgId}`)
        assert.strictEqual((yield* store.timeline(bens.orgId, bens.id)).length, 1)
        assert.isNotNull(yield* blobs.get(orgId, shared))
        assert.isNull(yield* blobs.get(orgId, own))
        assert.isTrue(yield* (yield* Threads).exists(together, together.threadKey))
        assert.isNull(yield* records.erase(orgId, ana.id))

        assert.isTrue(yield* records.compact)
        if (name === "SQLite")
          for (const file of readdirSync(directory.path))
            assert.isFalse(readFileSync(`${directory.path}/${file}`).includes(needle), file)
      }).pipe(Effect.provide(stores)),
    )

    it.live("are not erased while something is on its way to the customer", () =>
      Effect.gen(function* () {
        const orgId = newOrg()
        const [records, store] = [yield* ContactRecords, yield* ConversationStore]
        const ana = yield* person(orgId, "ana@example.com")
        const timer = deliver(1, { queue: "timer", task: { _tag: "Wait", kind: "idle", stamp: 1 } })
        const work = deliver(1)
        const session = yield* conversation(newLane(orgId), ana, [message("hello")], {}, [work, timer])
        const refused = yield* Effect.flip(records.erase(orgId, ana.id))
        assert.deepInclude(refused, { _tag: "ContactBusy", pending: 1 })
        assert.strictEqual((yield* store.timeline(session.orgId, session.id)).length, 1)
        yield* store.settle(work.id, "dead", { _tag: "Failed", explanation: "no", permanent: true })
        assert.strictEqual((yield* records.erase(orgId, ana.id))?.sessions, 1)
        assert.isNull(yield* store.work(orgId, work.id))
      }).pipe(Effect.provide(stores)),
    )

    it.live(
      "go when retention says so: closed and long past, with files and contacts that nobody needs",
      () =>
        Effect.gen(function* () {
          const [orgId, other] = [newOrg(), newOrg()]
          const [blobs, contacts, records, store] = [
            yield* Blobs,
            yield* Contacts,
            yield* ContactRecords,
            yield* ConversationStore,
          ]
          const file = yield* blobs.put(orgId, new TextEncoder().encode(randomUUID()))
          const [old, both] = [
            yield* person(orgId, "old@example.com"),
            yield* person(orgId, "both@example.com"),
          ]
          const past = { state: "closed", updatedAt: 1_000 } as const
          const gone = yield* Effect.forEach(Array.from({ length: 120 }), () =>
            conversation(newLane(orgId), old, [withFile("bye", file)], past),
          )
          yield* conversation(newLane(orgId), both, [message("bye")], past)
          const kept = [
            yield* conversation(newLane(orgId), both, [message("open")], { updatedAt: 1_000 }),
            yield* conversation(newLane(orgId), both, [message("new")], {
              state: "closed",
              updatedAt: 9_000,
            }),
            yield* conversation(newLane(orgId), both, [message("busy")], past, [deliver(1)]),
          ]
          const foreign = yield* person(other, "old@example.com")
          const theirs = yield* conversation(newLane(other), foreign, [message("x")], past)
          assert.deepStrictEqual(yield* records.purge(orgId, 5_000), { sessions: 121 })
          assert.deepStrictEqual(yield* records.purge(orgId, 5_000), { sessions: 0 })
          for (const { id } of gone.slice(0, 3)) assert.isNull(yield* store.session(orgId, id))
          for (const { id } of kept) assert.isNotNull(yield* store.session(orgId, id))
          assert.isNotNull(yield* store.session(other, theirs.id))
          assert.isNull(yield* blobs.get(orgId, file))
          // Made today, so they are not strangers yet.
          assert.isNotNull(yield* contacts.get(orgId, old.id))
          yield* conversation(newLane(orgId), both, [message("bye")], past)
          yield* records.purge(orgId, Date.now() + 1_000)
          assert.isNull(yield* contacts.get(orgId, old.id))
          assert.isNotNull(yield* contacts.get(orgId, both.id))
        }).pipe(Effect.provide(stores)),
    )
  })

/** Opened once, with the journal's tables beside ours. */
const opened = async (stores: Layer.Layer<Layer.Success<ReturnType<typeof sqliteStores>>, unknown>) => {
  const journal = SqlMessageStorage.layerMigrations({}).pipe(Layer.provide(Digest.layerWebCrypto))
  const all = journal.pipe(Layer.provideMerge(stores))
  return Layer.succeedContext(await Effect.runPromise(Layer.buildWithScope(all, scope)))
}

suite("SQLite", await opened(sqliteStores(directory.path)))
if ("skipped" in postgres) {
  reportSkipped(postgres.skipped)
  describe("a contact's records on Postgres", () =>
    it("is skipped", (context) => context.skip(`no Postgres: ${postgres.skipped}`)))
} else {
  suite("Postgres", await opened(postgresStores(await postgres.createDatabase("records"))))
}
