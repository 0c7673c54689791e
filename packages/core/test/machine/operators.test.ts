/** Operators' commands, and what becomes of messages on their way to the customer. */
import { assert, describe, it } from "@effect/vitest"
import { decide, type OperatorCommandName } from "../../src/index.ts"
import { deliveryId, done, env, failed, places, session, tasks, ticket } from "../support/fixtures.ts"
import { bodies, orders } from "../support/invariants.ts"

const command = (name: OperatorCommandName) =>
  ({ _tag: "OperatorCommand", command: name, by: "Olga" }) as const

describe("operator commands", () => {
  it("leave their name on the timeline", () => {
    const [entry] = decide(env(), places.human, command("hand_back")).entries
    assert.deepStrictEqual(entry?.body, { _tag: "SystemEvent", text: "Olga: hand_back" })
  })

  it.each(["handoffPending", "handoffConfirmed", "human", "closed"] as const)(
    "take_over in %s changes nothing",
    (place) => {
      const decision = decide(env(), places[place], command("take_over"))
      assert.strictEqual(decision.session?.state, places[place].state)
      assert.deepStrictEqual(decision.work, [])
    },
  )

  it("take_over gives up the AI's turn", () => {
    const decision = decide(env(), places.aiThinking, command("take_over"))
    assert.deepInclude(decision.session, { state: "handing_off", turn: null })
    assert.strictEqual(orders(decision, "OpenTicket")[0]?.reason, "operator")
  })

  it("hand_back answers what no human has seen, and nothing else", () => {
    assert.deepStrictEqual(decide(env(), places.human, command("hand_back")).work, [])
    const unseen = { ...places.human, customerSeq: 10 }
    assert.strictEqual(orders(decide(env(), unseen, command("hand_back")), "Think").length, 1)
  })

  it.each(["aiIdle", "aiThinking", "closed"] as const)("hand_back in %s changes nothing", (place) => {
    const decision = decide(env(), places[place], command("hand_back"))
    assert.deepInclude(decision.session, { state: places[place].state, turn: places[place].turn })
    assert.deepStrictEqual(decision.work, [])
  })

  it("close ends everything that was begun", () => {
    for (const before of Object.values(places)) {
      const decision = decide(env(), before, command("close"))
      assert.deepInclude(decision.session, { state: "closed", turn: null, handoffPending: false })
      assert.deepStrictEqual(decision.work, [])
    }
  })
})

describe("deliveries", () => {
  const report = (explanation: string | null = "mailbox full") =>
    ({ _tag: "DeliveryReport", deliveryId, status: "failed", explanation, at: 5 }) as const

  it("a bounce becomes a note where the human is, in plain words", () => {
    const decision = decide(env(), places.human, report())
    assert.deepStrictEqual(bodies(decision), ["DeliveryUpdate", "InternalNote"])
    assert.match(orders(decision, "Note")[0]?.text ?? "", /could not be delivered.*mailbox full/)
  })

  it("without a reason says so", () => {
    assert.match(orders(decide(env(), places.human, report(null)), "Note")[0]?.text ?? "", /no reason/)
  })

  it.each([null, ticket({ status: "closed" })])(
    "a bounce where no human can be reached stays on the timeline",
    (link) => {
      const decision = decide(env(), session({ ticket: link }), report())
      assert.deepStrictEqual([bodies(decision), decision.work], [["DeliveryUpdate"], []])
    },
  )

  it("a send given up is told in the same way", () => {
    const decision = decide(env(), places.human, done(tasks.deliver, failed("customer opted out")))
    assert.deepStrictEqual(bodies(decision), ["DeliveryUpdate", "InternalNote"])
  })

  it("a message that we chose not to send is on record as not delivered, without a note", () => {
    const decision = decide(
      env(),
      places.human,
      done(tasks.deliver, { _tag: "Skipped", why: "a human has taken over" }),
    )
    const [entry] = decision.entries
    assert.deepInclude(entry?.body, {
      _tag: "DeliveryUpdate",
      status: "failed",
      explanation: "a human has taken over",
    })
    assert.deepStrictEqual(decision.work, [])
  })

  it.each(["pending", "sent", "delivered", "read"] as const)("%s is a line and no more", (status) => {
    const decision = decide(env(), places.human, { ...report(), status })
    assert.deepStrictEqual([bodies(decision), decision.work], [["DeliveryUpdate"], []])
  })
})
