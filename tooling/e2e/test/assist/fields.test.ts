/** AI fields: what the account's own fields hold after a handoff, by ticket and by live chat, on real sockets. */
import type { SeedTicketField } from "@opencx/zendesk-emulator"
import { afterAll, afterEach, assert, beforeAll, describe, it } from "vitest"
import { texter } from "../support/chatPeople.ts"
import { eventually } from "../support/customers.ts"
import { chatNow, chatSaying } from "../support/liveChats.ts"
import { operatorOf, settled } from "../support/operator.ts"
import { asAdmin, customerOf, handedOff } from "../support/people.ts"
import type { ChatSite } from "../support/world.ts"
import { fieldsHeld, startFieldSite } from "./site.ts"

const seeded: ReadonlyArray<SeedTicketField> = [
  {
    id: 9001,
    type: "tagger",
    title: "Reason",
    options: [
      { name: "Refund", value: "refund_request" },
      { name: "Delivery::Late", value: "late_delivery" },
      { name: "Delivery::Damaged", value: "damaged_item" },
      { name: "Other", value: "other_reason" },
    ],
  },
  {
    id: 9002,
    type: "multiselect",
    title: "Products",
    options: [
      { name: "Helmet", value: "product_helmet" },
      { name: "Saddle", value: "product_saddle" },
      { name: "Lights", value: "product_lights" },
    ],
  },
  { id: 9003, type: "text", title: "Order number" },
  { id: 9004, type: "textarea", title: "Issue summary" },
  { id: 9005, type: "integer", title: "Quantity of helmets" },
  { id: 9006, type: "decimal", title: "Amount paid" },
  { id: 9007, type: "checkbox", title: "Gift" },
  { id: 9008, type: "date", title: "Purchase date" },
  { id: 9009, type: "regexp", title: "Serial number", regexp: "^LS-\\d{6}$" },
  { id: 9010, type: "text", title: "Switched off" },
  {
    id: 9011,
    type: "tagger",
    title: "Route",
    // Alone longer than what fits into the handoff of a live chat.
    options: [{ name: "Carrier pigeon", value: `route_${"x".repeat(4100)}` }],
  },
]

/** In the order of importance; the one that is mapped but off is last but one. */
const fields = [
  { id: 9001, description: "The primary reason the contact is writing." },
  { id: 9003 },
  { id: "9002" },
  { id: 9005 },
  { id: 9006 },
  { id: 9007 },
  { id: 9008 },
  { id: 9009 },
  { id: 9004 },
  { id: 9010, on: false },
  { id: 9011 },
  { id: 4711 },
]

let site: ChatSite

beforeAll(async () => {
  site = await startFieldSite({
    seed: { ticketFields: seeded },
    emulator: { invalidOption: "reject" },
    organization: { fields },
  })
})
afterAll(() => site?.close())
afterEach(() => site.emulator.clearFaults())

const heldBy = (ticketId: number) => fieldsHeld(site, ticketId)

const eventsOf = async (sessionId: string | null): Promise<string> => {
  const { entries } = await operatorOf(site).session(sessionId ?? "")
  return entries
    .flatMap(({ body }) => (body["_tag"] === "SystemEvent" ? [String(body["text"])] : []))
    .join("\n")
}

const letter = `I want to talk to a human. I want a refund for order number LK-20418, please.
I bought 2 helmets and a saddle on 3 May 2026, it was a gift. The amount was 119.90. The serial is LS-204188.`

