import { assert, describe, it } from "@effect/vitest"
import type { Contact, Identity } from "@opencx/core"
import type { Emulator } from "@opencx/zendesk-emulator"
import { Effect } from "effect"
import { identityMergeOf, makeSunshineClient, makeZendeskClient } from "../../src/index.ts"
import { overHttp } from "../fake/http.ts"
import { type Reply, routes, scripted } from "../fake/ScriptedServer.ts"
import { access, appPath, chatDraft, contactId, orgId } from "../fake/sunshine.ts"
import { openChatWorld } from "../fake/sunshineEmulator.ts"
import { addPerson, chatUserOf, linkOf } from "../fake/supportPeople.ts"
import { connectionTo } from "../fake/zendesk.ts"

const number = "+15551234567"
const mail = "dana@example.com"

const contact = (...identities: ReadonlyArray<Identity>): Contact => ({
  id: contactId,
  orgId,
  name: "Dana Lee",
  locale: null,
  identities,
})
const proven = (kind: Identity["kind"], value: string): Identity => ({ kind, value, verified: true })

const input = (who: Contact, chatUserId: string) => ({
  contact: who,
  order: ["phone", "email"] as const,
  chatUserId,
})

/** Calls of either API, without ids. */
const calls = (emulator: Emulator): ReadonlyArray<string> =>
  emulator
    .calls()
    .map(
      (call) =>
        `${call.method} ${call.path.replace(/^\/sc\/v2\/apps\/[0-9a-f]+/, "/sc").replaceAll(/\/[0-9a-f]{8,24}(?=\/|$)/g, "/:id")} ${call.status}`,
    )

/** A known person and a chat with the same phone number. */
const sameNumber = Effect.gen(function* () {
  const world = yield* openChatWorld()
  const known = yield* addPerson(world.support, world.emulator, { email: mail, phone: number })
  const who = contact(proven("phone", number))
  const chatUserId = yield* chatUserOf(world, who)
  const before = (yield* linkOf(world.client, chatUserId)).zendeskId
  world.emulator.clearCalls()
  const run = world.merge.merge(input(who, chatUserId))
  const linked = Effect.map(linkOf(world.client, chatUserId), (user) => user.zendeskId)
  return { ...world, known, before, chatUserId, run, linked }
})

describe("identity merge at Zendesk", () => {
  it.live("looks, merges, and tells the messaging side, in this order", () =>
    Effect.gen(function* () {
      const { emulator, known, linked, run } = yield* sameNumber
      const decision = yield* run
      assert.strictEqual(decision.decision, "merged")
      assert.include(decision.evidence[0], `belongs to Support user ${known}`)
      assert.strictEqual(yield* linked, known)
      assert.deepStrictEqual(
        calls(emulator)
          .slice(0, 6)
          .map((call) => call.replace(/\d{9,}/, ":id")),
        [
          "GET /sc/users/:id 200",
          "GET /api/v2/users/:id 200",
          "GET /api/v2/users/search 200",
          "GET /api/v2/users/:id/identities 200",
          "PUT /api/v2/users/:id/merge 200",
          "POST /sc/users/:id/sync 200",
        ],
      )
    }).pipe(overHttp),
  )

  it.live("a merge whose answer got lost is found done, and the messaging side hears of it", () =>
    Effect.gen(function* () {
      const { emulator, known, linked, run } = yield* sameNumber
      emulator.addFault({ kind: "resetAfterCommit", match: { path: "/merge$" }, times: 1 })
      const error = yield* Effect.flip(run)
      assert.strictEqual(error.reason._tag, "Ambiguous")
      assert.strictEqual((yield* run).decision, "merged")
      assert.strictEqual(yield* linked, known)
      assert.lengthOf(
        calls(emulator).filter((call) => call.includes("/merge")),
        1,
      )
    }).pipe(overHttp),
  )

  it.live("a merge that the messaging side has not heard of is told the next time", () =>
    Effect.gen(function* () {
      const { emulator, known, linked, run } = yield* sameNumber
      emulator.addFault({ kind: "status503", match: { path: "/sync$" }, times: 1 })
      assert.isTrue((yield* Effect.flip(run)).isRetryable)
      assert.strictEqual((yield* run).decision, "merged")
      assert.strictEqual(yield* linked, known)
      assert.strictEqual((yield* run).decision, "linked")
    }).pipe(overHttp),
  )

  it.live("a number that only ends the same is nobody's", () =>
    Effect.gen(function* () {
      const world = yield* openChatWorld()
      yield* addPerson(world.support, world.emulator, { phone: "+495551234567" })
      const who = contact(proven("phone", number))
      const chatUserId = yield* chatUserOf(world, who)
      const decision = yield* world.merge.merge(input(who, chatUserId))
      assert.strictEqual(decision.decision, "nothing")
      assert.include(decision.evidence[0], "nobody in Support has it")
    }).pipe(overHttp),
  )

  it.live("two numbers of one customer that lead to two people merge nobody", () =>
    Effect.gen(function* () {
      const world = yield* openChatWorld()
      yield* addPerson(world.support, world.emulator, { phone: number })
      yield* addPerson(world.support, world.emulator, { phone: "+15557654321" })
      const who = contact(proven("phone", number), proven("phone", "+15557654321"))
      const chatUserId = yield* chatUserOf(world, who)
      const decision = yield* world.merge.merge(input(who, chatUserId))
      assert.strictEqual(decision.decision, "refused")
      assert.include(decision.reason, "several Support users match")
      assert.lengthOf(decision.evidence, 3)
    }).pipe(overHttp),
  )

  it.live("an address that nobody has proved is not even looked for", () =>
    Effect.gen(function* () {
      const world = yield* openChatWorld()
      yield* addPerson(world.support, world.emulator, { email: mail })
      const who = contact({ kind: "email", value: mail, verified: false })
      const chatUserId = yield* chatUserOf(world, who)
      world.emulator.clearCalls()
      const decision = yield* world.merge.merge(input(who, chatUserId))
      assert.strictEqual(decision.decision, "refused")
      assert.notInclude(calls(world.emulator).join(), "search")
    }).pipe(overHttp),
  )

  it.live("a chat whose customer has no Support user yet waits for the ticket", () =>
    Effect.gen(function* () {
      const world = yield* openChatWorld()
      yield* addPerson(world.support, world.emulator, { email: mail })
      const who = contact(proven("email", "DANA@example.com"))
      const { userId } = yield* world.port.open(chatDraft())
      const decision = yield* world.merge.merge(input(who, userId))
      assert.strictEqual(decision.decision, "nothing")
      assert.include(decision.reason, "no Support user yet")
    }).pipe(overHttp),
  )
})

