/** Twilio and Meta are busy, down, or break off after they have taken a message: the customer gets it once, or the human knows. */
import { afterAll, afterEach, assert, beforeAll, describe, it } from "vitest"
import { hears, type Person, texter, whatsapper } from "../support/chatPeople.ts"
import { handedToHuman } from "../support/handover.ts"
import {
  chatNow,
  deadLettersOf,
  hookOf,
  humanDoes,
  type LiveChat,
  replay,
  saidIn,
  timesIn,
} from "../support/liveChats.ts"
import { eventuallyAsked, settled } from "../support/operator.ts"
import { type ChatSite, startSite } from "../support/world.ts"

let site: ChatSite

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())
afterEach(() => {
  twilio().faults.clear()
  meta().faults.clear()
})

const twilio = () => site.realTime.providers.twilio
const meta = () => site.realTime.providers.meta

const toHuman = async (person: Person, words: string): Promise<LiveChat> =>
  (await handedToHuman(site, person, words)).chat
const sessionOf = (chat: LiveChat) => String(chat.conversation.metadata?.["opencx_session_id"])

/** How often a text is at Twilio for this number, and how often we asked for it. */
const atTwilio = (number: string, body: string) =>
  twilio()
    .sent()
    .filter((message) => message.to === number && message.body === body).length
const asked = (body: string) =>
  twilio().requests.filter(
    (request) => request.method === "POST" && new URLSearchParams(request.body).get("Body") === body,
  )
const atMeta = (person: Person, text: string) =>
  meta()
    .sent()
    .filter((message) => message.text === text && customerId(person) === message.customerId).length
const customerId = (person: Person) =>
  meta()
    .customers()
    .find(({ phone }) => phone === person.id.slice(1))?.id

describe("Twilio", () => {
  it.each([
    ["busy (429 with Retry-After)", "1", [{ kind: "refuse", status: 429, code: 20429, retryAfter: 1 }], 2],
    [
      "down (503, twice)",
      "2",
      [
        { kind: "refuse", status: 503 },
        { kind: "refuse", status: 503 },
      ],
      3,
    ],
    ["broken off before it was taken", "3", [{ kind: "resetBefore" }], 2],
    ["broken off after it was taken", "4", [{ kind: "resetAfter" }], 1],
    [
      "broken off after it was taken, with an answer that nobody can read",
      "5",
      [{ kind: "garbage", body: "<html>" }],
      1,
    ],
  ] as const)("%s: the reply arrives once", async (_name, n, faults, requests) => {
    const person = texter(site, `+1415555700${n}`)
    const chat = await toHuman(person, `twilio fault ${n}`)
    twilio().faults.next("create", ...faults)
    const body = `Reply over fault ${n}.`
    const began = Date.now()
    humanDoes(site, chat, "reply", body)
    await hears(person, body)
    await settled(site)
    assert.strictEqual(atTwilio(person.id, body), 1)
    assert.lengthOf(asked(body), requests)
    if (n === "1") assert.isAtLeast(Date.now() - began, 1000, "Twilio's wish to wait is heard")
    assert.lengthOf(await deadLettersOf(site, sessionOf(chat)), 0)
    assert.strictEqual(timesIn(chatNow(site, chat), "could not be delivered"), 0)
  })

  it("down for good: the human reads it, and the operator's replay sends it once", async () => {
    const person = texter(site, "+14155557010")
    const chat = await toHuman(person, "twilio down for good")
    twilio().faults.next(
      "create",
      ...Array.from({ length: 6 }, () => ({ kind: "refuse", status: 503 }) as const),
    )
    humanDoes(site, chat, "reply", "Out of the dead letters.")
    await saidIn(site, chat, "could not be delivered to the customer")
    const [letter] = await deadLettersOf(site, sessionOf(chat))
    assert.strictEqual(letter?.task._tag, "Deliver")
    assert.lengthOf(asked("Out of the dead letters."), 6)
    await replay(site, letter?.id ?? "")
    await hears(person, "Out of the dead letters.")
    await settled(site)
    assert.strictEqual(atTwilio(person.id, "Out of the dead letters."), 1)
    assert.lengthOf(await deadLettersOf(site, sessionOf(chat)), 0)
  })

  it("broken off in the middle of a long reply: every part once, in order", async () => {
    const person = texter(site, "+14155557011")
    const chat = await toHuman(person, "a long reply by text")
    const words = Array.from({ length: 600 }, (_, n) => `w${String(n).padStart(4, "0")}`)
    const before = (await person.heard()).length
    twilio().faults.next("create", { kind: "none" }, { kind: "resetAfter" }, { kind: "refuse", status: 503 })
    humanDoes(site, chat, "reply", words.join(" "))
    await hears(person, "w0599")
    await settled(site)
    const heard = (await person.heard()).slice(before).flatMap((text) => text.match(/w\d{4}/g) ?? [])
    assert.deepStrictEqual(heard, words)
  })
})

