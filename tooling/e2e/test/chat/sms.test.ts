/** Text messages: answer, live chat, the human's reply on the same number, and back to the AI. */
import { afterAll, afterEach, assert, beforeAll, describe, it } from "vitest"
import {
  answer,
  attached,
  bytesAt,
  hears,
  pixel,
  question,
  texter,
  timesHeard,
  told,
} from "../support/chatPeople.ts"
import { eventually } from "../support/customers.ts"
import { handedToHuman } from "../support/handover.ts"
import {
  assertHandedOver,
  assertLines,
  chatNow,
  chatSaying,
  chatsSaying,
  deadLettersOf,
  entriesOf,
  hookOf,
  humanDoes,
  lastCall,
  saidIn,
  sunshineCalls,
  timesIn,
} from "../support/liveChats.ts"
import { eventuallyAsked, sessionState, settled } from "../support/operator.ts"
import { type ChatSite, startSite } from "../support/world.ts"

let site: ChatSite

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())
afterEach(() => site.realTime.providers.twilio.faults.clear())

const twilio = () => site.realTime.providers.twilio
/** Twilio's messages to a number, oldest first. */
const sentTo = (number: string) =>
  twilio()
    .sent()
    .filter(({ to }) => to === number)
const creates = () => twilio().requests.filter(({ method }) => method === "POST").length

/** Brings a customer to a human. */
const toHuman = (number: string, words: string) => handedToHuman(site, texter(site, number), words)

describe("an answer and a handoff", () => {
  it("carry the whole conversation over, and the human's words back on the same number", async () => {
    const dana = texter(site, "+14155552001")
    await dana.writes(question)
    await hears(dana, answer)
    await settled(site)
    assert.lengthOf(sentTo(dana.id), 1)
    const since = lastCall(site)
    await dana.writes("I want to talk to a human, please")
    const chat = await chatSaying(site, "I want to talk to a human, please")
    await hears(dana, told)
    await settled(site)

    assertLines(chatNow(site, chat), [
      { by: "system", words: "View session in OpenCX" },
      { by: "customer", words: question },
      { by: "ai", words: answer },
      { by: "customer", words: "I want to talk to a human, please" },
    ])
    const sessionId = assertHandedOver(site, chatNow(site, chat), {
      channel: "sms",
      tags: ["opencx_language_en"],
    })
    await sessionState(site, sessionId, "handing_off")

    // Six calls, and one for each of the four messages; looking whether Support knows the customer comes on top.
    const calls = sunshineCalls(site, since)
    const opening = calls.slice(0, calls.findIndex(({ short }) => short.endsWith("/offerControl")) + 1)
    assert.isAtMost(opening.length, 6 + 4, opening.map(({ short }) => short).join("\n"))
    const others = site.emulator.calls(since).filter(({ path }) => !path.includes("/help_center/"))
    assert.isAtMost(others.length - opening.length, 3)

    humanDoes(site, chat, "note", "INTERNAL: a regular customer")
    humanDoes(site, chat, "reply", "Hello Dana, this is Robin.")
    assert.strictEqual(await hears(dana, "this is Robin"), "Hello Dana, this is Robin.")
    await settled(site)
    await sessionState(site, sessionId, "human")
    const onPhone = sentTo(dana.id)
    assert.lengthOf(onPhone, 3)
    assert.isTrue(onPhone.every(({ from }) => from === "+14155550100"))
    assert.isFalse(JSON.stringify(onPhone).includes("INTERNAL"))

    await dana.writes("Thank you, Robin!")
    await saidIn(site, chat, "Thank you, Robin!")
    await settled(site)
    assertLines(chatNow(site, chat), [
      { by: "system", words: "View session in OpenCX" },
      { by: "customer", words: question },
      { by: "ai", words: answer },
      { by: "customer", words: "I want to talk to a human, please" },
      { by: "human", words: "this is Robin" },
      { by: "customer", words: "Thank you, Robin!" },
    ])
    assert.lengthOf(sentTo(dana.id), 3)
    await eventuallyAsked("three messages reported as delivered", async () => {
      const receipts = await entriesOf(site, sessionId, "DeliveryUpdate")
      return receipts.filter(({ status }) => status === "delivered").length === 3
    })
  })
})

