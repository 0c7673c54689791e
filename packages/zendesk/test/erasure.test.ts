import { assert, describe, it } from "@effect/vitest"
import { type SentWhere, DeskUserId, SessionId, TicketId } from "@opencx/core"
import { Effect } from "effect"
import { FetchHttpClient } from "effect/http"
import { randomUUID } from "node:crypto"
import { eraseInZendesk } from "../src/index.ts"
import { createdTicket, noLag, open } from "./fake/emulator.ts"
import { conversationsOf, openChatWorld, openedChat, toChatId } from "./fake/sunshineEmulator.ts"

const sessionId = SessionId.make(randomUUID())

const sent = (changes: Partial<SentWhere>): SentWhere => ({
  tickets: [],
  deskUsers: [],
  chats: [],
  messages: [],
  ...changes,
})

describe("erasing in Zendesk", () => {
  it.live("deletes tickets and people for good, and may be repeated", () =>
    Effect.gen(function* () {
      const { client, emulator, ticketing } = yield* open(noLag)
      const { requesterId, ticketId } = yield* createdTicket(ticketing)
      assert.isNotNull(requesterId)
      const what = sent({
        tickets: [{ ticketId, sessionId }],
        deskUsers: requesterId === null ? [] : [requesterId],
      })
      const erased = yield* eraseInZendesk(what, { support: client, sunshine: null })
      assert.deepStrictEqual(erased, [
        { what: "ticket", id: ticketId, result: "deleted", why: null },
        { what: "user", id: requesterId, result: "deleted", why: null },
      ])
      const state = JSON.stringify(emulator.state(["tickets", "users"]))
      for (const word of ["dana", "Dana"]) assert.notInclude(state, word)
      const again = yield* eraseInZendesk(what, { support: client, sunshine: null })
      assert.deepStrictEqual(
        again.map(({ result }) => result),
        ["gone", "gone"],
      )
    }).pipe(Effect.scoped, Effect.provide(FetchHttpClient.layer)),
  )

  it.live("never deletes an agent, and goes on where one thing fails", () =>
    Effect.gen(function* () {
      const { client, emulator, ticketing } = yield* open(noLag)
      const { userId } = yield* ticketing.verify
      const { ticketId } = yield* createdTicket(ticketing)
      emulator.addFault({
        kind: "status503",
        times: 1,
        match: { method: "DELETE", path: "/api/v2/tickets/999" },
      })
      const erased = yield* eraseInZendesk(
        sent({
          tickets: [
            { ticketId: TicketId.make("999"), sessionId },
            { ticketId, sessionId },
          ],
          deskUsers: [userId, DeskUserId.make("424242")],
        }),
        { support: client, sunshine: null },
      )
      assert.deepStrictEqual(
        erased.map(({ result }) => result),
        ["failed", "deleted", "kept", "gone"],
      )
      assert.include(erased[0]?.why ?? "", "503")
      assert.include(erased[2]?.why ?? "", "role")
      assert.strictEqual((yield* ticketing.verify).userId, userId)
    }).pipe(Effect.scoped, Effect.provide(FetchHttpClient.layer)),
  )

  it.live("deletes the customer of live chats with all conversations", () =>
    Effect.gen(function* () {
      const { client, port } = yield* openChatWorld()
      const chat = yield* openedChat(port)
      const what = sent({
        chats: [
          { conversationId: chat.conversationId, userId: chat.userId, sessionId },
          { conversationId: toChatId("0".repeat(24)), userId: null, sessionId },
        ],
      })
      const erased = yield* eraseInZendesk(what, { support: null, sunshine: client })
      assert.deepStrictEqual(
        erased.map(({ result, what }) => [what, result]),
        [
          ["chat", "deleted"],
          ["chat", "gone"],
          ["chat user", "deleted"],
        ],
      )
      const gone = yield* Effect.flip(conversationsOf(client, chat.userId))
      assert.strictEqual(gone.status, 404)
      const alone = yield* eraseInZendesk(what, { support: null, sunshine: null })
      assert.deepStrictEqual(new Set(alone.map(({ result }) => result)), new Set(["failed"]))
    }).pipe(Effect.scoped, Effect.provide(FetchHttpClient.layer)),
  )
})
