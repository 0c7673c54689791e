/**
 * The doctor over conversations that really took place: something is broken outside (Zendesk, a mail server, a carrier), a
 * customer writes, the runtime does what it can, and the doctor of the running installation names the cause and the fix. What
 * other parts write into the timeline is so what the doctor reads.
 */
import { customersOf } from "@opencx/runtime"
import { Schema } from "effect"
import { afterAll, afterEach, assert, beforeAll, describe, it } from "vitest"
import { hears, texter, whatsapper } from "../support/chatPeople.ts"
import { startOutside, withAccounts } from "../support/chatTenants.ts"
import { eventually } from "../support/customers.ts"
import { handedToHuman } from "../support/handover.ts"
import { chatNow, humanDoes } from "../support/liveChats.ts"
import { apiOf, eventuallyAsked, operatorOf, settled, type Watched } from "../support/operator.ts"
import { asAdmin, customerOf, handedOff, ticketsOf } from "../support/people.ts"
import { type ChatSite, startInstallation, startSite } from "../support/world.ts"

const Diagnosis = Schema.Struct({
  checks: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      status: Schema.String,
      problem: Schema.NullOr(Schema.String),
      fix: Schema.NullOr(Schema.String),
      evidence: Schema.Array(Schema.String),
    }),
  ),
})

/** One check of a conversation, as the API answers it. */
const checkOf = async (site: Watched, session: string, id: string) => {
  const answer = await fetch(`${apiOf(site)}/doctor?session=${session}`)
  assert.strictEqual(answer.status, 200)
  const { checks } = Schema.decodeUnknownSync(Diagnosis)(await answer.json())
  const found = checks.find((one) => one.id === id)
  if (found === undefined) throw new Error(`no check ${id}`)
  return found
}

/** Looks until the check is no longer well; answers with what it says. */
const finds = async (site: Watched, session: string, id: string, problem: RegExp, fix: RegExp) => {
  const found = await eventuallyAsked(`${id} is found`, async () => {
    const one = await checkOf(site, session, id)
    return one.status === "problem" ? one : null
  })
  assert.match(found.problem ?? "", problem)
  assert.match(found.fix ?? "", fix)
  return found.evidence.join(" ")
}

const isWell = async (site: Watched, session: string, ...ids: ReadonlyArray<string>) => {
  for (const id of ids) assert.strictEqual((await checkOf(site, session, id)).status, "ok", id)
}

let site: ChatSite
beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())
afterEach(() => {
  site.emulator.clearFaults()
  site.realTime.providers.meta.faults.clear()
  site.realTime.providers.twilio.faults.clear()
  site.sink.refuse(null)
  site.emulator.sunshine.configure({ conversationControl: "release" })
})

describe("a conversation by mail", () => {
  it("Zendesk refuses to make the ticket: handoff without ticket, until it is replayed", async () => {
    const mia = customerOf(site, "mia@example.com")
    site.emulator.addFault({ kind: "status503", match: { method: "POST", path: "^/api/v2/tickets" } })
    await mia.write("I want to talk to a human about my bell.", { subject: "Bell" })
    const letter = await eventuallyAsked("the dead letter", async () =>
      (await operatorOf(site).deadLetters()).find(({ kind }) => kind === "OpenTicket"),
    )
    site.emulator.clearFaults()
    await finds(
      site,
      letter.session,
      "handoff.ticket",
      /no ticket appears/,
      /dead-letters replay|replay the dead letter/,
    )
    const replayed = await fetch(`${apiOf(site)}/dead-letters/${letter.id}/replay`, { method: "POST" })
    assert.isBelow(replayed.status, 300)
    await eventually("the ticket", () =>
      ticketsOf(site).find(({ external_id }) => external_id === letter.session),
    )
    await settled(site)
    await isWell(site, letter.session, "handoff.ticket")
  })

  it("the customer's address is dead: replies do not reach them", async () => {
    const { ticket } = await handedOff(site, customerOf(site, "gone@example.com"))
    const session = ticket.external_id ?? ""
    await isWell(site, session, "replies.unreachable")
    site.sink.refuse({ code: 550, message: "5.1.1 unknown user" })
    site.emulator.agent(ticket.id, { action: "reply", body: "Are you there?" })
    const evidence = await finds(
      site,
      session,
      "replies.unreachable",
      /cannot be reached/,
      /email address is valid/,
    )
    assert.include(evidence, "unknown user")
    const whole = await (await fetch(`${apiOf(site)}/doctor?session=${session}`)).text()
    assert.include(whole, "unknown user")
    assert.notInclude(whole, "gone@example.com")
  })

  it("the trigger is switched off: the reply stays in Zendesk", async () => {
    const { ticket } = await handedOff(site, customerOf(site, "nora@example.com"))
    const session = ticket.external_id ?? ""
    const Triggers = Schema.Struct({
      triggers: Schema.Array(Schema.Struct({ id: Schema.Int, actions: Schema.Array(Schema.Unknown) })),
    })
    const { triggers } = Schema.decodeUnknownSync(Triggers)(
      await (await asAdmin(site, "/api/v2/triggers")).json(),
    )
    const ours = triggers.filter(({ actions }) => JSON.stringify(actions).includes("notification_webhook"))
    const setActive = async (active: boolean) => {
      for (const { id } of ours)
        await asAdmin(site, `/api/v2/triggers/${id}`, { method: "PUT", json: { trigger: { active } } })
    }
    await setActive(false)
    site.emulator.agent(ticket.id, { action: "reply", body: "Nobody hears me." })
    await finds(site, session, "replies.unsynced", /has not reached OpenCX/, /opencx setup zendesk/)
    await finds(site, session, "replies.trigger_active", /not active|inactive/, /opencx setup zendesk/)
    await setActive(true)
  })
})

