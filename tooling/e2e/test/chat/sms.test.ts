/** Text messages as the demonstration has them: what a handoff costs in calls, and the reports of what arrived. The rest of the story is in `carriers.test.ts`. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { answer, hears, question, texter, told } from "../support/chatPeople.ts"
import {
  assertHandedOver,
  assertLines,
  chatNow,
  chatSaying,
  entriesOf,
  humanDoes,
  lastCall,
  saidIn,
  sunshineCalls,
} from "../support/liveChats.ts"
import { eventuallyAsked, sessionState, settled } from "../support/operator.ts"
import { type ChatSite, startSite } from "../support/world.ts"

let site: ChatSite

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

const twilio = () => site.realTime.providers.twilio
/** Twilio's messages to a number, oldest first. */
const sentTo = (number: string) =>
  twilio()
    .sent()
    .filter(({ to }) => to === number)

describe("an answer and a handoff", () => {
  it("carry the whole conversation over, and the human's words back on the same number", async () => {
    const dana = texter(site, "+14155552001")
    await dana.writes(question)
    await hears(dana, answer)
    await settled(site)
    assert.lengthOf(sentTo(dana.id), 1)
    const since = lastCall(site)
    await dana.writes("I want to talk to a human, please")
    const chat = await chatSaying(site, "I want to talk to a human, please")
    await hears(dana, told)
    await settled(site)

    assertLines(chatNow(site, chat), [
      { by: "system", words: "View session in OpenCX" },
      { by: "customer", words: question },
      { by: "ai", words: answer },
      { by: "customer", words: "I want to talk to a human, please" },
    ])
    const sessionId = assertHandedOver(site, chatNow(site, chat), {
      channel: "sms",
      tags: ["opencx_language_en"],
    })
    await sessionState(site, sessionId, "handing_off")

    // Six calls, and one for each of the four messages; looking whether Support knows the customer comes on top.
    const calls = sunshineCalls(site, since)
    const opening = calls.slice(0, calls.findIndex(({ short }) => short.endsWith("/offerControl")) + 1)
    assert.isAtMost(opening.length, 6 + 4, opening.map(({ short }) => short).join("\n"))
    const others = site.emulator.calls(since).filter(({ path }) => !path.includes("/help_center/"))
    assert.isAtMost(others.length - opening.length, 3)

    humanDoes(site, chat, "note", "INTERNAL: a regular customer")
    humanDoes(site, chat, "reply", "Hello Dana, this is Robin.")
    assert.strictEqual(await hears(dana, "this is Robin"), "Hello Dana, this is Robin.")
    await settled(site)
    await sessionState(site, sessionId, "human")
    const onPhone = sentTo(dana.id)
    assert.lengthOf(onPhone, 3)
    assert.isTrue(onPhone.every(({ from }) => from === "+14155550100"))
    assert.isFalse(JSON.stringify(onPhone).includes("INTERNAL"))

    await dana.writes("Thank you, Robin!")
    await saidIn(site, chat, "Thank you, Robin!")
    await settled(site)
    assertLines(chatNow(site, chat), [
      { by: "system", words: "View session in OpenCX" },
      { by: "customer", words: question },
      { by: "ai", words: answer },
      { by: "customer", words: "I want to talk to a human, please" },
      { by: "human", words: "this is Robin" },
      { by: "customer", words: "Thank you, Robin!" },
    ])
    assert.lengthOf(sentTo(dana.id), 3)
    await eventuallyAsked("three messages reported as delivered", async () => {
      const receipts = await entriesOf(site, sessionId, "DeliveryUpdate")
      return receipts.filter(({ status }) => status === "delivered").length === 3
    })
  })
})
