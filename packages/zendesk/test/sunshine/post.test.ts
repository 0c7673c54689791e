import { assert, describe, it } from "@effect/vitest"
import { type OutboundFile, StoreError } from "@opencx/core"
import { Effect } from "effect"
import { file } from "../fake/drafts.ts"
import { nth } from "../fake/emulator.ts"
import { overHttp } from "../fake/http.ts"
import { type Reply, routes, type Script } from "../fake/ScriptedServer.ts"
import { appPath, chatId, chatPost, scriptedChat } from "../fake/sunshine.ts"
import { messagesOf, openChatWorld, openedChat } from "../fake/sunshineEmulator.ts"

const messages = `${appPath}/conversations/${chatId}/messages`
const ok = (id: string): Reply => ({ status: 201, json: { messages: [{ id }] } })

/** Takes every message; answers with m1, m2 … */
const taking = (more: Parameters<typeof routes>[0] = {}): Script =>
  routes({ [`POST ${messages}`]: (_seen, count) => ok(`m${count}`), ...more })

const sentBodies = (server: { readonly to: (route: string) => ReadonlyArray<{ readonly body: string }> }) =>
  server.to(`POST ${messages}`).map((seen): unknown => JSON.parse(seen.body))

const room = Effect.gen(function* () {
  const world = yield* openChatWorld()
  const opened = yield* openedChat(world.port)
  const target = { conversationId: opened.conversationId, userId: opened.userId }
  return { ...world, target, opened }
})

