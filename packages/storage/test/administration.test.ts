/** Documents, audit log, users, keys, one-time links and login failures, over both databases. */
import { OrgId, Secrets } from "@opencx/core"
import {
  Administration,
  type AdministrationStores,
  type AuditEntry,
  AuditLog,
  LoginFailures,
  OrganizationDocuments,
  Tickets,
  Users,
} from "@opencx/storage"
import { acquirePostgres, reportSkipped } from "@opencx-tooling/postgres"
import { afterAll, assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer, Redacted, Scope } from "effect"
import { SqlClient } from "effect/sql"
import { TestClock } from "effect/testing"
import { postgresStores, sqliteStores, temporaryDirectory } from "./support/databases.ts"

const directory = temporaryDirectory()
const postgres = await acquirePostgres()
const scope = Scope.makeUnsafe()

afterAll(async () => {
  await Effect.runPromise(Scope.close(scope, Exit.void))
  directory.remove()
  if (!("skipped" in postgres)) await postgres.close()
})

type All = AdministrationStores | Secrets | SqlClient.SqlClient
/** Each test has a clock of its own that begins at 0. */
type Test = (what: string, body: Effect.Effect<void, unknown, All>) => void

const entry = (orgId: string, action: string): AuditEntry => ({
  orgId,
  actor: "user:1",
  actorName: "Ayşe",
  action,
  target: "it",
  changes: [{ path: "name", from: "A", to: "ب" }],
})

const change = (orgId: string, body: string, secrets: Record<string, string> = {}) => ({
  body,
  newSecrets: new Map(Object.entries(secrets).map(([name, value]) => [name, Redacted.make(value)])),
  oldSecrets: [],
  audit: entry(orgId, "organization.update"),
})

const documents = (test: Test) => {
  test(
    "versions: the second of two writers is told which one stands, and leaves nothing behind",
    Effect.gen(function* () {
      const store = yield* OrganizationDocuments
      const secrets = yield* Secrets
      const org = OrgId.make("docs-a")
      assert.strictEqual((yield* store.create(org, change(org, "{}", { s1: "first" }))).version, 1)
      const twice = yield* Effect.flip(store.create(org, change(org, "{}")))
      assert.deepInclude(twice, { _tag: "VersionConflict", version: 1 })
      const [one, two] = yield* Effect.all(
        [1, 2].map((n) => Effect.exit(store.update(org, 1, change(org, `{"n":${n}}`, { [`new${n}`]: "x" })))),
        { concurrency: "unbounded" },
      )
      assert.deepStrictEqual([one?._tag, two?._tag].sort(), ["Failure", "Success"])
      const loser = yield* Effect.flip(store.update(org, 1, change(org, "{}", { lost: "x" })))
      assert.deepInclude(loser, { _tag: "VersionConflict", version: 2 })
      assert.isNull(yield* secrets.get(org, "lost"))
      assert.strictEqual((yield* store.versions).get(org), 2)
    }),
  )

  test(
    "removal keeps the row's version, takes roles and keys, and can be followed by a new one",
    Effect.gen(function* () {
      const store = yield* OrganizationDocuments
      const tickets = yield* Tickets
      const users = yield* Users
      const org = OrgId.make("docs-b")
      yield* store.create(org, change(org, "{}", { token: "gone" }))
      const member = yield* users.create(
        { email: "docs@b.example", name: "B", password: null, memberships: [{ orgId: org, role: "owner" }] },
        entry(org, "user.create"),
      )
      const key = { id: "docs-key", orgId: org, name: "k", scopes: [], createdBy: "x", expiresAt: null }
      yield* tickets.keys.add({ ...key, digest: "docs-digest" }, entry(org, "key.create"))
      yield* store.remove(org, 1, entry(org, "organization.remove"))
      assert.isNull(yield* store.get(org))
      assert.isFalse((yield* store.versions).has(org))
      assert.isNull(yield* (yield* Secrets).get(org, "token"))
      assert.isNull(yield* tickets.keys.use("docs-digest"))
      assert.deepStrictEqual((yield* users.get(member.id))?.memberships, [])
      const gone = yield* Effect.flip(store.update(org, 2, change(org, "{}")))
      assert.deepInclude(gone, { _tag: "VersionConflict", version: null })
      assert.strictEqual((yield* store.create(org, change(org, "{}"))).version, 3)
      const log = yield* (yield* AuditLog).list(org, { before: null, limit: 2 })
      assert.strictEqual(log.length, 2)
      const [newest, older] = log
      assert.strictEqual(older?.action, "organization.remove")
      assert.deepStrictEqual(newest?.changes, [{ path: "name", from: "A", to: "ب" }])
      const rest = yield* (yield* AuditLog).list(org, { before: older?.position ?? 0, limit: 10 })
      assert.strictEqual(rest.length, 3)
      assert.deepStrictEqual(yield* (yield* AuditLog).list("docs-nobody", { before: null, limit: 10 }), [])
    }),
  )

  test(
    "nothing of a secret lies in the tables as it is",
    Effect.gen(function* () {
      const org = OrgId.make("docs-c")
      const secret = "sunshine-secret-0451"
      yield* (yield* OrganizationDocuments).create(org, change(org, "{}", { s: secret }))
      const sql = yield* SqlClient.SqlClient
      for (const table of ["opencx_organizations", "opencx_audit", "opencx_secrets"]) {
        const rows = yield* sql`SELECT * FROM ${sql.literal(table)}`
        assert.notInclude(
          JSON.stringify(rows, (_, v: unknown) => (typeof v === "bigint" ? String(v) : v)),
          secret,
        )
      }
    }),
  )
}

