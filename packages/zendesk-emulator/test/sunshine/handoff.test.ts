import { assert, describe, it } from "@effect/vitest"
import { afterEach } from "vitest"
import { type Answer, arr, at, eventually, num, type Receiver, str } from "../harness.ts"
import { type Chat, connected, eventsOf, typesOf } from "./harness.ts"

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

const handOff = async (acme: Chat, id: string, metadata: object = {}): Promise<Answer> => {
  const before = acme.emulator.counts().tickets
  const answer = await acme.sc("POST", `/conversations/${id}/passControl`, {
    switchboardIntegration: "zd-agentWorkspace",
    metadata,
  })
  await eventually(() => acme.emulator.counts().tickets > before, "a ticket")
  return answer
}

const say = async (
  acme: Chat,
  id: string,
  text: string,
  author: object = { type: "business" },
): Promise<string> =>
  str(
    (await acme.sc("POST", `/conversations/${id}/messages`, { author, content: { type: "text", text } }))
      .body,
    "messages.0.id",
  )

const ticket = async (acme: Chat, id = 1): Promise<unknown> =>
  at((await acme.call("GET", `/api/v2/tickets/${id}.json`)).body, "ticket")

const lines = (acme: Chat, id: string): ReadonlyArray<unknown> =>
  arr(acme.emulator.sunshine.chat(id), "transcript").map((line) => at(line, "text"))

const agent = (acme: Chat, id: string, action: object): object => acme.emulator.sunshine.agent(id, action)

const active = (acme: Chat, id: string): unknown => at(acme.emulator.sunshine.chat(id), "control.active")

