/** Sunshine limits, fails, and breaks off after it has committed: one chat, one ticket, every line once, nothing lost. */
import { afterAll, afterEach, assert, beforeAll, describe, it } from "vitest"
import type { Fault } from "@opencx/zendesk-emulator"
import { hears, nativeWriter, question, texter, timesHeard, told } from "../support/chatPeople.ts"
import {
  assertHandedOver,
  assertLines,
  chatNow,
  chatSaying,
  chatsSaying,
  deadLettersOf,
  entriesOf,
  humanDoes,
  humans,
  lastCall,
  replay,
  saidIn,
  sessionWith,
  sunshineCalls,
  timesIn,
} from "../support/liveChats.ts"
import { eventually } from "../support/customers.ts"
import { eventuallyAsked, sessionState, settled } from "../support/operator.ts"
import { type ChatSite, startSite } from "../support/world.ts"

let site: ChatSite

beforeAll(async () => {
  site = await startSite({ retry: { tries: 8, maxMs: 400, confirmMs: 700, lookMs: 100 } })
})
afterAll(() => site.close())
afterEach(() => site.emulator.clearFaults())

const places = {
  users: { method: "POST", path: "/users$" },
  conversations: { method: "POST", path: "/conversations$" },
  messages: { method: "POST", path: "/messages$" },
  passControl: { method: "POST", path: "/passControl$" },
  offerControl: { method: "POST", path: "/offerControl$" },
} as const
type Place = keyof typeof places

let numbers = 0
const nextNumber = () => `+1415555${String(8000 + (numbers += 1))}`

const messagingUsersOf = (externalId: string | undefined): number => {
  const users: unknown = site.emulator.state(["messagingUsers"])["messagingUsers"]
  const all: ReadonlyArray<{ readonly externalId?: string }> = Array.isArray(users) ? users : []
  return all.filter((user) => user.externalId === externalId).length
}

const ticketCount = () => site.emulator.counts().tickets

/** A question, an answer, and then a handoff during which `faults` are armed. */
const handOverThrough = async (faults: ReadonlyArray<Fault>, words: string) => {
  const person = texter(site, nextNumber())
  await person.writes(question)
  await hears(person, "password")
  await settled(site)
  const before = { tickets: ticketCount(), call: lastCall(site) }
  for (const fault of faults) site.emulator.addFault(fault)
  await person.writes(`I want to talk to a human: ${words}`)
  const chat = await chatSaying(site, words)
  await hears(person, told)
  await settled(site)
  return { person, chat, before }
}

/** The handoff as it must be after any fault. */
const assertOnce = async (
  { before, chat, person }: Awaited<ReturnType<typeof handOverThrough>>,
  words: string,
) => {
  const now = chatNow(site, chat)
  assertLines(now, [
    { by: "system", words: "View session in OpenCX" },
    { by: "customer", words: question },
    { by: "ai", words: "password" },
    { by: "customer", words },
  ])
  const sessionId = assertHandedOver(site, now, { channel: "sms" })
  assert.lengthOf(chatsSaying(site, words), 1)
  assert.strictEqual(ticketCount(), before.tickets + 1)
  assert.strictEqual(messagingUsersOf(now.user?.externalId), 1)
  assert.strictEqual(await timesHeard(person, told), 1)
  assert.lengthOf(await deadLettersOf(site, sessionId), 0)
  assert.lengthOf(await entriesOf(site, sessionId, "HandoffConfirmed"), 1)
  return sessionId
}

describe("during a handoff", () => {
  const kinds = ["status429json", "status503", "resetBeforeCommit", "resetAfterCommit"] as const
  const rows = kinds.flatMap((kind) => Object.keys(places).map((place) => [kind, place as Place] as const))

  it.each(rows)("%s on %s, up to twice: one chat, whole and in order", async (kind, place) => {
    const words = `row ${kind} ${place}`
    const done = await handOverThrough([{ kind, times: 2, match: places[place] }], words)
    const struck = sunshineCalls(site, done.before.call).filter(({ fault }) => fault === kind)
    // What was committed is found and not done again.
    assert.isAtLeast(struck.length, 1)
    await assertOnce(done, words)
  })

  it("an offer of control that fails is made again, so that the human's answer is heard of at once", async () => {
    const words = "the offer fails"
    const done = await handOverThrough([{ kind: "status503", times: 2, match: places.offerControl }], words)
    const { chat, person } = done
    await eventually("the offer", () => chatNow(site, chat).control.pending === "opencx")
    const offers = sunshineCalls(site, done.before.call).filter(({ short }) =>
      short.endsWith("/offerControl"),
    )
    assert.lengthOf(offers, 3)
    // Nobody looks at chats within ten minutes here: only Zendesk's webhook can bring it.
    humanDoes(site, chat, "reply", "Robin hears you.")
    await hears(person, "Robin hears you.")
    const sessionId = assertHandedOver(site, chatNow(site, chat), { channel: "sms" })
    assert.lengthOf(await deadLettersOf(site, sessionId), 0)
  })

  it("a connection that breaks after every single write: one chat, whole and in order", async () => {
    const faults = Object.values(places).map((match): Fault => ({
      kind: "resetAfterCommit",
      times: 1,
      match,
    }))
    await assertOnce(await handOverThrough(faults, "everything breaks once"), "everything breaks once")
  })
})

