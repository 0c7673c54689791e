import { assert, describe, it } from "@effect/vitest"
import { decide, HandoffReason } from "../../src/index.ts"
import {
  answered,
  done,
  env,
  failed,
  message,
  now,
  places,
  session,
  tasks,
  trace,
} from "../support/fixtures.ts"
import { bodies, orders } from "../support/invariants.ts"

const escalation = (reason: (typeof HandoffReason.literals)[number], turn = 1) =>
  done({ ...tasks.think, turn }, { _tag: "Escalated", turn, upToSeq: 10, reason, language: "de", trace })

describe("an answer", () => {
  it("is delivered, counted and learnt from", () => {
    const decision = decide(env(), places.aiThinking, done(tasks.think, answered({ language: "ar" })))
    assert.deepInclude(decision.session, {
      turn: null,
      answeredSeq: 10,
      language: "ar",
      recentAnswers: [now],
    })
    assert.deepStrictEqual(orders(decision, "Deliver"), [{ _tag: "Deliver", seq: 11 }])
  })

  it("that finished after a takeover is stored, not sent", () => {
    const taken = decide(env(), places.aiThinking, {
      _tag: "OperatorCommand",
      command: "take_over",
      by: "Olga",
    }).session
    assert.strictEqual(taken?.state, "handing_off")
    const decision = decide(env(), taken, done(tasks.think, answered()))
    const [entry] = decision.entries
    assert.isTrue(entry?.body._tag === "AiAnswer" && entry.body.withheld)
    assert.deepStrictEqual(decision.work, [])
  })

  it("of a given-up turn does not end the turn that is in flight now", () => {
    const second = session({ turn: { number: 2, upToSeq: 10 }, customerSeq: 10, turns: 2 })
    const decision = decide(env(), second, done(tasks.think, answered({ turn: 1 })))
    assert.deepStrictEqual(decision.session?.turn, { number: 2, upToSeq: 10 })
    assert.strictEqual(decision.session?.answeredSeq, 8)
    assert.deepStrictEqual(decision.work, [])
  })

  it("starts the quiet timer with the setting", () => {
    const decision = decide(env({ idleMinutes: 2 }), places.aiThinking, done(tasks.think, answered()))
    const wait = decision.work.find((w) => w.task._tag === "Wait")
    assert.deepInclude(wait, { notBefore: now + 120_000, queue: "timer" })
  })
})

describe("a loop guard", () => {
  const answers = (n: number, at = now) => Array.from({ length: n }, () => at - 1000)

  it("gives a conversation with too many answers in ten minutes to a human", () => {
    const busy = session({ recentAnswers: answers(5) })
    assert.strictEqual(orders(decide(env(), busy, message()), "Think").length, 0)
    assert.strictEqual(orders(decide(env(), busy, message()), "OpenTicket")[0]?.reason, "repeated_failure")
  })

  it("forgets answers older than ten minutes", () => {
    const busy = session({ recentAnswers: answers(5, now - 600_000) })
    assert.strictEqual(orders(decide(env(), busy, message()), "Think").length, 1)
  })

  it("remembers as many answers as a generous setting allows", () => {
    const limit = env({ maxAnswersPerTenMinutes: 12 })
    let current = session({ recentAnswers: answers(11), turn: { number: 1, upToSeq: 10 }, customerSeq: 10 })
    current = decide(limit, current, done(tasks.think, answered())).session ?? current
    assert.strictEqual(current.recentAnswers.length, 12)
    assert.strictEqual(orders(decide(limit, current, message()), "OpenTicket").length, 1)
  })
})

describe("an escalation", () => {
  it.each(HandoffReason.literals)("for %s asks for a ticket and says nothing yet", (reason) => {
    const decision = decide(env(), places.aiThinking, escalation(reason))
    assert.deepInclude(decision.session, {
      state: "handing_off",
      handoffPending: true,
      handoffs: 1,
      turn: null,
    })
    assert.deepStrictEqual(
      decision.work.map((w) => w.task),
      [{ _tag: "OpenTicket", handoff: 1, reason, upToSeq: 10 }],
    )
  })

  it("twice makes one handoff", () => {
    const once = decide(env(), places.aiThinking, escalation("anger")).session
    const twice = decide(env(), once, escalation("anger"))
    assert.strictEqual(twice.session?.handoffs, 1)
    assert.deepStrictEqual(twice.entries, [])
    assert.deepStrictEqual(twice.work, [])
  })

  it("of a turn from before the human came is nothing", () => {
    const decision = decide(env(), places.humanWithTurn, escalation("anger"))
    assert.deepInclude(decision.session, { state: "human", turn: null })
    assert.deepStrictEqual(decision.work, [])
  })
})

describe("a turn that ended otherwise", () => {
  it("failed for good: a human gets the conversation", () => {
    const decision = decide(env(), places.aiThinking, done(tasks.think, failed("the model is gone")))
    assert.deepStrictEqual(bodies(decision), ["SystemEvent", "HandoffRequested"])
    assert.strictEqual(orders(decision, "OpenTicket")[0]?.reason, "agent_failed")
  })

  it("skipped while it was current: it does not stay in flight", () => {
    const decision = decide(env(), places.aiThinking, done(tasks.think, { _tag: "Skipped", why: "?" }))
    assert.deepStrictEqual(
      decision.session?.turn,
      { number: 2, upToSeq: 10 },
      "the messages are thought about anew",
    )
  })

  it("given up earlier: nothing more", () => {
    const decision = decide(env(), places.aiIdle, done(tasks.think, failed()))
    assert.deepStrictEqual([decision.entries, decision.work], [[], []])
  })
})

describe("timers", () => {
  const fired = (task: typeof tasks.noHuman | typeof tasks.idle) => done(task, { _tag: "TimerFired" })

  it("nobody joined: the customer is told, and the AI takes over again where it is set so", () => {
    const told = decide(env(), places.handoffConfirmed, fired(tasks.noHuman))
    assert.strictEqual(told.session?.state, "handing_off")
    assert.deepStrictEqual(bodies(told), ["SystemMessage"])
    const back = decide(env({ noHuman: "return_to_ai" }), places.handoffConfirmed, fired(tasks.noHuman))
    assert.strictEqual(back.session?.state, "ai")
  })

  it.each(["aiIdle", "human", "closed"] as const)("nobody joined, but it is %s now: nothing", (place) => {
    const decision = decide(env({ noHuman: "return_to_ai" }), places[place], fired(tasks.noHuman))
    assert.deepStrictEqual(decision.entries, [])
  })

  it("of an earlier handoff is nothing", () => {
    const later = { ...places.handoffConfirmed, handoffs: 2 }
    assert.deepStrictEqual(decide(env(), later, fired(tasks.noHuman)).entries, [])
  })

  it("quiet: closes a session where nothing has come since", () => {
    assert.strictEqual(decide(env(), places.aiIdle, fired(tasks.idle)).session?.state, "closed")
    const written = { ...places.aiIdle, customerSeq: 9 }
    assert.strictEqual(decide(env(), written, fired(tasks.idle)).session?.state, "ai")
    const thinking = { ...places.aiIdle, turn: { number: 2, upToSeq: 8 } }
    assert.strictEqual(decide(env(), thinking, fired(tasks.idle)).session?.state, "ai")
    assert.strictEqual(decide(env(), places.human, fired(tasks.idle)).session?.state, "human")
  })
})