describe("the messaging ticket", () => {
  it("carries tags, fields, people and priority from dataCapture", async () => {
    const { acme } = await start()
    const fields = arr((await acme.call("GET", "/api/v2/ticket_fields")).body, "ticket_fields")
    const field = (title: string): number =>
      num(
        fields.find((item) => at(item, "title") === title),
        "id",
      )
    const agents = arr((await acme.call("GET", "/api/v2/users?role=agent")).body, "users")
    const group = num((await acme.call("GET", "/api/v2/groups")).body, "groups.0.id")
    const id = await acme.conversation(await acme.user("c1"), {
      metadata: { "zen:ticket:tags": "from_conversation", opencx_session_id: "s1" },
    })
    await handOff(acme, id, {
      "dataCapture.systemField.tags": "opencx,opencx_handedoff,Two Words",
      [`dataCapture.ticketField.${field("Reason")}`]: "refund_request",
      [`dataCapture.ticketField.${field("Order number")}`]: "1042",
      "dataCapture.ticketField.1": "no such field",
      "dataCapture.systemField.priority": "high",
      "dataCapture.systemField.assignee_id": "999",
      "dataCapture.systemField.group_id": String(group),
      "dataCapture.systemField.requester.name": "Dana Lee",
      "dataCapture.systemField.requester.email": "dana@example.com",
    })
    const made = await ticket(acme)
    assert.deepStrictEqual(
      [
        at(made, "from_messaging_channel"),
        at(made, "priority"),
        at(made, "group_id"),
        at(made, "assignee_id"),
      ],
      [true, "high", group, null],
    )
    assert.deepStrictEqual(arr(made, "tags").toSorted(), [
      "from_conversation",
      "opencx",
      "opencx_handedoff",
      "refund_request",
      "two_words",
    ])
    const value = (title: string): unknown =>
      at(
        arr(made, "custom_fields").find((item) => at(item, "id") === field(title)),
        "value",
      )
    assert.deepStrictEqual([value("Reason"), value("Order number")], ["refund_request", "1042"])
    const requester = at((await acme.call("GET", `/api/v2/users/${num(made, "requester_id")}`)).body, "user")
    assert.deepStrictEqual([at(requester, "name"), at(requester, "email")], ["Dana Lee", "dana@example.com"])
    assert.strictEqual(
      at((await acme.sc("GET", "/users/c1")).body, "user.zendeskId"),
      String(num(made, "requester_id")),
    )
    assert.isAbove(agents.length, 0)
  })

  it("finds the requester: linked, by external id, by address, else anew", async () => {
    const { acme } = await start()
    const person = async (user: object): Promise<number> =>
      num((await acme.call("POST", "/api/v2/users", { user: { verified: true, ...user } })).body, "user.id")
    const linked = await person({ name: "Linked", external_id: "c1" })
    const byEmail = await person({ name: "By Mail", email: "mail@example.com" })
    await handOff(acme, await acme.conversation(await acme.user("c1")))
    assert.strictEqual(at(await ticket(acme, 1), "requester_id"), linked)
    const email = { "dataCapture.systemField.requester.email": "mail@example.com" }
    await handOff(acme, await acme.conversation(await acme.user("c2")), email)
    assert.strictEqual(at(await ticket(acme, 2), "requester_id"), byEmail)
    acme.emulator.sunshine.configure({ requesterEmail: "ignore" })
    await handOff(
      acme,
      await acme.conversation(await acme.user("c3", { profile: { givenName: "Third" } })),
      email,
    )
    const third = num(await ticket(acme, 3), "requester_id")
    assert.notInclude([linked, byEmail], third)
    // That new person can be merged into the one who was there before.
    const merged = await acme.call("PUT", `/api/v2/users/${third}/merge`, { user: { id: byEmail } })
    assert.strictEqual(merged.status, 200, merged.text)
    acme.emulator.sunshine.configure({ messagingUsersVerified: false })
    await handOff(acme, await acme.conversation(await acme.user("c4")))
    const fourth = num(await ticket(acme, 4), "requester_id")
    const refused = await acme.call("PUT", `/api/v2/users/${fourth}/merge`, { user: { id: byEmail } })
    assert.strictEqual(refused.status, 422)
  })

  it("shows the last ten messages, or all from the named one on", async () => {
    const { acme } = await start()
    const user = await acme.user("c1")
    const id = await acme.conversation(user)
    const ids: Array<string> = []
    for (let i = 1; i <= 14; i++) ids.push(await say(acme, id, String(i)))
    await handOff(acme, id)
    assert.deepStrictEqual(lines(acme, id), ["5", "6", "7", "8", "9", "10", "11", "12", "13", "14"])
    const second = await acme.conversation(user)
    const named: Array<string> = []
    for (let i = 1; i <= 14; i++) named.push(await say(acme, second, String(i)))
    await handOff(acme, second, { first_message_id: named[1] })
    assert.lengthOf(lines(acme, second), 13)
    await say(acme, second, "later")
    assert.strictEqual(lines(acme, second).at(-1), "later")
    await acme.sc("DELETE", `/conversations/${second}/messages`)
    await say(acme, second, "after all was deleted")
    assert.deepStrictEqual(lines(acme, second), ["after all was deleted"])
  })

  it("is listed by conversation log and found by its conversation until the session is over", async () => {
    const { acme } = await start()
    const user = await acme.user("c1", { profile: { givenName: "Dana" } })
    const id = await acme.conversation(user)
    await say(acme, id, "help", { type: "user", userId: user })
    await handOff(acme, id)
    agent(acme, id, { action: "reply", body: "hello" })
    agent(acme, id, { action: "note", body: "careful" })
    const log = await acme.call("GET", "/api/v2/tickets/1/conversation_log")
    const events = arr(log.body, "events")
    assert.deepStrictEqual(
      events.map((event) => [
        at(event, "type"),
        at(event, "author.type"),
        at(event, "content.text") ?? at(event, "metadata.public"),
      ]),
      [
        ["Messaging::ConversationMessage", "user", "help"],
        ["Comment", "user", false],
        ["Messaging::ConversationMessage", "agent", "hello"],
        ["Comment", "agent", false],
      ],
    )
    assert.strictEqual(at(log.body, "meta.has_more"), false)
    assert.match(str(events[0], "reference"), /^zen:sunco:conversation_message:[0-9a-f]{24}$/)
    const first = await acme.call("GET", "/api/v2/tickets/1/conversation_log?page[size]=3")
    assert.lengthOf(arr(first.body, "events"), 3)
    const next = await acme.call("GET", str(first.body, "links.next"))
    assert.deepStrictEqual(at(next.body, "events.0.reference"), at(events[3], "reference"))
    const find = (): Promise<Answer> =>
      acme.call("GET", `/api/v2/tickets/messaging/conversations/${id}/ticket`)
    assert.strictEqual(at((await find()).body, "ticket.id"), 1)
    agent(acme, id, { action: "end" })
    assert.strictEqual((await find()).status, 404)
  })

  it("goes on when control comes back, and is a new one after it closed", async () => {
    const { acme, hook } = await start()
    const id = await acme.conversation(await acme.user("c1"))
    await handOff(acme, id, { "dataCapture.systemField.tags": "one" })
    await acme.sc("POST", `/conversations/${id}/passControl`, { switchboardIntegration: "opencx" })
    await until(hook, "switchboard:passControl", 2)
    await acme.sc("POST", `/conversations/${id}/passControl`, {
      switchboardIntegration: "zd-agentWorkspace",
      metadata: { "dataCapture.systemField.tags": "two" },
    })
    await until(hook, "switchboard:passControl", 3)
    assert.deepStrictEqual(at(await ticket(acme), "tags"), ["one", "two"])
    assert.strictEqual(acme.emulator.counts().tickets, 1)
    agent(acme, id, { action: "close" })
    await handOff(acme, id)
    assert.strictEqual(acme.emulator.counts().tickets, 2)
  })
})

