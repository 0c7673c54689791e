/** Every state × every event and outcome, with every reason and flag: the machine is total and keeps its invariants. */
import { assert, describe, it } from "@effect/vitest"
import { decide, HandoffReason, type MachineEvent, type Session } from "../../src/index.ts"
import {
  answered,
  comment,
  deliveryId,
  done,
  env,
  failed,
  message,
  places,
  ready,
  type SettingsInput,
  synced,
  tasks,
  ticketId,
  trace,
} from "../support/fixtures.ts"
import { bodies, checkDecision } from "../support/invariants.ts"

const reasons = HandoffReason.literals

const outcomes: Record<string, MachineEvent> = {
  answered: done(tasks.think, answered()),
  answeredLate: done({ ...tasks.think, turn: 9 }, answered({ turn: 9 })),
  askedBack: done(tasks.think, answered({ askBack: true })),
  ...Object.fromEntries(
    reasons.map((reason) => [
      `escalated:${reason}`,
      done(tasks.think, { _tag: "Escalated", turn: 1, upToSeq: 10, reason, language: "de", trace }),
    ]),
  ),
  ...Object.fromEntries(
    reasons.map((reason) => [`ready:${reason}`, done({ ...tasks.openTicket, reason }, ready())]),
  ),
  readyOfOldHandoff: done({ ...tasks.openTicket, handoff: 0 }, ready()),
  readyAgain: done(tasks.openTicket, ready(), { epoch: 1 }),
  readyEvery: done(tasks.everyTicket, ready({ upToSeq: 1 })),
  forwarded: done(tasks.forward, { _tag: "Forwarded", upToSeq: 9 }),
  closedOnForward: done(tasks.forward, { _tag: "TicketClosed", ticketId }),
  closedOnNote: done(tasks.note, { _tag: "TicketClosed", ticketId }),
  noted: done(tasks.note, { _tag: "Noted" }),
  syncedNothing: done(tasks.sync, synced()),
  syncedReply: done(tasks.sync, synced({ comments: [comment("501")], status: "open" })),
  syncedReplySolved: done(tasks.sync, synced({ comments: [comment("501")], status: "solved" })),
  syncedSolved: done(tasks.sync, synced({ status: "solved" })),
  syncedClosed: done(tasks.sync, synced({ status: "closed" })),
  delivered: done(tasks.deliver, { _tag: "Delivered", seq: 9, providerId: "p", messageId: "m" }),
  deliveredNothing: {
    ...done(tasks.deliver, { _tag: "Delivered", seq: 9, providerId: "p", messageId: "m" }),
    deliveryId: null,
  },
  draftOpen: done(tasks.review, { _tag: "DraftOpen" }),
  draftReviewed: done(tasks.review, {
    _tag: "DraftReviewed",
    ticketId,
    about: tasks.review.about,
    use: "kept",
    replyId: null,
    distance: 0,
    draftWords: 1,
    replyWords: 1,
  }),
  noHuman: done(tasks.noHuman, { _tag: "TimerFired" }),
  idle: done(tasks.idle, { _tag: "TimerFired" }),
  ...Object.fromEntries(
    Object.entries(tasks).flatMap(([name, task]) => [
      [`failed:${name}`, done(task, failed())],
      [`skipped:${name}`, done(task, { _tag: "Skipped", why: "not wanted" })],
    ]),
  ),
}

const events: Record<string, MachineEvent> = {
  message: message(),
  messageUnidentified: message({ identified: false, subject: null, locale: "ar" }),
  automatic: message({ automatic: "an auto-reply" }),
  automaticEnd: message({ automatic: "bulk", text: "/end" }),
  end: message({ text: " /END \n".trim() }),
  ...Object.fromEntries(
    (["pending", "sent", "delivered", "read", "failed"] as const).map((status) => [
      `report:${status}`,
      { _tag: "DeliveryReport", deliveryId, status, explanation: null, at: 5 } as const,
    ]),
  ),
  ...Object.fromEntries(
    [null, "open", "solved", "Closed", "nonsense"].map((statusHint) => [
      `signal:${statusHint}`,
      { _tag: "TicketSignal", ticketId, statusHint } as const,
    ]),
  ),
  ...Object.fromEntries(
    (["take_over", "hand_back", "close"] as const).map((command) => [
      `operator:${command}`,
      { _tag: "OperatorCommand", command, by: "Olga" } as const,
    ]),
  ),
  ...outcomes,
}

const flags: Record<string, NonNullable<SettingsInput["handoff"]>> = {
  defaults: {},
  talkative: { ticketForEveryConversation: true, noHumanMinutes: 5, idleMinutes: 5, noHuman: "return_to_ai" },
  quiet: { tellCustomer: false, noHumanMinutes: 5, noHuman: "tell_customer", maxAnswersPerTenMinutes: 1 },
}

const states: Record<string, Session | null> = { none: null, ...places }

describe("the machine is total", () => {
  for (const [flag, handoff] of Object.entries(flags)) {
    for (const [place, before] of Object.entries(states)) {
      it(`${place} with ${flag} settings`, () => {
        for (const [name, event] of Object.entries(events)) {
          const what = `${place} × ${name} (${flag})`
          const decision = decide(env(handoff), before, event)
          checkDecision(before, event, decision, what)
          assert.deepStrictEqual(decide(env(handoff), before, event), decision, `${what}: pure`)
        }
      })
    }
  }
})

describe("states that some events must not touch", () => {
  const withoutSession = Object.entries(events).filter(([, event]) => event._tag !== "CustomerMessage")
  it.each(withoutSession)("%s without a session is nothing", (_, event) => {
    assert.strictEqual(decide(env(), null, event).session, null)
  })

  const harmless = Object.entries(events).filter(
    ([name, e]) => e._tag !== "CustomerMessage" && !name.startsWith("syncedReply"),
  )
  it.each(harmless)("%s leaves a closed session closed and says nothing to the customer", (name, event) => {
    const decision = decide(env(flags.talkative), places.closed, event)
    assert.strictEqual(decision.session?.state, "closed")
    const allowed = name.startsWith("signal") ? ["SyncTicket"] : []
    assert.deepStrictEqual(
      decision.work.map((w) => w.task._tag),
      allowed,
    )
  })

  const late = ["answeredLate", "readyOfOldHandoff", "forwarded", "noted", "delivered", "deliveredNothing"]
  it.each(late)("%s never changes who has the conversation", (name) => {
    for (const [place, before] of Object.entries(places)) {
      const event = events[name]
      assert.isDefined(event)
      if (event === undefined) continue
      assert.strictEqual(decide(env(), before, event).session?.state, before.state, place)
    }
  })

  it("the AI's late answer is kept and withheld everywhere but where its turn is in flight", () => {
    for (const [place, before] of Object.entries(places)) {
      const decision = decide(env(), before, done(tasks.think, answered()))
      const answer = decision.entries.find((e) => e.body._tag === "AiAnswer")?.body
      assert.include(bodies(decision), "AiAnswer")
      assert.strictEqual(answer?._tag === "AiAnswer" && !answer.withheld, place === "aiThinking", place)
    }
  })
})
