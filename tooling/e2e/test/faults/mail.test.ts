/** The customer's mail server says "later", "never" or nothing: no reply is lost, none arrives twice, humans hear of failures. */
import { afterAll, afterEach, assert, beforeAll, describe, it } from "vitest"
import { eventually } from "../support/customers.ts"
import { eventuallyAsked, operatorOf, settled } from "../support/operator.ts"
import { commentOn, customerOf, handedOff, ticketNumbered } from "../support/people.ts"
import { type Site, startSite } from "../support/world.ts"

let site: Site

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())
afterEach(() => site.sink.refuse(null))

const logged = (pattern: RegExp, after: number) =>
  eventually(`${pattern} in the log`, () => site.logs.slice(after).some((line) => pattern.test(line)), 20)

describe("a mail server that refuses", () => {
  it("for now: the reply is tried again and arrives once", async () => {
    const dana = customerOf(site, "dana@example.com")
    const { ticket } = await handedOff(site, dana)
    const mark = site.logs.length
    site.sink.refuse({ code: 451, message: "4.3.0 try again later" })
    site.emulator.agent(ticket.id, { action: "reply", body: "Patience pays." })
    await logged(/Deliver failed, next try/, mark)
    assert.isFalse(dana.mails().some((m) => m.text.includes("Patience pays")))
    site.sink.refuse(null)
    await dana.gets("the reply", (m) => m.text.includes("Patience pays"))
    await settled(site)
    assert.strictEqual(dana.mails().filter((m) => m.text.includes("Patience pays")).length, 1)
    assert.isFalse(
      ticketNumbered(site, ticket.id).comments.some((c) => c.body.includes("could not be delivered")),
    )
  })

  it("for now, with more replies behind: the order holds", async () => {
    const noa = customerOf(site, "noa@example.com")
    const { ticket } = await handedOff(site, noa)
    const mark = site.logs.length
    site.sink.refuse({ code: 421, message: "4.3.2 too busy" })
    for (const word of ["one", "two", "three"])
      site.emulator.agent(ticket.id, { action: "reply", body: `Part ${word}.` })
    await logged(/Deliver failed, next try/, mark)
    site.sink.refuse(null)
    await noa.gets("the last reply", (m) => m.text.includes("Part three."))
    await settled(site)
    const heard = noa.mails().flatMap((m) => /Part (\w+)\./.exec(m.text)?.[1] ?? [])
    assert.deepStrictEqual(heard, ["one", "two", "three"])
  })

  it("for good: the human reads on the ticket why, in plain words", async () => {
    const kim = customerOf(site, "kim@example.com")
    const { ticket } = await handedOff(site, kim)
    site.sink.refuse({ code: 550, message: "5.1.1 no such user" })
    site.emulator.agent(ticket.id, { action: "reply", body: "Can you hear me?" })
    const note = await commentOn(site, ticket.id, "a note", (c) => c.body.includes("could not be delivered"))
    assert.isFalse(note.public)
    assert.match(note.body, /kim@example\.com/)
    await settled(site)
    assert.strictEqual(
      ticketNumbered(site, ticket.id).comments.filter((c) => c.body.includes("could not be delivered"))
        .length,
      1,
    )
    assert.isFalse(kim.mails().some((m) => m.text.includes("Can you hear me")))
  })

  it("for longer than we try: a dead letter, a note, and a replay that delivers once", async () => {
    const lou = customerOf(site, "lou@example.com")
    const { ticket } = await handedOff(site, lou)
    const known = new Set((await operatorOf(site).deadLetters()).map((one) => one.id))
    site.sink.refuse({ code: 451, message: "4.3.0 not today" })
    site.emulator.agent(ticket.id, { action: "reply", body: "Better late than never." })
    const letter = await eventuallyAsked(
      "a dead letter",
      async () => (await operatorOf(site).deadLetters()).find((one) => !known.has(one.id)),
      25,
    )
    assert.strictEqual(letter.kind, "Deliver")
    await commentOn(site, ticket.id, "a note", (c) => !c.public && c.body.includes("could not be delivered"))
    site.sink.refuse(null)
    assert.strictEqual(await operatorOf(site).replay(letter.id), 202)
    await lou.gets("the reply at last", (m) => m.text.includes("Better late than never"))
    await settled(site)
    assert.strictEqual(lou.mails().filter((m) => m.text.includes("Better late than never")).length, 1)
  })
})