describe("the human in a live chat", () => {
  it("replies, attaches, types; a trigger speaks; notes stay inside", async () => {
    const { acme, hook } = await start()
    const id = await acme.conversation(await acme.user("c1"))
    await handOff(acme, id)
    await until(hook, "switchboard:passControl")
    agent(acme, id, { action: "typing" })
    agent(acme, id, { action: "trigger", body: "You are in the queue" })
    agent(acme, id, { action: "note", body: "a secret" })
    agent(acme, id, {
      action: "reply",
      body: "Hello",
      attachments: [{ file_name: "a.png", content_type: "image/png", content_base64: "aGk=" }],
    })
    await until(hook, "conversation:message", 3)
    await until(hook, "conversation:typing")
    const messages = eventsOf(hook).filter((event) => at(event, "type") === "conversation:message")
    const found = (text: string): unknown =>
      messages.find((event) => at(event, "payload.message.content.text") === text)
    const reply = found("Hello")
    assert.deepStrictEqual(at(reply, "payload.message.source"), { type: "zd:agentWorkspace" })
    assert.deepStrictEqual(
      [at(reply, "payload.message.author.displayName"), at(reply, "payload.message.author.subtypes.0")],
      ["Sam Rivera", "agent"],
    )
    const agentId = String(at(await ticket(acme), "assignee_id"))
    const metadata = at(reply, "payload.message.metadata")
    assert.deepStrictEqual(metadata, { "__zendesk_msg.agent.id": agentId })
    assert.deepStrictEqual(at(found("You are in the queue"), "payload.message.metadata"), {
      "__zendesk_msg.agent.id": "__trigger",
    })
    const image = messages.find((event) => at(event, "payload.message.content.type") === "image")
    assert.strictEqual(await (await fetch(str(image, "payload.message.content.mediaUrl"))).text(), "hi")
    assert.notInclude(hook.hooks.map((item) => item.body).join(" "), "a secret")
    const comments = arr((await acme.call("GET", "/api/v2/tickets/1/comments")).body, "comments")
    assert.deepStrictEqual(
      comments.map((item) => at(item, "body")),
      [
        "Conversation with Web User " + String(at(acme.emulator.sunshine.chat(id), "user.id")).slice(-6),
        "a secret",
      ],
    )
    assert.strictEqual(at(await ticket(acme), "status"), "open")
  })

  it("can leave out subtypes and agent ids, as the documents do", async () => {
    const { acme, hook } = await start({ sunshine: { subtypesInEvents: false, agentIdMetadata: false } })
    const id = await acme.conversation(await acme.user("c1"))
    await handOff(acme, id)
    agent(acme, id, { action: "reply", body: "Hello" })
    await until(hook, "conversation:message")
    const event = eventsOf(hook).find((item) => at(item, "type") === "conversation:message")
    assert.isUndefined(at(event, "payload.message.author.subtypes"))
    assert.isUndefined(at(event, "payload.message.metadata"))
  })

  it("reaches nobody by a public comment through the Support API, unless told so", async () => {
    const { acme } = await start()
    const id = await acme.conversation(await acme.user("c1"))
    await handOff(acme, id)
    const comment = { ticket: { comment: { body: "by API", public: true } } }
    assert.strictEqual((await acme.call("PUT", "/api/v2/tickets/1", comment)).status, 200)
    assert.deepStrictEqual(lines(acme, id), [])
    acme.emulator.sunshine.configure({ commentsReachCustomer: true })
    await acme.call("PUT", "/api/v2/tickets/1", comment)
    assert.deepStrictEqual(lines(acme, id), ["by API"])
    // The ticket's own reply box is the chat.
    acme.emulator.agent(1, { action: "reply", body: "from the ticket" })
    assert.deepStrictEqual(lines(acme, id), ["by API", "from the ticket"])
  })

  it("must have control to speak, and can take it", async () => {
    const { acme, hook } = await start()
    const id = await acme.conversation(await acme.user("c1"))
    await handOff(acme, id)
    await acme.sc("POST", `/conversations/${id}/passControl`, { switchboardIntegration: "opencx" })
    await until(hook, "switchboard:passControl", 2)
    const refused = await acme.control("POST", `/sunshine/chats/${id}/agent`, { action: "reply", body: "hi" })
    assert.deepStrictEqual([refused.status, at(refused.body, "error")], [409, "NotInControl"])
    agent(acme, id, { action: "take" })
    await until(hook, "switchboard:passControl", 3)
    agent(acme, id, { action: "reply", body: "hi" })
    assert.deepStrictEqual(lines(acme, id), ["hi"])
  })
})

