import { assert, it } from "@effect/vitest"
import {
  AccountId,
  ArticleStore,
  BlobId,
  Blobs,
  Contacts,
  ConversationStore,
  type Identity,
  OrgId,
  Secrets,
  ThreadKey,
  Threads,
} from "@opencx/core"
import { Effect, type Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { randomUUID } from "node:crypto"
import { article, newLane, orgA, orgB } from "../support/fixtures.ts"

type Directory = Contacts | Threads | Blobs | ArticleStore | Secrets | ConversationStore

const newOrg = () => OrgId.make(`o${randomUUID()}`)

/** What every `Contacts`, `Threads`, `Blobs`, `ArticleStore` and `Secrets` does. */
export const directorySuite = (name: string, layer: Layer.Layer<Directory, unknown>) =>
  it.layer(layer, { timeout: "30 seconds" })(`Directory on ${name}`, (it) => {
    const email = (value: string, verified: boolean): Identity => ({ kind: "email", value, verified })

    it.effect("finds a contact again, and keeps claims apart from proof", () =>
      Effect.gen(function* () {
        const contacts = yield* Contacts
        const orgId = newOrg()
        const resolve = (identity: Identity, org = orgId, who: string | null = null) =>
          contacts.resolve({ orgId: org, identity, name: who, locale: null })
        const anna = yield* resolve(email("Anna@Example.com", true))
        assert.strictEqual((yield* resolve(email("anna@example.COM", true), orgId, "Anna")).id, anna.id)
        assert.strictEqual((yield* contacts.get(orgId, anna.id))?.name, "Anna")
        assert.strictEqual((yield* resolve(email("anna@example.com", true), orgId, "Eve")).name, "Anna")
        const claimed = yield* resolve(email("anna@example.com", false))
        assert.notStrictEqual(claimed.id, anna.id)
        assert.strictEqual((yield* resolve(email("ANNA@example.com", false))).id, claimed.id)
        assert.notStrictEqual(
          (yield* resolve({ kind: "phone", value: "anna@example.com", verified: true })).id,
          anna.id,
        )
        const elsewhere = yield* resolve(email("anna@example.com", true), newOrg())
        assert.notStrictEqual(elsewhere.id, anna.id)
        assert.isNull(yield* contacts.get(orgId, elsewhere.id))
        assert.isNull(yield* contacts.get(orgB, anna.id))
        const odd = yield* resolve(
          { kind: "external", value: `\u0000${"é".repeat(5000)}`, verified: true },
          orgId,
          "\u0000",
        )
        assert.deepStrictEqual(yield* contacts.get(orgId, odd.id), odd)
      }),
    )

    it.effect("makes one contact of many simultaneous first messages", () =>
      Effect.gen(function* () {
        const contacts = yield* Contacts
        const claim = { orgId: newOrg(), identity: email("new@example.com", true), name: "N", locale: "fr" }
        const found = yield* Effect.all(
          Array.from({ length: 20 }, () => contacts.resolve(claim)),
          { concurrency: "unbounded" },
        )
        assert.strictEqual(new Set(found.map((contact) => contact.id)).size, 1)
      }),
    )

    it.effect("finds the newest thread by message id for participants only", () =>
      Effect.gen(function* () {
        const threads = yield* Threads
        const scope = { orgId: newOrg(), accountId: AccountId.make("support") }
        const [first, second] = [ThreadKey.make("t1"), ThreadKey.make("t2")]
        const long = `<${"x".repeat(9000)}@example.com>`
        yield* threads.record(scope, first, {
          messageIds: ["<1@x>", long, "<both@x>"],
          participants: ["A@x.com"],
        })
        yield* TestClock.adjust(5)
        yield* threads.record(scope, second, {
          messageIds: ["<2@x>", "<both@x>"],
          participants: ["a@X.com", "b@x.com"],
        })
        yield* threads.record(scope, second, { messageIds: ["<2@x>"], participants: ["b@x.com"] })
        const find = (ids: ReadonlyArray<string>, who: string, at = scope) =>
          threads.findByMessageIds(at, ids, who)
        assert.strictEqual(yield* find(["<0@x>", "<1@x>"], "a@x.com"), first)
        assert.strictEqual(yield* find([long], "a@x.com"), first)
        assert.strictEqual(yield* find(["<both@x>"], "a@x.com"), second)
        assert.isNull(yield* find(["<1@x>"], "b@x.com"), "not a participant")
        assert.isNull(yield* find(["<1@X>"], "a@x.com"), "message ids are case sensitive")
        assert.isNull(yield* find([], "a@x.com"))
        assert.isNull(yield* find(["<1@x>"], "a@x.com", { ...scope, orgId: newOrg() }))
        assert.isNull(yield* find(["<1@x>"], "a@x.com", { ...scope, accountId: AccountId.make("sales") }))
        assert.isTrue(yield* threads.exists(scope, first))
        assert.isFalse(yield* threads.exists({ ...scope, orgId: orgB }, first))
        assert.isNull(yield* threads.address(scope, first))
        yield* threads.setAddress(scope, first, '{"to":"a@x.com"}')
        assert.strictEqual(yield* threads.address(scope, first), '{"to":"a@x.com"}')
        assert.isNull(yield* threads.address({ ...scope, orgId: orgB }, first))
      }),
    )

    it.effect("shows a decision's address as the thread's", () =>
      Effect.gen(function* () {
        const [threads, store] = [yield* Threads, yield* ConversationStore]
        const lane = newLane()
        const decision = { session: null, entries: [], work: [], address: '{"to":"z"}' }
        yield* store.apply({ lane, eventKey: "m", sessionId: null, decide: () => decision })
        assert.strictEqual(yield* threads.address(lane, lane.threadKey), '{"to":"z"}')
        assert.isTrue(yield* threads.exists(lane, lane.threadKey))
      }),
    )

    it.effect("keeps bytes as they are, within the organization", () =>
      Effect.gen(function* () {
        const blobs = yield* Blobs
        const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => i % 256)
        const id = yield* blobs.put(orgA, bytes)
        assert.strictEqual(yield* blobs.put(orgA, bytes.slice()), id)
        const back = yield* blobs.get(orgA, id)
        assert.isTrue(back !== null && Buffer.compare(back, bytes) === 0)
        assert.isNull(yield* blobs.get(orgB, id))
        assert.isNull(yield* blobs.get(orgA, BlobId.make("unknown")))
        const empty = yield* blobs.put(orgA, new Uint8Array(0))
        assert.strictEqual((yield* blobs.get(orgA, empty))?.byteLength, 0)
      }),
    )

    it.effect("gives articles a growing revision and tombstones", () =>
      Effect.gen(function* () {
        const store = yield* ArticleStore
        const orgId = newOrg()
        assert.deepStrictEqual(yield* store.changesSince(orgId, 0), { revision: 0, changed: [], removed: [] })
        const many = Array.from({ length: 450 }, (_, i) => article(`${i}:en`))
        assert.strictEqual(yield* store.upsert(orgId, [...many, article("0:en")]), 450)
        const one = yield* store.changesSince(orgId, 0)
        assert.strictEqual(one.changed.length, 450)
        assert.strictEqual(yield* store.upsert(orgId, many), 0)
        assert.strictEqual((yield* store.changesSince(orgId, one.revision)).revision, one.revision)
        const edited = article("3:en", { title: "Ändert", hash: "new" })
        assert.strictEqual(yield* store.upsert(orgId, [edited, article("4:en")]), 1)
        assert.strictEqual(yield* store.remove(orgId, "help-center", ["5:en", "5:en", "nope"]), 1)
        const two = yield* store.changesSince(orgId, one.revision)
        assert.isAbove(two.revision, one.revision)
        assert.deepStrictEqual(two.changed, [edited])
        assert.deepStrictEqual(two.removed, [{ sourceId: "help-center", key: "5:en" }])
        const hashes = yield* store.hashes(orgId, "help-center")
        assert.deepStrictEqual([hashes.size, hashes.get("3:en"), hashes.has("5:en")], [449, "new", false])
        assert.strictEqual(yield* store.upsert(orgId, [article("5:en")]), 1, "a removed article comes back")
        assert.deepStrictEqual((yield* store.changesSince(orgId, two.revision)).removed, [])
        assert.strictEqual((yield* store.hashes(orgId, "other")).size, 0)
        assert.strictEqual((yield* store.hashes(newOrg(), "help-center")).size, 0)
        assert.isNull(yield* store.getState(orgId, "help-center"))
        yield* store.setState(orgId, "help-center", "a")
        yield* store.setState(orgId, "help-center", "b")
        assert.strictEqual(yield* store.getState(orgId, "help-center"), "b")
        assert.isNull(yield* store.getState(orgB, "help-center"))
      }),
    )

    it.effect("keeps secrets by scope and name", () =>
      Effect.gen(function* () {
        const secrets = yield* Secrets
        yield* secrets.put(orgA, "token", Redacted.make("s3cret ✓"))
        yield* secrets.put(orgA, "token", Redacted.make("newer ✓"))
        const found = yield* secrets.get(orgA, "token")
        assert.strictEqual(found === null ? null : Redacted.value(found), "newer ✓")
        assert.isNull(yield* secrets.get(orgB, "token"))
        assert.isNull(yield* secrets.get(orgA, "other"))
        yield* secrets.remove(orgA, "token")
        assert.isNull(yield* secrets.get(orgA, "token"))
      }),
    )
  })
