/** The whole way of a live chat against the emulator: there, what the humans see and say, and back. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { chatEventOf, decodeMessagingEvents, type ChatEvent } from "../../src/index.ts"
import { nth } from "../fake/emulator.ts"
import { overHttp } from "../fake/http.ts"
import { receiver } from "../fake/receiver.ts"
import { routes } from "../fake/ScriptedServer.ts"
import { appPath, chatId, chatPost, names, passDraft, scriptedChat } from "../fake/sunshine.ts"
import { sessionId } from "../fake/drafts.ts"
import { callsOf, openChatWorld, openedChat, until } from "../fake/sunshineEmulator.ts"

const Ticket = Schema.Struct({
  ticket: Schema.NullOr(
    Schema.Struct({
      id: Schema.Number,
      status: Schema.String,
      tags: Schema.Array(Schema.String),
      custom_fields: Schema.Array(Schema.Struct({ id: Schema.Number, value: Schema.Unknown })),
      requester_id: Schema.Number,
    }),
  ),
  control: Schema.Struct({ active: Schema.NullOr(Schema.String), pending: Schema.NullOr(Schema.String) }),
  transcript: Schema.Array(Schema.Unknown),
})
const readChat = Schema.decodeUnknownSync(Ticket)

const world = (options: Parameters<typeof openChatWorld>[0] = {}) =>
  Effect.gen(function* () {
    const hook = yield* receiver
    const all = yield* openChatWorld({ hook: hook.url, ...options })
    const events: Array<ChatEvent> = []
    const poll = Effect.gen(function* () {
      for (const one of hook.hooks.splice(0))
        for (const event of yield* decodeMessagingEvents(one.body)) events.push(chatEventOf(event, names))
      return events
    })
    const happened = <T extends ChatEvent["_tag"]>(
      tag: T,
      wanted: (event: Extract<ChatEvent, { readonly _tag: T }>) => boolean = () => true,
    ) => {
      const is = (event: ChatEvent): event is Extract<ChatEvent, { readonly _tag: T }> => event._tag === tag
      const find = () => events.filter(is).find(wanted)
      return Effect.map(
        until(poll, () => find() !== undefined),
        () => {
          const found = find()
          if (found === undefined) throw new Error(`no ${tag}`)
          return found
        },
      )
    }
    const chat = (id: string) => readChat(all.emulator.sunshine.chat(id))
    return { ...all, events, happened, chat }
  })

/** Opens, posts three lines and passes. */
const handedOff = (options: Parameters<typeof world>[0] = {}) =>
  Effect.gen(function* () {
    const w = yield* world(options)
    const opened = yield* openedChat(w.port)
    const target = { conversationId: opened.conversationId, userId: opened.userId }
    const [first] = yield* w.port.post(
      chatPost({ ...target, marker: "t1", author: "system", authorName: null, text: "Summary: a refund" }),
    )
    yield* w.port.post(chatPost({ ...target, marker: "t2", author: "customer", text: "Where is my refund?" }))
    yield* w.port.post(chatPost({ ...target, marker: "t3", text: "I hand you over." }))
    const before = w.chat(target.conversationId)
    const draft = passDraft({
      conversationId: target.conversationId,
      tags: ["opencx", "opencx_handedoff", "OpenCX Channel SMS"],
      firstMessageId: first ?? null,
    })
    const passed = yield* w.port.pass(draft)
    yield* until(w.port.control(target.conversationId), (control) => control === "humans")
    return { ...w, target, opened, before, draft, passed }
  })