describe("Meta", () => {
  it.each([
    ["in trouble (131000)", "1", { kind: "error", code: 131000, status: 500 }],
    ["busy (429 of a proxy)", "2", { kind: "status", status: 429, retryAfter: 1 }],
    ["down (503 of a proxy)", "3", { kind: "status", status: 503, retryAfter: 1 }],
    ["broken off before it was taken", "4", { kind: "reset" }],
    ["broken off after it was taken: its status tells", "5", { kind: "resetAfterCommit" }],
  ] as const)("%s: the reply arrives once, or the human knows", async (_name, n, fault) => {
    const person = whatsapper(site, `+1415555710${n}`)
    const chat = await toHuman(person, `meta fault ${n}`)
    meta().faults.add({ on: "messages", ...fault })
    const body = `Reply over fault ${n}.`
    humanDoes(site, chat, "reply", body)
    const doubt = await eventuallyAsked("the reply, or word of it", async () => {
      if (timesIn(chatNow(site, chat), "could not be delivered") > 0) return "told"
      return (await person.heard()).includes(body) ? "arrived" : null
    })
    await settled(site)
    if (doubt === "arrived") {
      assert.strictEqual(atMeta(person, body), 1)
      assert.strictEqual(timesIn(chatNow(site, chat), "could not be delivered"), 0)
    } else {
      // A connection that broke: Meta cannot be asked, so that nothing is sent a second time by itself.
      assert.strictEqual(fault.kind, "reset")
      assert.strictEqual(atMeta(person, body), 0)
      assert.strictEqual(timesIn(chatNow(site, chat), "not known whether the message arrived"), 1)
    }
  })

  it("broken off after it was taken, and no status comes: not sent twice, and the human reads that nobody knows", async () => {
    const person = whatsapper(site, "+14155557110")
    const chat = await toHuman(person, "no status")
    meta().sendWebhooksTo(null)
    meta().faults.add({ on: "messages", kind: "resetAfterCommit" })
    humanDoes(site, chat, "reply", "Did you get this?")
    await saidIn(site, chat, "not known whether the message arrived")
    await settled(site)
    meta().sendWebhooksTo(hookOf(site, "whatsapp account whatsapp"))
    assert.strictEqual(atMeta(person, "Did you get this?"), 1)
    const [letter] = await deadLettersOf(site, sessionOf(chat))
    assert.strictEqual(letter?.task._tag, "Deliver")
  })

  it("wants a pause for one customer (131056): everything arrives, in order", async () => {
    const person = whatsapper(site, "+14155557111")
    const chat = await toHuman(person, "the pair limit")
    const before = (await person.heard()).length
    meta().faults.add({ on: "messages", kind: "error", code: 131056, after: 1 })
    for (const n of [1, 2, 3]) humanDoes(site, chat, "reply", `pair ${n}`)
    await hears(person, "pair 3", 40)
    await settled(site)
    assert.deepStrictEqual((await person.heard()).slice(before), ["pair 1", "pair 2", "pair 3"])
  })
})
