/** Two organizations on one runtime, with the same customers and the same ids outside: their chats never mix. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { hears, texter, timesHeard, told } from "../support/chatPeople.ts"
import { type ChatTenant, startChatTenants } from "../support/chatTenants.ts"
import {
  chatNow,
  chatSaying,
  chatsIn,
  entriesOf,
  hookOf,
  humanDoes,
  lastCall,
  saidIn,
} from "../support/liveChats.ts"
import { operatorOf, sessionState, settled } from "../support/operator.ts"

let north: ChatTenant
let south: ChatTenant

beforeAll(async () => {
  const [first, second] = await startChatTenants(["north", "south"])
  if (first === undefined || second === undefined) throw new Error("two organizations were wanted")
  north = first
  south = second
})
afterAll(() => north?.close())

const post = async (url: string, headers: Readonly<Record<string, string>>, body: string) => {
  const answer = await fetch(url, { method: "POST", headers, body })
  await answer.arrayBuffer()
  return answer.status
}

/** The same number writes to both; each has a chat. */
const both = async (number: string) => {
  const [n, s] = [texter(north, number), texter(south, number)]
  await n.writes(`I want to talk to a human about northern matter ${number}`)
  await s.writes(`I want to talk to a human about southern matter ${number}`)
  const find = (at: ChatTenant, words: string) => chatSaying(at, words)
  const [atNorth, atSouth] = [
    await find(north, `northern matter ${number}`),
    await find(south, `southern matter ${number}`),
  ]
  await hears(n, told)
  await hears(s, told)
  await settled(north)
  const sessionOf = (chat: typeof atNorth) => String(chat.conversation.metadata?.["opencx_session_id"])
  return { n, s, atNorth, atSouth, northern: sessionOf(atNorth), southern: sessionOf(atSouth) }
}

describe("the same customer at both", () => {
  it("has two contacts, two sessions and two chats; each human's words come from their own number", async () => {
    const { atNorth, atSouth, n, northern, s, southern } = await both("+14155551201")
    const metadata = [atNorth, atSouth].map(({ conversation }) => conversation.metadata ?? {})
    assert.deepStrictEqual(
      metadata.map((one) => one["opencx_org_id"]),
      ["north", "south"],
    )
    assert.notStrictEqual(metadata[0]?.["opencx_contact_id"], metadata[1]?.["opencx_contact_id"])
    humanDoes(north, atNorth, "reply", "From the north.")
    humanDoes(south, atSouth, "reply", "From the south.")
    await hears(n, "From the north.")
    await hears(s, "From the south.")
    await settled(north)
    assert.deepStrictEqual(
      [await timesHeard(n, "From the south."), await timesHeard(s, "From the north.")],
      [0, 0],
    )
    assert.notInclude(JSON.stringify(chatsIn(north)), "southern matter")
    assert.notInclude(JSON.stringify(chatsIn(south)), "northern matter")
    assert.notInclude(JSON.stringify(await operatorOf(north).session(northern)), "south")
    assert.notInclude(JSON.stringify(await operatorOf(south).session(southern)), "north")
    humanDoes(north, atNorth, "close")
    await sessionState(north, northern, "ai")
    await sessionState(south, southern, "human")
  })
})

describe("a webhook of the one", () => {
  it("of Zendesk Messaging is refused at the other's door, and ignored with the other's key", async () => {
    const { atNorth, n, northern, s } = await both("+14155551202")
    humanDoes(north, atNorth, "reply", "Only for the north.")
    await hears(n, "Only for the north.")
    await settled(north)
    const body = north.emulator.sunshine
      .deliveries()
      .find((one) => one.body.includes("Only for the north."))?.body
    const json = { "content-type": "application/json" }
    const before = { north: lastCall(north), south: lastCall(south) }
    const token = (hook: string) => hook.split("/").at(-1) ?? ""
    const mixed = token(north.messagingHook).replace(/^north\./, "south.")
    const statuses = {
      foreignToken: await post(
        south.messagingHook.replace(token(south.messagingHook), mixed),
        { ...json, "x-api-key": south.messagingKey },
        body ?? "",
      ),
      // Without a key in the settings the signed URL alone admits: then what counts is whose the events are.
      ownToken: await post(south.messagingHook, { ...json, "x-api-key": south.messagingKey }, body ?? ""),
    }
    assert.deepStrictEqual(statuses, { foreignToken: 401, ownToken: 200 })
    await settled(north)
    assert.strictEqual(await timesHeard(s, "Only for the north."), 0)
    assert.strictEqual(await timesHeard(n, "Only for the north."), 1)
    assert.lengthOf(await entriesOf(north, northern, "HumanReply"), 1)
    assert.deepStrictEqual({ north: lastCall(north), south: lastCall(south) }, before)
  })

  it("of Twilio is refused at the other's door", async () => {
    const { atNorth, atSouth } = await both("+14155551203")
    const url = hookOf(north, "sms account text")
    const text = { from: "+14155551203", to: "+14155550100", text: "whose am I", webhookUrl: url }
    const hook = north.realTime.providers.twilio.inboundHook(text)
    assert.strictEqual(await post(hookOf(south, "sms account text"), hook.headers, hook.body), 401)
    assert.strictEqual(await post(url.replace("/north.", "/south."), hook.headers, hook.body), 401)
    assert.strictEqual(await post(url, hook.headers, hook.body), 200)
    await saidIn(north, atNorth, "whose am I")
    await settled(north)
    assert.notInclude(JSON.stringify(chatNow(south, atSouth)), "whose am I")
  })
})

describe("the trouble of one", () => {
  it("does not hold up the other's live chats", async () => {
    const fault = north.emulator.addFault({ kind: "status503", match: { path: "^/sc/" } })
    const waiting = texter(north, "+14155551204")
    await waiting.writes("I want to talk to a human: stuck in the north")
    const quick = texter(south, "+14155551204")
    await quick.writes("I want to talk to a human: quick in the south")
    await chatSaying(south, "quick in the south", true, 10)
    await hears(quick, told, 10)
    north.emulator.removeFault(fault)
    await settled(north)
  })
})
