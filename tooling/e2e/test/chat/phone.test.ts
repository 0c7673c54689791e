/** Calls: spoken answers, the live chat while the call lasts, and what becomes of words after it. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { answer, caller, hears, question, timesHeard, told } from "../support/chatPeople.ts"
import { eventually } from "../support/customers.ts"
import { handedToHuman } from "../support/handover.ts"
import {
  assertHandedOver,
  assertLines,
  chatNow,
  chatSaying,
  deadLettersOf,
  humanDoes,
  saidIn,
  timesIn,
} from "../support/liveChats.ts"
import { sessionState, settled } from "../support/operator.ts"
import { type ChatSite, startSite } from "../support/world.ts"

let site: ChatSite

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

const relay = () => site.realTime.providers.relay
const textsTo = (number: string) => relay().texts.filter(({ to }) => to === number)

const toHuman = async (number: string, words: string) =>
  handedToHuman(site, await caller(site, number), words, "Please give me a human being")

describe("a call", () => {
  it("is answered, handed over while it lasts, spoken to by the human, and told to be over", async () => {
    const kim = await caller(site, "+14155554001")
    await kim.writes(question)
    await hears(kim, answer)
    await settled(site)
    await kim.writes("Please give me a human being, it is about invoice 4711")
    const chat = await chatSaying(site, "invoice 4711")
    await hears(kim, told)
    await settled(site)
    assertLines(chatNow(site, chat), [
      { by: "system", words: "View session in OpenCX" },
      { by: "customer", words: question },
      { by: "ai", words: answer },
      { by: "customer", words: "invoice 4711" },
    ])
    const sessionId = assertHandedOver(site, chatNow(site, chat), { channel: "phone" })
    humanDoes(site, chat, "note", "INTERNAL: pays late")
    humanDoes(site, chat, "reply", "Invoice 4711 is paid, all is well.")
    await hears(kim, "all is well")
    await kim.writes("Wonderful, good bye")
    await saidIn(site, chat, "Wonderful, good bye")
    assert.strictEqual(chatNow(site, chat).messages.at(-1)?.author.type, "user")
    kim.hangUp()
    await saidIn(site, chat, "The call has ended")
    await settled(site)
    assert.strictEqual(timesIn(chatNow(site, chat), "Wonderful, good bye"), 1)
    assert.strictEqual(await timesHeard(kim, "INTERNAL"), 0)
    assert.lengthOf(await deadLettersOf(site, sessionId), 0)

    humanDoes(site, chat, "reply", "I have sent you the receipt.")
    const text = await eventually("the later reply as a text", () => textsTo(kim.id)[0])
    assert.include(text.body, "I have sent you the receipt.")
    assert.strictEqual(text.from, "+14155550102", "from the number that was called")
    await settled(site)
    assert.lengthOf(textsTo(kim.id), 1)
    humanDoes(site, chat, "solve")
    await settled(site)
    await sessionState(site, sessionId, "human")
    humanDoes(site, chat, "close")
    await sessionState(site, sessionId, "ai")
  })

  it("of somebody who calls again while the human has the first: a call of its own, which the AI answers", async () => {
    const first = await toHuman("+14155554002", "my fork is bent")
    first.person.hangUp()
    await saidIn(site, first.chat, "The call has ended")
    const again = await caller(site, first.person.id)
    await again.writes(question)
    await hears(again, answer)
    await settled(site)
    assert.strictEqual(timesIn(chatNow(site, first.chat), question), 0)
    humanDoes(site, first.chat, "reply", "Bring the fork in.")
    await eventually("the human's words as a text", () =>
      textsTo(again.id).find(({ body }) => body.includes("Bring the fork in")),
    )
    again.hangUp()
  })

  it("of somebody who calls again after the close: the same person, and a chat of its own", async () => {
    const first = await toHuman("+14155554012", "my rim is bent")
    first.person.hangUp()
    await saidIn(site, first.chat, "The call has ended")
    humanDoes(site, first.chat, "close")
    await sessionState(site, first.sessionId, "ai")
    const second = await toHuman("+14155554012", "another rim is bent")
    assert.notStrictEqual(second.chat.conversation.id, first.chat.conversation.id)
    assert.strictEqual(
      second.chat.conversation.metadata?.["opencx_contact_id"],
      first.chat.conversation.metadata?.["opencx_contact_id"],
    )
    assert.strictEqual(timesIn(second.chat, "my rim is bent"), 0)
    second.person.hangUp()
  })
})

describe("words after the call", () => {
  it("to somebody whose number is withheld reach nobody, and the human reads why", async () => {
    const { chat, person, sessionId } = await toHuman("anonymous", "I do not say who I am")
    person.hangUp()
    await saidIn(site, chat, "The call has ended")
    const before = relay().texts.length
    humanDoes(site, chat, "reply", "Who are you?")
    const seen = await saidIn(site, chat, "could not be delivered to the customer")
    await settled(site)
    assert.match(JSON.stringify(seen.messages.at(-1)), /number is withheld|withheld/)
    assert.strictEqual(relay().texts.length, before)
    assert.lengthOf(await deadLettersOf(site, sessionId), 1)
  })

  it("that a carrier filtered, or an opted-out customer refused: the human reads why", async () => {
    const { chat, person } = await toHuman("+14155554003", "text me later")
    person.hangUp()
    await saidIn(site, chat, "The call has ended")
    humanDoes(site, chat, "reply", "Buy cheap forks now!")
    const text = await eventually("the text", () => textsTo(person.id)[0])
    await settled(site)
    assert.strictEqual(await relay().reportText(text.sid, "undelivered", 30007), 200)
    await saidIn(site, chat, "the carrier filtered the text message")
    relay().rest.faults.push({ kind: "refuse", status: 400, code: 21610 })
    humanDoes(site, chat, "reply", "Or cheap bells?")
    await saidIn(site, chat, "opted out of text messages")
    await settled(site)
    assert.lengthOf(textsTo(person.id), 1)
  })

  it("are sent once, although the connection breaks after Twilio took the text", async () => {
    const { chat, person, sessionId } = await toHuman("+14155554004", "the line is bad")
    person.hangUp()
    await saidIn(site, chat, "The call has ended")
    relay().rest.faults.push({ kind: "reset-after" })
    humanDoes(site, chat, "reply", "We have fixed the line.")
    await eventually("the text", () => textsTo(person.id)[0])
    await settled(site)
    assert.lengthOf(textsTo(person.id), 1)
    assert.lengthOf(await deadLettersOf(site, sessionId), 0)
  })

  it("wait while Twilio is busy, and are sent once", async () => {
    const { chat, person } = await toHuman("+14155554005", "call me back")
    person.hangUp()
    await saidIn(site, chat, "The call has ended")
    relay().rest.faults.push({ kind: "refuse", status: 429, code: 20429, retryAfter: 1 })
    humanDoes(site, chat, "reply", "We call you at noon.")
    await eventually("the text", () => textsTo(person.id)[0], 40)
    await settled(site)
    assert.lengthOf(textsTo(person.id), 1)
  })
})

describe("a lost connection in the middle of a call", () => {
  it("goes on in the same conversation", async () => {
    const { chat, person } = await toHuman("+14155554006", "the tunnel")
    const call = site.realTime.people.callOf(person.id)
    call?.loseConnection()
    await eventually(
      "the call to be connected again",
      () => (call?.relays.length ?? 0) > 1 && call?.connected,
    )
    await person.writes("Are you still there?")
    await saidIn(site, chat, "Are you still there?")
    humanDoes(site, chat, "reply", "Still here.")
    await hears(person, "Still here")
    person.hangUp()
    await saidIn(site, chat, "The call has ended")
    await settled(site)
    assert.strictEqual(timesIn(chatNow(site, chat), "The call has ended"), 1)
  })
})

describe("strangers", () => {
  it("cannot place calls or speak in them: forged signatures get 401 or no socket, and no session", async () => {
    const call = await site.realTime.people.call("+14155554007")
    const voice = call.requests[0]
    const forged = await fetch(voice?.url ?? "", {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        "x-twilio-signature": Buffer.from("0123456789abcdefghij").toString("base64"),
      },
      body: new URLSearchParams({ ...voice?.form, From: "+14155554008" }),
    })
    assert.strictEqual(forged.status, 401)
    const socket = new WebSocket(call.relays[0]?.attributes["url"] ?? "")
    const outcome = await new Promise<string>((resolve) => {
      socket.addEventListener("open", () => resolve("open"))
      socket.addEventListener("error", () => resolve("refused"))
    })
    assert.strictEqual(outcome, "refused")
    call.hangUp()
  })
})
