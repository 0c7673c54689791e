/** WhatsApp through Meta: answer, live chat, the human's reply, the 24-hour window, files, receipts, numbers without a name. */
import { afterAll, afterEach, assert, beforeAll, describe, it } from "vitest"
import {
  answer,
  attached,
  bytesAt,
  hears,
  type Person,
  pixel,
  question,
  timesHeard,
  told,
  whatsapper,
} from "../support/chatPeople.ts"
import { eventually } from "../support/customers.ts"
import { handedToHuman } from "../support/handover.ts"
import {
  afterDoubles,
  assertHandedOver,
  assertLines,
  chatNow,
  chatSaying,
  deadLettersOf,
  entriesOf,
  humanDoes,
  saidIn,
  timesIn,
} from "../support/liveChats.ts"
import { eventuallyAsked, sessionState, settled } from "../support/operator.ts"
import { type ChatSite, startSite } from "../support/world.ts"

let site: ChatSite

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())
afterEach(() => site.realTime.providers.meta.faults.clear())

const meta = () => site.realTime.providers.meta
const customerOf = (person: Person) => {
  const found = meta()
    .customers()
    .find(({ phone }) => phone === person.id.slice(1))
  if (found === undefined) throw new Error(`${person.id} has not written yet`)
  return found
}
/** What the shop has sent to a customer, oldest first. */
const sentTo = (person: Person) =>
  meta()
    .shown(customerOf(person).id)
    .filter(({ from }) => from === "business")
/** Posts of messages that Meta got, marks of reading left out. */
const posts = () =>
  meta()
    .requests()
    .filter(({ body, method, path }) => {
      return (
        method === "POST" && path.endsWith("/messages") && !JSON.stringify(body).includes('"status":"read"')
      )
    }).length

const toHuman = (phone: string, words: string) => handedToHuman(site, whatsapper(site, phone), words)

describe("an answer and a handoff", () => {
  it("carry the conversation over, and the human's words back; the AI answers again after the close only", async () => {
    const lee = whatsapper(site, "+14155553001")
    await lee.writes(question)
    await hears(lee, answer)
    await lee.writes("A human please, my brakes are broken")
    const chat = await chatSaying(site, "my brakes are broken")
    await hears(lee, told)
    await settled(site)
    assertLines(chatNow(site, chat), [
      { by: "system", words: "View session in OpenCX" },
      { by: "customer", words: question },
      { by: "ai", words: answer },
      { by: "customer", words: "my brakes are broken" },
    ])
    const sessionId = assertHandedOver(site, chatNow(site, chat), { channel: "whatsapp" })
    assert.include(chatNow(site, chat).messages[0]?.content.text, "Reply window: open until")

    humanDoes(site, chat, "note", "INTERNAL: brakes again")
    humanDoes(site, chat, "reply", "Hi Lee, bring it in today.")
    await hears(lee, "bring it in today")
    humanDoes(site, chat, "solve")
    await settled(site)
    const before = sentTo(lee).length
    assert.strictEqual(before, 3)
    await lee.writes("Thank you, at noon?")
    await saidIn(site, chat, "Thank you, at noon?")
    await settled(site)
    assert.lengthOf(sentTo(lee), before, "the AI is silent between solved and closed")
    humanDoes(site, chat, "close")
    await sessionState(site, sessionId, "ai")
    await settled(site)
    assert.lengthOf(sentTo(lee), before)
    await lee.writes("How long does standard shipping take?")
    await hears(lee, "working days")
    await settled(site)
    assert.lengthOf(sentTo(lee), before + 1)
    assert.isFalse(JSON.stringify(sentTo(lee)).includes("INTERNAL"))
  })

  it("show the customer that the question was read", async () => {
    const person = whatsapper(site, "+14155553012")
    await person.writes(question)
    await hears(person, answer)
    const [asked] = meta().shown(customerOf(person).id)
    await eventually("two blue ticks under the question", () => meta().isRead(asked?.id ?? ""), 5)
  })

  it("tell the humans what became of their words: delivered and read", async () => {
    const { chat, person, sessionId } = await toHuman("+14155553002", "my chain slips")
    humanDoes(site, chat, "reply", "Which gear is it?")
    await hears(person, "Which gear")
    const message = await eventually("the reply", () =>
      sentTo(person).find((m) => m.text.includes("Which gear")),
    )
    await meta().settled()
    await meta().setStatus(message.id, "read")
    const reply = (await entriesOf(site, sessionId, "HumanReply"))[0]
    await eventuallyAsked("both receipts", async () => {
      const updates = await entriesOf(site, sessionId, "DeliveryUpdate")
      const mine = updates.filter(({ deliveryId }) => deliveryId === reply?.["deliveryId"])
      return ["delivered", "read"].every((status) => mine.some((one) => one["status"] === status))
    })
  })
})

