/** Channels that Zendesk owns (Messenger, WhatsApp): we are the first to answer, and hand over within Zendesk. */
import { afterAll, afterEach, assert, beforeAll, describe, it } from "vitest"
import {
  answer,
  attached,
  hears,
  nativeWriter,
  pixel,
  question,
  timesHeard,
  told,
} from "../support/chatPeople.ts"
import { eventually } from "../support/customers.ts"
import { handedToHuman } from "../support/handover.ts"
import {
  chatNow,
  chatSaying,
  entriesOf,
  humanDoes,
  humans,
  lastCall,
  saidIn,
  sessionWith,
  sunshineCalls,
  timesIn,
} from "../support/liveChats.ts"
import { eventuallyAsked, operatorOf, sessionState, settled } from "../support/operator.ts"
import { type ChatSite, startSite } from "../support/world.ts"

let site: ChatSite

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())
afterEach(() => site.emulator.clearFaults())

const channels = [
  { channel: "messenger", from: "psid-9001", tag: "messenger" },
  { channel: "whatsapp", from: "+14155559001", tag: "whatsapp" },
  { channel: "instagram", from: "igsid-9001", tag: "instagram" },
] as const

const sessionSaying = async (words: string) => {
  const id = await sessionWith(site, (body) => String(body["text"] ?? "").includes(words))
  if (id === null) throw new Error(`no session with "${words}"`)
  return id
}

const toHuman = async (from: string, words: string) => {
  const { chat, person } = await handedToHuman(site, nativeWriter(site, "messenger", from), words)
  return { person, chat, sessionId: await sessionSaying(words) }
}

describe.each(channels)("$channel through Zendesk", ({ channel, from, tag }) => {
  it("is answered while the chat is ours, handed over, and answered again after the close only", async () => {
    const sam = nativeWriter(site, channel, from)
    await sam.writes(question)
    await hears(sam, answer)
    await settled(site)
    const since = lastCall(site)
    const order = `order 91-${channel}`
    await sam.writes(`I need a real person because of ${order}`)
    const chat = await chatSaying(site, order)
    await hears(sam, told)
    await settled(site)
    assert.strictEqual(chatNow(site, chat).control.active, humans)
    for (const one of ["opencx", "opencx_handedoff", `opencx_channel_${tag}`])
      assert.include(chatNow(site, chat).ticket?.tags ?? [], one)
    // The customer's words stand there by themselves: what we add is the brief, once, and nobody's device shows it.
    assert.strictEqual(timesIn(chatNow(site, chat), question), 1)
    assert.strictEqual(timesIn(chatNow(site, chat), order), 1)
    const briefs = chatNow(site, chat).messages.filter(({ content }) =>
      (content.text ?? "").includes("View session in OpenCX"),
    )
    assert.lengthOf(briefs, 1)
    assert.strictEqual(await timesHeard(sam, "View session"), 0)
    assert.isAtMost(sunshineCalls(site, since).filter(({ method }) => method === "POST").length, 6)
    const sessionId = await sessionSaying(order)
    await sessionState(site, sessionId, "handing_off")

    humanDoes(site, chat, "note", "INTERNAL: lost twice")
    humanDoes(site, chat, "reply", `The ${order} is on its way.`)
    await hears(sam, `The ${order} is on its way.`)
    await sessionState(site, sessionId, "human")
    humanDoes(site, chat, "solve")
    await settled(site)
    const before = (await sam.heard()).length
    await sam.writes("How long does standard shipping take?")
    await settled(site)
    assert.lengthOf(await sam.heard(), before, "the AI is silent between solved and closed")
    assert.strictEqual(
      await timesHeard(sam, `The ${order} is on its way.`),
      1,
      "Zendesk delivers it, we do not",
    )
    assert.strictEqual(timesIn(chatNow(site, chat), "standard shipping"), 1)
    humanDoes(site, chat, "solve")
    humanDoes(site, chat, "close")
    await sessionState(site, sessionId, "ai")
    await settled(site)
    assert.lengthOf(await sam.heard(), before)
    await sam.writes("How do I reset my password, again?")
    await eventually(
      "the AI's answer after the close",
      () => site.emulator.sunshine.channelDeliveries().length,
    )
    await eventuallyAsked("one more answer", async () => (await sam.heard()).length > before, 30)
    await settled(site)
    assert.lengthOf(await sam.heard(), before + 1)
    assert.isFalse((await sam.heard()).join().includes("INTERNAL"))
  })
})

