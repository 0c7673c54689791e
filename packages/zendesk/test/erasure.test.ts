import { assert, describe, it } from "@effect/vitest"
import { type SentWhere, DeskUserId, SessionId, TicketId } from "@opencx/core"
import { Effect } from "effect"
import { FetchHttpClient } from "effect/http"
import { randomUUID } from "node:crypto"
import { behindChats, type BehindChats, eraseInZendesk } from "../src/index.ts"
import { createdTicket, noLag, open } from "./fake/emulator.ts"
import { chatPost, passDraft } from "./fake/sunshine.ts"
import { conversationsOf, openChatWorld, openedChat, toChatId, until } from "./fake/sunshineEmulator.ts"

const sessionId = SessionId.make(randomUUID())

const sent = (changes: Partial<SentWhere>): SentWhere => ({
  tickets: [],
  deskUsers: [],
  chats: [],
  messages: [],
  models: [],
  ...changes,
})

const nothing: BehindChats = { tickets: [], users: [], unseen: [] }

type Clients = Parameters<typeof behindChats>[1]

/** Looks, then deletes what was found and what was known. */
const eraseAll = (what: SentWhere, clients: Clients) =>
  Effect.flatMap(behindChats(what, clients), (behind) => eraseInZendesk(what, behind, clients))

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
      const erased = yield* eraseInZendesk(what, nothing, { support: client, sunshine: null })
      assert.deepStrictEqual(erased, [
        { what: "ticket", id: ticketId, result: "deleted", why: null },
        { what: "user", id: requesterId, result: "deleted", why: null },
      ])
      const state = JSON.stringify(emulator.state(["tickets", "users"]))
      for (const word of ["dana", "Dana"]) assert.notInclude(state, word)
      const again = yield* eraseInZendesk(what, nothing, { support: client, sunshine: null })
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
        nothing,
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
      const erased = yield* eraseAll(what, { support: null, sunshine: client })
      assert.deepStrictEqual(
        erased.map(({ result, what }) => [what, result]),
        [
          ["ticket", "kept"],
          ["ticket", "kept"],
          ["chat", "deleted"],
          ["chat", "gone"],
          ["chat user", "deleted"],
        ],
      )
      const gone = yield* Effect.flip(conversationsOf(client, chat.userId))
      assert.strictEqual(gone.status, 404)
      const alone = yield* eraseAll(what, { support: null, sunshine: null })
      assert.deepStrictEqual(
        alone.map(({ result, what }) => `${what} ${result}`),
        ["ticket kept", "ticket kept", "chat failed", "chat failed", "chat user failed"],
      )
      assert.include(alone[0]?.why ?? "", "cannot be looked for")
    }).pipe(Effect.scoped, Effect.provide(FetchHttpClient.layer)),
  )
})

/** A chat that humans have, with the ticket that the Agent Workspace made of it, and a ticket of the same person by mail. */
const handedOver = Effect.gen(function* () {
  const world = yield* openChatWorld()
  const { client, emulator, port, support } = world
  const chat = yield* openedChat(port)
  const { conversationId, userId } = chat
  yield* port.post(chatPost({ conversationId, userId, author: "customer", text: "needle: my refund" }))
  yield* port.pass(passDraft({ conversationId }))
  yield* until(port.control(conversationId), (control) => control === "humans")
  const what = sent({ chats: [{ conversationId, userId, sessionId }] })
  const behind = yield* until(
    behindChats(what, { support, sunshine: client }),
    ({ tickets }) => tickets.length > 0,
  )
  return { client, emulator, support, what, behind, conversationId, userId }
})

const needleIn = (emulator: { readonly state: (what: Array<"tickets" | "users">) => unknown }) =>
  JSON.stringify(emulator.state(["tickets", "users"])).includes("needle")

const told = (erased: ReadonlyArray<{ readonly what: string; readonly result: string }>) =>
  erased.map(({ result, what }) => `${what} ${result}`)