describe("a ticket after a handoff by mail", () => {
  it("holds what the customer said, field by field, and nothing else", async () => {
    const dana = customerOf(site, "dana@example.com")
    const { ticket } = await handedOff(site, dana, letter)
    const { "9004": summary, ...held } = heldBy(ticket.id)
    assert.deepStrictEqual(held, {
      "9001": "refund_request",
      "9002": ["product_helmet", "product_saddle"],
      "9003": "LK-20418",
      "9005": 2,
      "9006": "119.9",
      "9007": true,
      "9008": "2026-05-03",
      "9009": "LS-204188",
    })
    assert.include(String(summary), "refund")
    await settled(site)
    assert.include(
      await eventsOf(ticket.external_id),
      "Field 4711 is left blank: the help desk has no such field",
    )
  })

  it("stays blank where nothing is said", async () => {
    const eve = customerOf(site, "eve@example.com")
    const { ticket } = await handedOff(site, eve, "I want to talk to a human, please.")
    assert.deepStrictEqual(heldBy(ticket.id), {})
  })

  // The list of fields is a minute old by now: it was read for the tickets before.
  it("is made without a field that Zendesk refuses, and the session says which", async () => {
    const { ticketId, sessionId } = await withStaleOptions(async () => {
      const gus = customerOf(site, "gus@example.com")
      const { ticket } = await handedOff(site, gus, letter)
      return { ticketId: ticket.id, sessionId: ticket.external_id }
    })
    const held = heldBy(ticketId)
    assert.isUndefined(held["9001"])
    assert.strictEqual(held["9003"], "LK-20418")
    await settled(site)
    assert.match(await eventsOf(sessionId), /Field Reason is left blank: the help desk refused it/)
    assert.strictEqual((await operatorOf(site).deadLetters()).length, 0)
  })

  it("is one ticket with the same values when the answer to its creation is lost", async () => {
    const hal = customerOf(site, "hal@example.com")
    const before = site.emulator.counts().tickets
    site.emulator.addFault({
      kind: "resetAfterCommit",
      times: 1,
      match: { method: "POST", path: "/api/v2/tickets(\\.json)?$" },
    })
    const { ticket } = await handedOff(site, hal, letter)
    await settled(site)
    assert.strictEqual(site.emulator.counts().tickets, before + 1)
    assert.strictEqual(heldBy(ticket.id)["9003"], "LK-20418")
  })

  it("is made when the fields cannot be read, and the session says why they are blank", async () => {
    const other = await startFieldSite({ seed: { ticketFields: seeded }, organization: { fields } })
    try {
      const listing = { method: "GET", path: "/ticket_fields" }
      other.emulator.addFault({ kind: "status503", times: 50, match: listing })
      const ida = customerOf(other, "ida@example.com")
      const { ticket } = await handedOff(other, ida, letter)
      await settled(other)
      assert.isTrue(other.emulator.calls().some((call) => call.fault === "status503"))
      const { entries } = await operatorOf(other).session(ticket.external_id ?? "")
      assert.isTrue(
        entries.some(({ body }) => String(body["text"]).startsWith("The ticket fields are left blank")),
      )
      assert.lengthOf(await operatorOf(other).deadLetters(), 0)
    } finally {
      await other.close()
    }
  })
})

/** An administrator removes an option that we have listed a moment ago, and puts it back. */
const withStaleOptions = async <A>(run: () => Promise<A>): Promise<A> => {
  const reason = seeded[0]
  const put = (options: SeedTicketField["options"]) =>
    asAdmin(site, "/api/v2/ticket_fields/9001", {
      method: "PUT",
      json: { ticket_field: { custom_field_options: options } },
    })
  await put((reason?.options ?? []).filter(({ value }) => value !== "refund_request"))
  try {
    return await run()
  } finally {
    await put(reason?.options)
  }
}

describe("the ticket behind a live chat", () => {
  it("holds the values that came with control", async () => {
    const person = texter(site, "+14155550171")
    await person.writes("I want to talk to a human, please: a refund for order number LK-30555")
    const chat = await chatSaying(site, "LK-30555")
    await settled(site)
    const ticket = await eventually("the chat's ticket", () => chatNow(site, chat).ticket, 20)
    const held = heldBy(ticket.id)
    assert.strictEqual(held["9001"], "refund_request")
    assert.strictEqual(held["9003"], "LK-30555")
  })

  it("loses the least important fields first when they do not fit, and the session says so", async () => {
    const person = texter(site, "+14155550172")
    await person.writes(
      "I want to talk to a human, please: a refund by carrier pigeon for order number LK-40777",
    )
    const chat = await chatSaying(site, "LK-40777")
    await settled(site)
    const ticket = await eventually("the chat's ticket", () => chatNow(site, chat).ticket, 20)
    const held = heldBy(ticket.id)
    assert.strictEqual(held["9001"], "refund_request")
    assert.strictEqual(held["9003"], "LK-40777")
    assert.isUndefined(held["9011"])
    const sessionId = String(chat.conversation.metadata?.["opencx_session_id"])
    assert.match(await eventsOf(sessionId), /9011 did not fit into the handoff/)
  })
})
