/** Conversations that went wrong: on our side, on the ticket, on the customer's channel. Each sign by itself. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { CommentId, CustomerText, DeliveryId, type Entry, Secrets, SessionId, TicketId } from "@opencx/core"
import { Effect, Redacted, Schema } from "effect"
import { randomUUID } from "node:crypto"
import { diagnosisLines } from "../../src/doctor/lines.ts"
import {
  checkIn,
  type DoctorStage,
  isOk,
  isProblem,
  setDoctorStage,
  type Told,
  troubles,
} from "../support/doctorStage.ts"

let stage: DoctorStage
beforeAll(async () => {
  stage = await setDoctorStage()
  await stage.setUp()
}, 30_000)
afterAll(() => stage.close())

const Made = Schema.decodeUnknownSync(Schema.Struct({ ticket: Schema.Struct({ id: Schema.Int }) }))

const makeTicket = async (
  externalId: string,
  tags: ReadonlyArray<string> = ["opencx", "opencx_handedoff"],
) => {
  const ticket = { subject: "Brakes", comment: { body: "They squeak." }, tags, external_id: externalId }
  return Made(await stage.support("POST", "/api/v2/tickets", { ticket })).ticket.id
}

/** A session with its ticket in Zendesk, as a handoff leaves them. */
const handedOver = async (told: Told = {}, tags?: ReadonlyArray<string>) => {
  const id = randomUUID()
  const ticketId = await makeTicket(id, tags)
  const ticket = {
    ticketId: String(ticketId),
    status: "open",
    requesterId: null,
    commentCursor: null,
  } as const
  const session = await stage.tell({ ...told, session: { id, ticket, handoffs: 1, ...told.session } })
  return { session, ticketId, about: { _tag: "Session", id } as const }
}

const told = async (given: Told) => {
  const { id } = await stage.tell(given)
  return { _tag: "Session", id: SessionId.make(id) } as const
}

const failed = (explanation: string, deliveryId = DeliveryId.make(randomUUID())): Entry["body"] => ({
  _tag: "DeliveryUpdate",
  deliveryId,
  status: "failed",
  providerId: null,
  explanation,
})

const openTicket = { _tag: "OpenTicket", handoff: 1, reason: "customer_asked", upToSeq: 1 } as const

describe("handoffs", { timeout: 60_000 }, () => {
  it("a handoff that went well has no trouble, and is told in facts", async () => {
    const { about, ticketId } = await handedOver()
    const found = await stage.look(about)
    assert.deepStrictEqual(troubles(found), [])
    assert.deepInclude(found.conversation, {
      sessionId: about.id,
      ticketId: String(ticketId),
      state: "human",
      ticketStatus: "new",
    })
    assert.match(found.conversation?.next ?? "", /A human has it/)
    const same = await stage.look({ _tag: "Ticket", id: String(ticketId) })
    assert.strictEqual(same.conversation?.sessionId, about.id)
  })

  it("no ticket appears: the dead letter with its explanation, and the missing right", async () => {
    const about = await told({
      session: { handoffPending: true, handoffs: 1 },
      dead: [{ task: openTicket, why: "You do not have access to create users" }],
    })
    const found = await stage.look(about)
    const check = isProblem(found, "handoff.ticket", /no ticket appears/, /replay the dead letter/)
    assert.match(check.evidence.join(), /access to create users/)
    assert.deepStrictEqual(
      found.conversation?.deadLetters.map(({ task }) => task),
      ["OpenTicket"],
    )
    assert.match(found.conversation?.next ?? "", /handoff\.ticket/)
    isOk(await stage.look((await handedOver()).about), "handoff.ticket")
  })

  it("the customer was told that it failed; a later handoff that went well makes it good", async () => {
    const failure: Entry["body"] = { _tag: "HandoffFailed", explanation: "Zendesk refused the ticket" }
    const confirmed: Entry["body"] = {
      _tag: "HandoffConfirmed",
      ticketId: TicketId.make("1"),
      chatId: null,
      created: true,
      tags: [],
      brief: { summary: "s", sentiment: "neutral", language: null, reason: "customer_asked" },
    }
    isProblem(await stage.look(await told({ bodies: [failure] })), "handoff.ticket", /no ticket/, /evidence/)
    isOk(await stage.look(await told({ bodies: [failure, confirmed] })), "handoff.ticket")
  })

  it("a handoff that hangs", async () => {
    const about = await told({ session: { handoffPending: true } })
    isOk(await stage.look(about), "handoff.pending")
    const check = isProblem(
      await stage.look(about, 20 * 60_000),
      "handoff.pending",
      /ten minutes/,
      /opencx serve/,
    )
    assert.match(check.evidence.join(), /since (19|20) minutes/)
    const done = await told({ session: { handoffPending: false } })
    isOk(await stage.look(done, 20 * 60_000), "handoff.pending")
  })

  it("duplicate tickets", async () => {
    const { about, session } = await handedOver()
    isOk(await stage.look(about), "duplicates.tickets")
    const second = await makeTicket(session.id)
    const check = isProblem(await stage.look(about), "duplicates.tickets", /several open ones/, /Merge/)
    assert.include(check.evidence.join(), String(second))
    stage.emulator.agent(second, { action: "close" })
    isOk(await stage.look(about), "duplicates.tickets")
  })

  it("a field that was left blank at the handoff", async () => {
    const text = "Field Reason is left blank: switched off."
    const about = await told({ bodies: [{ _tag: "SystemEvent", text }] })
    const check = isProblem(await stage.look(about), "fields.left_blank", /left out/, /fields\./)
    assert.include(check.evidence.join(), text)
    isOk(await stage.look((await handedOver()).about), "fields.left_blank")
  })
})