describe("what the Agent Workspace made of a live chat", () => {
  it.live("is found, open or closed, and deleted with the chat, for good and once", () =>
    Effect.gen(function* () {
      const { behind, client, emulator, support, what } = yield* handedOver
      assert.deepStrictEqual([behind.tickets.length, behind.users.length, behind.unseen], [1, 1, []])
      const [ticketId = ""] = behind.tickets
      emulator.agent(Number(ticketId), { action: "close" })
      const clients = { support, sunshine: client }
      // A closed ticket answers no longer to its conversation, but still to its person.
      assert.deepStrictEqual(yield* behindChats(what, clients), behind)
      assert.deepStrictEqual(told(yield* eraseAll(what, clients)), [
        "ticket deleted",
        "user deleted",
        "chat deleted",
        "chat user deleted",
      ])
      assert.isFalse(needleIn(emulator))
      assert.deepStrictEqual(told(yield* eraseAll(what, clients)), ["chat gone", "chat user gone"])
    }).pipe(Effect.scoped, Effect.provide(FetchHttpClient.layer)),
  )

  it.live("is left for the next run where Zendesk fails in between, at every step", () =>
    Effect.gen(function* () {
      const { behind, client, emulator, support, what } = yield* handedOver
      const clients = { support, sunshine: client }
      const steps = [
        { method: "DELETE", path: "/api/v2/tickets/" },
        { method: "DELETE", path: "/api/v2/deleted_tickets/" },
        { method: "DELETE", path: "/api/v2/users/" },
        { method: "DELETE", path: "/api/v2/deleted_users/" },
        { method: "DELETE", path: "/sc/v2/apps/[0-9a-f]+/conversations/" },
        { method: "DELETE", path: "/sc/v2/apps/[0-9a-f]+/users/" },
      ] as const
      for (const match of steps) {
        emulator.addFault({ kind: "status503", match })
        const erased = yield* eraseInZendesk(what, behind, clients)
        assert.isTrue(
          erased.some(({ result }) => result === "failed"),
          match.path,
        )
        emulator.clearFaults()
      }
      const last = yield* eraseInZendesk(what, behind, clients)
      assert.deepStrictEqual(
        last.filter(({ result }) => result === "failed"),
        [],
      )
      assert.isFalse(needleIn(emulator))
    }).pipe(Effect.scoped, Effect.provide(FetchHttpClient.layer)),
  )

  it.live("keeps the chat's user while it cannot be looked for: nobody would find it later", () =>
    Effect.gen(function* () {
      const { client, emulator, support, what } = yield* handedOver
      const clients = { support, sunshine: client }
      emulator.addFault({ kind: "status503", match: { method: "GET", path: "/tickets/requested" } })
      const first = yield* eraseAll(what, clients)
      assert.deepStrictEqual(told(first).slice(0, 1), ["ticket failed"])
      assert.isFalse(first.some((one) => one.what === "chat user"))
      emulator.clearFaults()
      assert.include(told(yield* eraseAll(what, clients)), "chat user deleted")
    }).pipe(Effect.scoped, Effect.provide(FetchHttpClient.layer)),
  )

  it.live("is no ticket that came another way, and nobody else's", () =>
    Effect.gen(function* () {
      const { behind, client, conversationId, emulator, support, userId } = yield* handedOver
      const person = Number(behind.users[0])
      const json = JSON.stringify({
        ticket: { subject: "By mail", comment: { body: "hello" }, requester_id: person },
      })
      yield* support.request({ method: "POST", path: "/api/v2/tickets", json })
      const what = sent({ chats: [{ conversationId, userId, sessionId }] })
      const erased = yield* eraseAll(what, { support, sunshine: client })
      const tickets = erased.filter(({ what }) => what === "ticket")
      assert.deepStrictEqual(
        tickets.map(({ id }) => id),
        [...behind.tickets],
      )
      assert.include(JSON.stringify(emulator.state(["tickets"])), "By mail")
    }).pipe(Effect.scoped, Effect.provide(FetchHttpClient.layer)),
  )
})