const people = (test: Test) => {
  test(
    "users: one per address however it is written, with their roles by organization",
    Effect.gen(function* () {
      const users = yield* Users
      const input = { email: "Ana@People.example", name: "Ana", password: "digest" }
      const memberships = [{ orgId: "people", role: "owner" }]
      const ana = yield* users.create({ ...input, memberships }, entry("people", "user.create"))
      assert.strictEqual(ana.email, "ana@people.example")
      const taken = yield* Effect.flip(
        users.create({ ...input, email: " ANA@people.EXAMPLE ", memberships: [] }, entry("people", "x")),
      )
      assert.strictEqual(taken._tag, "EmailTaken")
      assert.deepStrictEqual(yield* users.passwordOf("ana@PEOPLE.example"), { id: ana.id, digest: "digest" })
      yield* users.link("https://id.example", "sub-1", ana.id)
      assert.strictEqual((yield* users.byIdentity("https://id.example", "sub-1"))?.id, ana.id)
      assert.isNull(yield* users.byIdentity("https://other.example", "sub-1"))
      assert.deepStrictEqual(
        (yield* users.list("people")).map(({ id }) => id),
        [ana.id],
      )
      assert.deepStrictEqual(yield* users.list("elsewhere"), [])
    }),
  )

  test(
    "the last owner stays, also when two owners go at the same moment",
    Effect.gen(function* () {
      const users = yield* Users
      const make = (email: string) =>
        users.create(
          { email, name: email, password: null, memberships: [{ orgId: "owned", role: "owner" }] },
          entry("owned", "user.create"),
        )
      const two = [yield* make("one@owned.example"), yield* make("two@owned.example")]
      const left = yield* Effect.all(
        two.map(({ id }) => Effect.exit(users.setRole(id, "owned", null, entry("owned", "role.remove")))),
        { concurrency: "unbounded" },
      )
      assert.deepStrictEqual(left.map(({ _tag }) => _tag).sort(), ["Failure", "Success"])
      const [stays] = yield* users.list("owned")
      if (stays === undefined) throw new Error("nobody stayed")
      const off = yield* Effect.flip(
        users.update(stays.id, { disabled: true }, entry("owned", "user.disable")),
      )
      assert.strictEqual(off._tag, "LastOwner")
      const lower = yield* Effect.flip(users.setRole(stays.id, "owned", "admin", entry("owned", "role")))
      assert.strictEqual(lower._tag, "LastOwner")
    }),
  )

  test(
    "sessions end by time, by logging out, with a new password, and with the user",
    Effect.gen(function* () {
      const users = yield* Users
      const { sessions } = yield* Tickets
      const user = yield* users.create(
        { email: "s@sessions.example", name: "S", password: "p", memberships: [] },
        entry("*", "user.create"),
      )
      const open = (digest: string) => sessions.add({ digest, userId: user.id, expiresAt: 1_000 })
      yield* open("d1")
      yield* open("d2")
      assert.strictEqual(yield* sessions.userOf("d1"), user.id)
      yield* sessions.end("d1")
      assert.isNull(yield* sessions.userOf("d1"))
      yield* users.update(user.id, { password: "q" }, entry("*", "password"))
      assert.isNull(yield* sessions.userOf("d2"))
      yield* open("d3")
      yield* TestClock.adjust("1 second")
      assert.isNull(yield* sessions.userOf("d3"))
      yield* sessions.add({ digest: "d4", userId: user.id, expiresAt: 9_000 })
      yield* users.update(user.id, { disabled: true }, entry("*", "disable"))
      assert.isNull(yield* sessions.userOf("d4"))
      assert.isNull(yield* users.passwordOf("s@sessions.example"))
    }),
  )
}

