/** Zendesk breaks off, limits, fails, refuses and forgets our token: nothing is lost and nothing is written twice. */
import { afterAll, afterEach, assert, beforeAll, describe, it } from "vitest"
import type { Fault } from "@opencx/zendesk-emulator"
import { eventually } from "../support/customers.ts"
import { eventuallyAsked, operatorOf, sessionState, settled } from "../support/operator.ts"
import {
  commentOn,
  customerOf,
  handedOff,
  ticketNumbered,
  ticketsBy,
  ticketsOf,
  usersOf,
} from "../support/people.ts"
import { type Site, startSite } from "../support/world.ts"

let site: Site

beforeAll(async () => {
  site = await startSite({ emulator: { timeScale: 0.1 } })
})
afterAll(() => site.close())
afterEach(() => site.emulator.clearFaults())

const creating = { method: "POST", path: "/api/v2/tickets(\\.json)?$" }
const updating = { method: "PUT", path: "/api/v2/tickets/\\d+(\\.json)?$" }
const reading = { method: "GET", path: "/comments" }

const writesTo = (match: { readonly method: string; readonly path: string }, since: number) =>
  site.emulator
    .calls(since)
    .filter((call) => call.method === match.method && new RegExp(match.path).test(call.path))

const lastCall = () => site.emulator.calls().at(-1)?.n ?? 0

describe("a connection that breaks after Zendesk has committed", () => {
  it("makes exactly one ticket, and tells the customer once", async () => {
    const dana = customerOf(site, "dana@example.com")
    const before = { call: lastCall(), tickets: site.emulator.counts().tickets }
    site.emulator.addFault({ kind: "resetAfterCommit", times: 1, match: creating })
    const { ticket } = await handedOff(site, dana)
    await settled(site)
    assert.strictEqual(writesTo(creating, before.call)[0]?.fault, "resetAfterCommit")
    assert.strictEqual(site.emulator.counts().tickets, before.tickets + 1)
    assert.strictEqual(ticketsOf(site).filter((t) => t.external_id === ticket.external_id).length, 1)
    assert.strictEqual(dana.mails().filter((m) => m.text.includes("colleague")).length, 1)
  })

  it("makes exactly one ticket when it breaks twice, and when it breaks before and after", async () => {
    for (const [name, kinds] of [
      ["ben", ["resetAfterCommit", "resetAfterCommit"]],
      ["cem", ["resetBeforeCommit", "resetAfterCommit"]],
    ] as const) {
      for (const kind of kinds) site.emulator.addFault({ kind, times: 1, match: creating })
      const customer = customerOf(site, `${name}@example.com`)
      await handedOff(site, customer)
      await settled(site)
      assert.strictEqual(ticketsBy(site, customer.address).length, 1, name)
    }
  })

  it("writes the customer's words on the ticket exactly once", async () => {
    const eli = customerOf(site, "eli@example.com")
    const { ticket, told } = await handedOff(site, eli)
    const since = lastCall()
    site.emulator.addFault({ kind: "resetAfterCommit", times: 1, match: updating })
    await eli.write("And the second thing is the pump.", { answering: told })
    await commentOn(site, ticket.id, "the customer's words", (c) =>
      c.body.includes("second thing is the pump"),
    )
    await settled(site)
    assert.strictEqual(writesTo(updating, since)[0]?.fault, "resetAfterCommit")
    assert.strictEqual(
      ticketNumbered(site, ticket.id).comments.filter((c) => c.body.includes("second thing is the pump"))
        .length,
      1,
    )
  })

  it("repeats neither comment nor tags of a handoff that goes on with an open ticket", async () => {
    const fay = customerOf(site, "fay@example.com")
    const { ticket, told } = await handedOff(site, fay)
    site.emulator.agent(ticket.id, { action: "solve" })
    await sessionState(site, ticket.external_id, "ai")
    site.emulator.addFault({ kind: "resetAfterCommit", times: 1, match: updating })
    site.emulator.addFault({ kind: "resetAfterCommit", times: 1, match: { method: "PUT", path: "/tags" } })
    await fay.write("I want to talk to a human about the bell.", { answering: told })
    await commentOn(site, ticket.id, "the second handoff", (c) => c.html_body.includes("about the bell"))
    await eventually(
      "the second handoff message",
      () => fay.mails().filter((m) => m.text.includes("colleague")).length === 2,
    )
    await settled(site)
    const now = ticketNumbered(site, ticket.id)
    assert.strictEqual(now.comments.filter((c) => c.html_body.includes("about the bell")).length, 1)
    assert.strictEqual(new Set(now.tags).size, now.tags.length)
    assert.strictEqual(ticketsBy(site, fay.address).length, 1)
  })
})

