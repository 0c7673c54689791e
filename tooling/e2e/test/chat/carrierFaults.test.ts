/** What goes wrong between us and the providers of text messages: everything has one effect, in order, or the human knows. */
import { afterAll, afterEach, assert, beforeAll, describe, it } from "vitest"
import { post, sentTo, urlAt, whileReporting, writerBy } from "../support/carriers/Carrier.ts"
import {
  type CarrierName,
  carrierRows,
  type CarrierSite,
  startCarrierSites,
} from "../support/carriers/world.ts"
import { hears, question, timesHeard, told } from "../support/chatPeople.ts"
import { eventually } from "../support/customers.ts"
import { handedToHuman } from "../support/handover.ts"
import { whileUnwritable } from "../support/journal.ts"
import {
  afterDoubles,
  assertLines,
  chatNow,
  chatSaying,
  chatsSaying,
  deadLettersOf,
  entriesOf,
  humanDoes,
  replay,
  saidIn,
  timesIn,
  wordsOf,
} from "../support/liveChats.ts"
import { eventuallyAsked, settled } from "../support/operator.ts"

let site: CarrierSite

beforeAll(async () => {
  site = (await startCarrierSites({ confirmMs: 700, lookMs: 100 })).here
})
afterAll(() => site?.close())
afterEach(() => site.emulator.clearFaults())

/** A carrier of the site, and its customers. */
const standAt = (name: CarrierName, numbers: string) => {
  const carrier = () => site.outside[name]
  const customer = (n: number) => writerBy(site, carrier(), `${numbers}${3000 + n}`)
  return {
    carrier,
    customer,
    toHuman: (n: number, words: string) => handedToHuman(site, customer(n), words),
    hookOf: (from: string, text: string) => carrier().inbound(urlAt(site, carrier()), { from, text }),
    timesSent: (number: string, words: string) =>
      sentTo(carrier(), number).filter(({ text }) => text === words).length,
  }
}