describe("post", () => {
  it.live("keeps authors apart, writes plain text, and says who of us it was", () =>
    Effect.gen(function* () {
      const { port, server } = yield* scriptedChat(taking())
      yield* port.post(chatPost({ text: "See [Returns](https://e.example/r) **now**" }))
      yield* port.post(chatPost({ author: "customer", text: "2*3*4 is _24_", marker: "m-2" }))
      yield* port.post(chatPost({ author: "human", authorName: null, silent: true, marker: "m-3" }))
      const metadata = (marker: string, author: string) => ({ opencx_marker: marker, opencx_author: author })
      assert.deepStrictEqual(sentBodies(server), [
        {
          author: { type: "business", displayName: "Ada" },
          content: { type: "text", text: "See Returns (https://e.example/r) now" },
          metadata: metadata("m-1#1", "ai"),
        },
        {
          author: { type: "user", userId: "u1" },
          content: { type: "text", text: "2*3*4 is _24_" },
          metadata: metadata("m-2#1", "customer"),
        },
        {
          author: { type: "business", displayName: "Agent" },
          destination: { integrationType: "none" },
          content: { type: "text", text: "Hello Dana" },
          metadata: metadata("m-3#1", "human"),
        },
      ])
    }).pipe(overHttp),
  )

  it.live("a customer's words are never sent silently: Zendesk takes that of the business only", () =>
    Effect.gen(function* () {
      const { port, server } = yield* scriptedChat(taking())
      yield* port.post(chatPost({ author: "customer", silent: true }))
      assert.notProperty(sentBodies(server)[0], "destination")
    }).pipe(overHttp),
  )

  it.live("nothing to say is nothing to send", () =>
    Effect.gen(function* () {
      const { port, server } = yield* scriptedChat(taking())
      assert.deepStrictEqual(yield* port.post(chatPost({ text: " \n", checkFirst: true })), [])
      assert.lengthOf(server.seen, 0)
    }).pipe(overHttp),
  )

  it.live("nine thousand Arabic characters arrive whole, in order, each piece within the limit", () =>
    Effect.gen(function* () {
      const { client, port, target } = yield* room
      const text = "أهلاً وسهلاً بكم، كيف يمكنني مساعدتكم اليوم؟ https://example.com/مساعدة?q=1 "
        .repeat(120)
        .trim()
      assert.isAbove(text.length, 9_000)
      const ids = yield* port.post(chatPost({ ...target, author: "customer", text }))
      const stored = yield* messagesOf(client, target.conversationId)
      assert.deepStrictEqual(
        stored.map((one) => one.id),
        ids,
      )
      assert.isAtLeast(stored.length, 3)
      for (const one of stored) assert.isAtMost((one.content.text ?? "").length, 4_096)
      const bare = (all: string) => all.replaceAll(/\s/gu, "")
      assert.strictEqual(bare(stored.map((one) => one.content.text).join("")), bare(text))
      assert.deepStrictEqual(
        stored.map((one) => one.metadata?.["opencx_marker"]),
        stored.map((_one, index) => `m-1#${index + 1}`),
      )
    }).pipe(overHttp),
  )

  for (const afterN of [0, 1, 2]) {
    it.live(`a connection that breaks after message ${afterN + 1} was stored sends nothing twice`, () =>
      Effect.gen(function* () {
        const { client, emulator, port, target } = yield* room
        const text = "word ".repeat(2_400)
        emulator.addFault({
          kind: "resetAfterCommit",
          match: { method: "POST", path: "/messages$" },
          times: 1,
          afterN,
        })
        const post = chatPost({ ...target, text })
        const error = yield* Effect.flip(port.post(post))
        assert.strictEqual(error.reason._tag, "Ambiguous")
        const ids = yield* port.post({ ...post, checkFirst: true })
        const stored = yield* messagesOf(client, target.conversationId)
        assert.deepStrictEqual(
          stored.map((one) => one.id),
          ids,
        )
        assert.lengthOf(ids, 3)
        // And again: everything is there.
        assert.deepStrictEqual(yield* port.post({ ...post, checkFirst: true }), ids)
      }).pipe(overHttp),
    )
  }

  for (const kind of ["status429json", "status503"] as const) {
    it.live(`${kind} in the middle asks for a look before the next try`, () =>
      Effect.gen(function* () {
        const { client, emulator, port, target } = yield* room
        const post = chatPost({ ...target, text: "word ".repeat(1_600) })
        emulator.addFault({ kind, match: { method: "POST", path: "/messages$" }, times: 1, afterN: 1 })
        assert.strictEqual((yield* Effect.flip(port.post(post))).reason._tag, "Ambiguous")
        const ids = yield* port.post({ ...post, checkFirst: true })
        const stored = yield* messagesOf(client, target.conversationId)
        assert.deepStrictEqual(
          stored.map((one) => one.id),
          ids,
        )
      }).pipe(overHttp),
    )
  }

  it.live("a 429 before anything was sent passes Zendesk's own pause on", () =>
    Effect.gen(function* () {
      const { emulator, port, target } = yield* room
      const fault = { match: { method: "POST", path: "/messages$" }, times: 1, retryAfter: 3 }
      emulator.addFault({ kind: "status429json", ...fault })
      const { reason } = yield* Effect.flip(port.post(chatPost(target)))
      assert.deepInclude(reason, { _tag: "RateLimited", retryAfterMs: 3_000 })
    }).pipe(overHttp),
  )

  it.live("looks further back than the last hundred messages, and not without end", () =>
    Effect.gen(function* () {
      const { emulator, port, target } = yield* room
      const first = chatPost({ ...target, marker: "old" })
      const ids = yield* port.post(first)
      for (let i = 0; i < 230; i++)
        yield* port.post(chatPost({ ...target, marker: `n${i}`, author: "customer", text: `${i}` }))
      emulator.clearCalls()
      assert.deepStrictEqual(yield* port.post({ ...first, checkFirst: true }), ids)
      assert.lengthOf(emulator.calls(), 3)
      const endless = yield* scriptedChat(
        taking({
          [`GET ${messages}`]: { json: { messages: [], meta: { hasMore: true, beforeCursor: "x" } } },
        }),
      )
      yield* endless.port.post(chatPost({ checkFirst: true }))
      assert.lengthOf(endless.server.to(`GET ${messages}`), 20)
    }).pipe(overHttp),
  )

  it.live("a conversation that is full or gone says so", () =>
    Effect.gen(function* () {
      const { emulator, port, target } = yield* room
      emulator.sunshine.configure({ messagesPerConversation: 1 })
      yield* port.post(chatPost(target))
      const full = yield* Effect.flip(port.post(chatPost({ ...target, marker: "m-2" })))
      assert.strictEqual(full.reason._tag, "Closed")
      const gone = yield* Effect.flip(port.post(chatPost()))
      assert.strictEqual(gone.reason._tag, "NotFound")
    }).pipe(overHttp),
  )
})

