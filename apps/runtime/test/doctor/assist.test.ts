/** Assist Mode that posts no suggestions: each reason by itself, on all tickets and on one. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { randomUUID } from "node:crypto"
import {
  checkIn,
  type DoctorStage,
  isOk,
  isProblem,
  setDoctorStage,
  troubles,
} from "../support/doctorStage.ts"

let stage: DoctorStage
beforeAll(async () => {
  stage = await setDoctorStage()
  await stage.setUp()
}, 30_000)
afterAll(() => stage.close())

const Made = Schema.decodeUnknownSync(Schema.Struct({ ticket: Schema.Struct({ id: Schema.Int }) }))

describe("assist mode", { timeout: 60_000 }, () => {
  const assist = { mode: "every_comment" }
  /** A customer's ticket that is none of ours. */
  const customers = async (tags: ReadonlyArray<string> = []) => {
    const requester = { name: "Dana", email: `${randomUUID()}@example.com` }
    const ticket = { subject: "Brakes", comment: { body: "They squeak." }, requester, tags }
    const { id } = Made(await stage.support("POST", "/api/v2/tickets", { ticket })).ticket
    stage.emulator.requesterReply(id, { body: "Still squeaking." })
    return { id, about: { _tag: "Ticket", id: String(id) } as const }
  }

  it("off; its webhook and triggers not there; all good", async () => {
    stage.configure({})
    const off = isProblem(await stage.look(), "assist.mode", /Assist Mode is off/, /assist\.mode/)
    assert.isFalse(off.needed)
    stage.configure({ assist })
    const found = await stage.look()
    isOk(found, "assist.mode")
    isProblem(found, "assist.webhook", /doesn't post suggestions: webhook missing/, /opencx setup zendesk/)
    isProblem(found, "assist.trigger", /trigger missing/, /opencx setup zendesk/)
    await stage.setUp()
    const { about } = await customers()
    const good = await stage.look(about)
    assert.deepStrictEqual(troubles(good), [])
    isOk(
      good,
      "assist.webhook",
      "assist.trigger",
      "assist.signing_secret",
      "assist.own_ticket",
      "assist.topic",
      "assist.not_helpful",
      "assist.status",
      "assist.question",
    )
    assert.match(good.conversation?.next ?? "", /none of our conversations/)
  })

  it("the ticket is ours, its topic is on the list, the answer was incomplete", async () => {
    const signs = [
      ["opencx_handedoff", "assist.own_ticket", /created by OpenCX/, /Nothing/],
      ["opencx_skipped_topic_no_assist", "assist.topic", /list of topics/, /quietTopics/],
      ["opencx_skipped_not_helpful_answer", "assist.not_helpful", /answer incomplete/, /article/],
    ] as const
    for (const [tag, id, problem, fix] of signs) {
      const { about } = await customers([tag])
      const check = isProblem(await stage.look(about), id, problem, fix)
      assert.include(check.evidence.join(), tag)
    }
  })

  it("solved, or answered already", async () => {
    const { about, id } = await customers()
    stage.emulator.agent(id, { action: "reply", body: "Done." })
    isProblem(await stage.look(about), "assist.question", /has answered/, /Mention/)
    stage.emulator.agent(id, { action: "solve" })
    const check = isProblem(await stage.look(about), "assist.status", /new, open and pending/, /Reopen/)
    assert.deepStrictEqual(check.evidence, ["it is solved"])
    assert.match((await stage.look(about)).conversation?.next ?? "", /^Reopen the ticket/)
  })

  it("a ticket that is not there is unknown", async () => {
    const found = await stage.look({ _tag: "Ticket", id: "999999" })
    assert.strictEqual(checkIn(found, "assist.status").status, "unknown")
    stage.configure({})
  })
})
