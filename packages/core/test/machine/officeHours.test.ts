/** Handoffs while nobody is there: what the customer is told, how long a human is waited for, and where it goes. */
import { assert, describe, it } from "@effect/vitest"
import { decide, type Env } from "../../src/index.ts"
import { chat } from "../support/chatFixtures.ts"
import { done, env, now, places, ready, session, tasks } from "../support/fixtures.ts"
import { bodies } from "../support/invariants.ts"

// `now` is Tuesday 2023-11-14, 22:13:20 UTC.
const office = {
  timeZone: "UTC",
  open: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "17:00" }],
} as const
const openNow = { timeZone: "UTC", open: [{ days: ["tue"], from: "22:00", to: "23:00" }] } as const
const never = { timeZone: "UTC", open: [] } as const

const confirmed = (at: Env) => decide(at, places.handoffPending, done(tasks.openTicket, ready()))
const said = (at: Env) =>
  confirmed(at).entries.flatMap(({ body }) =>
    body._tag === "SystemMessage" ? [[body.purpose, String(body.text)] as const] : [],
  )
const deadline = (at: Env) => confirmed(at).work.find((work) => work.task._tag === "Wait")?.notBefore

describe("a handoff while nobody is there", () => {
  it("tells the customer from when on somebody is", () => {
    const [[purpose, text] = ["", ""]] = said(env({ officeHours: office }))
    assert.strictEqual(purpose, "outsideOfficeHours")
    assert.match(text, /Wednesday.*15|15.*Wednesday/)
    assert.include(text, "09:00")
    assert.notInclude(text, "{opens}")
  })

  it("uses the organization's own words, with the time where they ask for it", () => {
    const at = env({ officeHours: office })
    const own = {
      ...at,
      settings: { ...at.settings, texts: { en: { outsideOfficeHours: "Back {opens}. {x}" } } },
    }
    assert.match(said(own)[0]?.[1] ?? "", /^Back .*09:00.*\. \{x\}$/)
  })

  it.each([
    ["somebody is there", openNow],
    ["nobody ever is", never],
    ["there are no hours", null],
  ])("says what it always says when %s", (_, officeHours) => {
    assert.deepStrictEqual(
      said(env({ officeHours })).map(([purpose]) => purpose),
      ["handoffConfirmed"],
    )
  })

  it("waits for a human by the hours that the humans work", () => {
    const nine = Date.UTC(2023, 10, 15, 9)
    assert.strictEqual(deadline(env({ noHumanMinutes: 30, officeHours: office })), nine + 1_800_000)
    assert.strictEqual(deadline(env({ noHumanMinutes: 30, officeHours: openNow })), now + 1_800_000)
    assert.strictEqual(deadline(env({ noHumanMinutes: 30 })), now + 1_800_000)
  })
})

describe("a ticket by choice", () => {
  const at: Env = { ...env(), handoff: { path: "ticket", remark: "closed", unlessChat: true } }
  const thinking = { turn: { number: 1, upToSeq: 9 }, turns: 1, customerSeq: 9 }
  const escalated = done(
    { ...tasks.think, turn: 1 },
    { _tag: "Escalated", turn: 1, upToSeq: 9, reason: "customer_asked", language: "en", trace: null },
  )
  const moves = (current: ReturnType<typeof session>) => {
    const decision = decide(at, current, escalated)
    return [bodies(decision), decision.work.map(({ task }) => task._tag)]
  }

  it("is a ticket, and the session says why", () => {
    assert.deepStrictEqual(moves(session(thinking)), [["HandoffRequested", "SystemEvent"], ["OpenTicket"]])
  })

  it("is none for a conversation that is in a live chat already", () => {
    const inChat = session({ ...thinking, chat: chat({ control: "ours" }) })
    assert.deepStrictEqual(moves(inChat), [["HandoffRequested"], ["OpenChat"]])
  })
})