describe.each(carrierRows)("%s", (name, numbers) => {
  const { carrier, customer, hookOf, timesSent, toHuman } = standAt(name, numbers)

  afterEach(() => carrier().faults.clear())

  it("sends a burst of five: to the AI all are seen in order, to the human they arrive in order", async () => {
    const person = customer(2)
    const words = [
      question,
      "How long does standard shipping take?",
      "Can I return a helmet that does not fit?",
      "Which payment methods do you accept?",
      `I want to talk to a human about burst order ${name}`,
    ]
    for (const one of words) await person.writes(one)
    const chat = await chatSaying(site, `burst order ${name}`)
    await hears(person, told)
    await settled(site)
    const sessionId = String(chat.conversation.metadata?.["opencx_session_id"])
    const said = await entriesOf(site, sessionId, "CustomerMessage")
    assert.deepStrictEqual(
      said.map(({ text }) => text),
      words,
    )
    const heard = await person.heard()
    assert.isAtMost(heard.length, 5, heard.join("\n"))
    assert.strictEqual(new Set(heard).size, heard.length, heard.join("\n"))

    const more = [1, 2, 3, 4, 5].map((n) => `burst ${n} by ${name}`)
    for (const one of more) await person.writes(one)
    await saidIn(site, chat, `burst 5 by ${name}`)
    await settled(site)
    assert.deepStrictEqual(chatNow(site, chat).messages.slice(-5).map(wordsOf), more)
  })

  it("gets a 503 while the journal cannot be written, and what comes again has one effect", async () => {
    const { chat, person } = await toHuman(3, `the journal by ${name}`)
    const hook = hookOf(person.id, "during the outage")
    assert.strictEqual(await whileUnwritable(site, () => post(hook)), 503)
    await eventuallyAsked("the message to be taken", async () => (await post(hook)) === 200)
    await saidIn(site, chat, "during the outage")
    await afterDoubles(site)
    assert.strictEqual(timesIn(chatNow(site, chat), "during the outage"), 1)
  })

  it("hands over once, although Zendesk's second step fails twice and its third gets stuck", async () => {
    const person = customer(4)
    const step = { method: "POST", path: "/messages$" }
    site.emulator.addFault({ kind: "status503", times: 2, match: step })
    site.emulator.addFault({ kind: "resetAfterCommit", times: 1, match: step })
    const pass = { method: "POST", path: "/passControl$" }
    // The first pass is our own, before anything is written.
    site.emulator.addFault({ kind: "stuckControl", times: 1, afterN: 1, match: pass })
    await person.writes(`I want to talk to a human: steps of ${name}`)
    const chat = await chatSaying(site, `steps of ${name}`)
    await hears(person, told)
    await settled(site)
    assertLines(chatNow(site, chat), [
      { by: "system", words: "View session in OpenCX" },
      { by: "customer", words: `steps of ${name}` },
    ])
    assert.lengthOf(chatsSaying(site, `steps of ${name}`), 1)
    assert.strictEqual(await timesHeard(person, told), 1)
  })

  it.each([
    ["busy (429 with Retry-After)", 5, [{ kind: "refuse", status: 429, retryAfter: 1 }]],
    [
      "down (503, twice)",
      6,
      [
        { kind: "refuse", status: 503 },
        { kind: "refuse", status: 503 },
      ],
    ],
  ] as const)("is %s: the reply arrives once", async (_what, n, faults) => {
    const { chat, person, sessionId } = await toHuman(n, `${name} fault ${n}`)
    const before = carrier().asked()
    const began = performance.now()
    carrier().faults.next("create", ...faults)
    humanDoes(site, chat, "reply", "Over the fault.")
    await hears(person, "Over the fault.")
    await settled(site)
    assert.strictEqual(timesSent(person.id, "Over the fault."), 1)
    assert.strictEqual(carrier().asked(), before + faults.length + 1)
    if ("retryAfter" in faults[0]) assert.isAtLeast(performance.now() - began, 1000)
    assert.lengthOf(await deadLettersOf(site, sessionId), 0)
    assert.strictEqual(timesIn(chatNow(site, chat), "could not be delivered"), 0)
  })

  it.each([
    ["breaks off", 7, { kind: "resetAfter" }],
    ["answers what nobody can read", 8, { kind: "garbage", body: "<html>" }],
  ] as const)(
    "%s after it has taken a reply: sent once, found by list or report",
    async (_what, n, fault) => {
      const { chat, person, sessionId } = await toHuman(n, `${name} fault ${n}`)
      const before = carrier().asked()
      carrier().faults.next("create", fault)
      const replied = async () => {
        humanDoes(site, chat, "reply", "After the break.")
        await hears(person, "After the break.")
        await settled(site)
      }
      await (carrier().lists ? replied() : whileReporting(carrier(), person.id, replied))
      assert.strictEqual(timesSent(person.id, "After the break."), 1)
      assert.strictEqual(carrier().asked(), before + 1)
      assert.lengthOf(await deadLettersOf(site, sessionId), 0)
      assert.strictEqual(timesIn(chatNow(site, chat), "not known"), 0)
    },
  )

  it("is down for good: the human reads it, and the operator's replay sends it once", async () => {
    const { chat, person, sessionId } = await toHuman(11, `${name} down for good`)
    const before = carrier().asked()
    const down = Array.from({ length: 6 }, () => ({ kind: "refuse", status: 503 }) as const)
    carrier().faults.next("create", ...down)
    humanDoes(site, chat, "reply", "Out of the dead letters.")
    await saidIn(site, chat, "could not be delivered to the customer")
    const [letter] = await deadLettersOf(site, sessionId)
    assert.strictEqual(letter?.kind, "Deliver")
    assert.strictEqual(carrier().asked(), before + 6)
    await replay(site, letter?.id ?? "")
    await hears(person, "Out of the dead letters.")
    await settled(site)
    assert.strictEqual(timesSent(person.id, "Out of the dead letters."), 1)
    assert.lengthOf(await deadLettersOf(site, sessionId), 0)
  })

  it("breaks off in the middle of a long reply: every part once, in order", async () => {
    const { chat, person } = await toHuman(12, `${name} a long reply`)
    const words = Array.from({ length: 600 }, (_, n) => `w${String(n).padStart(4, "0")}`)
    const before = (await person.heard()).length
    carrier().faults.next("create", { kind: "none" }, { kind: "resetAfter" }, { kind: "refuse", status: 503 })
    await whileReporting(carrier(), person.id, async () => {
      humanDoes(site, chat, "reply", words.join(" "))
      await hears(person, "w0599")
      await settled(site)
    })
    const heard = (await person.heard()).slice(before).flatMap((text) => text.match(/w\d{4}/g) ?? [])
    assert.deepStrictEqual(heard, words)
  })
})

