import { assert, describe, it } from "@effect/vitest"
import { afterEach } from "vitest"
import { arr, at, eventually, type Receiver, str } from "../harness.ts"
import { type Chat, connected, type Connected, eventsOf, typesOf } from "./harness.ts"

let open: Array<{ close: () => Promise<void> }> = []
afterEach(async () => {
  await Promise.all(open.map((item) => item.close()))
  open = []
})

const start = async (...args: Parameters<typeof connected>): ReturnType<typeof connected> => {
  const all = await connected(...args)
  open.push(all.acme.emulator, all.hook)
  return all
}

/** Retries come at once, and no attempt times out because the machine is busy. */
const fast = { timeScale: 0.000_2, sunshine: { webhookTimeoutMs: 50_000_000 } } as const

const settled = (acme: Chat): Promise<void> =>
  eventually(() => acme.emulator.counts().pendingMessagingDeliveries === 0, "deliveries settle")

const ids = (hook: Receiver): ReadonlyArray<unknown> => eventsOf(hook).map((event) => at(event, "id"))

const talk = async (acme: Chat, count: number): Promise<string> => {
  const id = await acme.conversation(await acme.user(`c${acme.emulator.counts().messagingUsers}`))
  for (let i = 1; i <= count; i++)
    await acme.sc("POST", `/conversations/${id}/messages`, {
      author: { type: "business" },
      content: { type: "text", text: String(i) },
    })
  return id
}

const texts = (hook: Receiver): ReadonlyArray<unknown> =>
  eventsOf(hook).flatMap((event) => at(event, "payload.message.content.text") ?? [])

