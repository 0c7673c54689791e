/** Zendesk accounts that are set up less well: no Messaging, or one conversation per customer. */
import { customersOf } from "@opencx/runtime"
import { afterEach, assert, describe, it } from "vitest"
import { hears, question, texter, told } from "../support/chatPeople.ts"
import { startChatTenants, startOutside, withAccounts } from "../support/chatTenants.ts"
import { eventually } from "../support/customers.ts"
import { chatNow, chatSaying, entriesOf, humanDoes, sunshineCalls, timesIn } from "../support/liveChats.ts"
import { eventuallyAsked, operatorOf, sessionState, settled } from "../support/operator.ts"
import { commentOn, ticketNumbered, ticketsOf } from "../support/people.ts"
import { type ChatSite, startInstallation } from "../support/world.ts"

let close: () => Promise<void> = async () => {}
afterEach(() => close())

describe("Messaging is not connected", () => {
  it("a text that wants a human makes a ticket, the session says why, and the human's comment comes as a text", async () => {
    const outside = await startOutside()
    const [site] = await startInstallation({
      organizations: ["north"],
      changeOrganization: (one) => withAccounts(one, outside.urls),
    })
    close = async () => {
      await site?.close()
      await outside.close()
    }
    if (site === undefined) throw new Error("no site")
    const people = customersOf(outside.providers, site.hooks)
    const heard = (words: string) =>
      eventually(`"${words}" on the phone`, () =>
        people.texts("+14155550901").find(({ from, text }) => from === "shop" && text.includes(words)),
      )
    assert.strictEqual(await people.text("+14155550901", question), 200)
    await heard("password")
    assert.strictEqual(await people.text("+14155550901", "I want to talk to a human about my tent"), 200)
    const ticket = await eventually("a ticket", () =>
      ticketsOf(site).find((one) =>
        one.comments.some(({ html_body }) => html_body.includes("about my tent")),
      ),
    )
    await heard(told)
    await settled(site)
    for (const tag of ["opencx", "opencx_handedoff", "opencx_channel_sms"]) assert.include(ticket.tags, tag)
    assert.include(ticket.comments[0]?.html_body, question, "the transcript is there")
    const sessionId = ticket.external_id ?? ""
    const { entries } = await operatorOf(site).session(sessionId)
    const remarks = entries
      .filter(({ body }) => body["_tag"] === "SystemEvent")
      .map(({ body }) => body["text"])
    assert.isTrue(remarks.some((text) => String(text).includes("Messaging is not connected")))
    site.emulator.agent(ticket.id, { action: "note", body: "INTERNAL: tents are sold out" })
    site.emulator.agent(ticket.id, { action: "reply", body: "Your tent is here." })
    await heard("Your tent is here.")
    assert.strictEqual(await people.text("+14155550901", "Which colour?"), 200)
    await commentOn(site, ticket.id, "the customer's words", ({ body }) => body.includes("Which colour?"))
    site.emulator.agent(ticket.id, { action: "solve" })
    await sessionState(site, sessionId, "ai")
    await settled(site)
    assert.isFalse(JSON.stringify(people.texts("+14155550901")).includes("INTERNAL"))
    assert.lengthOf(ticketsOf(site), 1)
    assert.strictEqual(ticketNumbered(site, ticket.id).status, "solved")
    assert.lengthOf(
      site.emulator.calls().filter(({ path }) => path.startsWith("/sc/")),
      0,
    )
  })
})

describe("multi-conversations are off", () => {
  const command = async (site: ChatSite, sessionId: string, what: string) => {
    assert.strictEqual(await operatorOf(site).command(sessionId, what), 202)
  }

  it("the customer's only conversation is used again, and the session warns of it with what to click", async () => {
    const [site] = await startChatTenants(["north"])
    if (site === undefined) throw new Error("no site")
    close = site.close
    const person = texter(site, "+14155550902")
    await person.writes("I want to talk to a human: the first matter")
    const chat = await chatSaying(site, "the first matter")
    await hears(person, told)
    await settled(site)
    const first = String(chat.conversation.metadata?.["opencx_session_id"])
    assert.lengthOf(await entriesOf(site, first, "SystemEvent"), 0, "the first conversation needs no warning")
    humanDoes(site, chat, "close")
    await sessionState(site, first, "ai")
    await command(site, first, "close")
    await sessionState(site, first, "closed")

    const since = site.emulator.calls().at(-1)?.n ?? 0
    await person.writes("I want to talk to a human: the second matter")
    const again = await chatSaying(site, "the second matter")
    await eventuallyAsked("told twice", async () => {
      return (await person.heard()).filter((text) => text.includes(told)).length === 2
    })
    await settled(site)
    assert.strictEqual(again.conversation.id, chat.conversation.id)
    const second = String(chatNow(site, again).conversation.metadata?.["opencx_session_id"])
    assert.notStrictEqual(second, first)
    const warnings = (await entriesOf(site, second, "SystemEvent")).filter(({ text }) =>
      String(text).includes("multi-conversations are off"),
    )
    assert.lengthOf(warnings, 1)
    assert.match(String(warnings[0]?.["text"]), /Admin Center/)
    const lines = sunshineCalls(site, since).filter(
      ({ short }) => short === "POST /conversations/:id/messages",
    )
    assert.lengthOf(lines, 2, "the brief and the customer's words")
    humanDoes(site, again, "reply", "About the second matter.")
    await hears(person, "About the second matter.")
    await settled(site)
    assert.strictEqual(timesIn(chatNow(site, again), "the second matter"), 2)
    assert.lengthOf(await entriesOf(site, first, "HumanReply"), 0)
    assert.lengthOf(await entriesOf(site, second, "HumanReply"), 1)
  })
})