describe("control that does not come", () => {
  // The first pass of each handoff is our own, before anything is written.
  const stuck = (times: number): Fault => ({
    kind: "stuckControl",
    times,
    afterN: 1,
    match: places.passControl,
  })

  it("once, or refused once by a failure event: passed again, one ticket, told once", async () => {
    await assertOnce(await handOverThrough([stuck(1)], "stuck once"), "stuck once")
    const failing: Fault = {
      kind: "failControl",
      times: 1,
      afterN: 1,
      match: places.passControl,
      error: { code: "switchboard_invalid_target", message: "Switchboard invalid target" },
    }
    site.emulator.clearFaults()
    await assertOnce(await handOverThrough([failing], "refused once"), "refused once")
  })

  it("at all: three tries, an apology, a dead letter; the AI goes on, and a replay hands over the same chat", async () => {
    const person = texter(site, nextNumber())
    site.emulator.addFault({ kind: "stuckControl", afterN: 1, match: places.passControl })
    const since = lastCall(site)
    await person.writes("I want to talk to a human: stuck for good")
    await hears(person, "that did not work just now")
    await settled(site)
    const passes = sunshineCalls(site, since).filter(({ body, short }) => {
      return short.endsWith("/passControl") && JSON.stringify(body).includes(humans)
    })
    assert.lengthOf(passes, 3)
    assert.strictEqual(await timesHeard(person, told), 0, "nobody promises a colleague")
    const sessionId = await sessionWith(site, ({ text }) => String(text).includes("stuck for good"))
    await sessionState(site, sessionId, "ai")
    const [letter] = await deadLettersOf(site, sessionId ?? "")
    assert.strictEqual(letter?.kind, "OpenChat")
    assert.match(letter?.why ?? "", /did not give the chat to the agents/)
    await person.writes(question)
    await hears(person, "password")

    site.emulator.clearFaults()
    await replay(site, letter?.id ?? "")
    const chat = await chatSaying(site, "stuck for good")
    await hears(person, told, 10)
    await settled(site)
    assert.strictEqual(timesIn(chatNow(site, chat), "stuck for good"), 1)
    assert.lengthOf(chatsSaying(site, "stuck for good"), 1)
    assert.strictEqual(await timesHeard(person, told), 1)
    assert.lengthOf(await deadLettersOf(site, sessionId ?? ""), 0)
    humanDoes(site, chat, "reply", "Out of the dead letters.")
    await hears(person, "Out of the dead letters.")
  })
})

describe("while the humans have the chat", () => {
  it.each(["status429json", "status503", "resetBeforeCommit", "resetAfterCommit"] as const)(
    "%s on the customer's words: each of them once, in order",
    async (kind) => {
      const { chat, person } = await handOverThrough([], `forward over ${kind}`)
      site.emulator.addFault({ kind, times: 2, match: places.messages })
      for (const n of [1, 2, 3]) await person.writes(`${kind} word ${n}`)
      await saidIn(site, chat, `${kind} word 3`)
      await settled(site)
      const words = chatNow(site, chat)
        .messages.flatMap(({ content }) => content.text ?? [])
        .filter((text) => text.startsWith(`${kind} word`))
      assert.deepStrictEqual(
        words,
        [1, 2, 3].map((n) => `${kind} word ${n}`),
      )
    },
  )

  it("resetAfterCommit on an answer of the AI's by Messenger: the customer gets it once", async () => {
    const sam = nativeWriter(site, "messenger", "psid-8801")
    site.emulator.addFault({ kind: "resetAfterCommit", times: 1, match: places.messages })
    await sam.writes(question)
    await hears(sam, "password")
    await settled(site)
    assert.lengthOf(await sam.heard(), 1)
  })
})

describe("503 for 20 seconds", () => {
  it("everything finishes: handoffs, the customers' words and the humans', each once", async () => {
    const patient = await startSite({ retry: { tries: 8, baseMs: 1000, maxMs: 240_000, withinMs: 900_000 } })
    try {
      const talker = texter(patient, "+14155558901")
      await talker.writes("I want to talk to a human: before the outage")
      const chat = await chatSaying(patient, "before the outage")
      await hears(talker, told)
      await settled(patient)
      const fault = patient.emulator.addFault({ kind: "status503", match: { path: "^/sc/" } })
      const people = ["+14155558902", "+14155558903", "+14155558904"].map((number) => texter(patient, number))
      for (const [n, person] of people.entries())
        await person.writes(`I want to talk to a human: outage ${n}`)
      await talker.writes("first word in the outage")
      await talker.writes("second word in the outage")
      humanDoes(patient, chat, "reply", "A reply in the outage.")
      await hears(talker, "A reply in the outage.")
      await new Promise((resolve) => setTimeout(resolve, 20_000))
      for (const person of people) assert.strictEqual(await timesHeard(person, told), 0)
      patient.emulator.removeFault(fault)
      for (const [n, person] of people.entries()) {
        await chatSaying(patient, `outage ${n}`, true, 60)
        await hears(person, told, 60)
      }
      await saidIn(patient, chat, "second word in the outage", 60)
      await settled(patient)
      const now = chatNow(patient, chat)
      assert.deepStrictEqual(
        ["first word in the outage", "second word in the outage"].map((words) => timesIn(now, words)),
        [1, 1],
      )
      for (const [n, person] of people.entries()) {
        assert.lengthOf(chatsSaying(patient, `outage ${n}`), 1)
        assert.strictEqual(await timesHeard(person, told), 1)
      }
      await eventuallyAsked("no dead letters", async () => {
        const session = String(chat.conversation.metadata?.["opencx_session_id"])
        return (await deadLettersOf(patient, session)).length === 0
      })
    } finally {
      await patient.close()
    }
  }, 180_000)
})
