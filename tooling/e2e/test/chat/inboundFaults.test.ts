/** What comes in twice, at once, in bursts, without words, or while the journal cannot be written: one effect each, in order. */
import { DatabaseSync } from "node:sqlite"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import {
  bytesAt,
  hears,
  type Person,
  pixel,
  question,
  texter,
  told,
  whatsapper,
} from "../support/chatPeople.ts"
import { eventually } from "../support/customers.ts"
import {
  afterDoubles,
  chatNow,
  chatSaying,
  entriesOf,
  hookOf,
  humanDoes,
  type LiveChat,
  saidIn,
  sessionWith,
  timesIn,
  wordsOf,
} from "../support/liveChats.ts"
import { eventuallyAsked, settled } from "../support/operator.ts"
import { type ChatSite, startSite } from "../support/world.ts"

let site: ChatSite

beforeAll(async () => {
  // Zendesk's webhooks come again after seconds in place of minutes.
  site = await startSite({ emulator: { timeScale: 0.02 } })
})
afterAll(() => site.close())

const twilio = () => site.realTime.providers.twilio
const meta = () => site.realTime.providers.meta
const shop = "+14155550100"

const smsHook = () => hookOf(site, "sms account text")

const toHuman = async (person: Person, words: string): Promise<LiveChat> => {
  await person.writes(`I want to talk to a human, please: ${words}`)
  const chat = await chatSaying(site, words)
  await hears(person, told)
  return chat
}

const post = async (hook: {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}) => {
  const { body, headers, url } = hook
  const answer = await fetch(url, { method: "POST", headers, body })
  await answer.arrayBuffer()
  return answer.status
}

describe("the same id", () => {
  it("of a text, in sequence and at once, has one effect: with the AI and with the human", async () => {
    const dana = texter(site, "+14155556001")
    await dana.writes("How long does standard shipping take?")
    await hears(dana, "working days")
    const first = twilio().inboundHook({ from: dana.id, to: shop, text: question, webhookUrl: smsHook() })
    assert.deepStrictEqual(await Promise.all([post(first), post(first), post(first)]), [200, 200, 200])
    await hears(dana, "password")
    assert.strictEqual(await post(first), 200)
    const chat = await toHuman(dana, "twice by text")
    const second = twilio().inboundHook({ from: dana.id, to: shop, text: "once more", webhookUrl: smsHook() })
    assert.deepStrictEqual(await Promise.all([post(second), post(second)]), [200, 200])
    await saidIn(site, chat, "once more")
    assert.strictEqual(await post(second), 200)
    await afterDoubles(site)
    assert.strictEqual(timesIn(chatNow(site, chat), "once more"), 1)
    assert.strictEqual(timesIn(chatNow(site, chat), question), 1)
    const answers = (await dana.heard()).filter((text) => text.includes("password"))
    assert.lengthOf(answers, 1)
  })
})

describe("a burst of five", () => {
  it.each([
    ["text", (number: string) => texter(site, number), "+14155556002"],
    ["WhatsApp", (number: string) => whatsapper(site, number), "+14155556003"],
  ] as const)("by %s to the human arrives whole and in order", async (name, personOf, number) => {
    const person = personOf(number)
    const chat = await toHuman(person, `five by ${name}`)
    const words = [1, 2, 3, 4, 5].map((n) => `burst ${n} by ${name}`)
    for (const one of words) await person.writes(one)
    await saidIn(site, chat, `burst 5 by ${name}`)
    await settled(site)
    assert.deepStrictEqual(chatNow(site, chat).messages.slice(-5).map(wordsOf), words)
  })

  it("to the AI is all seen, in order, and nothing is answered twice", async () => {
    const person = texter(site, "+14155556004")
    const words = [
      question,
      "How long does standard shipping take?",
      "Can I return a helmet that does not fit?",
      "Which payment methods do you accept?",
      "I want to talk to a human about burst order 77",
    ]
    for (const one of words) await person.writes(one)
    const chat = await chatSaying(site, "burst order 77", true, 10)
    await hears(person, told)
    await settled(site)
    const sessionId = String(chat.conversation.metadata?.["opencx_session_id"])
    const said = await entriesOf(site, sessionId, "CustomerMessage")
    assert.deepStrictEqual(
      said.map(({ text }) => text),
      words,
    )
    const mine = chatNow(site, chat)
      .messages.filter(({ author }) => author.type === "user")
      .map(wordsOf)
    assert.deepStrictEqual(mine, words)
    const heard = await person.heard()
    assert.isAtMost(heard.length, 5, heard.join("\n"))
    assert.strictEqual(new Set(heard).size, heard.length, heard.join("\n"))
    assert.isFalse(
      heard.some((text) => text.includes("welcome")),
      "nothing is taken for a thank you",
    )
  })
})