describe("Sunshine webhooks", () => {
  it("say app, webhook and events, and carry the secret in plain", async () => {
    const { acme, hook, ours } = await start()
    await talk(acme, 1)
    await hook.until(2)
    const [first] = hook.hooks
    assert.strictEqual(first?.headers["x-api-key"], ours.secret)
    assert.strictEqual(first?.headers["content-type"], "application/json")
    const body: unknown = JSON.parse(first?.body ?? "")
    assert.deepStrictEqual(at(body, "app"), { id: acme.emulator.sunshine.appId })
    assert.deepStrictEqual(at(body, "webhook"), { id: ours.webhookId, version: "v2" })
    assert.deepStrictEqual(
      [at(body, "events.0.type"), at(body, "events.0.payload.creationReason")],
      ["conversation:create", "none"],
    )
    assert.match(str(body, "events.0.createdAt"), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    assert.strictEqual(new Set(ids(hook)).size, 2)
  })

  it("can be made, listed, changed and deleted; ten in the app", async () => {
    const { acme, hook, ours } = await start()
    const all = `/integrations/${ours.integrationId}/webhooks`
    const second = await acme.sc("POST", all, { target: hook.url, triggers: ["user:remove"] })
    assert.strictEqual(second.status, 201)
    assert.notStrictEqual(str(second.body, "webhook.secret"), ours.secret)
    const one = `${all}/${str(second.body, "webhook.id")}`
    const changed = await acme.sc("PATCH", one, { triggers: ["conversation:read"], includeFullUser: true })
    assert.deepStrictEqual(
      [at(changed.body, "webhook.triggers"), at(changed.body, "webhook.includeFullUser")],
      [["conversation:read"], true],
    )
    assert.strictEqual(
      at((await acme.sc("GET", one)).body, "webhook.secret"),
      at(second.body, "webhook.secret"),
    )
    for (const bad of [{ target: "nowhere" }, { triggers: [] }, { triggers: ["Conversation:Message"] }])
      assert.strictEqual((await acme.sc("PATCH", one, bad)).status, 400, JSON.stringify(bad))
    for (let i = 3; i <= 10; i++) await acme.sc("POST", all, { target: hook.url, triggers: ["user:remove"] })
    assert.strictEqual(
      (await acme.sc("POST", all, { target: hook.url, triggers: ["user:remove"] })).status,
      400,
    )
    assert.lengthOf(arr((await acme.sc("GET", all)).body, "webhooks"), 10)
    assert.strictEqual((await acme.sc("DELETE", one)).text, "{}")
    assert.strictEqual((await acme.sc("GET", one)).status, 404)
    const channel = str((await acme.sc("GET", "/integrations?filter[types]=web")).body, "integrations.0.id")
    assert.strictEqual((await acme.sc("GET", `/integrations/${channel}/webhooks`)).status, 403)
  })

  it("carry several events in one body when told to", async () => {
    const { acme, hook } = await start({ sunshine: { batchSize: 3, batchWaitMs: 20 } })
    await talk(acme, 4)
    await eventually(() => eventsOf(hook).length === 5, "five events")
    assert.deepStrictEqual(texts(hook), ["1", "2", "3", "4"])
    const sizes = hook.hooks.map((request) => arr(JSON.parse(request.body), "events").length)
    assert.isAbove(Math.max(...sizes), 1)
    assert.isAtMost(Math.max(...sizes), 3)
    await settled(acme)
  })

  it("are tried five times in growing intervals, with the same events", async () => {
    const { acme, hook } = await start(fast, { answers: () => ({ status: 503 }) })
    await acme.conversation(await acme.user("c1"))
    await settled(acme)
    assert.lengthOf(hook.hooks, 5)
    assert.strictEqual(new Set(hook.hooks.map((item) => item.body)).size, 1)
    const [delivery] = acme.emulator.sunshine.deliveries()
    assert.deepStrictEqual([delivery?.state, delivery?.attempts.length], ["failed", 5])
    assert.deepStrictEqual(delivery?.eventTypes, ["conversation:create"])
    const listed = await acme.control("GET", "/sunshine/deliveries")
    assert.deepStrictEqual([at(listed.body, "deliveries.0.state"), at(listed.body, "pending")], ["failed", 0])
  })

  it("stop at an answer that is final, and at success", async () => {
    const final = [400, 401, 403, 404, 406]
    const { acme, hook } = await start(fast, {
      answers: (n) => ({ status: final[n] ?? (n < 7 ? 500 : 200) }),
    })
    await talk(acme, 4)
    await settled(acme)
    assert.lengthOf(hook.hooks, 5)
    await talk(acme, 0)
    await settled(acme)
    assert.lengthOf(hook.hooks, 8)
    assert.deepStrictEqual(
      acme.emulator.sunshine
        .deliveries()
        .map((item) => item.state)
        .toSorted(),
      ["failed", "failed", "failed", "failed", "failed", "success"],
    )
  })

  it("time out, and count as unreachable when nobody listens", async () => {
    const { acme, hook } = await start(fast, { answers: (n) => ({ status: 200, silent: n < 2 }) })
    acme.emulator.sunshine.configure({ webhookTimeoutMs: 5_000_000 })
    await acme.conversation(await acme.user("c1"))
    await settled(acme)
    const [delivery] = acme.emulator.sunshine.deliveries()
    assert.deepStrictEqual(
      delivery?.attempts.map((item) => item.outcome),
      ["timeout", "timeout", "success"],
    )
    await hook.close()
    open = [acme.emulator]
    await acme.conversation(await acme.user("c2"))
    await settled(acme)
    assert.strictEqual(acme.emulator.sunshine.deliveries().at(-1)?.attempts.length, 5)
  })

  const patched = async (acme: Chat, ours: Connected, triggers: ReadonlyArray<string>): Promise<void> => {
    await acme.sc("PATCH", `/integrations/${ours.integrationId}/webhooks/${ours.webhookId}`, { triggers })
  }

  it("are dropped, doubled, delayed and reordered on demand, by kind of event", async () => {
    const { acme, hook, ours } = await start()
    await patched(acme, ours, ["conversation:message"])
    const fault = { match: { path: "conversation:message" }, times: 1 } as const
    acme.emulator.addFault({ ...fault, kind: "dropWebhook" })
    await talk(acme, 2)
    await settled(acme)
    assert.deepStrictEqual(texts(hook), ["2"])
    acme.emulator.addFault({ ...fault, kind: "duplicateWebhook" })
    await talk(acme, 1)
    await settled(acme)
    assert.deepStrictEqual(texts(hook), ["2", "1", "1"])
    assert.strictEqual(new Set(ids(hook)).size, 2, "a duplicate has the same event id")
    acme.emulator.addFault({ ...fault, kind: "reorderWebhook", ms: 60_000 })
    await talk(acme, 2)
    await settled(acme)
    assert.deepStrictEqual(texts(hook).slice(3), ["2", "1"])
    acme.emulator.addFault({ ...fault, kind: "delayWebhook", ms: 1_000 })
    await talk(acme, 1)
    assert.lengthOf(texts(hook), 5)
    await settled(acme)
    assert.lengthOf(texts(hook), 6)
    acme.emulator.addFault({ ...fault, kind: "dropWebhook", match: { path: "switchboard:" } })
    await talk(acme, 1)
    await settled(acme)
    assert.lengthOf(texts(hook), 7)
  })

  it("end with the account, and start anew after a reset", async () => {
    const { acme, hook } = await start()
    await talk(acme, 1)
    await settled(acme)
    acme.emulator.reset()
    assert.deepStrictEqual(
      [acme.emulator.counts().messagingUsers, acme.emulator.counts().messagingDeliveries],
      [0, 0],
    )
    assert.lengthOf(arr((await acme.sc("GET", "/integrations?filter[types]=custom")).body, "integrations"), 0)
    assert.isAbove(typesOf(hook).length, 0)
  })
})
