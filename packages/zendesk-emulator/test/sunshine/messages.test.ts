import { assert, describe, it } from "@effect/vitest"
import { afterAll, beforeAll } from "vitest"
import { type Answer, arr, at, str } from "../harness.ts"
import { appPath, basic, chat, type Chat } from "./harness.ts"

const code = (answer: Answer): readonly [number, unknown] => [answer.status, at(answer.body, "errors.0.code")]

describe("Sunshine messages", () => {
  let acme: Chat
  let user = ""
  let id = ""
  beforeAll(async () => {
    acme = await chat({ sunshine: { messagesPerConversation: 260 } })
    user = await acme.user("c1", { profile: { givenName: "Dana" } })
    id = await acme.conversation(user)
  })
  afterAll(() => acme.emulator.close())

  const post = (content: object, more: object = {}): Promise<Answer> =>
    acme.sc("POST", `/conversations/${id}/messages`, { author: { type: "business" }, content, ...more })

  it("answers with the message, its author and where it came from", async () => {
    const sent = await post(
      { type: "text", text: "Hello تحية 👋" },
      {
        author: {
          type: "business",
          displayName: "AI Agent",
          subtypes: ["AI"],
          avatarUrl: "https://a.test/a.png",
        },
        metadata: { opencx_msg_id: "m_1" },
      },
    )
    assert.strictEqual(sent.status, 201)
    const message = at(sent.body, "messages.0")
    assert.deepStrictEqual(at(message, "content"), { type: "text", text: "Hello تحية 👋" })
    assert.deepStrictEqual(at(message, "source"), { type: "api:conversations" })
    assert.deepStrictEqual(at(message, "author.subtypes"), ["AI"])
    assert.deepStrictEqual(at(message, "metadata"), { opencx_msg_id: "m_1" })
    const line = await post(
      { type: "text", text: "mine" },
      { author: { type: "user", userExternalId: "c1" } },
    )
    assert.deepStrictEqual(at(line.body, "messages.0.author"), {
      type: "user",
      userId: user,
      displayName: "Dana",
    })
  })

  it("takes every kind of content", async () => {
    const link = { type: "link", text: "Open", uri: "https://a.test" }
    const contents: ReadonlyArray<object> = [
      { type: "text", actions: [{ type: "reply", text: "Yes", payload: "YES" }] },
      { type: "text", htmlText: "<p>Hi <b>you</b></p>" },
      { type: "text", markdownText: "**Hi** [you](https://a.test)" },
      { type: "image", mediaUrl: "https://a.test/cat.png", altText: "a cat" },
      { type: "file", mediaUrl: "https://a.test/bill.pdf" },
      { type: "carousel", items: [{ title: "One", description: "first", actions: [link] }] },
      { type: "list", items: [{ title: "One", actions: [link] }] },
      { type: "form", fields: [{ type: "email", name: "email", label: "E-mail" }] },
      { type: "location", coordinates: { lat: 1.5, long: -2 } },
      { type: "template", template: { name: "hello", language: { code: "en" } } },
    ]
    for (const content of contents) {
      const answer = await post(content)
      assert.strictEqual(answer.status, 201, `${JSON.stringify(content)} ${answer.text}`)
    }
    const html = await post({ type: "text", markdownText: "**Hi**" })
    assert.deepStrictEqual(at(html.body, "messages.0.content"), {
      type: "text",
      text: "Hi",
      htmlText: "<p><strong>Hi</strong></p>",
    })
    assert.strictEqual(
      at(
        (await post({ type: "file", mediaUrl: "https://a.test/bill.pdf" })).body,
        "messages.0.content.mediaType",
      ),
      "application/pdf",
    )
  })

  it("refuses what it cannot carry", async () => {
    const text = { type: "text", text: "x" }
    const bad: ReadonlyArray<readonly [object, object]> = [
      [{ type: "text", text: "x".repeat(4_097) }, {}],
      [{ type: "text", text: "" }, {}],
      [{ type: "text" }, {}],
      [{ type: "text", htmlText: "<p>a</p>", markdownText: "a" }, {}],
      [{ type: "image", mediaUrl: "javascript:alert(1)" }, {}],
      [{ type: "image" }, {}],
      [{ type: "carousel", items: [] }, {}],
      [{ type: "carousel", items: [{ title: "x".repeat(129), actions: [] }] }, {}],
      [{ type: "formResponse", fields: [{ type: "text", name: "a", label: "A", text: "b" }] }, {}],
      [{ type: "location" }, {}],
      [{ type: "poem", text: "x" }, {}],
      [text, { author: { type: "robot" } }],
      [text, { author: { type: "business", subtypes: ["agent"] } }],
      [text, { author: { type: "user" } }],
      [text, { metadata: { a: { b: 1 } } }],
      [text, { author: { type: "user", userId: user }, destination: { integrationType: "none" } }],
      [text, { destination: { integrationType: "whatsapp" } }],
    ]
    const before = arr(acme.emulator.sunshine.chat(id), "messages").length
    for (const [content, more] of bad)
      assert.deepStrictEqual(
        code(await post(content, more)),
        [400, "bad_request"],
        JSON.stringify([content, more]).slice(0, 90),
      )
    assert.strictEqual(arr(acme.emulator.sunshine.chat(id), "messages").length, before)
    assert.strictEqual((await post({ type: "text", text: "x".repeat(4_096) })).status, 201)
    const stranger = await acme.user("stranger")
    assert.deepStrictEqual(code(await post(text, { author: { type: "user", userId: stranger } })), [
      400,
      "bad_request",
    ])
  })

  it("lists a hundred at a time, the newest page first, and is full at its limit", async () => {
    const owner = await acme.user("talker")
    const long = await acme.conversation(owner)
    const say = (text: string): Promise<Answer> =>
      acme.sc("POST", `/conversations/${long}/messages`, {
        author: { type: "business" },
        content: { type: "text", text },
      })
    for (let i = 0; i < 260; i++) assert.strictEqual((await say(String(i))).status, 201)
    const full = await say("one too many")
    assert.deepStrictEqual(code(full), [423, "locked"])
    const texts = (answer: Answer): ReadonlyArray<number> =>
      arr(answer.body, "messages").map((item) => Number(at(item, "content.text")))
    const range = (from: number, to: number): ReadonlyArray<number> =>
      Array.from({ length: to - from }, (_, index) => from + index)
    const list = (query = ""): Promise<Answer> => acme.sc("GET", `/conversations/${long}/messages${query}`)
    const newest = await list("?page[size]=5")
    assert.deepStrictEqual(texts(newest), range(160, 260))
    assert.deepStrictEqual(
      [at(newest.body, "meta.hasMore"), at(newest.body, "meta.afterCursor")],
      [true, undefined],
    )
    const older = await list(`?page[before]=${str(newest.body, "meta.beforeCursor")}`)
    assert.deepStrictEqual(texts(older), range(60, 160))
    const oldest = await list(`?page[before]=${str(older.body, "meta.beforeCursor")}`)
    assert.deepStrictEqual(texts(oldest), range(0, 60))
    assert.deepStrictEqual(
      [at(oldest.body, "meta.hasMore"), at(oldest.body, "meta.beforeCursor")],
      [false, undefined],
    )
    const forward = await list(`?page[after]=${str(oldest.body, "meta.afterCursor")}`)
    assert.deepStrictEqual(texts(forward), range(60, 160))
    const one = str(oldest.body, "messages.0.id")
    assert.strictEqual((await acme.sc("DELETE", `/conversations/${long}/messages/${one}`)).text, "{}")
    assert.deepStrictEqual(code(await acme.sc("DELETE", `/conversations/${long}/messages/${one}`)), [
      404,
      "not_found",
    ])
    await acme.sc("DELETE", `/conversations/${long}/messages`)
    assert.deepStrictEqual(at((await list()).body, "messages"), [])
  })
})

