/** Zendesk's messaging webhooks come twice, late, in another order, in batches, or not at all: what is true in the end counts. */
import { afterAll, afterEach, assert, beforeAll, describe, it } from "vitest"
import { answer, hears, nativeWriter, question, texter, timesHeard, told } from "../support/chatPeople.ts"
import { pause } from "../support/customers.ts"
import { handedToHuman } from "../support/handover.ts"
import {
  afterDoubles,
  chatNow,
  chatSaying,
  entriesOf,
  humanDoes,
  type LiveChat,
  saidIn,
  timesIn,
} from "../support/liveChats.ts"
import { sessionState, settled } from "../support/operator.ts"
import { type ChatSite, startSite } from "../support/world.ts"

let site: ChatSite

beforeAll(async () => {
  site = await startSite({ emulator: { timeScale: 0.05 } })
})
afterAll(() => site.close())
afterEach(() => {
  site.emulator.clearFaults()
  site.emulator.sunshine.configure({ batchSize: 1 })
})

let numbers = 0
const nextPerson = () => texter(site, `+1415555${String(9100 + (numbers += 1))}`)
const sessionOf = (chat: LiveChat) => String(chat.conversation.metadata?.["opencx_session_id"])

const toHuman = (words: string) => handedToHuman(site, nextPerson(), words)

describe("a webhook that comes twice", () => {
  it("with the human's words, their notes and their closing: each has one effect", async () => {
    const { chat, person } = await toHuman("everything twice")
    site.emulator.addFault({ kind: "duplicateWebhook" })
    humanDoes(site, chat, "reply", "Twice from Zendesk.")
    await hears(person, "Twice from Zendesk.")
    await person.writes("And twice from me")
    await saidIn(site, chat, "And twice from me")
    humanDoes(site, chat, "close")
    await sessionState(site, sessionOf(chat), "ai")
    await settled(site)
    assert.strictEqual(await timesHeard(person, "Twice from Zendesk."), 1)
    assert.strictEqual(timesIn(chatNow(site, chat), "And twice from me"), 1)
    assert.lengthOf(await entriesOf(site, sessionOf(chat), "Handback"), 1)
    assert.lengthOf(await entriesOf(site, sessionOf(chat), "HumanReply"), 1)
  })

  it("with a customer's words by Messenger: one answer", async () => {
    const sam = nativeWriter(site, "messenger", "psid-7701")
    site.emulator.addFault({ kind: "duplicateWebhook" })
    await sam.writes(question)
    await hears(sam, answer)
    await afterDoubles(site)
    assert.lengthOf(await sam.heard(), 1)
  })
})

describe("several events in one webhook", () => {
  it("have each its effect, in order", async () => {
    const { chat, person } = await toHuman("in one batch")
    site.emulator.sunshine.configure({ batchSize: 3, batchWaitMs: 200 })
    for (const n of [1, 2, 3]) humanDoes(site, chat, "reply", `batched ${n}`)
    await hears(person, "batched 3")
    await settled(site)
    const heard = (await person.heard()).filter((text) => text.startsWith("batched"))
    assert.deepStrictEqual(heard, ["batched 1", "batched 2", "batched 3"])
  })
})

describe("a webhook that comes late", () => {
  it("of the handoff: confirmed by a look, told once", async () => {
    site.emulator.addFault({
      kind: "delayWebhook",
      ms: 2_000,
      match: { path: "switchboard:passControl" },
    })
    const { chat, person } = await toHuman("the event is late")
    await pause(2_200)
    await settled(site)
    assert.strictEqual(await timesHeard(person, told), 1)
    await sessionState(site, sessionOf(chat), "handing_off")
  })

  it("of the handoff, after the humans have closed already: the AI keeps the conversation", async () => {
    site.emulator.addFault({
      kind: "delayWebhook",
      ms: 3_000,
      match: { path: "switchboard:passControl" },
    })
    const { chat, person } = await toHuman("closed before the event")
    humanDoes(site, chat, "reply", "Done already.")
    await hears(person, "Done already.")
    humanDoes(site, chat, "close")
    await sessionState(site, sessionOf(chat), "ai")
    await pause(3_200)
    await settled(site)
    await sessionState(site, sessionOf(chat), "ai")
    await person.writes(question)
    await hears(person, answer)
    await settled(site)
    assert.strictEqual(timesIn(chatNow(site, chat), question), 0)
  })

  it("of the human's words, after the closing: the customer still gets them, and the AI keeps the conversation", async () => {
    const { chat, person } = await toHuman("words after the close")
    site.emulator.addFault({
      kind: "delayWebhook",
      ms: 1_500,
      times: 1,
      match: { path: "conversation:message$" },
    })
    humanDoes(site, chat, "reply", "Late words.")
    humanDoes(site, chat, "close")
    await sessionState(site, sessionOf(chat), "ai")
    await hears(person, "Late words.")
    await settled(site)
    await person.writes(question)
    await hears(person, answer)
    assert.strictEqual(await timesHeard(person, "Late words."), 1)
  })
})

describe("webhooks in another order", () => {
  it("release before the human's last words: those arrive, and the AI answers what comes next", async () => {
    const { chat, person } = await toHuman("another order")
    site.emulator.addFault({ kind: "reorderWebhook", times: 1, match: { path: "conversation:message$" } })
    humanDoes(site, chat, "reply", "My last words.")
    humanDoes(site, chat, "close")
    await hears(person, "My last words.")
    await sessionState(site, sessionOf(chat), "ai")
    await settled(site)
    await sessionState(site, sessionOf(chat), "ai")
    await person.writes(question)
    await hears(person, answer)
    assert.strictEqual(await timesHeard(person, "My last words."), 1)
  })
})

describe("a webhook that is lost", () => {
  it("of the release: the customer's next message finds it out, and the AI answers", async () => {
    const { chat, person } = await toHuman("the release is lost")
    site.emulator.addFault({
      kind: "dropWebhook",
      match: { path: "switchboard:releaseControl|conversation:message" },
    })
    humanDoes(site, chat, "close")
    await settled(site)
    await sessionState(site, sessionOf(chat), "handing_off")
    site.emulator.clearFaults()
    await person.writes(question)
    await hears(person, answer)
    await sessionState(site, sessionOf(chat), "ai")
    await settled(site)
    assert.strictEqual(await timesHeard(person, answer), 1)
    assert.strictEqual(timesIn(chatNow(site, chat), question), 0, "nobody would have read it there")
  })

  it("of the release, by Messenger: the customer's next message tells who has the chat", async () => {
    const sam = nativeWriter(site, "messenger", "psid-7702")
    await sam.writes("I want to talk to a human: lost by Messenger")
    const chat = await chatSaying(site, "lost by Messenger")
    await hears(sam, told)
    await settled(site)
    site.emulator.addFault({
      kind: "dropWebhook",
      match: { path: "switchboard:releaseControl|conversation:message" },
    })
    humanDoes(site, chat, "close")
    await settled(site)
    site.emulator.clearFaults()
    await sam.writes(question)
    await hears(sam, answer)
    await settled(site)
    assert.strictEqual(await timesHeard(sam, answer), 1)
  })

  it("of the handoff: a look confirms it", async () => {
    site.emulator.addFault({ kind: "dropWebhook", match: { path: "switchboard:" } })
    const { chat, person } = await toHuman("no control event at all")
    humanDoes(site, chat, "reply", "I am here all the same.")
    await hears(person, "I am here all the same.")
    await settled(site)
    assert.strictEqual(await timesHeard(person, told), 1)
  })
})