const tickets = (test: Test) => {
  test(
    "keys: of one organization, noted when used, good until revoked or over",
    Effect.gen(function* () {
      const { keys } = yield* Tickets
      const org = OrgId.make("keys-a")
      const key = { id: "k1", orgId: org, name: "CI", scopes: ["sessions.read"], createdBy: "user:1" }
      yield* keys.add({ ...key, expiresAt: null, digest: "kd1" }, entry(org, "key.create"))
      yield* keys.add({ ...key, id: "k2", expiresAt: 5_000, digest: "kd2" }, entry(org, "key.create"))
      assert.deepStrictEqual((yield* keys.use("kd1"))?.scopes, ["sessions.read"])
      const used = (yield* keys.list(org)).find(({ id }) => id === "k1")
      assert.strictEqual(used?.lastUsedAt, 0)
      yield* TestClock.adjust("5 seconds")
      assert.isNull(yield* keys.use("kd2"))
      assert.isFalse(yield* keys.revoke(OrgId.make("keys-b"), "k1", entry("keys-b", "key.revoke")))
      assert.isTrue(yield* keys.revoke(org, "k1", entry(org, "key.revoke")))
      assert.isFalse(yield* keys.revoke(org, "k1", entry(org, "key.revoke")))
      assert.isNull(yield* keys.use("kd1"))
      assert.deepStrictEqual(yield* keys.list(OrgId.make("keys-b")), [])
    }),
  )

  test(
    "one-time links work once, however many come at once, and not too late",
    Effect.gen(function* () {
      const { once } = yield* Tickets
      const token = { purpose: "invite", subject: "u1" }
      yield* once.add({ ...token, digest: "o1", expiresAt: 1_000 })
      assert.deepStrictEqual(yield* once.look("o1"), token)
      const taken = yield* Effect.all(
        [1, 2, 3].map(() => once.take("o1")),
        { concurrency: "unbounded" },
      )
      assert.strictEqual(taken.filter((one) => one !== null).length, 1)
      yield* once.add({ ...token, digest: "o2", expiresAt: 1_000 })
      yield* TestClock.adjust("1 second")
      assert.isNull(yield* once.take("o2"))
    }),
  )

  test(
    "failures lock for longer and longer, and are forgotten",
    Effect.gen(function* () {
      const failures = yield* LoginFailures
      const policy = { free: 3, firstMs: 1_000, longestMs: 4_000, forgetMs: 60_000 }
      const locks = yield* Effect.forEach([1, 2, 3, 4, 5, 6], () => failures.add("ana", policy))
      assert.deepStrictEqual(locks, [0, 0, 1_000, 2_000, 4_000, 4_000])
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* failures.lockedFor("ana"), 3_000)
      assert.strictEqual(yield* failures.lockedFor("ben"), 0)
      yield* TestClock.adjust("2 minutes")
      assert.strictEqual(yield* failures.add("ana", policy), 0)
      yield* failures.clear("ana")
      assert.strictEqual(yield* failures.lockedFor("ana"), 0)
      yield* failures.add("office", policy)
      for (let n = 0; n < 10; n++) {
        assert.strictEqual(yield* failures.add("office", policy), 0, "those that were none are taken back")
        yield* failures.forgive("office")
      }
      yield* failures.forgive("office")
      yield* failures.forgive("office")
      assert.strictEqual(yield* failures.add("office", policy), 0)
      yield* failures.forgive("nobody")
    }),
  )

  test(
    "a person at a provider is linked once; switching a user on again forgets whom",
    Effect.gen(function* () {
      const users = yield* Users
      const audit = { orgId: "*", actor: "x", actorName: "x", action: "x", target: "x", changes: [] }
      const input = { name: "Kim", password: null, memberships: [{ orgId: "acme", role: "viewer" }] }
      const kim = yield* users.create({ ...input, email: "Kim@linked.example" }, audit)
      const issuer = "https://id.example"
      assert.isFalse(yield* users.isLinked(issuer, kim.id))
      yield* users.link(issuer, "kim-1", kim.id)
      assert.isTrue(yield* users.isLinked(issuer, kim.id))
      assert.isFalse(yield* users.isLinked("https://other.example", kim.id))
      yield* users.update(kim.id, { disabled: true }, audit)
      assert.strictEqual((yield* users.byIdentity(issuer, "kim-1"))?.id, kim.id)
      yield* users.update(kim.id, { disabled: false }, audit)
      assert.isFalse(yield* users.isLinked(issuer, kim.id))
      // The Kelvin sign is no k: its holder has another address, and another account.
      assert.isNull(yield* users.byEmail("\u212Aim@linked.example"))
      const other = yield* users.create({ ...input, email: "\u212Aim@linked.example" }, audit)
      assert.notStrictEqual(other.id, kim.id)
    }),
  )
}

const suite = async (name: string, stores: Layer.Layer<Secrets | SqlClient.SqlClient, unknown>) => {
  const built = await Effect.runPromise(
    Layer.buildWithScope(Administration.layer.pipe(Layer.provideMerge(stores)), scope),
  )
  const test: Test = (what, body) => it.effect(what, () => Effect.provide(body, built), 30_000)
  describe(`administration on ${name}`, () => {
    documents(test)
    people(test)
    tickets(test)
  })
}

await suite("SQLite", sqliteStores(directory.path))
if ("skipped" in postgres) {
  reportSkipped(postgres.skipped)
  describe("administration on Postgres", () =>
    it("is skipped", (context) => context.skip(`no Postgres: ${postgres.skipped}`)))
} else {
  await suite("Postgres", postgresStores(await postgres.createDatabase("administration")))
}