describe("a live chat, there and back", () => {
  it.live("makes its calls in order, and opens exactly one ticket, not before the pass", () =>
    Effect.gen(function* () {
      const { before, chat, emulator, passed, target } = yield* handedOff()
      assert.isNull(before.ticket)
      assert.deepStrictEqual(passed, { dropped: [], listening: true })
      const writes = callsOf(emulator).filter((call) => !call.startsWith("GET"))
      assert.deepStrictEqual(writes, [
        "POST /users 201",
        "POST /conversations 201",
        "POST /conversations/:id/passControl 200",
        "POST /conversations/:id/messages 201",
        "POST /conversations/:id/messages 201",
        "POST /conversations/:id/messages 201",
        "POST /conversations/:id/passControl 200",
        "POST /conversations/:id/offerControl 200",
      ])
      const now = yield* until(
        Effect.sync(() => chat(target.conversationId)),
        (one) => one.control.pending !== null,
      )
      assert.deepStrictEqual(now.control, { active: "zd-agentWorkspace", pending: "opencx" })
      assert.lengthOf(now.transcript, 3)
      assert.includeMembers(
        [...(now.ticket?.tags ?? [])],
        ["opencx", "opencx_handedoff", "opencx_channel_sms"],
      )
      assert.lengthOf(emulator.sunshine.chats(), 1)
    }).pipe(overHttp),
  )

  it.live("hears a human, a trigger and the end, with the session's ids on each", () =>
    Effect.gen(function* () {
      const { chat, emulator, events, happened, port, target } = yield* handedOff({ standby: false })
      const id = target.conversationId
      emulator.sunshine.agent(id, { action: "reply", body: "Hello, I am Sam." })
      const human = yield* happened("HumanWrote", (event) => !event.automatic)
      assert.strictEqual(human.text, "Hello, I am Sam.")
      assert.strictEqual(human.session?.sessionId, sessionId)
      assert.strictEqual(human.control, "humans")
      emulator.sunshine.agent(id, { action: "trigger", body: "We are busy." })
      assert.strictEqual((yield* happened("HumanWrote", (event) => event.automatic)).text, "We are busy.")
      emulator.sunshine.agent(id, { action: "note", body: "secret note" })
      yield* port.post(chatPost({ ...target, marker: "t9", author: "customer", text: "Thanks" }))
      emulator.sunshine.configure({ conversationControl: "release" })
      emulator.sunshine.agent(id, { action: "solve" })
      emulator.sunshine.agent(id, { action: "close" })
      const released = yield* happened("ControlChanged", (event) => event.action === "release")
      assert.strictEqual(released.control, "nobody")
      assert.strictEqual(yield* port.control(target.conversationId), "nobody")
      assert.strictEqual(chat(id).control.active, null)
      assert.notInclude(JSON.stringify(events), "secret note")
      // Our own words came back as echoes, and as nobody's.
      assert.lengthOf(
        events.filter((event) => event._tag === "CustomerWrote"),
        0,
      )
    }).pipe(overHttp),
  )

  it.live("on a close that passes control, Zendesk's bot has it, and we can take it back", () =>
    Effect.gen(function* () {
      const { emulator, port, target } = yield* handedOff()
      emulator.sunshine.agent(target.conversationId, { action: "close" })
      yield* until(port.control(target.conversationId), (control) => control === "bot")
      yield* port.takeBack(target.conversationId)
      yield* until(port.control(target.conversationId), (control) => control === "ours")
      yield* port.takeBack(target.conversationId)
      assert.strictEqual(yield* port.control(target.conversationId), "ours")
    }).pipe(overHttp),
  )

  it.live("a pass that comes twice makes one ticket", () =>
    Effect.gen(function* () {
      const { chat, draft, emulator, port, target } = yield* handedOff()
      const ticket = chat(target.conversationId).ticket?.id
      yield* port.pass(draft)
      yield* port.pass(draft)
      yield* Effect.sleep(50)
      assert.strictEqual(chat(target.conversationId).ticket?.id, ticket)
      assert.lengthOf(emulator.sunshine.chats(), 1)
    }).pipe(overHttp),
  )

  it.live(
    "a connection that breaks after the pass was done is worth another try, which changes nothing",
    () =>
      Effect.gen(function* () {
        const { emulator, port } = yield* world()
        const { conversationId } = yield* openedChat(port)
        emulator.addFault({ kind: "resetAfterCommit", match: { path: "/passControl$" }, times: 1 })
        const draft = passDraft({ conversationId })
        const error = yield* Effect.flip(port.pass(draft))
        assert.isTrue(error.isRetryable)
        yield* port.pass(draft)
        yield* until(port.control(conversationId), (control) => control === "humans")
        assert.lengthOf(emulator.sunshine.chats(), 1)
      }).pipe(overHttp),
  )

  it.live("a pass that Zendesk accepted and never did is seen by control, and works the second time", () =>
    Effect.gen(function* () {
      const { emulator, port } = yield* world()
      const { conversationId } = yield* openedChat(port)
      emulator.addFault({ kind: "stuckControl", match: { path: "/passControl$" }, times: 1 })
      yield* port.pass(passDraft({ conversationId }))
      yield* Effect.sleep(50)
      assert.strictEqual(yield* port.control(conversationId), "ours")
      yield* port.pass(passDraft({ conversationId }))
      yield* until(port.control(conversationId), (control) => control === "humans")
    }).pipe(overHttp),
  )

  it.live("a pass that fails afterwards is told by its event", () =>
    Effect.gen(function* () {
      const { emulator, happened, port } = yield* world()
      const { conversationId } = yield* openedChat(port)
      emulator.addFault({ kind: "failControl", match: { path: "/passControl$" }, times: 1 })
      yield* port.pass(passDraft({ conversationId }))
      const failed = yield* happened("ControlChanged", (event) => event.failure !== null)
      assert.include(failed.failure, "switchboard_invalid_target")
      assert.strictEqual(failed.control, "ours")
    }).pipe(overHttp),
  )

  it.live("typing is shown, and asks for nothing else", () =>
    Effect.gen(function* () {
      const { emulator, port } = yield* world()
      const { conversationId } = yield* openedChat(port)
      yield* port.typing(conversationId)
      assert.strictEqual(callsOf(emulator).at(-1), "POST /conversations/:id/activity 200")
    }).pipe(overHttp),
  )

  it.live("shows the humans that the customer has read", () =>
    Effect.gen(function* () {
      const { emulator, port } = yield* world()
      const { conversationId, userId } = yield* openedChat(port)
      yield* port.customerRead(conversationId, userId)
      const call = emulator.calls().at(-1)
      assert.match(call?.path ?? "", /\/activity$/)
      assert.deepStrictEqual(
        [call?.status, call?.body],
        [200, { author: { type: "user", userId }, type: "conversation:read" }],
      )
    }).pipe(overHttp),
  )
})