describe("post with files", () => {
  const png: OutboundFile = {
    fileName: "صورة المنتج.png",
    contentType: "image/png",
    size: 4,
    bytes: Effect.succeed(new Uint8Array([0x89, 0x50, 0x4e, 0x47])),
  }

  it.live("uploads them to Zendesk again, pictures as pictures, and can read them back", () =>
    Effect.gen(function* () {
      const { client, port, target } = yield* room
      const ids = yield* port.post(chatPost({ ...target, files: [png, file("notes.txt", "hello")] }))
      assert.lengthOf(ids, 3)
      const stored = yield* messagesOf(client, target.conversationId)
      assert.deepStrictEqual(
        stored.map((one) => [one.content.type, one.content.altText]),
        [
          ["text", undefined],
          ["image", "صورة المنتج.png"],
          ["file", "notes.txt"],
        ],
      )
      const bytes = yield* client.media(nth(stored, 1).content.mediaUrl ?? "", 100)
      assert.deepStrictEqual([...bytes], [0x89, 0x50, 0x4e, 0x47])
    }).pipe(overHttp),
  )

  it.live("reads private files with the key", () =>
    Effect.gen(function* () {
      const { client, emulator, port, target } = yield* room
      emulator.sunshine.configure({ privateAttachments: true })
      yield* port.post(chatPost({ ...target, text: "", files: [png] }))
      const [stored] = yield* messagesOf(client, target.conversationId)
      const bytes = yield* client.media(stored?.content.mediaUrl ?? "", 100)
      assert.strictEqual(bytes.byteLength, 4)
    }).pipe(overHttp),
  )

  it.live("names what is too large or refused, and goes on", () =>
    Effect.gen(function* () {
      const { port, server } = yield* scriptedChat(
        taking({
          [`POST ${appPath}/attachments`]: {
            status: 400,
            json: { errors: [{ code: "bad_request", title: "File type not supported" }] },
          },
        }),
        {},
        { maxUploadBytes: 10 },
      )
      const large = file("video.mp4", "x".repeat(11))
      const lying: OutboundFile = { ...large, size: 1 }
      const ids = yield* port.post(chatPost({ text: "", files: [large, lying, file("run.exe", "x")] }))
      assert.deepStrictEqual(ids, ["m1", "m2", "m3"])
      const texts = server.to(`POST ${messages}`).map((seen) => seen.body)
      assert.include(texts[0], "Not attached: video.mp4 (11 bytes). It is larger than 10 bytes.")
      assert.include(texts[1], "It is larger than 10 bytes.")
      assert.include(texts[2], "Not attached: run.exe (1 bytes). File type not supported")
      assert.lengthOf(server.to(`POST ${appPath}/attachments`), 1)
    }).pipe(overHttp),
  )

  it.live("sends the form that Zendesk reads, and links the file to the conversation", () =>
    Effect.gen(function* () {
      const { port, server } = yield* scriptedChat(
        taking({
          [`POST ${appPath}/attachments`]: {
            status: 201,
            json: { attachment: { mediaUrl: "https://e.example/a" } },
          },
        }),
      )
      yield* port.post(chatPost({ text: "", files: [file("a.txt", "the bytes")] }))
      const upload = nth(server.to(`POST ${appPath}/attachments`), 0)
      assert.match(upload.headers["content-type"] ?? "", /^multipart\/form-data; boundary=/)
      assert.include(upload.body, 'name="source"; filename="a.txt"')
      assert.include(upload.body, "the bytes")
      assert.deepStrictEqual(Object.fromEntries(upload.query), {
        access: "public",
        for: "message",
        conversationId: chatId,
      })
    }).pipe(overHttp),
  )

  it.live("waits for a file that cannot be read just now, without sending the text twice", () =>
    Effect.gen(function* () {
      const { client, port, target } = yield* room
      const broken = new StoreError({ operation: "read", detail: "the store is away" })
      const away: OutboundFile = { ...png, bytes: Effect.fail(broken) }
      const error = yield* Effect.flip(port.post(chatPost({ ...target, files: [away] })))
      assert.strictEqual(error.reason._tag, "Ambiguous")
      yield* port.post(chatPost({ ...target, files: [png], checkFirst: true }))
      assert.lengthOf(yield* messagesOf(client, target.conversationId), 2)
    }).pipe(overHttp),
  )
})
