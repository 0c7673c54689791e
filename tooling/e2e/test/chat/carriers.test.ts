/** The same story at every provider of text messages: answer, live chat, the human's reply on the same number, back to the AI. */
import { afterAll, afterEach, assert, beforeAll, describe, it } from "vitest"
import { post, sentTo, urlAt, writerBy } from "../support/carriers/Carrier.ts"
import { carrierRows, type CarrierSite, startCarrierSites } from "../support/carriers/world.ts"
import { answer, attached, bytesAt, hears, pixel, question, timesHeard, told } from "../support/chatPeople.ts"
import { eventually } from "../support/customers.ts"
import { handedToHuman } from "../support/handover.ts"
import {
  assertHandedOver,
  assertLines,
  chatNow,
  chatSaying,
  deadLettersOf,
  entriesOf,
  humanDoes,
  type LiveChat,
  saidIn,
  timesIn,
} from "../support/liveChats.ts"
import { eventuallyAsked, operatorOf, sessionState, settled } from "../support/operator.ts"

let site: CarrierSite

beforeAll(async () => {
  site = (await startCarrierSites()).here
})
afterAll(() => site?.close())

/** An operator ends a session. */
const closeSession = async (sessionId: string): Promise<void> => {
  assert.strictEqual(await operatorOf(site).command(sessionId, "close"), 202)
  await sessionState(site, sessionId, "closed")
}

