/** Tickets that agents merged, and customers whom Zendesk has suspended or cannot mail. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { describeReason, SessionId, TicketId } from "@opencx/core"
import { makeZendeskClient, ticketingOf, ZendeskConnection } from "@opencx/zendesk"
import { Effect, Schema } from "effect"
import { randomUUID } from "node:crypto"
import { checkIn, type DoctorStage, isOk, isProblem, setDoctorStage } from "../support/doctorStage.ts"
import { eventually } from "../support/run.ts"
import { oauth } from "../support/zendeskStage.ts"

let stage: DoctorStage
beforeAll(async () => {
  stage = await setDoctorStage({ seed: { users: [{ name: "Dana", email: "dana@example.com" }] } })
  await stage.setUp()
}, 30_000)
afterAll(() => stage.close())

const Made = Schema.decodeUnknownSync(Schema.Struct({ ticket: Schema.Struct({ id: Schema.Int }) }))
const Shown = Schema.decodeUnknownSync(Schema.Struct({ ticket: Schema.Struct({ status: Schema.String }) }))
const People = Schema.decodeUnknownSync(
  Schema.Struct({ users: Schema.Array(Schema.Struct({ id: Schema.Int })) }),
)

const control = async (path: string, body: object = {}) => {
  const answer = await fetch(`${stage.emulator.url}/__emulator${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  })
  assert.isBelow(answer.status, 300, path)
}

const makeTicket = async (externalId: string | null) => {
  const ticket = {
    subject: "Brakes",
    comment: { body: "They squeak." },
    tags: externalId === null ? [] : ["opencx", "opencx_handedoff"],
    ...(externalId === null ? {} : { external_id: externalId }),
  }
  return Made(await stage.support("POST", "/api/v2/tickets", { ticket })).ticket.id
}

const linked = (id: number) => ({
  ticketId: TicketId.make(String(id)),
  status: "open" as const,
  requesterId: null,
  commentCursor: null,
})

const connection = () =>
  Schema.decodeUnknownSync(ZendeskConnection)({ subdomain: "acme", baseUrl: stage.emulator.url, auth: oauth })

/** What the adapter says when this person's ticket is prepared and made. */
const refusalFor = (email: string) =>
  stage.within(
    Effect.gen(function* () {
      const ticketing = ticketingOf(connection(), yield* makeZendeskClient(connection()))
      const prepared = yield* ticketing.prepare({
        sessionId: SessionId.make(randomUUID()),
        idempotencyKey: randomUUID(),
        requester: { knownId: null, name: "Dana", email, phone: null, externalId: "x", locale: null },
        subject: "Brakes",
        summary: "They squeak.",
        transcript: "",
        sessionUrl: "https://opencx.test/s/1",
        tags: ["opencx"],
        fields: [],
        files: [],
        followUpOf: null,
      })
      return yield* ticketing.create(prepared)
    }).pipe(Effect.match({ onSuccess: () => null, onFailure: ({ reason }) => describeReason(reason) })),
  )

describe("customers and merged tickets", { timeout: 60_000 }, () => {
  it("agents merged the ticket into another one", async () => {
    const id = randomUUID()
    const ours = await makeTicket(id)
    const about = { _tag: "Session", id } as const
    await stage.tell({ session: { id, ticket: linked(ours), handoffs: 1 } })
    isOk(await stage.look(about), "replies.ticket_merged")
    const other = await makeTicket(null)
    await control(`/tickets/${other}/merge`, { ids: [ours] })
    await eventually("the merge", async () => {
      const { ticket } = Shown(await stage.support("GET", `/api/v2/tickets/${ours}`))
      return ticket.status === "closed"
    })
    const found = await stage.look(about)
    const check = isProblem(found, "replies.ticket_merged", /merged into another one/, /not the other way/)
    assert.isFalse(check.needed)
    assert.match(check.evidence.join(), /closed_by_merge/)
    assert.match(found.conversation?.next ?? "", /replies\.ticket_merged/)
  })

  it("an account on which nobody has ever written", async () => {
    const accounts = [
      { id: "support", channel: "sms", settings: {} },
      { id: "sales", channel: "sms", settings: {} },
    ]
    stage.configure({ accounts })
    await stage.tell({ channel: "sms" })
    const check = isProblem(
      await stage.look(),
      "channels.silent",
      /No customer's message has ever come in/,
      /opencx urls/,
    )
    assert.isFalse(check.needed)
    assert.deepStrictEqual(check.evidence, ['the account "sales" of sms'])
    stage.configure({ accounts: accounts.slice(0, 1) })
    isOk(await stage.look(), "channels.silent")
    stage.configure({})
  })

  it("the customer is suspended in Zendesk: their handoff makes no ticket", async () => {
    assert.isNull(await refusalFor("dana@example.com"))
    const { users } = People(await stage.support("GET", "/api/v2/users/search?query=email:dana@example.com"))
    await control(`/users/${users[0]?.id}/suspend`)
    const why = await refusalFor("dana@example.com")
    assert.isNotNull(why)
    const task = { _tag: "OpenTicket", handoff: 1, reason: "customer_asked", upToSeq: 1 } as const
    const session = await stage.tell({ session: { handoffPending: true }, dead: [{ task, why: why ?? "" }] })
    const about = { _tag: "Session", id: session.id } as const
    const check = isProblem(
      await stage.look(about),
      "contacts.suspended",
      /customer is suspended/,
      /Unsuspend.*dead-letters replay/,
    )
    assert.isTrue(check.needed)
    const other = await stage.tell({
      dead: [{ task, why: "The Twilio account is suspended. An administrator must look at it." }],
    })
    isOk(await stage.look({ _tag: "Session", id: other.id }), "contacts.suspended")
  })

  it("the contact has no email: the handoff works, and it is told what does not", async () => {
    const id = randomUUID()
    const phone = { kind: "phone", value: "+15550100177", verified: true } as const
    const contactId = await stage.contact(phone)
    await stage.tell({
      channel: "sms",
      session: { id, contactId, ticket: linked(await makeTicket(id)), handoffs: 1 },
    })
    const about = { _tag: "Session", id } as const
    const check = isProblem(
      await stage.look(about),
      "contacts.no_email",
      /has no email address/,
      /profile in Zendesk/,
    )
    assert.isFalse(check.needed)
    await stage.contact(phone, { kind: "email", value: "lee@example.com", verified: true })
    isOk(await stage.look(about), "contacts.no_email")
    assert.strictEqual(checkIn(await stage.look(), "contacts.no_email").status, "ok")
  })
})