describe("a connection that breaks, and no word after it", () => {
  const stand = async ([name, numbers]: (typeof carrierRows)[number]) => {
    const { carrier, timesSent, toHuman } = standAt(name, numbers)
    const [before, after] = [await toHuman(9, `${name} before`), await toHuman(10, `${name} after`)]
    return { name, carrier, timesSent, before, after }
  }

  const breakAt = async ({ after, before, carrier }: Awaited<ReturnType<typeof stand>>) => {
    const asked = carrier().asked()
    carrier().faults.next("create", { kind: "resetBefore" }, { kind: "resetAfter" })
    humanDoes(site, before.chat, "reply", "Break before.")
    await eventually("the first request", () => carrier().asked() > asked)
    humanDoes(site, after.chat, "reply", "Break after.")
    for (const { chat, person } of [before, after])
      await eventuallyAsked("the reply, or word of it", async () => {
        return (await timesHeard(person, "Break ")) > 0 || timesIn(chatNow(site, chat), "not known") > 0
      })
  }

  it("is looked up where a provider lists messages; elsewhere nothing is sent again by itself, and the human knows", async () => {
    const stands: Array<Awaited<ReturnType<typeof stand>>> = []
    for (const row of carrierRows) stands.push(await stand(row))
    // All wait at once: a lost answer is waited for seconds.
    await Promise.all(stands.map(breakAt))
    await settled(site)
    for (const { after, before, carrier, name, timesSent } of stands) {
      const seen = {
        sent: [timesSent(before.person.id, "Break before."), timesSent(after.person.id, "Break after.")],
        told: [before, after].map(({ chat }) =>
          timesIn(chatNow(site, chat), "not known whether the message"),
        ),
        letters: (await deadLettersOf(site, after.sessionId)).length,
      }
      const wanted = carrier().lists
        ? { sent: [1, 1], told: [0, 0], letters: 0 }
        : { sent: [0, 1], told: [1, 1], letters: 1 }
      assert.deepStrictEqual(seen, wanted, name)
    }
  })
})

// Last: the engine counts a double as waiting until its watchdog has looked, so that whoever waits for rest waits for it.
describe.each(carrierRows)("%s sends twice, in sequence and at once", (name, numbers) => {
  const { carrier, customer, hookOf } = standAt(name, numbers)

  it("a message or a report: one effect, with the AI and with the human", async () => {
    const dana = customer(1)
    await dana.writes("How long does standard shipping take?")
    await hears(dana, "working days")
    const first = hookOf(dana.id, question)
    assert.deepStrictEqual(await Promise.all([post(first), post(first), post(first)]), [200, 200, 200])
    await hears(dana, "password")
    assert.strictEqual(await post(first), 200)
    await dana.writes(`I want to talk to a human, please: ${name} twice`)
    const chat = await chatSaying(site, `${name} twice`)
    await hears(dana, told)
    const second = hookOf(dana.id, "once more")
    assert.deepStrictEqual(await Promise.all([post(second), post(second)]), [200, 200])
    await saidIn(site, chat, "once more")
    assert.strictEqual(await post(second), 200)

    humanDoes(site, chat, "reply", "Buy cheap pedals now!")
    await hears(dana, "cheap pedals")
    const lost = carrier().lost(sentTo(carrier(), dana.id).at(-1)?.id ?? "")
    assert.deepStrictEqual(await Promise.all([post(lost), post(lost)]), [200, 200])
    await saidIn(site, chat, carrier().lostWords)
    assert.strictEqual(await post(lost), 200)
    await afterDoubles(site)
    assert.strictEqual(timesIn(chatNow(site, chat), "once more"), 1)
    assert.strictEqual(timesIn(chatNow(site, chat), question), 1)
    assert.strictEqual(timesIn(chatNow(site, chat), carrier().lostWords), 1)
    assert.strictEqual(await timesHeard(dana, "password"), 1)
    assert.strictEqual(await timesHeard(dana, "cheap pedals"), 1)
  })
})