describe.each(carrierRows)("%s", (name, numbers) => {
  const carrier = () => site.outside[name]
  const customer = (n: number) => writerBy(site, carrier(), `${numbers}${2000 + n}`)
  const toHuman = (n: number, words: string) => handedToHuman(site, customer(n), words)
  const lastTo = (number: string, words: string) =>
    eventually(`"${words}" at ${name}`, () =>
      sentTo(carrier(), number).find(({ text }) => text.includes(words)),
    )

  afterEach(() => carrier().faults.clear())

  it("carries an answer and a handoff over whole, and the human's words back from the same number", async () => {
    const dana = customer(1)
    await dana.writes(question)
    await hears(dana, answer)
    await dana.writes(`I want to talk to a human, please: ${name} one`)
    const chat = await chatSaying(site, `${name} one`)
    await hears(dana, told)
    await settled(site)
    const lines = [
      { by: "system", words: "View session in OpenCX" },
      { by: "customer", words: question },
      { by: "ai", words: answer },
      { by: "customer", words: `${name} one` },
    ] as const
    assertLines(chatNow(site, chat), lines)
    const sessionId = assertHandedOver(site, chatNow(site, chat), { channel: carrier().channel })

    humanDoes(site, chat, "note", "INTERNAL: a regular customer")
    humanDoes(site, chat, "reply", "Hello Dana, this is Robin.")
    assert.strictEqual(await hears(dana, "this is Robin"), "Hello Dana, this is Robin.")
    await dana.writes("Thank you, Robin!")
    await saidIn(site, chat, "Thank you, Robin!")
    await settled(site)
    await sessionState(site, sessionId, "human")
    assertLines(chatNow(site, chat), [
      ...lines,
      { by: "human", words: "this is Robin" },
      { by: "customer", words: "Thank you, Robin!" },
    ])
    const onPhone = sentTo(carrier(), dana.id)
    assert.lengthOf(onPhone, 3)
    assert.isTrue(onPhone.every(({ from }) => from === carrier().number))
    assert.notInclude(JSON.stringify(onPhone), "INTERNAL")

    for (const { id } of onPhone) assert.strictEqual(await post(carrier().arrived(id)), 200)
    await settled(site)
    const receipts = await entriesOf(site, sessionId, "DeliveryUpdate")
    assert.lengthOf(
      receipts.filter(({ status }) => status === "delivered"),
      3,
    )
  })

  it("is silent between solved and closed; after the close the AI answers, once, and a later handoff goes on", async () => {
    const { chat, person, sessionId } = await toHuman(2, `the bell of ${name}`)
    humanDoes(site, chat, "reply", "I will send a new bell.")
    await hears(person, "new bell")
    humanDoes(site, chat, "solve")
    await settled(site)
    await sessionState(site, sessionId, "human")
    const before = sentTo(carrier(), person.id).length
    await person.writes("How long does standard shipping take?")
    await saidIn(site, chat, "How long does standard shipping take?")
    await settled(site)
    assert.lengthOf(sentTo(carrier(), person.id), before, "the AI is silent between solved and closed")
    assert.strictEqual(chatNow(site, chat).ticket?.status, "open", "the customer's words reopen the ticket")
    humanDoes(site, chat, "solve")
    humanDoes(site, chat, "close")
    await sessionState(site, sessionId, "ai")
    await settled(site)
    assert.lengthOf(sentTo(carrier(), person.id), before, "what the human has seen is not answered again")
    await person.writes(question)
    await hears(person, answer)
    await settled(site)
    assert.lengthOf(sentTo(carrier(), person.id), before + 1)
    assert.strictEqual(timesIn(chatNow(site, chat), question), 0)

    await person.writes(`A human again, please: the bell of ${name} is dumb`)
    const again = await chatSaying(site, `the bell of ${name} is dumb`)
    await eventuallyAsked("the second confirmation", async () => (await timesHeard(person, told)) === 2)
    await settled(site)
    assert.strictEqual(again.conversation.id, chat.conversation.id)
    assert.notStrictEqual(chatNow(site, again).ticket?.id, chat.ticket?.id, "a ticket of its own")
    assert.strictEqual(timesIn(chatNow(site, again), question), 1)
    assert.strictEqual(timesIn(chatNow(site, again), "new bell"), 1, "what the human said stands there once")
  })

  it("knows who comes back: the same person, a chat of its own, nothing of the old matter", async () => {
    const { chat, person, sessionId } = await toHuman(3, `the lamp of ${name}`)
    humanDoes(site, chat, "close")
    await sessionState(site, sessionId, "ai")
    await closeSession(sessionId)
    await person.writes(`I want a human for another matter: a puncture of ${name}`)
    const fresh = await chatSaying(site, `a puncture of ${name}`)
    await settled(site)
    const [was, is] = [chat.conversation.metadata ?? {}, fresh.conversation.metadata ?? {}]
    assert.notStrictEqual(fresh.conversation.id, chat.conversation.id)
    assert.notStrictEqual(is["opencx_session_id"], sessionId)
    assert.strictEqual(is["opencx_contact_id"], was["opencx_contact_id"])
    assert.strictEqual(timesIn(fresh, `the lamp of ${name}`), 0)
  })

  it("tells the human what was refused and why, and does not try again", async () => {
    const { chat, person, sessionId } = await toHuman(4, `the bill of ${name}`)
    const before = carrier().asked()
    const { words, ...refusal } = carrier().refusal
    carrier().faults.next("create", { kind: "refuse", ...refusal })
    humanDoes(site, chat, "reply", "Your bill is right.")
    const seen = await saidIn(site, chat, words)
    await settled(site)
    assert.strictEqual(carrier().asked(), before + 1)
    assert.strictEqual(timesIn(seen, "could not be delivered to the customer"), 1)
    assert.strictEqual(await timesHeard(person, "Your bill is right"), 0)
    assert.lengthOf(await deadLettersOf(site, sessionId), 1)
  })

  it("tells the human what was lost on the way, once, and only in that chat", async () => {
    const other = await toHuman(5, `the saddle of ${name}`)
    const { chat, person } = await toHuman(6, `the pedal of ${name}`)
    humanDoes(site, chat, "reply", "Buy cheap pedals now!")
    const { id } = await lastTo(person.id, "cheap pedals")
    await settled(site)
    assert.strictEqual(await post(carrier().lost(id)), 200)
    await saidIn(site, chat, carrier().lostWords)
    await settled(site)
    assert.strictEqual(timesIn(chatNow(site, chat), carrier().lostWords), 1)
    assert.strictEqual(timesIn(chatNow(site, other.chat), carrier().lostWords), 0)
    assert.strictEqual(await timesHeard(person, "Buy cheap pedals now!"), 1)
  })

  it("sends nothing to somebody who wrote STOP, says so to the human, and goes on after START", async () => {
    const { chat, person } = await toHuman(7, `the tyre of ${name}`)
    await person.writes("STOP")
    await settled(site)
    const before = carrier().asked()
    humanDoes(site, chat, "reply", "We have tyres.")
    await saidIn(site, chat, "opted out")
    await settled(site)
    assert.strictEqual(carrier().asked(), before, `nothing was sent to ${name}`)
    await person.writes("START")
    await settled(site)
    humanDoes(site, chat, "reply", "Tyres are here.")
    await hears(person, "Tyres are here")
    assert.strictEqual(await timesHeard(person, "We have tyres"), 0)
  })

  it("brings a picture without words to the humans, also as the very first message, and theirs to the customer", async () => {
    const person = customer(8)
    const hook = carrier().inbound(urlAt(site, carrier()), { from: person.id, text: "", picture: pixel })
    assert.strictEqual(await post(hook), 200)
    await eventuallyAsked("a word to the customer", async () => (await person.heard()).length > 0)
    await person.writes(`A human please: what is this part of ${name}?`)
    const chat = await chatSaying(site, `this part of ${name}`)
    await settled(site)
    const pictures = () => chatNow(site, chat).messages.filter(({ content }) => content.type === "image")
    assert.lengthOf(pictures(), 1)
    assert.deepStrictEqual(await bytesAt(pictures()[0]?.content.mediaUrl ?? ""), pixel)
    assert.strictEqual(pictures()[0]?.author.type, "user")

    humanDoes(site, chat, "reply", "Here is the plan.", {
      attachments: [attached("plan.png", "image/png", pixel)],
    })
    await hears(person, "Here is the plan")
    const media = () => sentTo(carrier(), person.id).flatMap(({ mediaUrls }) => mediaUrls)
    assert.deepStrictEqual(await bytesAt(await eventually("a picture", () => media()[0])), pixel)
    await settled(site)
    assert.lengthOf(media(), 1)
  })

  it("brings a reply of 9,000 characters, partly in Arabic, whole and in order", async () => {
    const { chat, person } = await toHuman(9, `everything about ${name}`)
    const words = Array.from(
      { length: 1500 },
      (_, n) => `${n < 1000 ? "w" : "س"}${String(n).padStart(4, "0")}`,
    )
    const before = sentTo(carrier(), person.id).length
    // Zendesk takes 4,096 characters a message, so that the human writes it in three.
    for (const at of [0, 500, 1000]) humanDoes(site, chat, "reply", words.slice(at, at + 500).join(" "))
    await hears(person, "س1499", 60)
    await settled(site)
    const parts = sentTo(carrier(), person.id).slice(before)
    assert.isTrue(parts.every(({ text }) => text.length <= carrier().longest))
    assert.deepStrictEqual(
      parts.flatMap(({ text }) => text.match(/[wس]\d{4}/g) ?? []),
      words,
    )
  })
})

