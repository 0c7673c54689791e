/** Webhooks that no provider sent to us: forged, altered, another account's, another organization's. None has an effect. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { post, sentTo, urlAt, without, writerBy } from "../support/carriers/Carrier.ts"
import { carrierRows, type CarrierSite, startCarrierSites } from "../support/carriers/world.ts"
import { hears } from "../support/chatPeople.ts"
import { eventually } from "../support/customers.ts"
import { handedToHuman } from "../support/handover.ts"
import { chatNow, chatsIn, humanDoes, saidIn, spoiled, timesIn } from "../support/liveChats.ts"
import { operatorOf, settled } from "../support/operator.ts"

let here: CarrierSite
let there: CarrierSite

beforeAll(async () => {
  const sites = await startCarrierSites()
  here = sites.here
  there = sites.there
})
afterAll(() => here?.close())

const sessionCount = async () => (await operatorOf(here).sessions()).length

describe.each(carrierRows)("%s", (name, numbers) => {
  const carrier = () => here.outside[name]
  const neighbour = () => there.outside[name]
  const number = (n: number) => `${numbers}${4000 + n}`

  it("a message that is forged, altered, signed by another account, or brought to another door: refused, no session", async () => {
    const before = await sessionCount()
    const url = urlAt(here, carrier())
    const text = { from: number(1), text: "I want to talk to a human" }
    const hook = carrier().inbound(url, text)
    const others = carrier().channel === "sms" ? "whatsapp" : "sms"
    const rows = {
      altered: await post({ ...hook, body: hook.body.replace("human", "bossy") }),
      "of another account": await post(neighbour().inbound(url, text)),
      "with a spoiled token": await post({ ...hook, url: spoiled(url) }),
      "at another channel's door": await post({
        ...hook,
        url: url.replace(/\/(sms|whatsapp)\//, `/${others}/`),
      }),
      "at the neighbour's door": await post({ ...hook, url: urlAt(there, neighbour()) }),
      "signed for the neighbour's door": await post(carrier().inbound(urlAt(there, neighbour()), text)),
      "with the neighbour's name in our token": await post({
        ...hook,
        url: url.replace("/here.", "/there."),
      }),
    }
    assert.deepStrictEqual([...new Set(Object.values(rows))], [401], JSON.stringify(rows))
    assert.strictEqual(await post(without(hook, carrier().proof)), carrier().unproven)
    await settled(here)
    assert.strictEqual(await sessionCount(), before)
    assert.lengthOf(sentTo(carrier(), text.from), 0)

    assert.strictEqual(await post(hook), 200, "the genuine one is taken")
    await eventually("its confirmation", () => sentTo(carrier(), text.from)[0])
    await settled(here)
    assert.strictEqual(await sessionCount(), before + 1)
  })

  it("a forged report tells the human nothing, nor does one at another door", async () => {
    const { chat, person } = await handedToHuman(
      here,
      writerBy(here, carrier(), number(2)),
      `reports of ${name}`,
    )
    humanDoes(here, chat, "reply", "Really sent.")
    await hears(person, "Really sent.")
    await settled(here)
    const { id } = await eventually("the reply", () =>
      sentTo(carrier(), person.id).find(({ text }) => text === "Really sent."),
    )
    const hook = carrier().lost(id)
    const forged = Object.fromEntries(
      Object.entries(hook.headers).map(([key, value]) => [
        key,
        carrier().proof.includes(key)
          ? value.replace(/[A-Za-z](?=[^A-Za-z]*$)/, "x").replace(/^(.{9})./, "$1x")
          : value,
      ]),
    )
    assert.strictEqual(await post({ ...hook, headers: forged }), 401)
    assert.strictEqual(await post({ ...hook, url: urlAt(there, neighbour()) }), 401)
    await settled(here)
    assert.strictEqual(timesIn(chatNow(here, chat), "could not be delivered"), 0)
  })

  it("the same customer at both organizations: two people, and nothing of the one is the other's", async () => {
    const from = number(3)
    const [ours, theirs] = [writerBy(here, carrier(), from), writerBy(there, neighbour(), from)]
    const ourChat = (await handedToHuman(here, ours, `our matter of ${name}`)).chat
    const theirChat = (await handedToHuman(there, theirs, `their matter of ${name}`)).chat
    humanDoes(here, ourChat, "reply", "Only for you.")
    await hears(ours, "Only for you.")
    humanDoes(there, theirChat, "reply", "Only for them.")
    await hears(theirs, "Only for them.")
    await ours.writes("Whose am I?")
    await saidIn(here, ourChat, "Whose am I?")
    await settled(here)
    assert.notInclude(JSON.stringify(await theirs.heard()), "Only for you.")
    assert.notInclude(JSON.stringify(await ours.heard()), "Only for them.")
    assert.notStrictEqual(
      ourChat.conversation.metadata?.["opencx_contact_id"],
      theirChat.conversation.metadata?.["opencx_contact_id"],
    )
    const all = JSON.stringify(chatsIn(there))
    for (const words of ["Whose am I?", "our matter of", "Only for you."]) assert.notInclude(all, words)
  })
})
