/** Meta is busy, down, or breaks off after it has taken a message: the customer gets it once, or the human knows. */
import { afterAll, afterEach, assert, beforeAll, describe, it } from "vitest"
import { hears, type Person, whatsapper } from "../support/chatPeople.ts"
import { handedToHuman } from "../support/handover.ts"
import {
  chatNow,
  deadLettersOf,
  hookOf,
  humanDoes,
  type LiveChat,
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
  meta().faults.clear()
})

const meta = () => site.realTime.providers.meta

const toHuman = async (person: Person, words: string): Promise<LiveChat> =>
  (await handedToHuman(site, person, words)).chat
const sessionOf = (chat: LiveChat) => String(chat.conversation.metadata?.["opencx_session_id"])

const atMeta = (person: Person, text: string) =>
  meta()
    .sent()
    .filter((message) => message.text === text && customerId(person) === message.customerId).length
const customerId = (person: Person) =>
  meta()
    .customers()
    .find(({ phone }) => phone === person.id.slice(1))?.id

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
    assert.strictEqual(letter?.kind, "Deliver")
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