describe("giving the conversation back", () => {
  it("does nothing on solve; on close passes to the next responder by default", async () => {
    const { acme, hook } = await start()
    const user = await acme.user("c1")
    const id = await acme.conversation(user)
    await handOff(acme, id)
    agent(acme, id, { action: "solve" })
    assert.deepStrictEqual(
      [at(await ticket(acme), "status"), active(acme, id)],
      ["solved", "zd-agentWorkspace"],
    )
    await say(acme, id, "one more thing", { type: "user", userId: user })
    assert.deepStrictEqual(
      [at(await ticket(acme), "status"), active(acme, id)],
      ["open", "zd-agentWorkspace"],
    )
    agent(acme, id, { action: "close" })
    await until(hook, "switchboard:passControl", 2)
    const event = eventsOf(hook).findLast((item) => at(item, "type") === "switchboard:passControl")
    assert.deepStrictEqual(
      [at(event, "payload.reason"), at(event, "payload.conversation.activeSwitchboardIntegration.name")],
      ["ticketClosed", "zd-answerBot"],
    )
    const activity = eventsOf(hook).find((item) => at(item, "payload.message.activity.type") !== undefined)
    assert.strictEqual(at(activity, "payload.message.activity.type"), "ticket:closed")
    assert.deepStrictEqual(at(activity, "payload.message.author.subtypes"), ["activity"])
  })

  it("releases on close with Release control; the next message wakes the default responder", async () => {
    const { acme, hook, ours } = await start({ sunshine: { conversationControl: "release" } })
    const board = str((await acme.sc("GET", "/switchboards")).body, "switchboards.0.id")
    await acme.sc("PATCH", `/switchboards/${board}`, { defaultSwitchboardIntegrationId: ours.memberId })
    const user = await acme.user("c1")
    const id = await acme.conversation(user)
    await handOff(acme, id)
    // However it closes: here by the Support API.
    await acme.call("PUT", "/api/v2/tickets/1", { ticket: { status: "closed" } })
    await until(hook, "switchboard:releaseControl")
    const event = eventsOf(hook).find((item) => at(item, "type") === "switchboard:releaseControl")
    assert.strictEqual(at(event, "payload.reason"), "ticketClosed")
    assert.isNull(active(acme, id))
    await say(acme, id, "business says nothing that wakes")
    assert.isNull(active(acme, id))
    await say(acme, id, "hello again", { type: "user", userId: user })
    assert.strictEqual(active(acme, id), "opencx")
    assert.strictEqual(acme.emulator.counts().tickets, 1)
  })

  it("opens a ticket by itself when the Agent Workspace is the first responder", async () => {
    const { acme } = await start()
    const board = str((await acme.sc("GET", "/switchboards")).body, "switchboards.0.id")
    const workspace = str(await acme.member("zd-agentWorkspace"), "id")
    await acme.sc("PATCH", `/switchboards/${board}`, { defaultSwitchboardIntegrationId: workspace })
    const user = await acme.user("c1")
    const id = await acme.conversation(user)
    await say(acme, id, "business alone opens nothing")
    assert.strictEqual(acme.emulator.counts().tickets, 0)
    await say(acme, id, "hi", { type: "user", userId: user })
    assert.strictEqual(acme.emulator.counts().tickets, 1)
  })

  it("lets an answer bot get in between", async () => {
    const { acme, hook } = await start({ sunshine: { answerBotText: "Did you mean …?" } })
    const user = await acme.user("c1")
    await say(acme, await acme.conversation(user), "hi", { type: "user", userId: user })
    await until(hook, "conversation:message", 2)
    const sources = eventsOf(hook).map((event) => at(event, "payload.message.source.type"))
    assert.include(sources, "zd:answerBot")
  })

  it("ends a session by the customer only when the app allows it", async () => {
    const { acme, hook } = await start()
    const { conversationId: id } = acme.emulator.sunshine.customerWrites({
      channel: "web",
      from: "b1",
      text: "hi",
    })
    await handOff(acme, id)
    assert.throws(() => acme.emulator.sunshine.customer(id, { action: "end" }))
    await acme.sc("PATCH", "", { settings: { endSessionEnabled: true } })
    acme.emulator.sunshine.customer(id, { action: "end" })
    await until(hook, "switchboard:passControl", 2)
    const activities = eventsOf(hook).flatMap((event) => at(event, "payload.message.activity.type") ?? [])
    assert.deepStrictEqual(activities, ["conversation:endedByUser"])
    assert.strictEqual(at(await ticket(acme), "status"), "new")
  })
})