describe("Sunshine attachments", () => {
  it("stores a multipart source, serves it by its mediaUrl, and guards it when private", async () => {
    const acme = await chat()
    const upload = async (query: string, form: FormData | string): Promise<Answer> => {
      const response = await fetch(`${acme.emulator.url}${appPath}/attachments${query}`, {
        method: "POST",
        headers: basic(),
        body: form,
      })
      const text = await response.text()
      return { status: response.status, headers: response.headers, text, body: JSON.parse(text) }
    }
    const form = new FormData()
    form.set("source", new Blob(["%PDF bytes"], { type: "application/pdf" }), "Rechnung März.json")
    assert.deepStrictEqual(code(await upload("", form)), [400, "bad_request"])
    assert.deepStrictEqual(code(await upload("?access=public", "plain")), [400, "bad_request"])
    const made = await upload("?access=public&for=message", form)
    assert.deepStrictEqual([made.status, at(made.body, "attachment.mediaType")], [201, "application/pdf"])
    const mediaUrl = str(made.body, "attachment.mediaUrl")
    const file = await fetch(mediaUrl)
    assert.deepStrictEqual([file.status, await file.text()], [200, "%PDF bytes"])
    acme.emulator.sunshine.configure({ privateAttachments: true })
    assert.strictEqual((await fetch(mediaUrl)).status, 401)
    assert.strictEqual((await fetch(mediaUrl, { headers: basic() })).status, 200)
    const user = await acme.user("c1")
    const id = await acme.conversation(user)
    const sent = await acme.sc("POST", `/conversations/${id}/messages`, {
      author: { type: "business" },
      content: { type: "file", mediaUrl },
    })
    assert.deepStrictEqual(
      [at(sent.body, "messages.0.content.mediaType"), at(sent.body, "messages.0.content.mediaSize")],
      ["application/pdf", 10],
    )
    assert.strictEqual((await acme.sc("POST", "/attachments/remove", { mediaUrl })).status, 200)
    assert.strictEqual((await fetch(mediaUrl, { headers: basic() })).status, 404)
    const foreign = await acme.sc("POST", "/attachments/remove", { mediaUrl: "https://bad.test/x.png" })
    assert.deepStrictEqual(code(foreign), [400, "bad_request"])
    await acme.emulator.close()
  })

  it("refuses a file over 50 MB", async () => {
    const acme = await chat()
    const form = new FormData()
    form.set("source", new Blob([new Uint8Array(50 * 1024 * 1024 + 1)]), "big.bin")
    const response = await fetch(`${acme.emulator.url}${appPath}/attachments?access=public`, {
      method: "POST",
      headers: basic(),
      body: form,
    })
    assert.strictEqual(response.status, 413)
    await acme.emulator.close()
  })
})