describe("a picture without words", () => {
  it("as the very first message has one session, and the humans get the picture", async () => {
    const from = "+14155556005"
    const hook = twilio().inboundHook({
      from,
      to: shop,
      text: "",
      media: [{ contentType: "image/png", bytes: pixel }],
      webhookUrl: smsHook(),
    })
    assert.strictEqual(await post(hook), 200)
    const person = texter(site, from)
    await eventuallyAsked("a word to the customer", async () => (await person.heard()).length > 0)
    await person.writes("A human please: what is this part?")
    const chat = await chatSaying(site, "what is this part?")
    await settled(site)
    const images = chatNow(site, chat).messages.filter(({ content }) => content.type === "image")
    assert.lengthOf(images, 1)
    assert.deepStrictEqual(await bytesAt(images[0]?.content.mediaUrl ?? ""), pixel)
  })
})

describe("an unknown or broken part of a webhook", () => {
  it("of WhatsApp's loses none of its siblings", async () => {
    const person = whatsapper(site, "+14155556006")
    const chat = await toHuman(person, "beside broken things")
    const id =
      meta()
        .customers()
        .find(({ phone }) => phone === person.id.slice(1))?.id ?? ""
    const body = meta().batchBody(
      [
        { customerId: id, content: { raw: { type: "hologram", hologram: { depth: 3 } } } },
        { customerId: id, content: { text: "beside the hologram" } },
      ],
      [
        { field: "a_new_field", value: { anything: [1, 2] } },
        { field: "messages", value: "broken" },
      ],
    )
    assert.strictEqual((await meta().webhook(body)).status, 200)
    await saidIn(site, chat, "beside the hologram")
    await settled(site)
    assert.strictEqual(timesIn(chatNow(site, chat), "beside the hologram"), 1)
  })
})

describe("a journal that cannot be written", () => {
  /** Every write into the journal fails for the time of `during`, as on a full disk; all else goes on. */
  const unwritable = async <A>(during: () => Promise<A>): Promise<A> => {
    const db = new DatabaseSync(join(site.dataDir, "opencx.db"), { timeout: 2_000 })
    db.exec(
      "CREATE TRIGGER full_disk BEFORE INSERT ON cluster_messages BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
    )
    try {
      return await during()
    } finally {
      db.exec("DROP TRIGGER full_disk")
      db.close()
    }
  }

  it("is answered with 503 to every provider, and what comes again has one effect", async () => {
    const dana = texter(site, "+14155556007")
    const lee = whatsapper(site, "+14155556008")
    const danas = await toHuman(dana, "the journal by text")
    const lees = await toHuman(lee, "the journal by WhatsApp")
    await settled(site)
    const hook = twilio().inboundHook({
      from: dana.id,
      to: shop,
      text: "during the outage",
      webhookUrl: smsHook(),
    })
    const leesId =
      meta()
        .customers()
        .find(({ phone }) => phone === lee.id.slice(1))?.id ?? ""
    const body = meta().batchBody([{ customerId: leesId, content: { text: "during the outage" } }])
    const during = await unwritable(async () => {
      humanDoes(site, danas, "reply", "A reply during the outage.")
      const [text, whatsapp] = await Promise.all([post(hook), meta().webhook(body)])
      await eventually("Zendesk's webhook to be refused", () =>
        site.emulator.sunshine
          .deliveries()
          .at(-1)
          ?.attempts.some(({ status }) => status === 503),
      )
      return { text, whatsapp: whatsapp.status }
    })
    assert.deepStrictEqual(during, { text: 503, whatsapp: 503 })
    const again = async () => (await post(hook)) === 200 && (await meta().webhook(body)).status === 200
    await eventuallyAsked("both to be taken", again)
    await saidIn(site, danas, "during the outage")
    await saidIn(site, lees, "during the outage")
    await hears(dana, "A reply during the outage.")
    await settled(site)
    const customers = (chat: LiveChat) =>
      chatNow(site, chat).messages.filter(
        (message) => message.author.type === "user" && wordsOf(message) === "during the outage",
      ).length
    assert.deepStrictEqual([customers(danas), customers(lees)], [1, 1])
    assert.lengthOf(
      (await dana.heard()).filter((text) => text === "A reply during the outage."),
      1,
    )
    assert.isNotNull(await sessionWith(site, ({ text }) => text === "during the outage"))
  })
})
