/** One forward by itself, over a real store: what waits for the budget is folded together. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer } from "effect"
import {
  ConversationStore,
  decide,
  MemoryDesk,
  memoryStores,
  memoryTicketing,
  Organizations,
  type Session,
} from "../../src/index.ts"
import { runForward } from "../../src/engine/tasks/desk.ts"
import { UpdateBudget } from "../../src/engine/tasks/UpdateBudget.ts"
import { FakeAgent } from "../support/FakeAgent.ts"
import { env, ids, lane, message, now, sessionId, settings, ticket, work } from "../support/fixtures.ts"

const newId = ids()

/** A session that a human has, with these unseen messages. */
const write = Effect.fnUntraced(function* (key: string, text: string, change: Partial<Session>) {
  const store = yield* ConversationStore
  yield* store.apply({
    lane,
    eventKey: key,
    sessionId: null,
    decide: (current) => {
      const decision = decide(env({}, now, newId), current, message({ text }))
      return decision.session === null
        ? decision
        : { ...decision, session: { ...decision.session, ...change } }
    },
  })
})

describe("forwarding", () => {
  it.effect("waits for the budget and then takes what has come meanwhile along, in one comment", () =>
    Effect.gen(function* () {
      const desk = yield* MemoryDesk.make
      const requesterId = desk.people.customer({
        knownId: null,
        name: "Eve",
        email: null,
        phone: null,
        externalId: "opencx:contact:eve",
        locale: null,
      })
      const opened = desk.open({
        externalId: sessionId,
        subject: "Parcel",
        requesterId,
        followUpOf: null,
        tags: [],
        body: "",
        files: [],
      })
      const link = ticket({ ticketId: opened.id })
      const gate = yield* Deferred.make<void>()
      const asked = yield* Deferred.make<void>()
      const budget = Layer.succeed(UpdateBudget, {
        take: () => Effect.andThen(Deferred.succeed(asked, undefined), Deferred.await(gate)),
      })
      const organization = {
        settings: settings(),
        agent: new FakeAgent().service,
        ticketing: memoryTicketing(desk),
        messaging: null,
        identityMerge: null,
        channels: new Map(),
      }
      const outside = Layer.mergeAll(
        budget,
        Layer.succeed(Organizations, Organizations.fixed([organization], "https://us.example")),
      )
      yield* write("1", "one", { state: "human", ticket: link })
      const store = yield* ConversationStore
      const [open] = yield* store.openSessionsOf(lane.orgId, message().contactId)
      if (open === undefined) return assert.fail("a session")
      const run = runForward(work({ _tag: "Forward", upToSeq: 1 }, { sessionId: open.id })).pipe(
        Effect.provide(outside),
      )
      const fiber = yield* Effect.forkChild(run)
      yield* Deferred.await(asked)
      yield* write("2", "two", {})
      yield* Deferred.succeed(gate, undefined)
      const outcome = yield* Fiber.join(fiber)
      assert.deepStrictEqual(outcome, { _tag: "Forwarded", upToSeq: 2 })
      assert.deepStrictEqual(
        desk
          .only()
          .comments.slice(1)
          .map((c) => c.body),
        ["one\n\n---\n\ntwo"],
      )
    }).pipe(Effect.provide(memoryStores)),
  )
})