describe("one person at every provider", () => {
  it("is one contact with a chat each, and every reply leaves by the provider and the number that was written to", async () => {
    const number = "+14155502999"
    const chats: Array<LiveChat> = []
    for (const [name] of carrierRows)
      chats.push(
        (await handedToHuman(site, writerBy(site, site.outside[name], number), `everywhere: ${name}`)).chat,
      )
    const metadata = chats.map(({ conversation }) => conversation.metadata ?? {})
    assert.strictEqual(new Set(metadata.map((one) => one["opencx_contact_id"])).size, 1)
    assert.strictEqual(new Set(metadata.map((one) => one["opencx_session_id"])).size, carrierRows.length)
    for (const [index, [name]] of carrierRows.entries()) {
      const chat = chats[index]
      if (chat !== undefined) humanDoes(site, chat, "reply", `Only by ${name}.`)
    }
    for (const [name] of carrierRows) {
      const carrier = site.outside[name]
      await hears(writerBy(site, carrier, number), `Only by ${name}.`)
      const replies = sentTo(carrier, number).filter(({ text }) => text.startsWith("Only by "))
      assert.deepStrictEqual(
        replies.map(({ from, text }) => [from, text]),
        [[carrier.number, `Only by ${name}.`]],
      )
    }
    await settled(site)
  })
})
