/** Webhooks that come twice, in the wrong order, too early or never: the customer gets every reply once and in order. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { eventually } from "../support/customers.ts"
import { sessionState, settled } from "../support/operator.ts"
import {
  type Customer,
  commentOn,
  customerOf,
  handedOff,
  signedSignal,
  ticketNumbered,
  ticketsBy,
} from "../support/people.ts"
import { type Site, startSite } from "../support/world.ts"

let site: Site

beforeAll(async () => {
  site = await startSite({ emulator: { webhooks: { breaker: false } } })
})
afterAll(() => site.close())

const words = ["one", "two", "three", "four", "five"]

const replyInFive = (ticketId: number): void => {
  for (const word of words) site.emulator.agent(ticketId, { action: "reply", body: `This is part ${word}.` })
}

/** What the customer was told, in the order of the mailbox, doubles included. */
const heard = (customer: Customer): ReadonlyArray<string> =>
  customer.mails().flatMap((m) => /This is part (\w+)\./.exec(m.text)?.[1] ?? [])

const allHeard = (customer: Customer) =>
  eventually("all five parts", () => words.every((word) => heard(customer).includes(word)), 20)

describe("webhooks that are not as they should be", () => {
  it("each one twice: every reply is delivered once, in order", async () => {
    const dana = customerOf(site, "dana@example.com")
    const { ticket } = await handedOff(site, dana)
    const fault = site.emulator.addFault({ kind: "duplicateWebhook" })
    replyInFive(ticket.id)
    await allHeard(dana)
    await settled(site)
    site.emulator.removeFault(fault)
    assert.deepStrictEqual(heard(dana), words)
  })

  it("in the wrong order: every reply is delivered once, in order, and the ticket's end is not forgotten", async () => {
    const noa = customerOf(site, "noa@example.com")
    const { ticket } = await handedOff(site, noa)
    const fault = site.emulator.addFault({ kind: "reorderWebhook", ms: 300 })
    replyInFive(ticket.id)
    site.emulator.agent(ticket.id, { action: "solve" })
    await allHeard(noa)
    await sessionState(site, ticket.external_id, "ai")
    await settled(site)
    site.emulator.removeFault(fault)
    assert.deepStrictEqual(heard(noa), words)
  })

  it("late, after the ticket went on: nothing is said again", async () => {
    const kim = customerOf(site, "kim@example.com")
    const { ticket } = await handedOff(site, kim)
    const fault = site.emulator.addFault({ kind: "delayWebhook", ms: 700, times: 1 })
    replyInFive(ticket.id)
    await allHeard(kim)
    await settled(site)
    site.emulator.removeFault(fault)
    assert.deepStrictEqual(heard(kim), words)
  })

  it("the same invocation again hours later, and others that name the ticket: nothing is said again", async () => {
    const lou = customerOf(site, "lou@example.com")
    const { ticket } = await handedOff(site, lou)
    site.emulator.agent(ticket.id, { action: "reply", body: "This is part one." })
    await eventually("the reply", () => heard(lou).length === 1)
    await settled(site)
    for (let n = 0; n < 20; n += 1) {
      const body = JSON.stringify({
        ticket_id: ticket.id,
        external_id: ticket.external_id,
        status: n % 2 === 0 ? "open" : "solved",
      })
      const answer = await fetch(site.hook, {
        method: "POST",
        body,
        headers: signedSignal(site.signingSecret, body),
      })
      assert.strictEqual(answer.status, 200)
    }
    await settled(site)
    assert.deepStrictEqual(heard(lou), ["one"])
    // "solved" was only claimed; the ticket itself says open.
    await sessionState(site, ticket.external_id, "human")
  })

  it("before our own call that made the ticket has returned: the reply is delivered and the ticket linked", async () => {
    const mia = customerOf(site, "mia@example.com")
    site.emulator.addFault({
      kind: "latency",
      ms: 1500,
      times: 1,
      phase: "after",
      match: { method: "POST", path: "/api/v2/tickets(\\.json)?$" },
    })
    await mia.write("I want to talk to a human.")
    const ticket = await eventually("a ticket", () => ticketsBy(site, mia.address)[0])
    site.emulator.agent(ticket.id, { action: "reply", body: "This is part one." })
    await eventually("the reply", () => heard(mia).length > 0)
    await settled(site)
    assert.deepStrictEqual(heard(mia), ["one"])
    assert.strictEqual(ticketsBy(site, mia.address).length, 1)
    await sessionState(site, ticket.external_id, "human")
    await mia.write("Thank you, and one more thing.", {
      answering: await mia.gets("the reply", (m) => m.text.includes("part one")),
    })
    await commentOn(
      site,
      ticket.id,
      "the customer's words",
      (c) => c.public && c.body.includes("one more thing"),
    )
    assert.strictEqual(
      ticketNumbered(site, ticket.id).comments.filter((c) => c.body.includes("one more thing")).length,
      1,
    )
  })
})

describe("webhooks that never come", () => {
  let quiet: Site
  beforeAll(async () => {
    quiet = await startSite({ tuning: { reconcileSeconds: 0.5 } })
  })
  afterAll(() => quiet.close())

  it("are made up for: reply and end of the ticket are found by looking", async () => {
    quiet.emulator.addFault({ kind: "dropWebhook" })
    const ola = customerOf(quiet, "ola@example.com")
    const { ticket } = await handedOff(quiet, ola)
    quiet.emulator.agent(ticket.id, { action: "note", body: "INTERNAL words" })
    quiet.emulator.agent(ticket.id, { action: "reply", body: "This is part one." })
    await eventually("the first reply", () => heard(ola).includes("one"))
    quiet.emulator.agent(ticket.id, { action: "reply", body: "This is part two." })
    await eventually("the second reply", () => heard(ola).includes("two"))
    quiet.emulator.agent(ticket.id, { action: "solve" })
    await sessionState(quiet, ticket.external_id, "ai")
    assert.deepStrictEqual(heard(ola), ["one", "two"])
    assert.isFalse(ola.mails().some((m) => m.text.includes("INTERNAL")))
    assert.isTrue(quiet.emulator.deliveries().every((d) => d.state === "dropped"))
  })
})
