/** Questions that the Help Center answers, and what a human gets of those that it does not. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { eventually } from "../support/customers.ts"
import { settled } from "../support/operator.ts"
import {
  bytesOf,
  commentOn,
  customerOf,
  handedOff,
  ticketNumbered,
  ticketsBy,
  ticketsOf,
  ticketWith,
  usersOf,
} from "../support/people.ts"
import { type Site, startSite } from "../support/world.ts"

let site: Site

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

describe("a question that an article answers", () => {
  it("is answered in the thread, with the article linked, and nothing is left at Zendesk", async () => {
    const dana = customerOf(site, "dana@example.com")
    const before = ticketsOf(site).length
    const asked = await dana.write("How long does standard shipping take?", { subject: "Shipping" })
    const answer = await dana.getsAnswerTo(asked)
    assert.match(answer.text, /2 to 4 working days/)
    assert.match(answer.text, /https?:\/\/\S+\/hc\/\S*articles\/\d+/)
    assert.strictEqual(answer.subject, "Re: Shipping")
    assert.strictEqual(answer.headers["references"], asked)
    assert.strictEqual(answer.headers["auto-submitted"], "auto-replied")
    assert.strictEqual(answer.from, site.supportAddress)
    assert.match(answer.replyTo ?? "", /^support\+[a-z0-9]+@larkspoke\.example$/)
    await settled(site)
    assert.strictEqual(ticketsOf(site).length, before)
    assert.strictEqual(dana.mails().length, 1)
  })
})

// Fails as long as the agent takes "Thanks, Tilda" on one line (or a name alone) for words of the question.
describe("the same question in a letter with a greeting and a signature", () => {
  it("is answered too", async () => {
    const tilda = customerOf(site, "tilda@example.com", "Tilda Lee")
    const asked = await tilda.write("Hello,\n\nhow long does standard shipping take?\n\nThanks, Tilda", {
      subject: "Shipping",
    })
    const answer = await tilda.getsAnswerTo(asked)
    assert.match(answer.text, /2 to 4 working days/)
  })
})

describe("a conversation that goes to a human", () => {
  it("becomes one ticket, field by field as promised, within three calls for somebody new", async () => {
    const ines = customerOf(site, "ines.novak@example.com", "Inés Novák")
    const asked = await ines.write("How long does standard shipping take?", {
      subject: "Delivery of my order",
    })
    const answer = await ines.getsAnswerTo(asked)
    const since = site.emulator.calls().at(-1)?.n ?? 0
    await ines.write("That is too slow for me. I want to talk to a human.", { answering: answer })
    const ticket = await eventually("a ticket", () => ticketsBy(site, ines.address)[0])
    await ines.gets("the handoff message", (m) => m.text.includes("colleague"))
    await settled(site)

    assert.match(ticket.subject, /^(Re: )?Delivery of my order$/)
    assert.match(ticket.external_id ?? "", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    assert.strictEqual(ticket.submitter_id, site.emulator.integrationUserId)
    const requester = usersOf(site).find((user) => user.id === ticket.requester_id)
    assert.deepInclude(requester, { name: "Inés Novák", email: ines.address, role: "end-user" })
    assert.deepStrictEqual(new Set(ticket.tags), new Set(tagsOfAHandoff))

    assert.strictEqual(ticketNumbered(site, ticket.id).comments.length, 1)
    const [first] = ticket.comments
    assert.strictEqual(first?.public, false)
    assert.strictEqual(first?.author_id, site.emulator.integrationUserId)
    const html = first?.html_body ?? ""
    const order = [
      "Why a human:",
      `/sessions/larkspoke/${ticket.external_id}`,
      "How long does standard shipping take?",
      "2 to 4 working days",
      "I want to talk to a human",
    ]
    const places = order.map((words) => html.lastIndexOf(words))
    assert.deepStrictEqual(
      places,
      [...places].sort((a, b) => a - b),
      html,
    )
    assert.isTrue(
      places.every((place) => place >= 0),
      html,
    )
    assert.include(html, "View session in OpenCX")

    const calls = site.emulator.calls(since)
    assert.isAtMost(
      calls.filter((call) => call.pool === "support").length,
      3,
      calls.map((c) => `${c.method} ${c.path}`).join(),
    )
    const creating = calls.filter((call) => call.method === "POST" && /\/tickets(\.json)?$/.test(call.path))
    assert.strictEqual(creating.length, 1)
    assert.strictEqual(creating[0]?.headers["idempotency-key"], `handoff:${ticket.external_id}:1:0`)
    assert.nestedPropertyVal(creating[0]?.body, "ticket.metadata.opencx_session", ticket.external_id)
  })

  it("takes at most two calls for somebody whom Zendesk knows", async () => {
    const ines = customerOf(site, "ines.novak@example.com", "Inés Novák")
    const [earlier] = ticketsBy(site, ines.address)
    site.emulator.agent(earlier?.id ?? 0, { action: "solve" })
    await eventually("the account's search index to know the user", () =>
      usersOf(site).some((u) => u.email === ines.address),
    )
    site.emulator.advanceClock(20_000)
    await settled(site)
    const since = site.emulator.calls().at(-1)?.n ?? 0
    await ines.write("Another matter: I want to talk to a human.", { subject: "Another matter" })
    const ticket = await eventually("a second ticket", () =>
      ticketsBy(site, ines.address).find((t) => t.id !== earlier?.id),
    )
    await settled(site)
    const calls = site.emulator.calls(since)
    assert.isAtMost(calls.length, 2, calls.map((c) => `${c.method} ${c.path}`).join())
    assert.strictEqual(ticket.requester_id, earlier?.requester_id)
  })

  it("in Arabic reaches the human and the customer unharmed", async () => {
    const layla = customerOf(site, "layla@example.com", "ليلى حسن")
    await layla.write("مرحبا، أريد التحدث مع موظف بشري من فضلك.", { subject: "سؤال عن طلبي" })
    const ticket = await ticketWith(site, layla.address, "أريد التحدث مع موظف")
    assert.strictEqual(ticket.subject, "سؤال عن طلبي")
    assert.isTrue(ticket.tags.includes("opencx_language_ar"), ticket.tags.join())
    assert.strictEqual(usersOf(site).find((u) => u.email === layla.address)?.name, "ليلى حسن")
    const told = await layla.gets("the handoff message in Arabic", (m) => m.text.includes("حوّلت رسالتك"))
    assert.strictEqual(told.subject, "Re: سؤال عن طلبي")
    assert.match(told.html, /dir="auto"/)
    site.emulator.agent(ticket.id, { action: "reply", body: "أهلا ليلى، تم شحن طلبك رقم 42 اليوم." })
    await layla.gets("the human's Arabic words", (m) =>
      m.text.includes("أهلا ليلى، تم شحن طلبك رقم 42 اليوم."),
    )
  })

  it("with more than Zendesk takes in a comment is attached whole", async () => {
    const omar = customerOf(site, "omar@example.com")
    const long = Array.from(
      { length: 1500 },
      (_, n) => `Line ${n}: my order number is LS-${1_000_000 + n} and nothing of this may get lost.`,
    )
    await omar.write(`I want to talk to a human.\n\n${long.join("\n")}`, { subject: "A long story" })
    const ticket = await eventually("a ticket", () => ticketsBy(site, omar.address)[0])
    const [first] = ticket.comments
    const file = first?.attachments.find((one) => one.file_name === "transcript.txt")
    const whole = new TextDecoder().decode(await bytesOf(site, file))
    assert.isAbove(whole.length, 60_000)
    for (const line of long) assert.include(whole, line)
    assert.isAtMost(Buffer.byteLength(first?.html_body ?? ""), 65_535)
    assert.include(first?.html_body, "Why a human:")
  })

  it("carries the customer's files to the ticket, byte by byte", async () => {
    const pia = customerOf(site, "pia@example.com")
    const photo = new Uint8Array(3_000).map((_, at) => at % 251)
    await pia.write("I want to talk to a human about this photo.", {
      subject: "A photo",
      attachments: [{ filename: "crack.jpg", content: photo, contentType: "image/jpeg" }],
    })
    const ticket = await eventually("a ticket", () => ticketsBy(site, pia.address)[0])
    const file = ticket.comments[0]?.attachments[0]
    assert.deepInclude(file, { file_name: "crack.jpg", content_type: "image/jpeg", size: photo.length })
    const bytes = await bytesOf(site, file)
    assert.deepStrictEqual(bytes, photo)
    await pia.gets("the handoff message", (m) => m.text.includes("colleague"))
    await pia.write("Here is the bill too.", {
      answering: await pia.gets("the handoff message", (m) => m.text.includes("colleague")),
      attachments: [{ filename: "bill.pdf", content: "%PDF-1.4 bill", contentType: "application/pdf" }],
    })
    const later = await commentOn(site, ticket.id, "the bill", (c) =>
      c.attachments.some((a) => a.file_name === "bill.pdf"),
    )
    assert.isTrue(later.public)
    assert.strictEqual(later.author_id, ticket.requester_id)
  })
})

describe("tidiness", () => {
  it("one ticket per handoff, and none for anything else", async () => {
    const zoe = customerOf(site, "zoe@example.com")
    await handedOff(site, zoe)
    await settled(site)
    const tickets = ticketsOf(site)
    assert.strictEqual(new Set(tickets.map((t) => t.external_id)).size, tickets.length)
    assert.strictEqual(ticketsBy(site, zoe.address).length, 1)
  })
})

const tagsOfAHandoff = [
  "opencx",
  "opencx_autopilot",
  "opencx_handedoff",
  "opencx_channel_email",
  "opencx_sentiment_negative",
  "opencx_language_en",
  "opencx_ticket_created_on_handoff",
]
