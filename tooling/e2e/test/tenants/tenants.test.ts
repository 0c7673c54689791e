/** Two organizations in one runtime: nothing of the one is ever seen, moved or answered by the other. */
import { sampleSeed } from "@opencx/runtime"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { eventuallyAsked, operatorOf, sessionState, settled } from "../support/operator.ts"
import {
  commentOn,
  customerOf,
  handedOff,
  signedSignal,
  ticketNumbered,
  ticketsBy,
  ticketsOf,
} from "../support/people.ts"
import { eventually } from "../support/customers.ts"
import { type Site, startInstallation } from "../support/world.ts"

let north: Site
let south: Site

const onlySouth = {
  title: "The zeppelin hire service",
  body: "<p>A zeppelin can be hired for 4,321 euros a day. Zeppelin hire includes the pilot.</p>",
}

beforeAll(async () => {
  const [first, second] = await startInstallation({
    organizations: ["north", "south"],
    seeds: { south: { ...sampleSeed, articles: [onlySouth] } },
  })
  if (first === undefined || second === undefined) throw new Error("two organizations were wanted")
  north = first
  south = second
})
afterAll(() => north?.close())

/** The same customer writes to both, and both have a ticket with the same number. */
const both = async (address: string) => {
  const atNorth = customerOf(north, address, "Dana Lee")
  const atSouth = customerOf(south, address, "Dana Lee")
  const [n, s] = await Promise.all([
    handedOff(north, atNorth, "I want to talk to a human about my northern matter."),
    handedOff(south, atSouth, "I want to talk to a human about my southern matter."),
  ])
  return { atNorth, atSouth, n, s }
}

describe("two organizations with the same customer and the same ticket numbers", () => {
  it("keep contacts, sessions, tickets and mails apart", async () => {
    const { atNorth, atSouth, n, s } = await both("dana@example.com")
    assert.strictEqual(n.ticket.id, s.ticket.id, "the numbers are the same, which is the point")
    assert.notStrictEqual(n.ticket.external_id, s.ticket.external_id)
    assert.notInclude(JSON.stringify(ticketsOf(north)), "southern matter")
    assert.notInclude(JSON.stringify(ticketsOf(south)), "northern matter")
    north.emulator.agent(n.ticket.id, { action: "reply", body: "From the north." })
    await atNorth.gets("the northern reply", (m) => m.text.includes("From the north"))
    await settled(north)
    assert.isTrue(atNorth.mails().every((m) => m.from === "support@north.example"))
    assert.isFalse(atSouth.mails().some((m) => m.text.includes("From the north")))
    await sessionState(south, s.ticket.external_id, "handing_off")
    const northern = await operatorOf(north).session(n.ticket.external_id ?? "")
    const southern = await operatorOf(south).session(s.ticket.external_id ?? "")
    assert.notInclude(JSON.stringify(northern), "southern")
    assert.notInclude(JSON.stringify(southern), "northern")
  })

  it("take no webhook for each other: neither signature, nor ticket number, nor session id", async () => {
    const { n, s } = await both("noa@example.com")
    await settled(north)
    north.emulator.agent(n.ticket.id, { action: "solve" })
    await sessionState(north, n.ticket.external_id, "ai")
    const before = { north: north.emulator.calls().length, south: south.emulator.calls().length }
    const body = (ticketId: number, externalId: string | null) =>
      JSON.stringify({ ticket_id: ticketId, external_id: externalId, status: "solved" })
    const send = (hook: string, secret: string, text: string) =>
      fetch(hook, { method: "POST", body: text, headers: signedSignal(secret, text) })

    // North's secret at south's door, and the other way round.
    assert.strictEqual(
      (await send(south.hook, north.signingSecret, body(s.ticket.id, s.ticket.external_id))).status,
      401,
    )
    assert.strictEqual(
      (await send(north.hook, south.signingSecret, body(n.ticket.id, n.ticket.external_id))).status,
      401,
    )
    // Each token is bound to its organization.
    const forged = north.hook.replace("/north.", "/south.")
    assert.strictEqual(
      (await send(forged, south.signingSecret, body(s.ticket.id, s.ticket.external_id))).status,
      401,
    )
    // South's own door, but north's session.
    const foreign = await send(south.hook, south.signingSecret, body(777_777, n.ticket.external_id))
    assert.strictEqual(foreign.status, 200)
    assert.include(await foreign.text(), "ignored")
    await settled(north)
    assert.strictEqual(north.emulator.calls().length, before.north)
    assert.strictEqual(south.emulator.calls().length, before.south)
    await sessionState(south, s.ticket.external_id, "handing_off")
  })

  it("cannot be reached through each other's mail: reply addresses, references and bounces", async () => {
    const { atNorth, n, s } = await both("kim@example.com")
    const comments = ticketNumbered(north, n.ticket.id).comments.length
    const tag = (n.told.replyTo ?? "").split("@")[0]?.split("+")[1]
    // North's signed address at south's domain, with north's references.
    await atNorth.write("I want to talk to a human: which thread is this?", {
      to: `support+${tag}@south.example`,
      subject: "Re: A question",
      inReplyTo: n.told.messageId,
      references: [n.told.messageId],
    })
    await commentOn(south, s.ticket.id, "the mail, on the customer's own southern ticket", (c) =>
      c.body.includes("which thread is this"),
    )
    await settled(north)
    assert.strictEqual(ticketNumbered(north, n.ticket.id).comments.length, comments)
    // North's bounce address at south's domain is nobody's.
    const bounce = n.told.envelopeFrom.replace("@north.example", "@south.example")
    const refused = await atNorth
      .write("bounced", { to: bounce, envelopeFrom: "" })
      .then(() => "taken", String)
    assert.match(refused, /550/)
  })

  it("do not show each other's sessions under their own name", async () => {
    const { n } = await both("lou@example.com")
    const id = n.ticket.external_id ?? ""
    for (const path of [`/sessions/south/${id}`, `/api/organizations/south/sessions/${id}`]) {
      const answer = await fetch(south.runtimeUrl + path)
      assert.strictEqual(answer.status, 404)
      assert.notInclude(await answer.text(), "northern")
    }
    assert.strictEqual(await operatorOf(south).command(id, "close"), 404)
    await settled(north)
    await sessionState(north, id, "handing_off")
  })
})