describe("files", () => {
  it("of the customer's are kept on the session; of the human's are delivered by Zendesk, once", async () => {
    const { chat, person, sessionId } = await toHuman("psid-9010", "a picture of my wheel")
    site.emulator.sunshine.customerWrites({
      channel: "messenger",
      from: "psid-9010",
      attachments: [attached("wheel.png", "image/png", pixel)],
    })
    await eventuallyAsked("the picture on the session", async () =>
      (await entriesOf(site, sessionId, "CustomerMessage")).some(
        ({ attachments }) => Array.isArray(attachments) && attachments.length === 1,
      ),
    )
    humanDoes(site, chat, "reply", "Here is ours.", {
      attachments: [attached("ours.png", "image/png", pixel)],
    })
    await hears(person, "Here is ours")
    await settled(site)
    const pictures = site.emulator.sunshine
      .channelDeliveries()
      .filter(({ content, to }) => to === "psid-9010" && content["type"] === "image")
    assert.lengthOf(pictures, 1)
  })
})

describe("what the customer has read", () => {
  it("is on the session as receipts", async () => {
    const person = nativeWriter(site, "messenger", "psid-9011")
    await person.writes(question)
    await hears(person, answer)
    await settled(site)
    const sessionId = await eventuallyAsked(
      "the session",
      async () => (await operatorOf(site).sessions()).find(({ state }) => state === "ai")?.id,
    )
    const delivery = site.emulator.sunshine.channelDeliveries().find(({ to }) => to === "psid-9011")
    site.emulator.sunshine.customer(delivery?.conversationId ?? "", { action: "read" })
    await eventuallyAsked("a read receipt", async () =>
      (await entriesOf(site, sessionId, "DeliveryUpdate")).some(({ status }) => status === "read"),
    )
  })
})

describe("a delivery that fails", () => {
  it("is told to the human in the chat, once", async () => {
    const { chat } = await toHuman("psid-9012", "my pump leaks")
    site.emulator.addFault({
      kind: "failDelivery",
      times: 1,
      match: { path: "messenger" },
      error: { code: "unauthorized", message: "The customer has left the page." },
    })
    humanDoes(site, chat, "reply", "Here is a new pump.")
    await saidIn(site, chat, "could not be delivered to the customer")
    await settled(site)
    const now = chatNow(site, chat)
    assert.strictEqual(timesIn(now, "The customer has left the page."), 1)
    assert.strictEqual(timesIn(now, "Here is a new pump."), 1)
  })
})

describe("a long answer on a channel with short messages", () => {
  it("of 9,000 characters by the human is delivered by Zendesk; nothing of ours gets in between", async () => {
    const { chat, person } = await toHuman("psid-9013", "tell me everything")
    site.emulator.sunshine.configure({ longText: "split" })
    const words = Array.from({ length: 1500 }, (_, n) => `w${String(n).padStart(4, "0")}`)
    for (const at of [0, 500, 1000]) humanDoes(site, chat, "reply", words.slice(at, at + 500).join(" "))
    await hears(person, "w1499")
    await settled(site)
    // Zendesk cuts where its limit falls, also in the middle of a word.
    const heard = (await person.heard()).join("").match(/w\d{4}/g) ?? []
    assert.deepStrictEqual(heard, words)
  })
})