describe("a live chat", () => {
  it("Conversation control on Pass control: zd-answerBot has it after the ticket was closed", async () => {
    site.emulator.sunshine.configure({ conversationControl: "pass" })
    const { chat, sessionId } = await handedToHuman(site, texter(site, "+14155558101"), "my saddle")
    await isWell(site, sessionId, "chat.conversation_control", "chat.held_by_bot")
    humanDoes(site, chat, "solve")
    const solved = await checkOf(site, sessionId, "chat.solved_not_closed")
    assert.match(solved.fix ?? "", /Close the ticket/)
    humanDoes(site, chat, "close")
    assert.strictEqual(chatNow(site, chat).control.active, "zd-answerBot")
    await finds(site, sessionId, "chat.held_by_bot", /zd-answerBot/, /Release control/)
    await finds(site, sessionId, "chat.conversation_control", /Pass control/, /choose Release control/)
  })

  it("the carrier blocks a number that is not registered for 10DLC", async () => {
    const person = texter(site, "+14155558102")
    const { chat, sessionId } = await handedToHuman(site, person, "my pump")
    humanDoes(site, chat, "reply", "Your pump is here.")
    await hears(person, "Your pump is here.")
    await settled(site)
    await isWell(site, sessionId, "sms.registration")
    // Told at once: what this carrier has taken it reports as delivered.
    site.realTime.providers.twilio.faults.next("create", { kind: "refuse", status: 400, code: 30034 })
    humanDoes(site, chat, "reply", "Come by until six.")
    const evidence = await finds(site, sessionId, "sms.registration", /10DLC/, /registration/)
    assert.match(evidence, /A2P 10DLC/)
  })

  it("WhatsApp's window is closed: the reply waits", async () => {
    const { chat, sessionId } = await handedToHuman(site, whatsapper(site, "+14155558103"), "my lamp")
    site.realTime.providers.meta.faults.add({ on: "messages", kind: "error", code: 131047, status: 400 })
    humanDoes(site, chat, "reply", "Your lamp is here.")
    await finds(site, sessionId, "replies.held", /24 hours/, /template/)
  })
})

describe("without Messaging, and with a field that is not there", () => {
  it("a handoff on SMS makes a ticket in place of a chat, with the field left blank", async () => {
    const outside = await startOutside()
    const [north] = await startInstallation({
      organizations: ["north"],
      changeOrganization: (one) => ({ ...withAccounts(one, outside.urls), fields: [{ id: 424_242 }] }),
    })
    if (north === undefined) throw new Error("no site")
    try {
      const people = customersOf(outside.providers, north.hooks)
      assert.strictEqual(await people.text("+14155558104", "I want to talk to a human about my tent"), 200)
      const ticket = await eventually("a ticket", () => ticketsOf(north)[0])
      await settled(north)
      const session = ticket.external_id ?? ""
      await finds(north, session, "chat.connected", /instead of a chat/, /messaging/)
      await finds(north, session, "chat.ticket_instead", /ticket instead of a chat/, /Connect Sunshine/)
      await finds(north, session, "fields.exists", /no such|not there|does not exist/i, /id/)
      const evidence = await finds(north, session, "fields.left_blank", /left out/, /fields\./)
      assert.include(evidence, "424242")
    } finally {
      await north.close()
      await outside.close()
    }
  })
})
