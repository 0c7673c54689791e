import { assert, describe, it } from "@effect/vitest"
import { afterEach } from "vitest"
import { type Answer, arr, at, eventually, num, type Receiver, str } from "../harness.ts"
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

const until = (hook: Receiver, type: string, count = 1): Promise<void> =>
  eventually(() => typesOf(hook).filter((item) => item === type).length >= count, `${count} × ${type}`)

const find = (hook: Receiver, type: string): unknown =>
  eventsOf(hook).find((event) => at(event, "type") === type)

const channelId = async (acme: Chat, type: string): Promise<string> =>
  str((await acme.sc("GET", `/integrations?filter[types]=${type}`)).body, "integrations.0.id")

/** Makes ours the first responder of a channel. */
const respond = async (acme: Chat, ours: Connected, type: string): Promise<string> => {
  const id = await channelId(acme, type)
  await acme.sc("PATCH", `/integrations/${id}`, { defaultResponderId: ours.memberId })
  return id
}

const say = (acme: Chat, id: string, text: string, more: object = {}): Promise<Answer> =>
  acme.sc("POST", `/conversations/${id}/messages`, {
    author: { type: "business", displayName: "AI" },
    content: { type: "text", text },
    ...more,
  })

const got = (acme: Chat): ReadonlyArray<unknown> =>
  acme.emulator.sunshine
    .channelDeliveries()
    .filter((item) => item.kind === "message" && item.state === "delivered")
    .map((item) => item.text)