describe("after the human", () => {
  it("solved is not closed: only the closed ticket brings the AI back, which then answers once", async () => {
    const { chat, person, sessionId } = await toHuman("+14155552002", "my bell does not ring")
    humanDoes(site, chat, "reply", "I will send a new bell.")
    await hears(person, "new bell")
    humanDoes(site, chat, "solve")
    await settled(site)
    await sessionState(site, sessionId, "human")
    const before = sentTo(person.id).length
    await person.writes("How long does standard shipping take?")
    await saidIn(site, chat, "How long does standard shipping take?")
    await settled(site)
    assert.lengthOf(sentTo(person.id), before, "the AI is silent between solved and closed")
    assert.strictEqual(chatNow(site, chat).ticket?.status, "open", "the customer's words reopen the ticket")
    humanDoes(site, chat, "solve")
    humanDoes(site, chat, "close")
    await sessionState(site, sessionId, "ai")
    await settled(site)
    assert.lengthOf(sentTo(person.id), before, "what the human has seen is not answered again")
    await person.writes(question)
    await hears(person, answer)
    await settled(site)
    assert.lengthOf(sentTo(person.id), before + 1)
    assert.strictEqual(
      timesIn(chatNow(site, chat), question),
      0,
      "the humans' chat is not written to any more",
    )
  })

  it("a second handoff of the same session goes on in its conversation; a new session gets a new one", async () => {
    const { chat, person, sessionId } = await toHuman("+14155552003", "my lamp is dark")
    humanDoes(site, chat, "reply", "Have you tried new batteries?")
    await hears(person, "new batteries")
    humanDoes(site, chat, "close")
    await sessionState(site, sessionId, "ai")
    await person.writes(question)
    await hears(person, answer)
    await person.writes("A human again, please: the lamp is still dark")
    const again = await chatSaying(site, "the lamp is still dark")
    await eventuallyAsked("the second confirmation", async () => (await timesHeard(person, told)) === 2)
    await settled(site)
    assert.strictEqual(again.conversation.id, chat.conversation.id)
    const now = chatNow(site, again)
    assert.notStrictEqual(now.ticket?.id, chat.ticket?.id, "a ticket of its own")
    assert.strictEqual(timesIn(now, "new batteries"), 1, "what the humans said stands there once")
    assert.strictEqual(timesIn(now, question), 1)
    humanDoes(site, again, "close")
    await sessionState(site, sessionId, "ai")

    const closed = await fetch(`${site.runtimeUrl}/api/sessions/${site.organization}/${sessionId}/commands`, {
      method: "POST",
      body: '{"command":"close"}',
    })
    assert.strictEqual(closed.status, 202)
    await sessionState(site, sessionId, "closed")
    await person.writes("I want a human for another matter: a puncture")
    const fresh = await chatSaying(site, "another matter: a puncture")
    await settled(site)
    assert.notStrictEqual(fresh.conversation.id, chat.conversation.id)
    assert.notStrictEqual(fresh.conversation.metadata?.["opencx_session_id"], sessionId)
    assert.strictEqual(
      fresh.conversation.metadata?.["opencx_contact_id"],
      chat.conversation.metadata?.["opencx_contact_id"],
    )
    assert.strictEqual(timesIn(fresh, "my lamp is dark"), 0)
    assert.lengthOf(chatsSaying(site, "the lamp is still dark"), 1)
  })
})

