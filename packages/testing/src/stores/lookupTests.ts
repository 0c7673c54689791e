/** Finding and listing sessions, within their organization only. */
import { assert, type Vitest } from "@effect/vitest"
import {
  ChatId,
  ConversationStore,
  CustomerText,
  DeliveryId,
  OrgId,
  type Session,
  TicketId,
} from "@opencx/core"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { randomUUID } from "node:crypto"
import { appending, message, newLane, newSession, orgB } from "./samples.ts"

type Suite = Vitest.MethodsNonLive<ConversationStore>

const systemMessage = (text: string, deliveryId: DeliveryId) => {
  return { _tag: "SystemMessage" as const, text: CustomerText.make(text), purpose: "handoff", deliveryId }
}

const lookups = (it: Suite) =>
  it.effect("finds sessions by id, ticket and delivery within their organization only", () =>
    Effect.gen(function* () {
      const store = yield* ConversationStore
      const lane = newLane()
      const ticketId = TicketId.make(`t-${randomUUID()}`)
      const deliveryId = DeliveryId.make(randomUUID())
      const session = newSession(lane, {
        state: "human",
        ticket: { ticketId, status: "open", requesterId: null, commentCursor: null },
      })
      const decision = appending(session, [
        message("a"),
        { _tag: "DeliveryUpdate", deliveryId, status: "pending", providerId: null, explanation: null },
        systemMessage("we are on it", deliveryId),
        { _tag: "DeliveryUpdate", deliveryId, status: "sent", providerId: "p1", explanation: null },
      ])
      yield* store.apply({ lane, eventKey: "m1", sessionId: null, decide: () => decision })
      assert.strictEqual((yield* store.session(lane.orgId, session.id))?.id, session.id)
      assert.strictEqual((yield* store.sessionByTicket(lane.orgId, ticketId))?.id, session.id)
      const delivery = yield* store.delivery(lane.orgId, deliveryId)
      assert.deepStrictEqual([delivery?.session.id, delivery?.seq], [session.id, 3])
      assert.isNull(yield* store.session(orgB, session.id))
      assert.isNull(yield* store.sessionByTicket(orgB, ticketId))
      assert.isNull(yield* store.delivery(orgB, deliveryId))
      assert.deepStrictEqual(yield* store.timeline(orgB, session.id), [])
      const part = yield* store.timeline(lane.orgId, session.id, { after: 1, limit: 2 })
      assert.deepStrictEqual(
        part.map((entry) => entry.seq),
        [2, 3],
      )
    }),
  )

const lists = (it: Suite) =>
  it.effect("lists sessions, open sessions of a contact, and what a human may answer", () =>
    Effect.gen(function* () {
      const store = yield* ConversationStore
      const orgId = OrgId.make(`o${randomUUID()}`)
      const make = (at: number, changes: Partial<Session>) =>
        Effect.gen(function* () {
          const lane = newLane(orgId)
          const session = newSession(lane, { createdAt: at, updatedAt: at, ...changes })
          yield* store.apply({ lane, eventKey: "m", sessionId: null, decide: () => appending(session, []) })
          return session
        })
      const ticket = (status: "open" | "solved" | "closed") => ({
        ticketId: TicketId.make(randomUUID()),
        status,
        requesterId: null,
        commentCursor: null,
      })
      const ai = yield* make(1, {})
      const human = yield* make(2, { state: "human", ticket: ticket("open"), contactId: ai.contactId })
      yield* TestClock.adjust(1)
      const back = yield* make(3, { state: "ai", ticket: ticket("solved") })
      const over = yield* make(4, { state: "closed", ticket: ticket("closed"), contactId: ai.contactId })
      const ids = (sessions: ReadonlyArray<Session>) => sessions.map((session) => session.id)
      assert.deepStrictEqual(ids(yield* store.sessions(orgId, { limit: 10 })), [
        over.id,
        back.id,
        human.id,
        ai.id,
      ])
      assert.deepStrictEqual(ids(yield* store.sessions(orgId, { limit: 2, before: 4 })), [back.id, human.id])
      assert.deepStrictEqual(ids(yield* store.sessions(orgId, { limit: 9, states: ["ai"] })), [
        back.id,
        ai.id,
      ])
      assert.deepStrictEqual(ids(yield* store.sessions(orgId, { limit: 9, states: [] })), [])
      assert.deepStrictEqual(ids(yield* store.sessions(orgB, { limit: 9, states: ["handing_off"] })), [])
      assert.deepStrictEqual(ids(yield* store.openSessionsOf(orgId, ai.contactId)), [human.id, ai.id])
      assert.deepStrictEqual(ids(yield* store.openSessionsOf(orgB, ai.contactId)), [])
      yield* TestClock.adjust(1000)
      assert.deepStrictEqual(ids(yield* store.watched(orgId, 1)), [human.id])
      yield* TestClock.adjust(1000)
      assert.deepStrictEqual(ids(yield* store.watched(orgId, 1)), [back.id])
      yield* TestClock.adjust(1000)
      assert.deepStrictEqual(ids(yield* store.watched(orgId, 9)), [human.id, back.id])
    }),
  )

