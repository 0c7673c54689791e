/** Webhooks of Vapi and Retell that come twice, at once, in bursts, in trouble, or from strangers. */
import { afterAll, afterEach, assert, beforeAll, describe, it } from "vitest"
import { post, without } from "../support/carriers/Carrier.ts"
import { newCall, phoneUrlAt, reports } from "../support/hosted/Hosted.ts"
import { type HostedName, hostedRows, type HostedSite, startHostedSites } from "../support/hosted/world.ts"
import { whileUnwritable } from "../support/journal.ts"
import {
  afterDoubles,
  chatNow,
  chatSaying,
  chatsSaying,
  deadLettersOf,
  entriesOf,
  saidIn,
  sessionWith,
  spoiled,
  timesIn,
} from "../support/liveChats.ts"
import { eventuallyAsked, operatorOf } from "../support/operator.ts"

let here: HostedSite
let there: HostedSite

beforeAll(async () => {
  const sites = await startHostedSites({ confirmMs: 700, lookMs: 100 })
  here = sites.here
  there = sites.there
})
afterAll(() => here?.close())
afterEach(() => here.emulator.clearFaults())

const standAt = (name: HostedName) => {
  const hosted = () => here.outside[name]
  return { hosted, url: () => phoneUrlAt(here, hosted()) }
}

describe.each(hostedRows)("%s", (name, numbers) => {
  const { hosted, url } = standAt(name)
  const numberOf = (n: number) => `${numbers}1${n}`
  const sessionCount = async () => (await operatorOf(here).sessions()).length

  it("forged, altered, old, of another account, or at another door: refused, no session", async () => {
    const before = await sessionCount()
    const words = `I am ${name}`
    const call = newCall(numberOf(1), words)
    const neighbour = there.outside[name]
    const hooks = hosted().hooks(url(), call)
    for (const hook of hooks) {
      const rows = {
        "an hour old": await post(hosted().sign(url(), hook.body, Date.now() - 3_600_000)),
        unsigned: await post(without(hook, hosted().proof)),
        altered: await post({
          ...hook,
          body: hook.body.replace(words, `I was ${name}`).replace("call", "cell"),
        }),
        "with a spoiled token": await post({ ...hook, url: spoiled(url()) }),
        "at another channel's door": await post({ ...hook, url: url().replace("/phone/", "/sms/") }),
        "at the neighbour's door": await post({ ...hook, url: phoneUrlAt(there, neighbour) }),
        "with the neighbour's name in our token": await post({
          ...hook,
          url: url().replace("/here.", "/there."),
        }),
      }
      assert.deepStrictEqual([...new Set(Object.values(rows))], [401], JSON.stringify(rows))
    }
    for (const hook of neighbour.hooks(url(), call)) assert.strictEqual(await post(hook), 401)
    await afterDoubles(here)
    assert.strictEqual(await sessionCount(), before)
  })

  it("five calls of one person in a burst: each of them whole, and the humans have five chats", async () => {
    const all = [1, 2, 3, 4, 5].map((n) => newCall(numberOf(2), `burst ${n} of ${name}`))
    await Promise.all(all.map((call) => reports(here, hosted(), call)))
    for (const [n] of all.entries()) await chatSaying(here, `burst ${n + 1} of ${name}`)
    await afterDoubles(here)
    for (const [n] of all.entries()) {
      const [chat, ...more] = chatsSaying(here, `burst ${n + 1} of ${name}`)
      assert.lengthOf(more, 0)
      const sessionId = String(chat?.conversation.metadata?.["opencx_session_id"])
      assert.lengthOf(await entriesOf(here, sessionId, "AssistantLine"), 2)
      assert.lengthOf(await deadLettersOf(here, sessionId), 0)
    }
  })

  it("while the journal cannot be written: 503, and what comes again has one effect", async () => {
    const words = `during the outage of ${name}`
    // What tells nothing worth keeping (a call began) is not journaled.
    const hooks = hosted()
      .hooks(url(), newCall(numberOf(3), words))
      .filter(({ body }) => body.includes(words))
    const during = await whileUnwritable(here, () => Promise.all(hooks.map((hook) => post(hook))))
    assert.deepStrictEqual([...new Set(during)], [503])
    await eventuallyAsked("the report to be taken", async () => {
      const again = await Promise.all(hooks.map((hook) => post(hook)))
      return again.every((status) => status === 200)
    })
    const chat = await chatSaying(here, words)
    await afterDoubles(here)
    assert.strictEqual(timesIn(chatNow(here, chat), words), 1)
    assert.lengthOf(chatsSaying(here, words), 1)
  })

  it("hands over once, although Zendesk's second step fails twice and its third gets stuck", async () => {
    const step = { method: "POST", path: "/messages$" }
    here.emulator.addFault({ kind: "status503", times: 2, match: step })
    here.emulator.addFault({ kind: "resetAfterCommit", times: 1, match: step })
    const pass = { method: "POST", path: "/passControl$" }
    here.emulator.addFault({ kind: "stuckControl", times: 1, afterN: 1, match: pass })
    await reports(here, hosted(), newCall(numberOf(4), `steps of ${name}`))
    const chat = await chatSaying(here, `steps of ${name}`)
    await saidIn(here, chat, "Summary of")
    await afterDoubles(here)
    const now = chatNow(here, chat)
    for (const words of [`steps of ${name}`, "Larkspoke Cycles, good day.", "Summary of"])
      assert.strictEqual(timesIn(now, words), 1, words)
    assert.lengthOf(chatsSaying(here, `steps of ${name}`), 1)
  })

  it("reports that cannot be read are refused in words, and unknown ones are taken", async () => {
    const before = await sessionCount()
    assert.strictEqual(await post(hosted().sign(url(), "not json")), 400)
    assert.strictEqual(await post(hosted().sign(url(), hosted().unknown)), 200)
    await afterDoubles(here)
    assert.strictEqual(await sessionCount(), before)
  })
})

describe.each(hostedRows)("%s sends twice, in sequence and at once", (name, numbers) => {
  const { hosted, url } = standAt(name)

  it("a report: one session, one chat, every line once", async () => {
    const words = `twice from ${name}`
    const hooks = hosted().hooks(url(), newCall(`${numbers}19`, words))
    const every = [...hooks, ...hooks, ...hooks]
    assert.deepStrictEqual([...new Set(await Promise.all(every.map(post)))], [200])
    const chat = await chatSaying(here, words)
    await saidIn(here, chat, "Summary of")
    for (const hook of hooks) assert.strictEqual(await post(hook), 200)
    await afterDoubles(here)
    const now = chatNow(here, chat)
    for (const line of [
      words,
      "Larkspoke Cycles, good day.",
      "A colleague will call you back.",
      "Summary of",
    ])
      assert.strictEqual(timesIn(now, line), 1, line)
    assert.lengthOf(chatsSaying(here, words), 1)
    const sessionId = await sessionWith(here, ({ text }) => text === words)
    assert.strictEqual(now.conversation.metadata?.["opencx_session_id"], sessionId)
  })
})
