/** The human's part: public words go out once and in order, internal ones never, and the AI keeps silent meanwhile. */
import { bounceOf } from "@opencx/runtime"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { eventuallyAsked, operatorOf, sessionState, settled } from "../support/operator.ts"
import {
  commentOn,
  customerOf,
  handedOff,
  signedSignal,
  ticketNumbered,
  ticketsBy,
  ticketWith,
} from "../support/people.ts"
import { eventually } from "../support/customers.ts"
import { type Site, startSite } from "../support/world.ts"

let site: Site

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

describe("the human's public reply", () => {
  it("arrives in the customer's thread with the human's name and the file", async () => {
    const dana = customerOf(site, "dana@example.com")
    const asked = await dana.write("I want to talk to a human about my frame.", { subject: "My frame" })
    const ticket = await ticketWith(site, dana.address, "about my frame")
    site.emulator.agent(ticket.id, {
      action: "reply",
      html_body: "<p>Hi Dana, your frame is <b>on its way</b>.</p>",
      attachments: [
        {
          file_name: "label.txt",
          content_type: "text/plain",
          content_base64: Buffer.from("parcel 42").toString("base64"),
        },
      ],
    })
    const reply = await dana.gets("the human's reply", (m) => m.text.includes("on its way"))
    assert.strictEqual(reply.subject, "Re: My frame")
    assert.strictEqual(reply.fromName, "Sam Rivera (Larkspoke Cycles)")
    assert.strictEqual(reply.from, site.supportAddress)
    assert.strictEqual(reply.headers["in-reply-to"], asked)
    assert.include(reply.headers["references"], asked)
    assert.isUndefined(reply.headers["auto-submitted"])
    assert.match(reply.html, /<(b|strong)>on its way<\/(b|strong)>/)
    assert.deepStrictEqual(reply.attachments, [{ fileName: "label.txt", contentType: "text/plain", size: 9 }])
    await settled(site)
    assert.strictEqual(dana.mails().filter((m) => m.text.includes("on its way")).length, 1)
  })

  it("is answered on the same ticket, in the requester's name, and the AI does not speak", async () => {
    const noa = customerOf(site, "noa@example.com")
    const { ticket } = await handedOff(site, noa)
    site.emulator.agent(ticket.id, { action: "reply", body: "Which size do you need?" })
    const question = await noa.gets("the question", (m) => m.text.includes("Which size"))
    const before = noa.mails().length
    await noa.write("How long does standard shipping take? I need size M.", { answering: question })
    const comment = await commentOn(site, ticket.id, "the customer's words", (c) => c.body.includes("size M"))
    assert.isTrue(comment.public)
    assert.strictEqual(comment.author_id, ticket.requester_id)
    assert.notInclude(comment.body, "Which size", "what was quoted is on the ticket already")
    await settled(site)
    assert.strictEqual(noa.mails().length, before)
    assert.strictEqual(ticketsBy(site, noa.address).length, 1)
    assert.strictEqual(
      ticketNumbered(site, ticket.id).comments.filter((c) => c.body.includes("size M")).length,
      1,
    )
  })
})

describe("an internal note", () => {
  const secret = "INTERNAL-7731: offer nothing, this customer is on the fraud list"

  it("never reaches the customer, by its own webhook or by a forged payload that carries its text", async () => {
    const kim = customerOf(site, "kim@example.com")
    const { ticket } = await handedOff(site, kim)
    site.emulator.agent(ticket.id, { action: "note", body: secret })
    await settled(site)
    const note = ticketNumbered(site, ticket.id).comments.find((c) => c.body.includes("INTERNAL-7731"))
    const body = JSON.stringify({
      ticket_id: String(ticket.id),
      external_id: ticket.external_id,
      status: "open",
      comment: secret,
      latest_public_comment: secret,
      comment_id: String(note?.id),
      public: true,
      "ticket.latest_comment_html": `<p>${secret}</p>`,
    })
    const answer = await fetch(site.hook, {
      method: "POST",
      body,
      headers: signedSignal(site.signingSecret, body),
    })
    assert.strictEqual(answer.status, 200)
    await settled(site)
    // The next public reply shows that everything before it has been looked at.
    site.emulator.agent(ticket.id, { action: "reply", body: "We are looking into it." })
    await kim.gets("the public reply", (m) => m.text.includes("looking into it"))
    const everything = site.sink
      .mails()
      .map((m) => `${m.subject}\n${m.text}\n${m.html}\n${JSON.stringify(m.headers)}`)
    assert.isFalse(everything.some((mail) => mail.includes("INTERNAL-7731")))
    const session = await operatorOf(site).session(ticket.external_id ?? "")
    assert.notInclude(
      JSON.stringify(session.entries.filter((e) => e.body["_tag"] === "HumanReply")),
      "INTERNAL-7731",
    )
  })

  it("beside a public reply in the same moment stays behind, and the order of replies holds", async () => {
    const lee = customerOf(site, "lee@example.com")
    const { ticket } = await handedOff(site, lee)
    for (const [action, body] of [
      ["reply", "First words."],
      ["note", secret],
      ["reply", "Second words."],
      ["note", secret],
      ["reply", "Third words."],
    ]) {
      site.emulator.agent(ticket.id, { action, body })
    }
    await lee.gets("the last reply", (m) => m.text.includes("Third words"))
    await settled(site)
    const said = lee
      .mails()
      .map((m) => /(First|Second|Third) words/.exec(m.text)?.[1])
      .filter((word) => word !== undefined)
    assert.deepStrictEqual(said, ["First", "Second", "Third"])
  })
})