describe("a message that does not arrive", () => {
  it("because the customer had opted out at Twilio: the human reads it in the chat, nothing is tried again", async () => {
    const { chat, person, sessionId } = await toHuman("+14155552004", "my bill is wrong")
    const before = creates()
    twilio().faults.next("create", { kind: "refuse", status: 400, code: 21610 })
    humanDoes(site, chat, "reply", "Your bill is right.")
    const seen = await saidIn(site, chat, "opted out of text messages")
    await settled(site)
    assert.strictEqual(creates(), before + 1)
    assert.strictEqual(timesIn(seen, "could not be delivered to the customer"), 1)
    assert.strictEqual(await timesHeard(person, "Your bill is right"), 0)
    assert.lengthOf(await deadLettersOf(site, sessionId), 1)
  })

  it("because a carrier filtered it, told minutes later: the human reads why", async () => {
    const { chat, person } = await toHuman("+14155552005", "my saddle squeaks")
    humanDoes(site, chat, "reply", "Buy cheap saddles now!")
    await hears(person, "cheap saddles")
    await settled(site)
    const message = sentTo(person.id).at(-1)
    assert.strictEqual(message?.body, "Buy cheap saddles now!")
    await eventually("Twilio's own delivery report to be through", () => message?.status === "delivered")
    const other = await toHuman("+14155552006", "my pedal squeaks")
    humanDoes(site, other.chat, "reply", "Buy cheap pedals now!")
    const sent = await eventually("the reply", () =>
      sentTo(other.person.id).find(({ body }) => body.includes("cheap pedals")),
    )
    await twilio().setStatus(sent.sid, "undelivered", 30007)
    await saidIn(site, other.chat, "carrier filtered the message")
    await settled(site)
    assert.strictEqual(timesIn(chatNow(site, other.chat), "carrier filtered the message"), 1)
    assert.strictEqual(timesIn(chatNow(site, chat), "carrier filtered the message"), 0)
  })

  it("because the customer wrote STOP: later replies are not even sent, and START lets them through", async () => {
    const { chat, person } = await toHuman("+14155552007", "my tyre is flat")
    await person.writes("STOP")
    await settled(site)
    const before = creates()
    humanDoes(site, chat, "reply", "We have tyres.")
    await saidIn(site, chat, "opted out")
    await settled(site)
    assert.strictEqual(creates(), before, "nothing was sent to Twilio")
    assert.strictEqual(await timesHeard(person, "We have tyres"), 0)
    await person.writes("START")
    await settled(site)
    humanDoes(site, chat, "reply", "Tyres are here.")
    await hears(person, "Tyres are here")
  })
})

describe("files", () => {
  it("of the customer's are in the chat as files, also without words", async () => {
    const { chat, person } = await toHuman("+14155552008", "look at my wheel")
    const result = await twilio().customerSends({
      from: person.id,
      to: "+14155550100",
      text: "",
      media: [{ contentType: "image/png", bytes: pixel }],
      webhookUrl: hookOf(site, "sms account text"),
    })
    assert.deepStrictEqual(
      result.answers.map(({ status }) => status),
      [200],
    )
    const image = await eventually("the picture in the chat", () =>
      chatNow(site, chat).messages.find(({ content }) => content.type === "image"),
    )
    assert.deepStrictEqual(await bytesAt(image.content.mediaUrl ?? ""), pixel)
    assert.strictEqual(image.author.type, "user")
    await settled(site)
    assert.lengthOf(
      chatNow(site, chat).messages.filter(({ content }) => content.type === "image"),
      1,
    )
  })

  it("of the human's go out as MMS, at an address that works", async () => {
    const { chat, person } = await toHuman("+14155552009", "send me the plan")
    humanDoes(site, chat, "reply", "Here is the plan.", {
      attachments: [attached("plan.png", "image/png", pixel)],
    })
    const media = await eventually("an MMS", () =>
      sentTo(person.id)
        .flatMap(({ mediaUrls }) => mediaUrls)
        .at(0),
    )
    await hears(person, "Here is the plan")
    assert.deepStrictEqual(await bytesAt(media), pixel)
    await settled(site)
    assert.lengthOf(
      sentTo(person.id).flatMap(({ mediaUrls }) => mediaUrls),
      1,
    )
  })
})

describe("a reply of 9,000 characters", () => {
  it("arrives whole and in order", async () => {
    const { chat, person } = await toHuman("+14155552010", "tell me everything")
    const words = Array.from({ length: 1500 }, (_, n) => `w${String(n).padStart(4, "0")}`)
    const before = sentTo(person.id).length
    // Zendesk takes 4,096 characters a message, so that the human writes it in three.
    for (const at of [0, 500, 1000]) humanDoes(site, chat, "reply", words.slice(at, at + 500).join(" "))
    await hears(person, "w1499", 60)
    await settled(site)
    const parts = sentTo(person.id).slice(before)
    assert.isTrue(parts.every(({ body }) => body.length <= 1600))
    const heard = parts.flatMap(({ body }) => body.match(/w\d{4}/g) ?? [])
    assert.deepStrictEqual(heard, words)
  })
})
