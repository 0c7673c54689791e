/** Drafts and ticket fields by a language model, on real sockets from webhook to ticket; and without it when it is down. */
import { Trace } from "@opencx/core"
import { Schema } from "effect"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { type ModelServer, startModelServer } from "../llm/ModelServer.ts"
import { eventually } from "../support/customers.ts"
import { eventuallyAsked, operatorOf, settled } from "../support/operator.ts"
import { customerOf, handedOff, ticketNumbered } from "../support/people.ts"
import { fieldsHeld, type FieldSite, opensTicket, startFieldSite } from "./site.ts"

let site: FieldSite
let model: ModelServer

const decodeTrace = Schema.decodeUnknownSync(Trace)

beforeAll(async () => {
  model = await startModelServer("By the model.")
  site = await startFieldSite({
    emulator: { timeScale: 0.1 },
    seed: {
      ticketFields: [
        {
          id: 9001,
          type: "tagger",
          title: "Reason",
          options: [
            { name: "Refund", value: "money_back" },
            { name: "Late", value: "late_parcel" },
          ],
        },
      ],
    },
    organization: {
      assist: { mode: "every_comment", reviewMinutes: [] },
      fields: [{ id: 9001 }],
      llm: {
        provider: "openai_compatible",
        model: "scripted",
        baseUrl: model.url,
        retries: 0,
        budget: { tokens: 1500 },
      },
    },
  })
})
afterAll(async () => {
  await site?.close()
  await model?.close()
})

const notesOn = (id: number) =>
  ticketNumbered(site, id).comments.filter((one) => one.author_id === site.emulator.integrationUserId)

describe("with a language model", () => {
  it("a draft is the model's, in an internal note, and the session tells how it came about", async () => {
    const id = await opensTicket(site, "How do I reset my password?")
    const note = await eventually("the note", () => notesOn(id)[0], 20)
    await settled(site)
    assert.isFalse(note.public)
    assert.include(note.html_body, "By the model.")
    assert.include(note.html_body, "/hc/")
    assert.lengthOf(notesOn(id), 1)
    const [session] = (await operatorOf(site).sessions()).filter((one) => note.html_body.includes(one.id))
    const { entries } = await operatorOf(site).session(session?.id ?? "")
    const trace = decodeTrace(entries[0]?.body["trace"])
    assert.strictEqual(trace.model?.prompt, "assist-1")
    assert.isNotEmpty(trace.hits)
  })

  it("a field holds the option that the model chose and the customer's words show", async () => {
    const ann = customerOf(site, "ann@example.com")
    const { ticket } = await handedOff(site, ann, "I want to talk to a human. I want my money back, now.")
    assert.deepStrictEqual(fieldsHeld(site, ticket.id), { "9001": "money_back" })
    const [first] = ticketNumbered(site, ticket.id).comments
    assert.match(first?.html_body ?? "", /The model.{1,6}s own summary\./)
  })

  it("the budget of a conversation holds over a restart: what it has used is not forgotten", async () => {
    const eve = customerOf(site, "eve@example.com")
    await eve.write("How do I reset my password?", { subject: "Password of Eve" })
    const answer = await eve.gets("the answer", ({ text }) => text.includes("By the model."))
    await settled(site)
    const calls = model.asked.length
    await site.runtime.stop()
    await site.runtime.start()
    await eve.write("And how do I reset the password of my wife?", { answering: answer })
    const [session] = (await operatorOf(site).sessions()).filter((one) => one.subject === "Password of Eve")
    const entriesNow = async () => (await operatorOf(site).session(session?.id ?? "")).entries
    await eventuallyAsked("the handoff", async () =>
      (await entriesNow()).some(({ body }) => body["_tag"] === "HandoffConfirmed"),
    )
    await settled(site)
    const entries = await entriesNow()
    const handoff = entries.find(({ body }) => body["_tag"] === "HandoffRequested")
    assert.strictEqual(handoff?.body["reason"], "agent_failed")
    const trace = decodeTrace(handoff?.body["trace"])
    assert.strictEqual(trace.signals["budget"], "tokens")
    assert.strictEqual(trace.model?.calls.length, 1, "one call was left, and the search is all that it did")
    assert.strictEqual(model.asked.length, calls + 1, "the brief and the fields cost nothing any more")
  }, 60_000)

  it("that is down, drafts come from the articles' own words", async () => {
    model.break(500)
    const id = await opensTicket(site, "How do I reset my password?", "Bob Ott")
    const note = await eventually("the note", () => notesOn(id)[0], 20)
    assert.notInclude(note.html_body, "By the model.")
    assert.include(note.html_body, "Suggested reply")
    model.break(null)
  })
})
