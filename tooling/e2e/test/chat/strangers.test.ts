/** Webhooks of strangers: forged, replayed, of another organization. Nothing of theirs has an effect. */
import { createHmac, randomUUID } from "node:crypto"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { hears, type Person, texter, timesHeard, whatsapper } from "../support/chatPeople.ts"
import { handedToHuman } from "../support/handover.ts"
import {
  afterDoubles,
  chatNow,
  entriesOf,
  hookOf,
  humanDoes,
  saidIn,
  spoiled,
  timesIn,
} from "../support/liveChats.ts"
import { operatorOf, sessionState, settled } from "../support/operator.ts"
import { type ChatSite, startSite } from "../support/world.ts"

let site: ChatSite

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

const post = async (url: string, headers: Readonly<Record<string, string>>, body: string) => {
  const answer = await fetch(url, { method: "POST", headers, body })
  await answer.arrayBuffer()
  return answer.status
}
const sessionCount = async () => (await operatorOf(site).sessions()).length

const toHuman = (person: Person, words: string) => handedToHuman(site, person, words)

describe("Zendesk Messaging", () => {
  /** The genuine webhook that carried these words. */
  const genuine = (words: string) => {
    const found = site.emulator.sunshine.deliveries().find(({ body }) => body.includes(words))
    if (found === undefined) throw new Error(`no webhook with "${words}"`)
    return found.body
  }
  const keyOf = (): string => {
    const seen = site.emulator.sunshine.deliveries()[0]
    assert.strictEqual(seen?.target, site.messagingHook)
    return secret
  }
  let secret = ""

  it("with a wrong, another, or no token or key is refused, and has no effect", async () => {
    const person = texter(site, "+14155551101")
    const { chat, sessionId } = await toHuman(person, "forged replies")
    humanDoes(site, chat, "reply", "A genuine reply.")
    await hears(person, "A genuine reply.")
    await settled(site)
    const forged = genuine("A genuine reply.")
      .replaceAll("A genuine reply.", "A forged reply.")
      .replace(/"id":"[0-9a-f]{24}","createdAt"/g, '"id":"ffffffffffffffffffffffff","createdAt"')
    const json = { "content-type": "application/json" }
    const rows = {
      "no key": await post(site.messagingHook, json, forged),
      "a wrong key": await post(site.messagingHook, { ...json, "x-api-key": "guess" }, forged),
      "a wrong token": await post(spoiled(site.messagingHook), { ...json, "x-api-key": "guess" }, forged),
      "the token of tickets": await post(
        site.hook.replace("/ticketing/", "/messaging/"),
        { ...json, "x-api-key": "guess" },
        forged,
      ),
      "the token of a channel": await post(
        `${site.runtimeUrl}/hooks/zendesk/messaging/${hookOf(site, "sms account text").split("/").at(-1)}`,
        { ...json, "x-api-key": "guess" },
        forged,
      ),
    }
    assert.deepStrictEqual([...new Set(Object.values(rows))], [401], JSON.stringify(rows))
    await settled(site)
    assert.strictEqual(await timesHeard(person, "A forged reply."), 0)
    assert.lengthOf(await entriesOf(site, sessionId, "HumanReply"), 1)
  })

  it("with the right key: a replay has no second effect, and rubbish none at all", async () => {
    secret = await messagingSecret(site)
    const person = texter(site, "+14155551102")
    const { chat, sessionId } = await toHuman(person, "replayed replies")
    humanDoes(site, chat, "reply", "Said once.")
    await hears(person, "Said once.")
    await settled(site)
    const headers = { "content-type": "application/json", "x-api-key": keyOf() }
    const body = genuine("Said once.")
    const replays = await Promise.all([1, 2, 3].map(() => post(site.messagingHook, headers, body)))
    assert.deepStrictEqual(replays, [200, 200, 200])
    // The same event under a new id: still the same message.
    const renamed = body.replace(/"id":"[0-9a-f]{24}","createdAt"/g, `"id":"${"e".repeat(24)}","createdAt"`)
    assert.strictEqual(await post(site.messagingHook, headers, renamed), 200)
    assert.strictEqual(await post(site.messagingHook, headers, "not json"), 400)
    assert.strictEqual(
      await post(site.messagingHook, headers, '{"events":[{"type":"a:new:kind","id":"1"}]}'),
      200,
    )
    await afterDoubles(site)
    assert.strictEqual(await timesHeard(person, "Said once."), 1)
    assert.lengthOf(await entriesOf(site, sessionId, "HumanReply"), 1)
  })
})

describe("Meta", () => {
  const url = () => hookOf(site, "whatsapp account whatsapp")
  const signed = (body: string, secret: string) => ({
    "content-type": "application/json",
    "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
  })

  it("forged, altered or unsigned: 401 and no session; a replay has no second effect", async () => {
    const person = whatsapper(site, "+14155551105")
    const { chat } = await toHuman(person, "forged by WhatsApp")
    const before = await sessionCount()
    const meta = site.realTime.providers.meta
    const id = meta.customers().find(({ phone }) => phone === person.id.slice(1))?.id ?? ""
    const body = JSON.stringify(
      meta.batchBody([{ customerId: id, content: { text: "signed by a stranger" } }]),
    )
    const statuses = [
      await post(url(), signed(body, "another-app-secret"), body),
      await post(url(), signed(body, "sample-meta-app-secret"), body.replace("stranger", "strangers")),
      await post(url(), { "content-type": "application/json" }, body),
      await post(spoiled(url()), signed(body, "sample-meta-app-secret"), body),
    ]
    assert.deepStrictEqual([...new Set(statuses)], [401])
    const real = JSON.stringify(meta.batchBody([{ customerId: id, content: { text: "signed by Meta" } }]))
    for (const _ of [1, 2]) {
      assert.strictEqual(await post(url(), signed(real, "sample-meta-app-secret"), real), 200)
      await saidIn(site, chat, "signed by Meta")
    }
    await afterDoubles(site)
    assert.strictEqual(timesIn(chatNow(site, chat), "signed by Meta"), 1)
    assert.strictEqual(timesIn(chatNow(site, chat), "stranger"), 0)
    assert.strictEqual(await sessionCount(), before)
  })

  it("the set-up of the webhook works with our token only", async () => {
    const meta = site.realTime.providers.meta
    assert.isTrue(await meta.verifyWebhook(url()))
    assert.isFalse(await meta.verifyWebhook(url(), "guess"))
    assert.isFalse(await meta.verifyWebhook(spoiled(url())))
  })
})

describe("an operator's command", () => {
  it("for a session that does not exist is refused, and a live chat stays as it is", async () => {
    const person = texter(site, "+14155551106")
    const { sessionId } = await toHuman(person, "commands of strangers")
    assert.strictEqual(await operatorOf(site).command(randomUUID(), "close"), 404)
    await sessionState(site, sessionId, "handing_off")
  })
})

/** The secret that Zendesk sends with each webhook, as an administrator reads it there. */
const messagingSecret = async (at: ChatSite): Promise<string> => {
  const { appId, keyId, secret } = (await import("@opencx/zendesk-emulator")).sampleSunshineApp
  const answer = await fetch(`${at.emulator.url}/sc/v2/apps/${appId}/integrations`, {
    headers: { authorization: `Basic ${Buffer.from(`${keyId}:${secret}`).toString("base64")}` },
  })
  return /"displayName":"opencx".*?"secret":"([^"]+)"/.exec(await answer.text())?.[1] ?? ""
}