describe("limits and failures that pass", () => {
  const faults: ReadonlyArray<readonly [string, Fault]> = [
    ["429 with JSON", { kind: "status429json", times: 1, match: creating }],
    ["429 as plain text", { kind: "status429text", times: 1, match: creating }],
    ["503 for a while", { kind: "status503", times: 3, match: creating }],
    ["500 with an HTML page", { kind: "status500html", times: 2, match: creating }],
    ["a 503 at every step", { kind: "status503", times: 4, match: { path: "/api/v2/" } }],
  ]
  for (const [name, fault] of faults) {
    it(`${name}: the handoff arrives, once`, async () => {
      const customer = customerOf(site, `${name.toLowerCase().replaceAll(/\W/g, ".")}@example.com`)
      const since = lastCall()
      site.emulator.addFault(fault)
      await handedOff(site, customer)
      await settled(site)
      assert.isTrue(
        site.emulator.calls(since).some((call) => call.fault === fault.kind),
        "the fault has struck",
      )
      assert.strictEqual(ticketsBy(site, customer.address).length, 1)
      assert.strictEqual(customer.mails().length, 1)
    })
  }

  it("429 while comments are read: the reply arrives, once", async () => {
    const gus = customerOf(site, "gus@example.com")
    const { ticket } = await handedOff(site, gus)
    site.emulator.addFault({ kind: "status429text", times: 1, match: reading })
    site.emulator.addFault({ kind: "resetBeforeCommit", times: 2, match: reading })
    site.emulator.agent(ticket.id, { action: "reply", body: "Here I am." })
    await gus.gets("the reply", (m) => m.text.includes("Here I am"))
    await settled(site)
    assert.strictEqual(gus.mails().filter((m) => m.text.includes("Here I am")).length, 1)
  })
})

describe("a token that ends in mid-conversation", () => {
  it("is replaced without anyone noticing", async () => {
    const hal = customerOf(site, "hal@example.com")
    const { ticket, told } = await handedOff(site, hal)
    const day = 24 * 3_600_000
    const since = lastCall()
    site.emulator.advanceClock(day)
    await hal.write("One more word about the saddle.", { answering: told })
    await commentOn(site, ticket.id, "the customer's words", (c) => c.body.includes("about the saddle"))
    await settled(site)
    // Webhooks carry Zendesk's time; ours has not moved.
    site.emulator.advanceClock(-day)
    const calls = site.emulator.calls(since)
    assert.isTrue(
      calls.some((call) => call.status === 401),
      "the old token was refused",
    )
    assert.strictEqual(calls.filter((call) => call.path === "/oauth/tokens").length, 1)
    assert.strictEqual(
      ticketNumbered(site, ticket.id).comments.filter((c) => c.body.includes("about the saddle")).length,
      1,
    )
    assert.strictEqual((await operatorOf(site).deadLetters()).length, 0)
  })
})

describe("a requester whom Zendesk refuses", () => {
  it("gets an apology; the handoff is a dead letter, and replayed it really makes the ticket, once", async () => {
    const ida = customerOf(site, "ida@example.com", "Ida Lee")
    const first = await handedOff(site, ida)
    site.emulator.agent(first.ticket.id, { action: "close" })
    await settled(site)
    const user = usersOf(site).find((one) => one.email === ida.address)
    const control = (what: string) =>
      fetch(`${site.emulator.url}/__emulator/users/${user?.id}/${what}`, { method: "POST" })
    assert.strictEqual((await control("suspend")).status, 200)

    await ida.write("I want to talk to a human about the invoice.", { subject: "A new matter" })
    const apology = await ida.gets("an apology", (m) => m.text.includes("did not work just now"))
    assert.strictEqual(apology.headers["auto-submitted"], "auto-replied")
    const letter = await eventuallyAsked(
      "a dead letter",
      async () => (await operatorOf(site).deadLetters())[0],
    )
    assert.strictEqual(letter.kind, "OpenTicket")
    assert.match(letter.why, /suspended/)
    await sessionState(site, letter.session, "ai")
    assert.strictEqual(ticketsBy(site, ida.address).length, 1)
    assert.isFalse(
      ida
        .mails()
        .slice(1)
        .some((m) => m.text.includes("passed your message to a colleague")),
    )

    const replay = () => operatorOf(site).replay(letter.id)
    await control("unsuspend")
    assert.strictEqual(await replay(), 202)
    const ticket = await eventually("the ticket", () =>
      ticketsBy(site, ida.address).find((t) => t.id !== first.ticket.id),
    )
    assert.include(ticket.comments[0]?.html_body, "about the invoice")
    assert.strictEqual(ticket.external_id, letter.session)
    assert.strictEqual(await replay(), 404, "it is dead no more")
    await sessionState(site, letter.session, "handing_off")
    await settled(site)
    assert.strictEqual(ticketsBy(site, ida.address).length, 2)
    assert.strictEqual((await operatorOf(site).deadLetters()).length, 0)
    site.emulator.agent(ticket.id, { action: "reply", body: "Here is your invoice." })
    await ida.gets("the human's reply", (m) => m.text.includes("Here is your invoice"))
  })
})