describe("the 24-hour window", () => {
  it("closed: the reply waits, the human reads so, and the customer's next message brings it, once", async () => {
    const { chat, person, sessionId } = await toHuman("+14155553003", "is my bike ready")
    // Meta says so, whatever our own clock says.
    meta().faults.add({
      on: "messages",
      kind: "error",
      code: 131047,
      details: "more than 24 hours have passed",
    })
    const before = posts()
    humanDoes(site, chat, "reply", "Your bike is ready.")
    await saidIn(site, chat, "waits to be sent")
    await settled(site)
    assert.strictEqual(posts(), before + 1)
    assert.strictEqual(await timesHeard(person, "Your bike is ready"), 0)
    assert.lengthOf(await deadLettersOf(site, sessionId), 0)
    await person.writes("Hello? Is it ready?")
    await hears(person, "Your bike is ready.")
    await saidIn(site, chat, "Hello? Is it ready?")
    await settled(site)
    assert.strictEqual(await timesHeard(person, "Your bike is ready"), 1)
    assert.strictEqual(timesIn(chatNow(site, chat), "Hello? Is it ready?"), 1)
    assert.strictEqual(timesIn(chatNow(site, chat), "waits to be sent"), 1)
  })

  it("found closed in a later status: the human reads why", async () => {
    const { chat, person } = await toHuman("+14155553004", "is my wheel round")
    humanDoes(site, chat, "reply", "It is round again.")
    const message = await eventually("the reply", () =>
      sentTo(person).find((m) => m.text.includes("round again")),
    )
    await meta().settled()
    await meta().setStatus(message.id, "failed", { code: 131047, details: "more than 24 hours have passed" })
    const seen = await saidIn(site, chat, "could not be delivered to the customer")
    assert.match(JSON.stringify(seen.messages.at(-1)), /24 hours|24-hour|window/i)
  })

  it("refused for good (the customer has left WhatsApp): the human reads why, and nothing is tried again", async () => {
    const { chat, sessionId } = await toHuman("+14155553005", "where is my parcel")
    meta().faults.add({ on: "messages", kind: "error", code: 131026, details: "Message Undeliverable." })
    const before = posts()
    humanDoes(site, chat, "reply", "It is on its way.")
    await saidIn(site, chat, "could not be delivered to the customer")
    await settled(site)
    assert.strictEqual(posts(), before + 1)
    assert.lengthOf(await deadLettersOf(site, sessionId), 1)
  })
})