describe("a customer on a channel that Sunshine owns", () => {
  it("becomes user, client and conversation, and reaches the channel's default responder", async () => {
    const { acme, hook, ours } = await start(
      {},
      { webhook: { includeFullUser: true, includeFullSource: true } },
    )
    for (const channel of ["whatsapp", "messenger", "instagram"]) {
      const integrationId = await respond(acme, ours, channel)
      const from = channel === "whatsapp" ? "+1 555 010 0200" : `psid-${channel}`
      const count = typesOf(hook).filter((type) => type === "conversation:message").length
      const written = acme.emulator.sunshine.customerWrites({
        channel,
        from,
        name: "Dana Lee",
        text: `hi ${channel}`,
      })
      await until(hook, "conversation:message", count + 1)
      const event = eventsOf(hook).find(
        (item) => at(item, "payload.message.content.text") === `hi ${channel}`,
      )
      const message = at(event, "payload.message")
      assert.strictEqual(at(event, "payload.conversation.activeSwitchboardIntegration.name"), "opencx")
      assert.deepStrictEqual(
        [at(message, "author.type"), at(message, "author.userId"), at(message, "author.displayName")],
        ["user", written.userId, "Dana Lee"],
      )
      assert.strictEqual(at(message, "author.user.profile.givenName"), "Dana")
      assert.deepStrictEqual(
        [at(message, "source.type"), at(message, "source.integrationId")],
        [channel, integrationId],
      )
      assert.isString(at(message, "source.originalMessageId"))
      assert.strictEqual(at(message, "source.client.type"), channel)
      if (channel === "whatsapp") {
        assert.strictEqual(at(message, "source.client.externalId"), "15550100200")
        assert.strictEqual(at(message, "source.client.info.phoneNumber"), "+15550100200")
      }
      const created = eventsOf(hook).find(
        (item) =>
          at(item, "type") === "conversation:create" &&
          at(item, "payload.conversation.id") === written.conversationId,
      )
      assert.deepStrictEqual(
        [at(created, "payload.creationReason"), at(created, "payload.source.type")],
        ["message", channel],
      )
      const again = acme.emulator.sunshine.customerWrites({
        channel,
        from,
        text: "again",
        newConversation: true,
      })
      assert.strictEqual(again.conversationId, written.conversationId, "social channels have one thread")
    }
    assert.strictEqual(acme.emulator.counts().messagingUsers, 3)
  })

  it("keeps profile and client out of events unless asked for", async () => {
    const { acme, hook } = await start()
    acme.emulator.sunshine.customerWrites({ channel: "web", from: "b1", name: "Dana Lee", text: "hi" })
    await until(hook, "conversation:message")
    const message = at(find(hook, "conversation:message"), "payload.message")
    assert.isUndefined(at(message, "author.user.profile"))
    assert.isUndefined(at(message, "source.client"))
    assert.isUndefined(at(message, "source.originalMessageId"))
  })

  it("sends files, reads, types and taps buttons", async () => {
    const { acme, hook, ours } = await start()
    await respond(acme, ours, "web")
    const image = { file_name: "x.png", content_type: "image/png", content_base64: "aGk=" }
    const web = acme.emulator.sunshine.customerWrites({
      channel: "web",
      from: "b1",
      text: "look",
      attachments: [image],
    })
    assert.lengthOf(web.messageIds, 2)
    const id = web.conversationId
    await say(acme, id, "nice")
    const people = (): Promise<Answer> => acme.sc("GET", `/conversations/${id}/participants`)
    assert.strictEqual(at((await people()).body, "participants.0.unreadCount"), 1)
    for (const action of ["read", "typing", "stop-typing"]) acme.emulator.sunshine.customer(id, { action })
    acme.emulator.sunshine.customer(id, { action: "postback", payload: "YES" })
    await until(hook, "conversation:read")
    await until(hook, "conversation:typing", 2)
    await until(hook, "conversation:postback")
    assert.strictEqual(at((await people()).body, "participants.0.unreadCount"), 0)
    assert.strictEqual(at(find(hook, "conversation:read"), "payload.activity.author.userId"), web.userId)
    assert.strictEqual(at(find(hook, "conversation:postback"), "payload.postback.payload"), "YES")
    const wrong = await acme.control("POST", `/sunshine/chats/${id}/customer`, { action: "dance" })
    assert.strictEqual(wrong.status, 400)
    const nobody = await acme.control("POST", "/sunshine/customer-messages", {
      channel: "fax",
      from: "1",
      text: "x",
    })
    assert.strictEqual(nobody.status, 400)
  })

  it("may start several conversations on the web, and log in", async () => {
    const { acme, hook } = await start()
    const { customerWrites } = acme.emulator.sunshine
    const first = customerWrites({ channel: "web", from: "b1", text: "1" })
    const second = customerWrites({ channel: "web", from: "b1", text: "2", newConversation: true })
    assert.notStrictEqual(first.conversationId, second.conversationId)
    const back = customerWrites({
      channel: "web",
      from: "b1",
      text: "3",
      conversationId: first.conversationId,
    })
    assert.strictEqual(back.conversationId, first.conversationId)
    const known = await acme.user("member-7")
    const login = customerWrites({
      channel: "web",
      from: "b1",
      text: "4",
      externalId: "member-7",
      email: "m7@example.com",
    })
    assert.strictEqual(login.userId, known)
    await until(hook, "user:merge")
    await until(hook, "user:update")
    assert.strictEqual(at(find(hook, "user:merge"), "payload.reason"), "sdkLogin")
    const user = (await acme.sc("GET", "/users?filter[identities.email]=m7@example.com")).body
    assert.deepStrictEqual([at(user, "users.0.id"), at(user, "users.0.authenticated")], [known, true])
  })
})