describe("knowledge", () => {
  it("of one organization answers its own customers only", async () => {
    const question = "How much does it cost to hire a zeppelin?"
    const inSouth = customerOf(south, "zoe@example.com")
    const answer = await inSouth.getsAnswerTo(await inSouth.write(question, { subject: "Zeppelin" }))
    assert.match(answer.text, /4,321 euros/)
    const inNorth = customerOf(north, "zoe@example.com")
    await inNorth.write(question, { subject: "Zeppelin" })
    await eventually("any mail from the north", () =>
      inNorth.mails().find((m) => m.from === "support@north.example"),
    )
    await settled(north)
    assert.isFalse(
      inNorth.mails().some((m) => m.from === "support@north.example" && m.text.includes("4,321")),
    )
    assert.notInclude(JSON.stringify(ticketsBy(north, "zoe@example.com")), "4,321")
  })
})

describe("troubles", () => {
  it("of one organization's Zendesk do not slow the other", async () => {
    const down = north.emulator.addFault({ kind: "status503" })
    const waiting = customerOf(north, "uma@example.com")
    await waiting.write("I want to talk to a human.")
    await eventuallyAsked("a failure in the log", async () =>
      north.logs.some((line) => line.includes("OpenTicket failed")),
    )
    const began = Date.now()
    await handedOff(south, customerOf(south, "uma@example.com"))
    assert.isBelow(Date.now() - began, 5000)
    north.emulator.removeFault(down)
    await eventually(
      "the northern ticket or apology",
      () =>
        ticketsBy(north, "uma@example.com").length > 0 ||
        waiting.mails().some((m) => m.text.includes("did not work")),
      20,
    )
  })
})