const chats = (it: Suite) =>
  it.effect("finds the newest session of a live chat, which reconciliation of tickets leaves alone", () =>
    Effect.gen(function* () {
      const store = yield* ConversationStore
      const orgId = OrgId.make(`o${randomUUID()}`)
      const chatId = ChatId.make(randomUUID())
      const chat = {
        conversationId: chatId,
        userId: "u1",
        native: false,
        control: "humans",
        controlAt: 5,
        humansHadIt: false,
      } as const
      const make = (createdAt: number, changes: Partial<Session>) =>
        Effect.gen(function* () {
          const lane = newLane(orgId)
          const session = newSession(lane, { createdAt, ...changes })
          yield* store.apply({ lane, eventKey: "m", sessionId: null, decide: () => appending(session, []) })
          return { lane, session }
        })
      const old = yield* make(1, { state: "human", chat })
      const newest = yield* make(2, { state: "closed", chat })
      yield* make(3, { chat: { ...chat, conversationId: ChatId.make(randomUUID()) } })
      yield* make(4, {})
      const found = yield* store.sessionByChat(orgId, chatId)
      assert.strictEqual(found?.id, newest.session.id)
      assert.deepStrictEqual(found?.chat, chat)
      assert.isNull(yield* store.sessionByChat(orgB, chatId))
      assert.isNull(yield* store.sessionByChat(orgId, ChatId.make("nowhere")))
      assert.deepStrictEqual(yield* store.watched(orgId, 9), [], "no ticket, nothing to look at")
      const lost = { ...newest.session, chat: null }
      const { lane } = newest
      yield* store.apply({ lane, eventKey: "m2", sessionId: lost.id, decide: () => appending(lost, []) })
      assert.strictEqual((yield* store.sessionByChat(orgId, chatId))?.id, old.session.id)
    }),
  )

const ofLane = (it: Suite) =>
  it.effect("lists the sessions of a lane, oldest first, and only the newest of them", () =>
    Effect.gen(function* () {
      const store = yield* ConversationStore
      const lane = newLane()
      const ids: Array<string> = []
      for (let n = 1; n <= 4; n++) {
        const session = newSession(lane, {
          createdAt: n,
          updatedAt: 9 - n,
          state: "closed",
          lastInboundAt: n,
        })
        ids.push(session.id)
        yield* store.apply({ lane, eventKey: `m${n}`, sessionId: null, decide: () => appending(session, []) })
      }
      const list = (limit: number, of = lane) =>
        Effect.map(store.sessionsOfLane(of, limit), (found) => found.map((session) => session.id))
      assert.deepStrictEqual(yield* list(10), ids)
      assert.deepStrictEqual(yield* list(2), ids.slice(2))
      assert.deepStrictEqual(yield* list(0), [])
      assert.deepStrictEqual(yield* list(10, newLane()), [])
      assert.deepStrictEqual(
        (yield* store.sessionsOfLane(lane, 9)).map((session) => session.lastInboundAt),
        [1, 2, 3, 4],
      )
    }),
  )

/** How a `ConversationStore` finds and lists sessions. */
export const lookupTests = (it: Suite): void => {
  for (const test of [lookups, lists, chats, ofLane]) test(it)
}