describe("identity merge, when Zendesk answers otherwise", () => {
  const user = (id: number, more: object = {}) => ({
    id,
    role: "end-user",
    active: true,
    suspended: false,
    verified: true,
    email: mail,
    created_at: id === 100 ? "2020-01-01T00:00:00Z" : "2026-11-21T09:00:00Z",
    ...more,
  })
  const account = (merge: Reply, more: Parameters<typeof routes>[0] = {}) =>
    Effect.gen(function* () {
      const server = yield* scripted(
        routes({
          [`GET ${appPath}/users/u1`]: {
            json: { user: { id: "u1", zendeskId: 200, signedUpAt: "2026-11-21T08:59:59.500Z" } },
          },
          "GET /api/v2/users/200": { json: { user: user(200) } },
          "GET /api/v2/users/search": { json: { users: [user(100)] } },
          "GET /api/v2/users/100/identities": { json: { identities: [{ type: "email", value: mail }] } },
          "PUT /api/v2/users/200/merge": merge,
          [`POST ${appPath}/users/200/sync`]: { json: { user: { id: "u1" } } },
          ...more,
        }),
      )
      const support = yield* makeZendeskClient(connectionTo(server.url), { timeoutMs: 500 })
      const sunshine = yield* makeSunshineClient(access(server.url))
      const port = identityMergeOf({ support, sunshine, singleSignOn: false })
      return { server, run: port.merge(input(contact(proven("email", mail)), "u1")) }
    })
  const refusal: Reply = {
    status: 422,
    json: {
      error: "RecordInvalid",
      description: "x",
      details: { base: [{ description: "User has more than 10000 requested tickets" }] },
    },
  }

  it.live("what Zendesk will never merge is a decision, with its words", () =>
    Effect.gen(function* () {
      const { run, server } = yield* account(refusal)
      const decision = yield* run
      assert.strictEqual(decision.decision, "refused")
      assert.include(decision.reason, "more than 10000 requested tickets")
      assert.lengthOf(server.to(`POST ${appPath}/users/200/sync`), 0)
    }).pipe(overHttp),
  )

  it.live("a loser who is gone by then was merged by somebody faster", () =>
    Effect.gen(function* () {
      const gone: Reply = { status: 404, json: { error: "RecordNotFound", description: "Not found" } }
      for (const answer of [gone, refusal]) {
        const { run, server } = yield* account(answer, {
          "GET /api/v2/users/200": (_seen, count) =>
            count === 1 ? { json: { user: user(200) } } : { json: { user: user(200, { active: false }) } },
        })
        assert.strictEqual((yield* run).decision, "merged")
        assert.lengthOf(server.to(`POST ${appPath}/users/200/sync`), 1)
      }
    }).pipe(overHttp),
  )

  it.live("a messaging side that knows nobody of that id has nothing to be told", () =>
    Effect.gen(function* () {
      const nobody: Reply = {
        status: 404,
        json: { errors: [{ code: "user_not_found", title: "User not found" }] },
      }
      const { run } = yield* account(
        { json: { user: user(100) } },
        { [`POST ${appPath}/users/200/sync`]: nobody },
      )
      assert.strictEqual((yield* run).decision, "merged")
    }).pipe(overHttp),
  )

  it.live("a search that finds half the account is no evidence", () =>
    Effect.gen(function* () {
      const many = Array.from({ length: 30 }, (_none, index) => user(1_000 + index))
      const { run, server } = yield* account(
        { json: {} },
        { "GET /api/v2/users/search": { json: { users: many } } },
      )
      assert.strictEqual((yield* run).decision, "refused")
      assert.lengthOf(
        server.seen.filter((seen) => seen.path.includes("identities")),
        0,
      )
    }).pipe(overHttp),
  )

  for (const [status, tag] of [
    [401, "CredentialsRejected"],
    [403, "PermissionDenied"],
    [429, "RateLimited"],
    [500, "Ambiguous"],
  ] as const) {
    it.live(`${status} on the merge is ${tag}`, () =>
      Effect.gen(function* () {
        const { run } = yield* account({ status, headers: { "retry-after": "1" }, json: { error: "x" } })
        assert.strictEqual((yield* Effect.flip(run)).reason._tag, tag)
      }).pipe(overHttp),
    )
  }
})