describe("pass, what Zendesk is told", () => {
  const passPath = `POST ${appPath}/conversations/${chatId}/passControl`
  const offerPath = `POST ${appPath}/conversations/${chatId}/offerControl`
  const done = { json: {} }
  const metadataOf = (body: string | undefined): Readonly<Record<string, unknown>> =>
    JSON.parse(body ?? "{}").metadata

  it.live("tags without blanks, fields, requester and history", () =>
    Effect.gen(function* () {
      const { port, server } = yield* scriptedChat(routes({ [passPath]: done, [offerPath]: done }))
      const fields = [
        { id: "360012345678", value: "refund_request" },
        { id: "2", value: true },
        { id: "3", value: 7 },
        { id: "4", value: ["a", "b"] },
      ]
      const draft = passDraft({ tags: ["opencx", "Two Words", "opencx"], fields, firstMessageId: "m1" })
      assert.deepStrictEqual(yield* port.pass(draft), { dropped: [], listening: true })
      const body: unknown = JSON.parse(nth(server.to(passPath), 0).body)
      assert.deepStrictEqual(body, {
        switchboardIntegration: "zd-agentWorkspace",
        metadata: {
          "dataCapture.systemField.tags": "opencx,two_words",
          "dataCapture.ticketField.360012345678": "refund_request",
          "dataCapture.ticketField.2": true,
          "dataCapture.ticketField.3": 7,
          "dataCapture.ticketField.4": "a,b",
          "dataCapture.systemField.requester.name": "Dana Lee",
          "dataCapture.systemField.requester.email": "dana@example.com",
          first_message_id: "m1",
          origin_source_type: "api",
        },
      })
      assert.deepStrictEqual(JSON.parse(nth(server.to(offerPath), 0).body), {
        switchboardIntegration: "opencx",
      })
    }).pipe(overHttp),
  )

  it.live("what does not fit is dropped from the end and named; tags and history stay", () =>
    Effect.gen(function* () {
      const { port, server } = yield* scriptedChat(routes({ [passPath]: done, [offerPath]: done }))
      const long = (id: string) => ({ id, value: "عربي".repeat(137) })
      const fields = [long("1"), long("2"), long("3"), long("4")]
      const { dropped } = yield* port.pass(passDraft({ fields, firstMessageId: "m1" }))
      assert.deepStrictEqual(dropped, ["4"])
      const metadata = metadataOf(server.to(passPath)[0]?.body)
      assert.isAtMost(new TextEncoder().encode(JSON.stringify(metadata)).byteLength, 4_000)
      assert.strictEqual(metadata["dataCapture.systemField.tags"], "opencx,opencx_handedoff")
      assert.strictEqual(metadata["first_message_id"], "m1")
      assert.property(metadata, "dataCapture.ticketField.1")
    }).pipe(overHttp),
  )

  it.live("tags that alone are too much are refused, and nothing is sent", () =>
    Effect.gen(function* () {
      const { port, server } = yield* scriptedChat(routes({ [passPath]: done, [offerPath]: done }))
      const tags = Array.from({ length: 500 }, (_none, index) => `opencx_tag_${index}`)
      const error = yield* Effect.flip(port.pass(passDraft({ tags, fields: [{ id: "1", value: "x" }] })))
      assert.strictEqual(error.reason._tag, "Invalid")
      assert.include(error.message, "fewer or shorter tags")
      assert.lengthOf(server.seen, 0)
    }).pipe(overHttp),
  )

  for (const status of [403, 404, 429, 500]) {
    it.live(`an offer that fails with ${status} does not undo the pass`, () =>
      Effect.gen(function* () {
        const { port, server } = yield* scriptedChat(
          routes({ [passPath]: done, [offerPath]: { status, text: "no" } }),
        )
        assert.deepStrictEqual(yield* port.pass(passDraft()), { dropped: [], listening: false })
        assert.lengthOf(server.to(passPath), 1)
        assert.strictEqual(
          (yield* Effect.flip(port.listen(chatId))).isRetryable,
          status === 429 || status === 500,
        )
      }).pipe(overHttp),
    )
  }

  it.live("an Agent Workspace that does not exist is said so", () =>
    Effect.gen(function* () {
      const gone = {
        status: 404,
        json: { errors: [{ code: "switchboard_integration_not_found", title: "x" }] },
      }
      const { port } = yield* scriptedChat(routes({ [passPath]: gone }))
      const error = yield* Effect.flip(port.pass(passDraft()))
      assert.include(error.message, "agentWorkspaceName")
    }).pipe(overHttp),
  )
})