describe("the end of the human's part", () => {
  it("solved: the AI answers again; closed: the next handoff makes a follow-up", async () => {
    const eva = customerOf(site, "eva@example.com")
    const { ticket, told } = await handedOff(site, eva)
    site.emulator.agent(ticket.id, { action: "reply", body: "All done." })
    await eva.gets("the reply", (m) => m.text.includes("All done"))
    site.emulator.agent(ticket.id, { action: "solve" })
    await sessionState(site, ticket.external_id, "ai")
    const asked = await eva.write("How long does standard shipping take?", { answering: told })
    const answer = await eva.getsAnswerTo(asked)
    assert.match(answer.text, /2 to 4 working days/)
    assert.strictEqual(answer.headers["auto-submitted"], "auto-replied")

    site.emulator.agent(ticket.id, { action: "close" })
    await settled(site)
    await eva.write("I want to talk to a human again.", { answering: answer })
    const followUp = await eventually("a follow-up", () =>
      ticketsBy(site, eva.address).find((t) => t.followup_source_id === ticket.id),
    )
    assert.strictEqual(followUp.external_id, ticket.external_id)
    assert.include(
      followUp.comments[0]?.html_body,
      "How long does standard shipping take?",
      "what came since is in it",
    )
    await settled(site)
    assert.strictEqual(ticketsBy(site, eva.address).length, 2)
    site.emulator.agent(followUp.id, { action: "reply", body: "Back again, how can I help?" })
    await eva.gets("the reply from the follow-up", (m) => m.text.includes("Back again"))
  })

  it("solved and still open in the same thread: a new handoff goes on with the same ticket", async () => {
    const gil = customerOf(site, "gil@example.com")
    const { ticket, told } = await handedOff(site, gil)
    site.emulator.agent(ticket.id, { action: "solve" })
    await sessionState(site, ticket.external_id, "ai")
    await gil.write("It broke again. I want to talk to a human.", { answering: told })
    await commentOn(
      site,
      ticket.id,
      "the second handoff",
      (c) => !c.public && c.html_body.includes("It broke again"),
    )
    await settled(site)
    assert.strictEqual(ticketsBy(site, gil.address).length, 1)
    assert.strictEqual(ticketNumbered(site, ticket.id).status, "open")
  })
})

describe("a bounce", () => {
  it("of a human's reply becomes a note on the ticket, and nothing else", async () => {
    const rob = customerOf(site, "rob@example.com")
    const { ticket } = await handedOff(site, rob)
    site.emulator.agent(ticket.id, { action: "reply", body: "Your refund is done." })
    const reply = await rob.gets("the reply", (m) => m.text.includes("refund is done"))
    const before = site.sink.mails().length
    await customerOf(site, "mailer-daemon@example.com").write("", {
      to: reply.envelopeFrom,
      envelopeFrom: "",
      raw: bounceOf(reply, rob.address),
    })
    const note = await commentOn(site, ticket.id, "a note about the bounce", (c) =>
      c.body.includes("could not be delivered"),
    )
    assert.isFalse(note.public)
    assert.match(note.body, /does not exist|mailbox|address/i)
    await settled(site)
    assert.strictEqual(site.sink.mails().length, before)
    assert.strictEqual(
      ticketNumbered(site, ticket.id).comments.filter((c) => c.body.includes("could not be delivered"))
        .length,
      1,
    )
  })
})

describe("mail that no person wrote", () => {
  const robots: ReadonlyArray<readonly [string, Parameters<ReturnType<typeof customerOf>["write"]>[1]]> = [
    ["out of office by header", { headers: { "Auto-Submitted": "auto-replied" } }],
    ["out of office by subject", { subject: "Automatic reply: away until Monday" }],
    ["a mailing list", { headers: { Precedence: "bulk", "List-Id": "<news.example.com>" } }],
    ["an autoresponder of a webmailer", { headers: { "X-Autoreply": "yes" } }],
  ]

  it("is kept, never answered and never escalated", async () => {
    const before = { tickets: site.emulator.counts().tickets, mails: site.sink.mails().length }
    for (const [name, options] of robots) {
      const sender = customerOf(site, `robot-${robots.findIndex(([n]) => n === name)}@example.com`)
      await sender.write("I am away. I want to talk to a human about how long shipping takes.", options)
    }
    const kept = await eventuallyAsked("all four on timelines", async () => {
      const sessions = await operatorOf(site).sessions()
      const found = await Promise.all(sessions.map((s) => operatorOf(site).session(s.id)))
      const automatic = found.filter((s) => s.entries.some((e) => e.body["automatic"] === true))
      return automatic.length === robots.length ? automatic : null
    })
    await settled(site)
    assert.isTrue(kept.every((s) => s.session.state === "ai"))
    assert.strictEqual(site.emulator.counts().tickets, before.tickets)
    assert.strictEqual(site.sink.mails().length, before.mails)
  })

  it("in a human's session is not put on the ticket as the customer's words", async () => {
    const uma = customerOf(site, "uma@example.com")
    const { ticket, told } = await handedOff(site, uma)
    const comments = ticketNumbered(site, ticket.id).comments.length
    await uma.write("I am out of the office.", {
      answering: told,
      headers: { "Auto-Submitted": "auto-replied" },
    })
    await settled(site)
    assert.strictEqual(ticketNumbered(site, ticket.id).comments.length, comments)
  })
})