describe("files", () => {
  it("of the customer's are in the chat with their words", async () => {
    const { chat, person } = await toHuman("+14155553006", "look at my fork")
    await meta().customerSends(customerOf(person).id, {
      media: { kind: "image", contentType: "image/png", bytes: pixel, caption: "This is the fork" },
    })
    await saidIn(site, chat, "This is the fork")
    const image = await eventually("the picture in the chat", () =>
      chatNow(site, chat).messages.find(({ content }) => content.type === "image"),
    )
    assert.deepStrictEqual(await bytesAt(image.content.mediaUrl ?? ""), pixel)
    await settled(site)
    assert.lengthOf(
      chatNow(site, chat).messages.filter(({ content }) => content.type === "image"),
      1,
    )
  })

  it("of the human's arrive as pictures", async () => {
    const { chat, person } = await toHuman("+14155553007", "send me a picture")
    humanDoes(site, chat, "reply", "Here it is.", { attachments: [attached("bell.png", "image/png", pixel)] })
    await hears(person, "Here it is")
    const media = await eventually("a picture", () => sentTo(person).find((m) => m.media !== null)?.media)
    assert.deepInclude(media, { kind: "image", contentType: "image/png", size: pixel.length, link: null })
    await settled(site)
    assert.lengthOf(
      sentTo(person).filter((m) => m.media !== null),
      1,
    )
  })
})

describe("a reply of 9,000 characters", () => {
  it("arrives whole and in order", async () => {
    const { chat, person } = await toHuman("+14155553008", "tell me everything")
    const words = Array.from({ length: 1500 }, (_, n) => `w${String(n).padStart(4, "0")}`)
    const before = sentTo(person).length
    for (const at of [0, 500, 1000]) humanDoes(site, chat, "reply", words.slice(at, at + 500).join(" "))
    await hears(person, "w1499", 60)
    await settled(site)
    const parts = sentTo(person).slice(before)
    assert.isTrue(parts.every(({ text }) => text.length <= 4096))
    assert.deepStrictEqual(
      parts.flatMap(({ text }) => text.match(/w\d{4}/g) ?? []),
      words,
    )
  })
})

describe("customers without a visible number", () => {
  it("are answered, handed over and replied to by their business-scoped id", async () => {
    const noa = meta().addCustomer({
      name: "Noa",
      phone: "14155553009",
      bsuid: "US.9988776655443322",
      username: "noa.rides",
      phoneVisible: false,
    })
    await meta().customerSends(noa.id, { text: "I want to talk to a human, please: my basket fell off" })
    const chat = await chatSaying(site, "my basket fell off")
    const shown = () =>
      meta()
        .shown(noa.id)
        .filter(({ from }) => from === "business")
    await eventually("the confirmation", () => shown().find(({ text }) => text.includes(told)))
    assertHandedOver(site, chat, { channel: "whatsapp" })
    humanDoes(site, chat, "reply", "We have baskets, Noa.")
    await eventually("the reply", () => shown().find(({ text }) => text.includes("We have baskets")))
    await settled(site)
    assert.lengthOf(shown(), 2)
    assert.isTrue(shown().every(({ addressedBy }) => addressedBy === "recipient"))
  })
})

describe("one webhook with several messages", () => {
  it("gives each of them its one effect, in order, also of two customers", async () => {
    const { chat, person } = await toHuman("+14155553010", "two at once")
    const other = await toHuman("+14155553011", "the other one")
    const mine = customerOf(person).id
    const theirs = customerOf(other.person).id
    const body = meta().batchBody([
      { customerId: mine, content: { text: "first of the batch" } },
      { customerId: theirs, content: { text: "theirs of the batch" } },
      { customerId: mine, content: { text: "second of the batch" } },
    ])
    const [first, again] = await Promise.all([meta().webhook(body), meta().webhook(body)])
    assert.deepStrictEqual([first.status, again.status], [200, 200])
    assert.strictEqual((await meta().webhook(body)).status, 200)
    await saidIn(site, chat, "second of the batch")
    await saidIn(site, other.chat, "theirs of the batch")
    await afterDoubles(site)
    const tail = chatNow(site, chat).messages.slice(-2)
    assert.deepStrictEqual(
      tail.map(({ content }) => content.text),
      ["first of the batch", "second of the batch"],
    )
    assert.strictEqual(timesIn(chatNow(site, chat), "of the batch"), 2)
    assert.strictEqual(timesIn(chatNow(site, other.chat), "of the batch"), 1)
  })
})