describe("what the customer's device gets", () => {
  it("is the text, with a disclaimer for AI, never silent messages, never our API-only users", async () => {
    const { acme, hook, ours } = await start()
    const integration = await respond(acme, ours, "whatsapp")
    const { conversationId: id } = acme.emulator.sunshine.customerWrites({
      channel: "whatsapp",
      from: "+15550100200",
      text: "hi",
    })
    await say(acme, id, "plain")
    await say(acme, id, "by a machine", { author: { type: "business", subtypes: ["AI"] } })
    await say(acme, id, "silent", { destination: { integrationType: "none" } })
    await say(acme, id, "aimed", { destination: { integrationType: "whatsapp" } })
    await acme.sc("PATCH", `/integrations/${integration}`, { showAIDisclaimer: false })
    await say(acme, id, "no disclaimer", { author: { type: "business", subtypes: ["AI"] } })
    assert.deepStrictEqual(got(acme), ["plain", "by a machine\n\nGenerated by AI", "aimed", "no disclaimer"])
    await until(hook, "conversation:message:delivery:user", 4)
    const channel = find(hook, "conversation:message:delivery:channel")
    assert.deepStrictEqual(
      [
        at(channel, "payload.isFinalEvent"),
        at(channel, "payload.destination.type"),
        at(channel, "payload.destination.integrationId"),
      ],
      [false, "whatsapp", integration],
    )
    assert.strictEqual(at(find(hook, "conversation:message:delivery:user"), "payload.isFinalEvent"), true)
    await say(acme, await acme.conversation(await acme.user("api-only")), "nobody there")
    assert.lengthOf(got(acme), 4)
    await acme.sc("POST", `/conversations/${id}/activity`, {
      author: { type: "business" },
      type: "typing:start",
    })
    assert.strictEqual(acme.emulator.sunshine.channelDeliveries().at(-1)?.kind, "typing")
    const listed = await acme.control("GET", "/sunshine/channel-deliveries?since=3")
    assert.lengthOf(arr(listed.body, "deliveries"), 2)
  })

  it("fails on demand, above a channel's limit, when blocked, and after a day of silence", async () => {
    const { acme, hook } = await start()
    const { customerWrites, customer } = acme.emulator.sunshine
    const messenger = customerWrites({ channel: "messenger", from: "p1", text: "hi" }).conversationId
    const error = async (count: number): Promise<unknown> => {
      await until(hook, "conversation:message:delivery:failure", count)
      const last = eventsOf(hook).findLast(
        (event) => at(event, "type") === "conversation:message:delivery:failure",
      )
      assert.strictEqual(at(last, "payload.isFinalEvent"), true)
      return at(last, "payload.error.code")
    }
    acme.emulator.addFault({
      kind: "failDelivery",
      match: { path: "^messenger$" },
      times: 1,
      error: { code: "unauthorized", message: "page token expired" },
    })
    await say(acme, messenger, "fails")
    assert.strictEqual(await error(1), "unauthorized")
    await say(acme, messenger, "x".repeat(2_001))
    assert.strictEqual(await error(2), "uncategorized_error")
    customer(messenger, { action: "block" })
    await say(acme, messenger, "blocked")
    assert.strictEqual(await error(3), "blocked")
    customer(messenger, { action: "unblock" })
    await say(acme, messenger, "x".repeat(2_000))
    assert.deepStrictEqual(got(acme), ["x".repeat(2_000)])
    acme.emulator.advanceClock(25 * 3_600_000)
    await say(acme, messenger, "too late")
    assert.strictEqual(await error(4), "outside_messaging_window")
    await acme.sc("POST", `/conversations/${messenger}/messages`, {
      author: { type: "business" },
      content: { type: "template", template: { name: "reopen" } },
    })
    assert.strictEqual(got(acme).at(-1), "[template reopen]")
    await until(hook, "client:update", 2)
  })

  it("is split on demand, never inside a character", async () => {
    const { acme } = await start({ sunshine: { longText: "split" } })
    const id = acme.emulator.sunshine.customerWrites({
      channel: "instagram",
      from: "p1",
      text: "hi",
    }).conversationId
    await say(acme, id, `${"x".repeat(999)}👋${"y".repeat(500)}`)
    assert.deepStrictEqual(got(acme), ["x".repeat(999), `👋${"y".repeat(500)}`])
  })
})