describe("replies that do nothing", { timeout: 60_000 }, () => {
  it("the tag is missing", async () => {
    const { about, ticketId } = await handedOver()
    isOk(await stage.look(about), "replies.tag", "replies.external_id")
    await stage.put(`/api/v2/tickets/${ticketId}`, { ticket: { tags: ["vip"] } })
    const check = isProblem(await stage.look(about), "replies.tag", /lacks our tag/, /Add the tag opencx/)
    assert.include(check.evidence.join(), "vip")
    await stage.put(`/api/v2/tickets/${ticketId}`, { ticket: { tags: ["vip", "opencx"] } })
    isOk(await stage.look(about), "replies.tag")
  })

  it("external_id is missing", async () => {
    const { about, session, ticketId } = await handedOver()
    await stage.put(`/api/v2/tickets/${ticketId}`, { ticket: { external_id: null } })
    const check = isProblem(await stage.look(about), "replies.external_id", /external_id/, /session's id/)
    assert.include(check.evidence.join(), "empty")
    await stage.put(`/api/v2/tickets/${ticketId}`, { ticket: { external_id: session.id } })
    isOk(await stage.look(about), "replies.external_id")
  })

  it("tickets that cannot be read say nothing; a deleted one is a notice", async () => {
    const { about, ticketId } = await handedOver()
    stage.emulator.addFault({ kind: "status503", match: { path: "/api/v2/tickets" } })
    const blind = await stage.look(about)
    stage.emulator.clearFaults()
    for (const id of ["replies.tag", "replies.external_id", "duplicates.tickets", "replies.private"])
      assert.strictEqual(checkIn(blind, id).status, "unknown", id)
    isOk(await stage.look(about), "replies.ticket_gone")
    await stage.support("DELETE", `/api/v2/tickets/${ticketId}`)
    isProblem(await stage.look(about), "replies.ticket_gone", /not in Zendesk any more/, /Deleted tickets/)
  })

  it("posted as Internal note", async () => {
    const { about, ticketId } = await handedOver()
    isOk(await stage.look(about), "replies.private", "replies.unsynced")
    stage.emulator.agent(ticketId, { action: "note", body: "INTERNAL words" })
    const found = await stage.look(about)
    isProblem(found, "replies.private", /internal note/, /Public reply/)
    assert.notInclude(JSON.stringify(found), "INTERNAL words")
    isOk(found, "replies.unsynced")
  })

  it("a public reply that has not come; one that has", async () => {
    const { about, ticketId } = await handedOver()
    stage.emulator.agent(ticketId, { action: "reply", body: "Bring it in." })
    const check = isProblem(
      await stage.look(about),
      "replies.unsynced",
      /public reply has not reached/,
      /opencx serve/,
    )
    isOk(await stage.look(about), "replies.private")
    const commentId = /\d+/.exec(check.evidence.join())?.[0] ?? ""
    const arrived = await handedOver({
      bodies: [
        {
          _tag: "HumanReply",
          text: CustomerText.make("Bring it in."),
          authorName: null,
          commentId: CommentId.make(commentId),
          ticketId: TicketId.make(String(ticketId)),
          chatMessageId: null,
          attachments: [],
          deliveryId: DeliveryId.make(randomUUID()),
          byDesk: false,
        },
      ],
    })
    isOk(await stage.look(arrived.about), "replies.unsynced")
  })

  it("the channel cannot be reached: a dead letter, a failed report, one that came through later", async () => {
    const dead = await told({ dead: [{ task: { _tag: "Deliver", seq: 1 }, why: "550 no such mailbox" }] })
    const check = isProblem(
      await stage.look(dead),
      "replies.unreachable",
      /cannot be reached/,
      /still subscribed/,
    )
    assert.include(check.evidence.join(), "550 no such mailbox")
    const optedOut = await told({ bodies: [failed('The customer opted out by writing "STOP".')] })
    isProblem(await stage.look(optedOut), "replies.unreachable", /cannot be reached/, /STOP/)
    const id = DeliveryId.make(randomUUID())
    const later: Entry["body"] = {
      _tag: "DeliveryUpdate",
      deliveryId: id,
      status: "delivered",
      providerId: null,
      explanation: null,
    }
    isOk(await stage.look(await told({ bodies: [failed("busy", id), later] })), "replies.unreachable")
  })

  it("Agent Workspace reply does not reach WhatsApp: the window is closed", async () => {
    const why = "WhatsApp's window of 24 hours is closed"
    const update: Entry["body"] = {
      _tag: "DeliveryUpdate",
      deliveryId: DeliveryId.make(randomUUID()),
      status: "held",
      providerId: null,
      explanation: why,
    }
    const about = await told({ channel: "whatsapp", session: { held: [1] }, bodies: [update] })
    const check = isProblem(await stage.look(about), "replies.held", /24 hours/, /template/)
    assert.include(check.evidence.join(), why)
    isOk(await stage.look(await told({ channel: "whatsapp", bodies: [update] })), "replies.held")
  })

  it("a number that is not registered for 10DLC", async () => {
    const words = "Our number is not registered (A2P 10DLC), so carriers block it."
    const about = await told({ channel: "sms", bodies: [failed(words)] })
    const found = await stage.look(about)
    isProblem(found, "sms.registration", /not registered for 10DLC/, /registration/)
    isOk(found, "replies.unreachable")
    isOk(await stage.look(await told({ channel: "sms", bodies: [failed("busy")] })), "sms.registration")
  })

  it("a merge that was refused, and on what evidence", async () => {
    const decided = (decision: "refused" | "merged"): Entry["body"] => ({
      _tag: "IdentityDecision",
      decision,
      reason: "the address is not verified",
      evidence: ["Zendesk lists it without verification"],
    })
    const found = await stage.look(await told({ bodies: [decided("refused")] }))
    const check = isProblem(found, "contacts.merge_refused", /Duplicate contact/, /by hand/)
    assert.match(check.evidence.join(), /not verified; Zendesk lists it without/)
    assert.isFalse(check.needed)
    isOk(
      await stage.look(await told({ bodies: [decided("refused"), decided("merged")] })),
      "contacts.merge_refused",
    )
  })
})

describe("what the doctor says", { timeout: 60_000 }, () => {
  it("a session that is not there, and what is no ticket", async () => {
    const missing = await stage.look({ _tag: "Session", id: "nobody" }).then(
      () => "",
      (error: unknown) => String(error),
    )
    assert.match(missing, /no session "nobody"/)
    const strange = await stage.look({ _tag: "Ticket", id: "1/../2" }).then(
      () => "",
      (error: unknown) => String(error),
    )
    assert.match(strange, /no number of a ticket/)
  })

  it("problems first, and nothing of terminals in what others wrote", async () => {
    const about = await told({
      bodies: [failed("\u001b[31mred\u202e and\nmore")],
      dead: [{ task: openTicket, why: "no right" }],
    })
    const lines = diagnosisLines(await stage.look(about))
    const order = lines.flatMap((line) => /^(PROBLEM|note|unknown|ok)\b/.exec(line)?.[1] ?? [])
    const ranks = ["PROBLEM", "note", "unknown", "ok"]
    assert.deepStrictEqual(
      order,
      order.toSorted((a, b) => ranks.indexOf(a) - ranks.indexOf(b)),
    )
    assert.include(order, "PROBLEM")
    assert.isFalse(lines.some((line) => /[\u0000-\u001f\u202e]/.test(line)))
    assert.isTrue(
      lines.some((line) => line.includes("why: ")) && lines.some((line) => line.includes("fix: ")),
    )
  })

  it("no secret, in any of it", async () => {
    const secrets = await stage.within(Effect.service(Secrets))
    const names = ["zendesk-ticketing-signing-secret", "zendesk-messaging-webhook-secret"]
    const text = JSON.stringify(await stage.look())
    for (const name of names) {
      const kept = await stage.within(secrets.get("acme", name))
      assert.isNotNull(kept)
      if (kept !== null) assert.notInclude(text, Redacted.value(kept))
    }
    for (const secret of ["opencx-secret", "sample-sunshine-secret"]) assert.notInclude(text, secret)
  })
})
