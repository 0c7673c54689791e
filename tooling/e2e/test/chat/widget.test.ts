/** The web widget: answer with sources, live chat, the human's reply, files, receipts. */
import { siteKey } from "@opencx/runtime"
import { randomUUID } from "node:crypto"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import {
  answer,
  attached,
  bytesAt,
  hears,
  pixel,
  question,
  timesHeard,
  told,
  visitor,
} from "../support/chatPeople.ts"
import { eventually } from "../support/customers.ts"
import { handedToHuman } from "../support/handover.ts"
import {
  afterDoubles,
  assertHandedOver,
  assertLines,
  chatNow,
  chatSaying,
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

const toHuman = async (words: string) => handedToHuman(site, await visitor(site), words)

describe("an answer and a handoff", () => {
  it("carry the conversation over, and the human's words back; the AI answers again after the close only", async () => {
    const person = await visitor(site)
    await person.writes(question)
    const line = await person.line("the AI's answer", ({ author }) => author === "ai")
    assert.isAbove(line.sources.length, 0)
    await person.writes("A human please, my order is 5512")
    const chat = await chatSaying(site, "my order is 5512")
    await hears(person, told)
    await settled(site)
    assertLines(chatNow(site, chat), [
      { by: "system", words: "View session in OpenCX" },
      { by: "customer", words: question },
      { by: "ai", words: answer },
      { by: "customer", words: "my order is 5512" },
    ])
    const sessionId = assertHandedOver(site, chatNow(site, chat), { channel: "web" })
    humanDoes(site, chat, "note", "INTERNAL: lost twice")
    humanDoes(site, chat, "reply", "Order 5512 left today.")
    const reply = await person.line("the human's reply", ({ author }) => author === "human")
    assert.strictEqual(reply.text, "Order 5512 left today.")
    humanDoes(site, chat, "solve")
    await settled(site)
    await person.writes("By which carrier?")
    await saidIn(site, chat, "By which carrier?")
    await settled(site)
    assert.lengthOf((await person.page()).lines, 6, "the AI is silent between solved and closed")
    humanDoes(site, chat, "close")
    await sessionState(site, sessionId, "ai")
    await person.writes("How long does standard shipping take?")
    await hears(person, "working days")
    await settled(site)
    const { lines } = await person.page()
    assert.deepStrictEqual(
      lines.map(({ author }) => author),
      ["customer", "ai", "customer", "system", "human", "customer", "customer", "ai"],
    )
    assert.isFalse(JSON.stringify(lines).includes("INTERNAL"))
    assert.strictEqual(timesIn(chatNow(site, chat), "standard shipping"), 0)
  })

  it("by the button, before anything was said", async () => {
    const person = await visitor(site)
    assert.strictEqual(await person.posts("/human", { id: randomUUID() }), 202)
    await hears(person, told)
    await person.writes("My name is Mona Lisa")
    const chat = await chatSaying(site, "My name is Mona Lisa")
    assertHandedOver(site, chat, { channel: "web" })
    humanDoes(site, chat, "reply", "Hello Mona.")
    await person.line("the human's reply", ({ author, text }) => author === "human" && text === "Hello Mona.")
    assert.strictEqual(await person.posts("/dismiss", { id: randomUUID() }), 202)
    await person.writes(question)
    await hears(person, answer)
    await settled(site)
    assert.strictEqual(timesIn(chatNow(site, chat), question), 0)
    assert.strictEqual(timesIn(chatNow(site, chat), "ended the conversation with the human"), 1)
  })
})

describe("a message twice", () => {
  it("with the same id, in sequence and at once, has one effect", async () => {
    const { chat, person } = await toHuman("twice from the browser")
    const body = { id: randomUUID(), text: "only once, please" }
    const statuses = await Promise.all([1, 2, 3].map(() => person.posts("/messages", body)))
    assert.deepStrictEqual(statuses, [202, 202, 202])
    assert.strictEqual(await person.posts("/messages", body), 202)
    await saidIn(site, chat, "only once, please")
    await afterDoubles(site)
    assert.strictEqual(timesIn(chatNow(site, chat), "only once, please"), 1)
    const mine = (await person.page()).lines.filter(({ text }) => text === "only once, please")
    assert.lengthOf(mine, 1)
  })

  it("of a burst of five: all of them, in order", async () => {
    const { chat, person } = await toHuman("five from the browser")
    for (const n of [1, 2, 3, 4, 5]) await person.writes(`burst ${n} of five`)
    await saidIn(site, chat, "burst 5 of five")
    await settled(site)
    const tail = chatNow(site, chat).messages.slice(-5)
    assert.deepStrictEqual(
      tail.map(({ content }) => content.text),
      [1, 2, 3, 4, 5].map((n) => `burst ${n} of five`),
    )
  })
})

describe("files", () => {
  it("of the customer's are in the chat, of the human's in the widget", async () => {
    const { chat, person } = await toHuman("files both ways")
    assert.strictEqual(
      await person.sends("My cracked frame", { name: "frame.png", type: "image/png", bytes: pixel }),
      202,
    )
    const image = await eventually("the picture in the chat", () =>
      chatNow(site, chat).messages.find(({ content }) => content.type === "image"),
    )
    assert.deepStrictEqual(await bytesAt(image.content.mediaUrl ?? ""), pixel)
    assert.strictEqual(timesIn(chatNow(site, chat), "My cracked frame"), 1)
    humanDoes(site, chat, "reply", "Here is the form.", {
      attachments: [attached("form.png", "image/png", pixel)],
    })
    const line = await person.line(
      "the human's file",
      ({ author, files }) => author === "human" && files.length > 0,
    )
    assert.deepStrictEqual(await bytesAt(line.files[0]?.url ?? ""), pixel)
  })
})

describe("what the customer has read", () => {
  it("is on the session", async () => {
    const { chat, person, sessionId } = await toHuman("have you read it")
    humanDoes(site, chat, "reply", "Read this.")
    const line = await person.line("the reply", ({ author }) => author === "human")
    assert.strictEqual(await person.posts("/read", { delivered: [line.id], read: [line.id] }), 204)
    await eventuallyAsked("the receipt", async () =>
      (await entriesOf(site, sessionId, "DeliveryUpdate")).some(
        ({ deliveryId, status }) => deliveryId === line.id && status === "read",
      ),
    )
    await settled(site)
    assert.strictEqual(await timesHeard(person, "Read this."), 1)
  })
})

describe("a reply of 9,000 characters", () => {
  it("arrives whole and in order", async () => {
    const { chat, person } = await toHuman("tell me everything")
    const words = Array.from({ length: 1500 }, (_, n) => `w${String(n).padStart(4, "0")}`)
    for (const at of [0, 500, 1000]) humanDoes(site, chat, "reply", words.slice(at, at + 500).join(" "))
    await hears(person, "w1499")
    const { lines } = await person.page()
    assert.deepStrictEqual(
      lines.flatMap(({ text }) => text.match(/w\d{4}/g) ?? []),
      words,
    )
  })
})

describe("strangers", () => {
  it("get nothing: no token, a foreign page, another visitor's conversation", async () => {
    const { person } = await toHuman("a private matter")
    const url = `${site.runtimeUrl}/widget/lines?site=${siteKey}`
    const ask = async (headers: Readonly<Record<string, string>>) => {
      const got = await fetch(url, { headers })
      return { status: got.status, text: await got.text() }
    }
    const origin = site.runtimeUrl
    assert.strictEqual((await ask({ origin })).status, 401)
    assert.strictEqual((await ask({ origin, authorization: `Bearer ${person.token}x` })).status, 401)
    const foreign = await ask({ origin: "https://evil.example", authorization: `Bearer ${person.token}` })
    assert.strictEqual(foreign.status, 403)
    const other = await visitor(site)
    assert.lengthOf((await other.page()).lines, 0)
    assert.isFalse([foreign.text, JSON.stringify(await other.page())].join().includes("private matter"))
  })
})
