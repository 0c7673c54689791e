import { assert, describe, it } from "@effect/vitest"
import { decide, type Session } from "../../src/index.ts"
import {
  answered,
  done,
  env,
  ids,
  message,
  now,
  places,
  session,
  tasks,
  ticket,
} from "../support/fixtures.ts"
import { bodies, orders } from "../support/invariants.ts"

const after = (before: Session | null, ...events: ReadonlyArray<Parameters<typeof decide>[2]>) => {
  const newId = ids()
  let current = before
  let last = decide(env(), null, message())
  for (const event of events) {
    last = decide(env({}, now, newId), current, event)
    current = last.session
  }
  return { session: current, last }
}

describe("a customer writes", () => {
  it("opens a session with the message, the subject and the reply address, and lets the AI think", () => {
    const decision = decide(env(), null, message({ locale: "de" }))
    assert.deepInclude(decision.session, {
      state: "ai",
      subject: "Parcel",
      language: "de",
      customerSeq: 1,
      answeredSeq: 0,
    })
    assert.deepStrictEqual(orders(decision, "Think"), [{ _tag: "Think", turn: 1, upToSeq: 1 }])
    assert.strictEqual(decision.address, `{"to":"a@customer.example"}`)
    assert.strictEqual(decision.entries[0]?.at, now - 500, "the provider's time stands")
  })

  it("folds what comes while the AI thinks into one next turn", () => {
    const burst = after(null, message(), message({ text: "and" }), message({ text: "so on" }))
    assert.deepStrictEqual(burst.session?.turn, { number: 1, upToSeq: 1 })
    const next = after(burst.session, done({ ...tasks.think, upToSeq: 1 }, answered({ upToSeq: 1 })))
    assert.deepStrictEqual(orders(next.last, "Think"), [{ _tag: "Think", turn: 2, upToSeq: 3 }])
    assert.strictEqual(orders(next.last, "Deliver").length, 1)
  })

  it("to a closed session starts a new one, without the old ticket and the old human", () => {
    const decision = decide(env(), places.closed, message())
    assert.notStrictEqual(decision.session?.id, places.closed.id)
    assert.deepInclude(decision.session, {
      state: "ai",
      ticket: null,
      humanName: null,
      lastSeq: 1,
      handoffs: 0,
    })
  })

  it("during a pending handoff is kept for the ticket, not answered", () => {
    const decision = decide(env(), places.handoffPending, message())
    assert.deepStrictEqual(decision.work, [])
    assert.strictEqual(decision.session?.customerSeq, 11)
  })

  it.each(["handoffConfirmed", "human"] as const)("in %s goes to the ticket", (place) => {
    const decision = decide(env(), places[place], message())
    assert.deepStrictEqual(
      decision.work.map((w) => w.task),
      [{ _tag: "Forward", upToSeq: 11 }],
    )
  })
})

describe("automatic messages", () => {
  it("are kept with the reason and cause nothing", () => {
    for (const before of Object.values(places)) {
      const decision = decide(
        env({ ticketForEveryConversation: true }),
        before,
        message({ automatic: "out of office" }),
      )
      assert.deepStrictEqual(decision.work, [])
      assert.deepStrictEqual(bodies(decision), ["CustomerMessage", "SystemEvent"])
    }
  })

  it("do not change where answers go, unless there is nothing else", () => {
    const automatic = message({ automatic: "bounce", address: "elsewhere" })
    assert.isNull(decide(env(), places.human, automatic).address)
    assert.strictEqual(decide(env(), null, automatic).address, "elsewhere")
  })

  it("do not count as the first message of a conversation that gets a ticket", () => {
    const settings = { ticketForEveryConversation: true }
    const opened = decide(env(settings), null, message({ automatic: "out of office" })).session
    assert.deepStrictEqual(orders(decide(env(settings), opened, message()), "OpenTicket").length, 1)
  })
})

describe("a ticket for every conversation", () => {
  const settings = { ticketForEveryConversation: true }
  it("is ordered once, beside the AI's turn", () => {
    const first = decide(env(settings), null, message())
    assert.deepStrictEqual(
      first.work.map((w) => w.task._tag),
      ["OpenTicket", "Think"],
    )
    assert.isFalse(first.session?.handoffPending)
    assert.deepStrictEqual(orders(decide(env(settings), first.session, message()), "OpenTicket"), [])
  })
})

describe("/end", () => {
  it.each(["/end", "/END", "/end  \n"])("%j as a whole message ends the human part", (text) => {
    const decision = decide(env(), places.human, message({ text }))
    assert.strictEqual(decision.session?.state, "ai")
    assert.deepStrictEqual(
      decision.work.map(({ task }) => task._tag),
      ["Note"],
      "a command wants no answer, but the human should know",
    )
  })

  it.each(["please /end this", "/ending", ""])("%j is an ordinary message", (text) => {
    const decision = decide(env(), places.human, message({ text }))
    assert.strictEqual(decision.session?.state, "human")
    assert.strictEqual(orders(decision, "Forward").length, 1)
  })

  it("does not swallow a message that is still on its way to the ticket", () => {
    const onItsWay = session({
      state: "human",
      customerSeq: 10,
      forwardedSeq: 8,
      ticket: ticket(),
      handoffs: 1,
    })
    const decision = decide(env(), onItsWay, message({ text: "/end" }))
    assert.strictEqual(decision.session?.forwardedSeq, 8, "the comment is still to be written")
    assert.deepStrictEqual(orders(decision, "Think"), [{ _tag: "Think", turn: 2, upToSeq: 10 }])
  })

  it("does nothing special to the AI", () => {
    assert.strictEqual(orders(decide(env(), places.aiIdle, message({ text: "/end" })), "Think").length, 1)
  })
})
