/**
 * Calls that Vapi's or Retell's assistant has held: what was said comes to the humans, and their words reach the caller by text.
 * Retell sends each transcript twice, and the engine counts a double as waiting until its watchdog has looked: so these tests
 * wait for `afterDoubles`.
 */
import { afterAll, afterEach, assert, beforeAll, describe, it } from "vitest"
import { newCall, reports, textsTo } from "../support/hosted/Hosted.ts"
import { hostedRows, type HostedSite, startHostedSites } from "../support/hosted/world.ts"
import { eventually } from "../support/customers.ts"
import {
  afterDoubles,
  assertHandedOver,
  assertLines,
  chatNow,
  chatSaying,
  chatsSaying,
  deadLettersOf,
  entriesOf,
  humanDoes,
  saidIn,
  sessionWith,
  timesIn,
} from "../support/liveChats.ts"
import { eventuallyAsked, sessionState } from "../support/operator.ts"

let site: HostedSite

beforeAll(async () => {
  site = (await startHostedSites()).here
})
afterAll(() => site?.close())

describe.each(hostedRows)("%s", (name, numbers) => {
  const hosted = () => site.outside[name]
  const numberOf = (n: number) => `${numbers}0${n}`
  const texts = (number: string) => textsTo(hosted(), number)

  /** A caller has asked for a human, and the humans have it. */
  const toHuman = async (from: string | null, words: string) => {
    const call = newCall(from, words)
    await reports(site, hosted(), call)
    const chat = await chatSaying(site, words)
    await afterDoubles(site)
    return { chat, call, sessionId: String(chat.conversation.metadata?.["opencx_session_id"]) }
  }
  const arrived = (number: string, words: string, seconds = 30) =>
    eventually(`"${words}" as a text`, () => texts(number).find(({ body }) => body.includes(words)), seconds)

  afterEach(() => hosted().line.rest.faults.splice(0))

  it("keeps a call that needed nobody as it was said; no human is called, and nothing is said to the caller", async () => {
    const words = `opening hours of ${name}`
    await reports(site, hosted(), newCall(numberOf(1), words, { wantsHuman: false }))
    const sessionId = await eventuallyAsked("the session", () =>
      sessionWith(site, ({ text }) => text === words),
    )
    await sessionState(site, sessionId, "closed")
    await afterDoubles(site)
    const lines = await entriesOf(site, sessionId, "AssistantLine")
    assert.deepStrictEqual(
      lines.map(({ text }) => text),
      ["Larkspoke Cycles, good day.", "A colleague will call you back."],
    )
    assert.lengthOf(await entriesOf(site, sessionId, "AiAnswer"), 0)
    assert.lengthOf(chatsSaying(site, words), 0)
    assert.lengthOf(texts(numberOf(1)), 0)
    assert.lengthOf(await deadLettersOf(site, sessionId), 0)
  })

  it("hands a call over whole; the human's reply is texted from the line's number, and only the close brings the AI back", async () => {
    const { chat, sessionId } = await toHuman(numberOf(2), `invoice 4711 of ${name}`)
    const seen = await saidIn(site, chat, "Summary of")
    assertLines(
      { ...seen, messages: seen.messages.filter((m) => !/The call (has )?ended/.test(m.content.text ?? "")) },
      [
        { by: "system", words: "View session in OpenCX" },
        { by: "ai", words: "Larkspoke Cycles, good day." },
        { by: "customer", words: `invoice 4711 of ${name}` },
        { by: "ai", words: "A colleague will call you back." },
      ],
    )
    assert.strictEqual(timesIn(seen, "Summary of"), 1, "what the service made of the call, once")
    assertHandedOver(site, seen, { channel: "phone" })
    await sessionState(site, sessionId, "handing_off")

    humanDoes(site, chat, "note", "INTERNAL: pays late")
    humanDoes(site, chat, "reply", "Invoice 4711 is paid.")
    const { sid } = await arrived(numberOf(2), "Invoice 4711 is paid.")
    assert.strictEqual(await hosted().line.reportText(sid, "delivered"), 200)
    await afterDoubles(site)
    assert.lengthOf(texts(numberOf(2)), 1)
    assert.strictEqual(texts(numberOf(2))[0]?.from, hosted().number)
    await eventuallyAsked("the receipt", async () => {
      const receipts = await entriesOf(site, sessionId, "DeliveryUpdate")
      return receipts.some(({ status }) => status === "delivered")
    })
    assert.lengthOf(
      await deadLettersOf(site, sessionId),
      0,
      "nothing failed: our own sentences came too late",
    )
    assert.strictEqual(timesIn(chatNow(site, chat), "could not be delivered"), 0)

    humanDoes(site, chat, "solve")
    await afterDoubles(site)
    await sessionState(site, sessionId, "human")
    // Between solved and closed the caller calls again: a call of its own, which the service's assistant has held.
    const again = `thanks from ${name}`
    await reports(site, hosted(), newCall(numberOf(2), again, { wantsHuman: false }))
    await eventuallyAsked("the second call", () => sessionWith(site, ({ text }) => text === again))
    await afterDoubles(site)
    await sessionState(site, sessionId, "human")
    assert.strictEqual(timesIn(chatNow(site, chat), again), 0)
    humanDoes(site, chat, "close")
    await sessionState(site, sessionId, "ai")
    await afterDoubles(site)
    assert.lengthOf(texts(numberOf(2)), 1, "nothing is said to somebody who has hung up")
  })

  it("knows who calls again after the close: the same person, a chat of its own", async () => {
    const first = await toHuman(numberOf(3), `a bent rim of ${name}`)
    humanDoes(site, first.chat, "close")
    await sessionState(site, first.sessionId, "ai")
    const second = await toHuman(numberOf(3), `another rim of ${name}`)
    const [was, is] = [first.chat.conversation.metadata ?? {}, second.chat.conversation.metadata ?? {}]
    assert.notStrictEqual(second.chat.conversation.id, first.chat.conversation.id)
    assert.notStrictEqual(is["opencx_session_id"], was["opencx_session_id"])
    assert.strictEqual(is["opencx_contact_id"], was["opencx_contact_id"])
    assert.strictEqual(timesIn(second.chat, `a bent rim of ${name}`), 0)
  })

  it("tells the human what was refused, what a carrier lost, and what can reach nobody", async () => {
    const { chat, sessionId } = await toHuman(numberOf(4), `text me about ${name}`)
    humanDoes(site, chat, "reply", "Buy cheap forks now!")
    const { sid } = await arrived(numberOf(4), "cheap forks")
    await afterDoubles(site)
    assert.strictEqual(await hosted().line.reportText(sid, "undelivered", 30007), 200)
    await saidIn(site, chat, "the carrier filtered the text message")
    hosted().line.rest.faults.push({ kind: "refuse", status: 400, code: 21610 })
    humanDoes(site, chat, "reply", "Or cheap bells?")
    await saidIn(site, chat, "opted out of text messages")
    await afterDoubles(site)
    assert.lengthOf(texts(numberOf(4)), 1)
    assert.lengthOf(await deadLettersOf(site, sessionId), 1)

    const hidden = await toHuman(null, `I do not say who I am to ${name}`)
    const before = hosted().line.texts.length
    humanDoes(site, hidden.chat, "reply", "Who are you?")
    await saidIn(site, hidden.chat, "number is withheld")
    await afterDoubles(site)
    assert.strictEqual(hosted().line.texts.length, before)
  })

  it.each([
    ["busy (429 with Retry-After)", 5, [{ kind: "refuse", status: 429, code: 20429, retryAfter: 1 }]],
    [
      "down (503, twice)",
      6,
      [
        { kind: "refuse", status: 503 },
        { kind: "refuse", status: 503 },
      ],
    ],
    ["broken off after it took the text", 7, [{ kind: "reset-after" }]],
  ] as const)("with a line that is %s: the reply arrives once", async (_what, n, faults) => {
    const { chat, sessionId } = await toHuman(numberOf(n), `line fault ${n} of ${name}`)
    hosted().line.rest.faults.push(...faults)
    humanDoes(site, chat, "reply", "Over the fault.")
    await arrived(numberOf(n), "Over the fault.")
    await afterDoubles(site)
    assert.lengthOf(texts(numberOf(n)), 1)
    assert.lengthOf(await deadLettersOf(site, sessionId), 0)
    assert.strictEqual(timesIn(chatNow(site, chat), "could not be delivered"), 0)
  })

  it("brings a reply of 9,000 characters whole and in order", async () => {
    const { chat } = await toHuman(numberOf(8), `everything about ${name}`)
    const words = Array.from({ length: 1500 }, (_, n) => `w${String(n).padStart(4, "0")}`)
    for (const at of [0, 500, 1000]) humanDoes(site, chat, "reply", words.slice(at, at + 500).join(" "))
    await arrived(numberOf(8), "w1499", 60)
    await afterDoubles(site)
    const bodies = texts(numberOf(8)).map(({ body }) => body)
    assert.isTrue(bodies.every((body) => body.length <= 1600))
    assert.deepStrictEqual(
      bodies.flatMap((body) => body.match(/w\d{4}/g) ?? []),
      words,
    )
  })
})
