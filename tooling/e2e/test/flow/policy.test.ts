/** What an organization decides: a ticket for every conversation, and what happens when no human comes. */
import { afterEach, assert, describe, it } from "vitest"
import { eventually } from "../support/customers.ts"
import { eventuallyAsked, operatorOf, sessionState, settled } from "../support/operator.ts"
import { commentOn, customerOf, handedOff, ticketNumbered, ticketsBy } from "../support/people.ts"
import { type Site, startSite } from "../support/world.ts"

let site: Site
afterEach(() => site.close())

describe("ticketForEveryConversation", () => {
  it("makes a ticket for an answered question, and the handoff goes on with it", async () => {
    site = await startSite({ tuning: { handoff: { ticketForEveryConversation: true } } })
    const dana = customerOf(site, "dana@example.com")
    const asked = await dana.write("How long does standard shipping take?", { subject: "Shipping" })
    const answer = await dana.getsAnswerTo(asked)
    assert.match(answer.text, /2 to 4 working days/)
    const ticket = await eventually("a ticket", () => ticketsBy(site, dana.address)[0])
    await settled(site)
    assert.isFalse(ticket.tags.includes("opencx_handedoff"))
    assert.isFalse(dana.mails().some((m) => m.text.includes("colleague")))
    assert.strictEqual((await operatorOf(site).session(ticket.external_id ?? "")).session.state, "ai")
    await dana.write("I want to talk to a human.", { answering: answer })
    await commentOn(
      site,
      ticket.id,
      "the handoff",
      (c) => !c.public && c.html_body.includes("I want to talk to a human"),
    )
    await dana.gets("the handoff message", (m) => m.text.includes("colleague"))
    await settled(site)
    const now = ticketNumbered(site, ticket.id)
    assert.isTrue(now.tags.includes("opencx_handedoff"))
    assert.isFalse(now.tags.includes("opencx_ticket_created_on_handoff"))
    assert.strictEqual(ticketsBy(site, dana.address).length, 1)
  })
})

describe("no human in time", () => {
  const seconds = 1.2

  it("tells the customer, once", async () => {
    site = await startSite({ tuning: { handoff: { noHumanMinutes: seconds / 60 } } })
    const dana = customerOf(site, "dana@example.com")
    await handedOff(site, dana)
    await dana.gets("word that nobody has come yet", (m) => m.text.includes("not forgotten"))
    await settled(site)
    assert.strictEqual(dana.mails().filter((m) => m.text.includes("not forgotten")).length, 1)
  })

  it("returns to the AI, which answers what the customer asks next", async () => {
    site = await startSite({ tuning: { handoff: { noHumanMinutes: seconds / 60, noHuman: "return_to_ai" } } })
    const dana = customerOf(site, "dana@example.com")
    const { ticket, told } = await handedOff(site, dana)
    await sessionState(site, ticket.external_id, "ai")
    const asked = await dana.write("How long does standard shipping take?", { answering: told })
    assert.match((await dana.getsAnswerTo(asked)).text, /2 to 4 working days/)
  })

  it("says nothing when a human has come", async () => {
    site = await startSite({ tuning: { handoff: { noHumanMinutes: seconds / 60 } } })
    const dana = customerOf(site, "dana@example.com")
    const { ticket } = await handedOff(site, dana)
    site.emulator.agent(ticket.id, { action: "reply", body: "I am here." })
    await dana.gets("the reply", (m) => m.text.includes("I am here"))
    await eventuallyAsked("the timer to be done with", async () => {
      const pending = /^opencx_work_pending(?:\{[^}]*\})? (\S+)$/m.exec(await operatorOf(site).metrics())?.[1]
      return pending === "0"
    })
    await settled(site)
    assert.isFalse(dana.mails().some((m) => m.text.includes("not forgotten")))
  })
})
