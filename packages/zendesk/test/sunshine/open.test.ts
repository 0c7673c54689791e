import { assert, describe, it } from "@effect/vitest"
import { SessionId } from "@opencx/core"
import { Effect } from "effect"
import { nth } from "../fake/emulator.ts"
import { overHttp } from "../fake/http.ts"
import { storedTickets } from "../fake/json.ts"
import { routes } from "../fake/ScriptedServer.ts"
import { appPath, chatDraft, chatPost, contactId, orgId, scriptedChat } from "../fake/sunshine.ts"
import { sessionId } from "../fake/drafts.ts"
import {
  callsOf,
  conversationsOf,
  openChatWorld,
  openedChat,
  setDefaultResponder,
  toChatId,
} from "../fake/sunshineEmulator.ts"

const dana = { externalId: contactId, name: null, email: null, phone: null, locale: null }

describe("open", () => {
  it.live("makes the customer and the conversation, and has control before anything is said", () =>
    Effect.gen(function* () {
      const { client, emulator, port } = yield* openChatWorld()
      const opened = yield* openedChat(port)
      assert.isTrue(opened.created)
      assert.deepStrictEqual(opened.warnings, [])
      assert.strictEqual(yield* port.control(opened.conversationId), "ours")
      const [conversation] = yield* conversationsOf(client, opened.userId)
      assert.strictEqual(conversation?.displayName, "Refund for order 1042")
      assert.deepStrictEqual(conversation?.metadata, {
        opencx_org_id: orgId,
        opencx_contact_id: contactId,
        opencx_session_id: sessionId,
      })
      assert.deepStrictEqual(callsOf(emulator).slice(0, 3), [
        "POST /users 201",
        "POST /conversations 201",
        "POST /conversations/:id/passControl 200",
      ])
      assert.lengthOf(storedTickets(emulator.state(["tickets"])), 0)
    }).pipe(overHttp),
  )

  it.live(
    "a customer who is known already is found, and brought up to date only when something changed",
    () =>
      Effect.gen(function* () {
        const { emulator, port } = yield* openChatWorld()
        const first = yield* openedChat(port)
        emulator.clearCalls()
        const second = yield* openedChat(port)
        assert.strictEqual(second.userId, first.userId)
        assert.notStrictEqual(second.conversationId, first.conversationId)
        assert.deepStrictEqual(callsOf(emulator).slice(0, 3), [
          "POST /users 409",
          "GET /users/:externalId 200",
          "POST /conversations 201",
        ])
        emulator.clearCalls()
        yield* openedChat(port, { customer: { ...dana, name: "Dana Lee-Smith" } })
        assert.include(callsOf(emulator), "PATCH /users/:id 200")
      }).pipe(overHttp),
  )

  it.live("a session comes back to its conversation, and gets a new one when that is gone", () =>
    Effect.gen(function* () {
      const { client, emulator, port } = yield* openChatWorld()
      const first = yield* openedChat(port)
      const again = yield* openedChat(port, { known: first.conversationId, checkFirst: true })
      assert.deepStrictEqual([again.conversationId, again.created], [first.conversationId, false])
      emulator.clearCalls()
      const other = yield* openedChat(port, { known: toChatId("0123456789abcdef01234567") })
      assert.isTrue(other.created)
      assert.notStrictEqual(other.conversationId, first.conversationId)
      assert.lengthOf(yield* conversationsOf(client, first.userId), 2)
    }).pipe(overHttp),
  )

  it.live("a chat that the humans have is not taken from them", () =>
    Effect.gen(function* () {
      const { emulator, port } = yield* openChatWorld()
      const { conversationId, userId } = yield* openedChat(port)
      yield* port.post(chatPost({ conversationId, userId, author: "customer" }))
      yield* port.pass({
        conversationId,
        tags: ["opencx"],
        fields: [],
        requester: { name: null, email: null },
        firstMessageId: null,
      })
      while ((yield* port.control(conversationId)) !== "humans") yield* Effect.sleep(5)
      emulator.clearCalls()
      yield* openedChat(port, { known: conversationId })
      assert.strictEqual(yield* port.control(conversationId), "humans")
      assert.notInclude(callsOf(emulator), "POST /conversations/:id/passControl 200")
    }).pipe(overHttp),
  )

  it.live("a missing integration is said at once, with its exact name", () =>
    Effect.gen(function* () {
      const { port } = yield* openChatWorld({ integration: "OpenCX" })
      const error = yield* Effect.flip(port.open(chatDraft()))
      assert.strictEqual(error.reason._tag, "Invalid")
      assert.include(error.message, "exact name opencx")
    }).pipe(overHttp),
  )

  it.live("with multi-conversations off the only conversation is used again, with a warning", () =>
    Effect.gen(function* () {
      const { client, port } = yield* openChatWorld({ multiConversations: false })
      const first = yield* openedChat(port)
      assert.deepStrictEqual(first.warnings, [])
      const next = SessionId.make("99999999-1111-4222-8333-444455556666")
      const second = yield* openedChat(port)
      assert.strictEqual(second.conversationId, first.conversationId)
      assert.isFalse(second.created)
      assert.include(second.warnings[0], "multi-conversations are off")
      const third = yield* openedChat(port, { sessionId: next })
      assert.strictEqual(third.conversationId, first.conversationId)
      const [conversation] = yield* conversationsOf(client, first.userId)
      assert.strictEqual(conversation?.metadata?.["opencx_session_id"], next)
      assert.strictEqual(conversation?.metadata?.["opencx_org_id"], orgId)
    }).pipe(overHttp),
  )

  for (const [status, code] of [
    [409, "conflict"],
    [403, "forbidden"],
    [422, "unprocessable"],
  ] as const) {
    it.live(`whatever Zendesk calls the refusal: ${status}`, () =>
      Effect.gen(function* () {
        const { port } = yield* openChatWorld({
          multiConversations: false,
          emulator: { sunshine: { secondConversationStatus: status, secondConversationCode: code } },
        })
        const first = yield* openedChat(port)
        assert.strictEqual((yield* openedChat(port)).conversationId, first.conversationId)
      }).pipe(overHttp),
    )
  }

  for (const path of ["/users$", "/conversations$", "/passControl$"]) {
    it.live(`a connection that breaks after ${path} was done makes nothing twice`, () =>
      Effect.gen(function* () {
        const { client, emulator, port } = yield* openChatWorld()
        emulator.addFault({ kind: "resetAfterCommit", match: { method: "POST", path }, times: 1 })
        const error = yield* Effect.flip(port.open(chatDraft()))
        assert.isTrue(error.isRetryable)
        if (path !== "/users$") assert.strictEqual(error.reason._tag, "Ambiguous")
        const opened = yield* port.open(chatDraft({ checkFirst: true }))
        assert.strictEqual(opened.created, path === "/users$")
        assert.lengthOf(yield* conversationsOf(client, opened.userId), 1)
        assert.strictEqual(yield* port.control(opened.conversationId), "ours")
      }).pipe(overHttp),
    )
  }

  for (const kind of ["status429json", "status503"] as const) {
    it.live(`${kind} on the way is worth another try, and makes nothing twice`, () =>
      Effect.gen(function* () {
        const { client, emulator, port } = yield* openChatWorld()
        emulator.addFault({ kind, match: { path: "/passControl$" }, times: 1 })
        const error = yield* Effect.flip(port.open(chatDraft()))
        assert.strictEqual(error.reason._tag, "Ambiguous")
        const opened = yield* port.open(chatDraft({ checkFirst: true }))
        assert.lengthOf(yield* conversationsOf(client, opened.userId), 1)
      }).pipe(overHttp),
    )
  }

  for (const lost of [false, true]) {
    it.live(
      `no ticket opens early where humans answer first${lost ? ", also when the answer got lost" : ""}`,
      () =>
        Effect.gen(function* () {
          const { client, emulator, port } = yield* openChatWorld()
          yield* setDefaultResponder(client, "zd-agentWorkspace")
          if (lost) {
            emulator.addFault({
              kind: "resetAfterCommit",
              match: { method: "POST", path: "/conversations$" },
              times: 1,
            })
            yield* Effect.flip(port.open(chatDraft()))
          }
          const { conversationId, userId } = yield* port.open(chatDraft({ checkFirst: lost }))
          assert.strictEqual(yield* port.control(conversationId), "ours")
          yield* port.post(chatPost({ conversationId, userId, author: "customer" }))
          assert.lengthOf(storedTickets(emulator.state(["tickets"])), 0)
          assert.lengthOf(yield* conversationsOf(client, userId), 1)
        }).pipe(overHttp),
    )
  }

  it.live("what others wrote into a conversation's metadata stays, however Zendesk patches", () =>
    Effect.gen(function* () {
      for (const metadataPatch of ["merge", "replace"] as const) {
        const { client, emulator, port } = yield* openChatWorld({ multiConversations: false })
        emulator.sunshine.configure({ metadataPatch })
        const { conversationId, userId } = yield* openedChat(port)
        yield* client.request({
          method: "PATCH",
          path: `/conversations/${conversationId}`,
          json: JSON.stringify({ metadata: { opencx_org_id: orgId, theirs: "7" } }),
        })
        yield* openedChat(port)
        const [conversation] = yield* conversationsOf(client, userId)
        assert.deepInclude(conversation?.metadata, { theirs: "7", opencx_session_id: sessionId })
      }
    }).pipe(overHttp),
  )

  it.live("control that never comes is worth another try", () =>
    Effect.gen(function* () {
      const { emulator, port } = yield* openChatWorld()
      emulator.addFault({ kind: "stuckControl", match: { path: "/passControl$" }, times: 1 })
      const error = yield* Effect.flip(port.open(chatDraft()))
      assert.strictEqual(error.reason._tag, "Ambiguous")
      const opened = yield* port.open(chatDraft({ checkFirst: true }))
      assert.strictEqual(yield* port.control(opened.conversationId), "ours")
    }).pipe(overHttp),
  )
})