describe("linking a channel by API", () => {
  const link = async (acme: Chat, user: string, conversation: string, more: object = {}): Promise<Answer> =>
    acme.sc("POST", `/users/${user}/clients`, {
      matchCriteria: {
        type: "whatsapp",
        integrationId: await channelId(acme, "whatsapp"),
        phoneNumber: "+1 555-010-0300",
        primary: true,
      },
      confirmation: { type: "immediate" },
      target: { conversationId: conversation },
      ...more,
    })

  it("is pending first, active a moment later, and can be removed", async () => {
    const { acme, hook } = await start()
    const user = await acme.user("c1")
    const id = await acme.conversation(user)
    const made = await link(acme, user, id)
    assert.deepStrictEqual([made.status, at(made.body, "client.status")], [201, "pending"])
    await until(hook, "client:update")
    assert.strictEqual(at(find(hook, "client:add"), "payload.reason"), "channelLinking")
    assert.strictEqual(at(find(hook, "client:update"), "payload.reason"), "confirmed")
    const clients = await acme.sc("GET", `/users/${user}/clients`)
    assert.strictEqual(at(clients.body, "clients.0.status"), "active")
    acme.emulator.sunshine.customerWrites({ channel: "whatsapp", from: "15550100300", text: "me" })
    assert.strictEqual(acme.emulator.counts().messagingUsers, 1)
    await say(acme, id, "to the phone")
    assert.deepStrictEqual(got(acme), ["to the phone"])
    const removed = await acme.sc("DELETE", `/users/${user}/clients/${str(clients.body, "clients.0.id")}`)
    assert.strictEqual(removed.text, "{}")
    await until(hook, "client:remove")
    await say(acme, id, "to nobody")
    assert.lengthOf(got(acme), 1)
    assert.strictEqual(
      (await acme.sc("DELETE", `/users/${user}/clients/0123456789abcdef01234567`)).status,
      404,
    )
  })

  it("waits for the person with userActivity", async () => {
    const { acme, hook } = await start()
    const user = await acme.user("c1")
    const id = await acme.conversation(user)
    await link(acme, user, id, { confirmation: { type: "userActivity" } })
    await say(acme, id, "not yet")
    assert.lengthOf(got(acme), 0)
    const written = acme.emulator.sunshine.customerWrites({
      channel: "whatsapp",
      from: "+15550100300",
      text: "here",
    })
    assert.deepStrictEqual([written.userId, written.conversationId], [user, id])
    await until(hook, "client:update")
  })

  it("merges two users when the number was somebody's already", async () => {
    const { acme, hook } = await start()
    const before = acme.emulator.sunshine.customerWrites({
      channel: "whatsapp",
      from: "+15550100300",
      text: "old thread",
    })
    const user = await acme.user("c1")
    const id = await acme.conversation(user)
    await link(acme, user, id)
    await until(hook, "user:merge")
    const event = find(hook, "user:merge")
    assert.deepStrictEqual(
      [
        at(event, "payload.reason"),
        at(event, "payload.mergedUsers.surviving.id"),
        at(event, "payload.mergedUsers.discarded.id"),
      ],
      ["channelLinking", user, before.userId],
    )
    assert.isString(at(event, "payload.mergedClients.discarded.id"))
    assert.strictEqual((await acme.sc("GET", `/users/${before.userId}`)).status, 404)
    const list = await acme.sc("GET", `/conversations?filter[userId]=${user}`)
    assert.lengthOf(arr(list.body, "conversations"), 2)
    assert.lengthOf(arr((await acme.sc("GET", `/users/${user}/clients`)).body, "clients"), 1)
  })

  it("refuses numbers without country code, other types, and foreign conversations", async () => {
    const { acme } = await start()
    const user = await acme.user("c1")
    const id = await acme.conversation(user)
    const foreign = await acme.conversation(await acme.user("c2"))
    const integrationId = await channelId(acme, "whatsapp")
    const criteria = { type: "whatsapp", integrationId, phoneNumber: "+15550100300" }
    const bad: ReadonlyArray<readonly [object, number]> = [
      [{ matchCriteria: { ...criteria, phoneNumber: "555 010 0300" } }, 400],
      [{ matchCriteria: { ...criteria, type: "twilio" } }, 400],
      [{ matchCriteria: { ...criteria, type: "messenger" } }, 400],
      [{ matchCriteria: { ...criteria, integrationId: "0123456789abcdef01234567" } }, 404],
      [{ confirmation: { type: "never" } }, 400],
      [{ target: {} }, 400],
      [{ target: { conversationId: foreign } }, 404],
    ]
    for (const [more, status] of bad)
      assert.strictEqual((await link(acme, user, id, more)).status, status, JSON.stringify(more))
    assert.deepStrictEqual(at((await acme.sc("GET", `/users/${user}/clients`)).body, "clients"), [])
    assert.strictEqual(num(acme.emulator.counts(), "messagingDeliveries"), 2)
  })
})
