/** What comes in bursts, beside broken things, or while the journal cannot be written, from Meta and Zendesk too: one effect each, in order. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { post } from "../support/carriers/Carrier.ts"
import { hears, type Person, texter, told, whatsapper } from "../support/chatPeople.ts"
import { eventually } from "../support/customers.ts"
import { whileUnwritable } from "../support/journal.ts"
import {
  chatNow,
  chatSaying,
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

describe("a burst of five", () => {
  it("by WhatsApp to the human arrives whole and in order", async () => {
    const person = whatsapper(site, "+14155556003")
    const chat = await toHuman(person, "five by WhatsApp")
    const words = [1, 2, 3, 4, 5].map((n) => `burst ${n} by WhatsApp`)
    for (const one of words) await person.writes(one)
    await saidIn(site, chat, "burst 5 by WhatsApp")
    await settled(site)
    assert.deepStrictEqual(chatNow(site, chat).messages.slice(-5).map(wordsOf), words)
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
    const during = await whileUnwritable(site, async () => {
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