describe("open, what Zendesk is told", () => {
  const user = { json: { user: { id: "u1" } } }
  const ours = {
    json: { conversation: { id: "c1", activeSwitchboardIntegration: { name: "opencx" } } },
  }
  const sent = (body: string | undefined): unknown => JSON.parse(body ?? "null")

  it.live("profiles within Zendesk's limits, the phone in the metadata, one participant", () =>
    Effect.gen(function* () {
      const { port, server } = yield* scriptedChat(
        routes({ [`POST ${appPath}/users`]: user, [`POST ${appPath}/conversations`]: ours }),
      )
      const long = "نور".repeat(100)
      const customer = {
        externalId: contactId,
        name: ` ${long}  ${long} `,
        email: "d@e.example",
        phone: "+15551234567",
        locale: "ar",
      }
      yield* port.open(chatDraft({ customer, subject: "x".repeat(500) }))
      // Ours from the start: no control call at all.
      assert.lengthOf(server.seen, 2)
      assert.deepStrictEqual(sent(server.seen[0]?.body), {
        externalId: contactId,
        profile: {
          givenName: long.slice(0, 128),
          surname: long.slice(0, 128),
          email: "d@e.example",
          locale: "ar",
        },
        metadata: { opencx_org_id: orgId, opencx_contact_id: contactId, opencx_phone: "+15551234567" },
      })
      assert.deepInclude(Object(sent(server.seen[1]?.body)), {
        type: "personal",
        participants: [{ userId: "u1", subscribeSDKClient: false }],
        displayName: "x".repeat(100),
      })
    }).pipe(overHttp),
  )

  it.live("an address that Zendesk refuses does not stop the handoff", () =>
    Effect.gen(function* () {
      const { port, server } = yield* scriptedChat(
        routes({
          [`POST ${appPath}/users`]: (_seen, count) =>
            count === 1
              ? {
                  status: 400,
                  json: { errors: [{ code: "bad_request", title: "profile.email is invalid" }] },
                }
              : user,
          [`POST ${appPath}/conversations`]: ours,
        }),
      )
      const opened = yield* port.open(chatDraft())
      assert.include(opened.warnings[0], "profile.email is invalid")
      assert.notInclude(nth(server.seen, 1).body, "dana@example.com")
    }).pipe(overHttp),
  )

  it.live("a known conversation says itself whose it is, because two customers may have become one", () =>
    Effect.gen(function* () {
      const metadata = { opencx_org_id: orgId, opencx_contact_id: contactId, opencx_session_id: sessionId }
      const conversation = { id: "c1", metadata, activeSwitchboardIntegration: { name: "opencx" } }
      const { port, server } = yield* scriptedChat(
        routes({
          [`GET ${appPath}/conversations/c1`]: { json: { conversation } },
          [`GET ${appPath}/conversations/c1/participants`]: {
            json: { participants: [{ id: "p1", userId: "u9" }] },
          },
        }),
      )
      const opened = yield* port.open(chatDraft({ known: toChatId("c1") }))
      assert.deepStrictEqual(opened, {
        conversationId: toChatId("c1"),
        userId: "u9",
        created: false,
        warnings: [],
      })
      assert.lengthOf(server.seen, 2)
    }).pipe(overHttp),
  )

  it.live("finds the session's conversation on a later page, and the newest of two", () =>
    Effect.gen(function* () {
      const mine = (id: string, lastUpdatedAt: string) => ({
        id,
        lastUpdatedAt,
        metadata: { opencx_org_id: orgId, opencx_contact_id: contactId, opencx_session_id: sessionId },
        activeSwitchboardIntegration: { name: "opencx" },
      })
      const { port, server } = yield* scriptedChat(
        routes({
          [`GET ${appPath}/users/${contactId}`]: {
            json: { user: { id: "u1", profile: null, metadata: null } },
          },
          [`PATCH ${appPath}/users/u1`]: {
            status: 400,
            json: { errors: [{ code: "bad_request", title: "no" }] },
          },
          [`GET ${appPath}/conversations`]: (seen) =>
            seen.query.get("page[after]") === null
              ? {
                  json: {
                    conversations: [{ id: "c0" }, mine("c1", "2026-11-20")],
                    meta: { hasMore: true, afterCursor: "k" },
                  },
                }
              : {
                  json: {
                    conversations: [mine("c2", "2026-11-21"), { id: "c9", type: "sdkGroup" }],
                    meta: { hasMore: false },
                  },
                },
        }),
      )
      const opened = yield* port.open(chatDraft({ checkFirst: true }))
      assert.strictEqual(opened.conversationId, "c2")
      assert.isFalse(opened.created)
      assert.lengthOf(server.to(`POST ${appPath}/conversations`), 0)
    }).pipe(overHttp),
  )

  it.live("a refusal that is not about multi-conversations stays a refusal", () =>
    Effect.gen(function* () {
      const { port } = yield* scriptedChat(
        routes({
          [`POST ${appPath}/users`]: user,
          [`POST ${appPath}/conversations`]: {
            status: 400,
            json: { errors: [{ code: "bad_request", title: "no" }] },
          },
          [`GET ${appPath}`]: { json: { app: { id: "a", settings: { multiConvoEnabled: true } } } },
        }),
      )
      const error = yield* Effect.flip(port.open(chatDraft()))
      assert.strictEqual(error.reason._tag, "Invalid")
    }).pipe(overHttp),
  )
})
