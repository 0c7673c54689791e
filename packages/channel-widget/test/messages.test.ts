/** Messages, files, and what else a customer does, over real sockets. */
import { connect } from "node:net"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { client, startWorld, until, type World } from "./support/world.ts"

let world: World
let me: ReturnType<typeof client>

beforeAll(async () => {
  world = await startWorld({
    settings: {
      attachments: { maxBytes: 20_000, maxFiles: 2 },
      limits: { messagesPerMinute: 1_000, callsPerMinute: 1_000, addressPerMinute: 100_000 },
    },
  })
  me = client(world)
})
afterAll(() => world.close())

const events = (tag: string, thread: string) =>
  world.timeline.events.filter(
    (event) => event._tag === tag && "thread" in event && event.thread.defaultKey === thread,
  )

const png = Buffer.from(
  "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf00000002010100189dd4550000000049454e44ae426082",
  "hex",
)

const withFiles = (
  token: string,
  files: ReadonlyArray<readonly [string, string | Uint8Array<ArrayBuffer>]>,
  message?: object,
) => {
  const form = new FormData()
  form.set("message", JSON.stringify({ id: crypto.randomUUID(), text: "See this", ...message }))
  for (const [name, content] of files) form.append("file", new Blob([content], { type: "image/png" }), name)
  return fetch(me.url("messages"), {
    method: "POST",
    headers: { origin: world.origin, authorization: `Bearer ${token}` },
    body: form,
  })
}

describe("a message", () => {
  it("is journaled with its sender, its thread and its own id", async () => {
    const { conversation, token } = await me.session()
    const id = crypto.randomUUID()
    const answer = await me.post(
      "messages",
      {
        id,
        text: "Where is my order?\u0000\r\nمرحبا 👩‍👩‍👧",
        name: "Ann",
        locale: "en-GB",
        page: { url: "https://shop.example/cart", title: "Cart" },
        context: { plan: "pro", seats: 3 },
        unknown: { field: true },
      },
      token,
    )
    assert.strictEqual(answer.status, 202)
    const [event] = events("Message", conversation)
    assert.strictEqual(event?._tag, "Message")
    if (event?._tag !== "Message") return
    assert.strictEqual(event.text, "Where is my order?\nمرحبا 👩‍👩‍👧")
    assert.deepEqual(event.sender, { kind: "widget", value: conversation, verified: true, name: "Ann" })
    assert.strictEqual(event.messageId, id)
    assert.strictEqual(event.locale, "en-GB")
    assert.include(event.fullText ?? "", "Page: Cart https://shop.example/cart")
    assert.include(event.fullText ?? "", "plan: pro")
    assert.strictEqual(JSON.parse(event.address).thread, conversation)
    assert.isAtMost(event.thread.defaultKey.length, 120)
    const page = JSON.parse(await (await me.get("lines", token)).text())
    assert.strictEqual(page.lines.length, 1)
    assert.deepInclude(page.lines[0], { id, author: "customer" })
  })

  it("with the same id has one effect, whoever repeats it", async () => {
    const { conversation, token } = await me.session()
    const id = crypto.randomUUID()
    const answers = await Promise.all([1, 2, 3].map(() => me.post("messages", { id, text: "Once" }, token)))
    assert.deepStrictEqual(
      answers.map(({ status }) => status),
      [202, 202, 202],
    )
    assert.strictEqual(new Set(events("Message", conversation).map(({ dedupKey }) => dedupKey)).size, 1)
    assert.strictEqual(world.timeline.thread(conversation).lines.length, 1)
    // The same id of another visitor is another message.
    const other = await me.session()
    await me.post("messages", { id, text: "Mine" }, other.token)
    assert.strictEqual(world.timeline.thread(other.conversation).lines.length, 1)
  })

  it.each([
    ["no JSON", "{", 400],
    ["no id", { text: "x" }, 400],
    ["an id that is none", { id: "1", text: "x" }, 400],
    ["nothing in it", { id: crypto.randomUUID(), text: " \u0000\n " }, 400],
    ["8,001 characters", { id: crypto.randomUUID(), text: "é".repeat(8_001) }, 413],
    ["a context that is deep", { id: crypto.randomUUID(), text: "x", context: { a: { b: 1 } } }, 400],
    ["100 kB", { id: crypto.randomUUID(), text: "x".repeat(100_000) }, 413],
  ])("is refused: %s", async (_, body, status) => {
    const { conversation, token } = await me.session()
    const answer = await me.post("messages", body, token)
    assert.strictEqual(answer.status, status, await answer.text())
    assert.strictEqual(events("Message", conversation).length, 0)
  })

  it("of 8,000 letters is taken whole", async () => {
    const { conversation, token } = await me.session()
    const answer = await me.post("messages", { id: crypto.randomUUID(), text: "é".repeat(8_000) }, token)
    assert.strictEqual(answer.status, 202)
    assert.strictEqual(world.timeline.thread(conversation).lines[0]?.text.length, 8_000)
  })

  it("is asked for again when the journal cannot be written, and then counts once", async () => {
    const { conversation, token } = await me.session()
    const body = { id: crypto.randomUUID(), text: "Again" }
    await me.get("lines", token)
    world.timeline.failing = 1
    const first = await me.post("messages", body, token)
    assert.strictEqual(first.status, 503)
    assert.isAbove(Number(first.headers.get("retry-after")), 0)
    assert.strictEqual(first.headers.get("access-control-allow-origin"), world.origin)
    assert.strictEqual((await me.post("messages", body, token)).status, 202)
    assert.strictEqual(world.timeline.thread(conversation).lines.length, 1)
  })

  it("that dribbles in holds nobody up, and one that ends early is dropped", async () => {
    const { token } = await me.session()
    const { port } = new URL(world.url)
    const socket = connect(Number(port), "127.0.0.1")
    socket.on("error", () => undefined)
    socket.write(
      `POST /widget/messages?${new URL(me.url("messages")).searchParams} HTTP/1.1\r\nHost: x\r\nOrigin: ${world.origin}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"id":`,
    )
    const answer = await me.post("messages", { id: crypto.randomUUID(), text: "Meanwhile" }, token)
    assert.strictEqual(answer.status, 202)
    socket.destroy()
    assert.strictEqual((await me.get("lines", token)).status, 200)
  })
})

describe("files", () => {
  it("are taken by their content, with safe names", async () => {
    const { conversation, token } = await me.session()
    const answer = await withFiles(token, [
      ["../../etc/pass\u202ewd.png", png],
      ["notes.txt", "plain words"],
    ])
    assert.strictEqual(answer.status, 202, await answer.clone().text())
    const [event] = events("Message", conversation)
    if (event?._tag !== "Message") assert.fail("no message")
    assert.deepStrictEqual(
      event.files.map(({ contentType, fileName }) => [fileName, contentType]),
      [
        ["pass_wd.png", "image/png"],
        ["notes.txt", "text/plain"],
      ],
    )
    assert.deepEqual(Buffer.from(event.files[0]?.bytes ?? []), png)
  })

  const zip = Buffer.concat([Buffer.from("504b0304", "hex"), Buffer.alloc(26), Buffer.from("evil.exe")])
  it.each<[string, string | Uint8Array<ArrayBuffer>, number]>([
    ["page.png", "<!doctype html><script>alert(1)</script>", 415],
    ["picture.png", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 415],
    ["picture.png", "   \n<?xml version='1.0'?><svg/>", 415],
    ["setup.png", "MZ\u0000\u0003", 415],
    ["run.txt", "#!/bin/sh\nrm -rf /", 415],
    ["archive.docx", zip, 415],
    ["noise.png", Uint8Array.from([1, 2, 3, 255, 254]), 415],
    ["empty.png", "", 400],
    ["large.txt", "a".repeat(20_001), 413],
  ])("of other kinds are refused: %s %#", async (name, content, status) => {
    const { conversation, token } = await me.session()
    const answer = await withFiles(token, [[name, content]])
    assert.strictEqual(answer.status, status, await answer.text())
    assert.strictEqual(events("Message", conversation).length, 0)
  })

  it("are limited in number, and a form must be one", async () => {
    const { token } = await me.session()
    assert.strictEqual(
      (
        await withFiles(
          token,
          [1, 2, 3].map((n) => [`${n}.png`, png] as const),
        )
      ).status,
      413,
    )
    const broken = await me.post("messages", "--x\r\n", token, {
      "content-type": "multipart/form-data; boundary=x",
    })
    assert.strictEqual(broken.status, 400)
    const other = await client(world, "site_other_002").post("session", {})
    assert.strictEqual(other.status, 201)
  })
})

describe("buttons", () => {
  it("ask for a human, once for each press, and let them go", async () => {
    const { conversation, token } = await me.session()
    await me.post("messages", { id: crypto.randomUUID(), text: "Hi" }, token)
    const id = crypto.randomUUID()
    await me.post("human", { id }, token)
    await me.post("human", { id }, token)
    const wanted = events("HumanWanted", conversation)
    assert.strictEqual(new Set(wanted.map(({ dedupKey }) => dedupKey)).size, 1)
    assert.strictEqual(JSON.parse(await (await me.get("lines", token)).text()).state, "handing_off")
    assert.strictEqual((await me.post("dismiss", { id: crypto.randomUUID() }, token)).status, 202)
    assert.strictEqual(events("HumanDismissed", conversation).length, 1)
    assert.strictEqual((await me.post("human", {}, token)).status, 400)
  })

  it("rate one's own answers and conversation, nobody else's", async () => {
    const { conversation, token } = await me.session()
    await me.post("messages", { id: crypto.randomUUID(), text: "Hi" }, token)
    const lineId = world.timeline.say(conversation, "ai", "Here you are")
    const rate = (body: object, by = token) => me.post("rate", { id: crypto.randomUUID(), ...body }, by)
    assert.strictEqual((await rate({ kind: "answer", lineId, score: 1 })).status, 202)
    assert.strictEqual((await rate({ kind: "conversation", score: 4, comment: "شكرا" })).status, 202)
    assert.deepStrictEqual(
      events("Rated", conversation).map(
        (event) => event._tag === "Rated" && [event.kind, event.score, event.comment, event.deliveryId],
      ),
      [
        ["answer", 1, null, lineId],
        ["conversation", 4, "شكرا", null],
      ],
    )
    for (const bad of [
      { kind: "answer", lineId, score: 2 },
      { kind: "conversation", score: 6 },
      { kind: "conversation", score: 0 },
      { kind: "answer", score: 1 },
    ])
      assert.strictEqual((await rate(bad)).status, 400)
    const stranger = await me.session()
    assert.strictEqual((await rate({ kind: "answer", lineId, score: 0 }, stranger.token)).status, 404)
  })

  it("leave an address that proves nothing", async () => {
    const { conversation, token } = await me.session()
    const body = { id: crypto.randomUUID(), email: "ann@customer.example", name: "Ann" }
    assert.strictEqual((await me.post("contact", body, token)).status, 202)
    const [event] = events("ContactDetails", conversation)
    assert.deepInclude(event, { email: "ann@customer.example", name: "Ann" })
    for (const email of [
      "ann",
      "ann@localhost",
      "a b@c.example",
      "ann@c.example\r\nBcc: x@y.example",
      `${"a".repeat(400)}@c.example`,
    ])
      assert.strictEqual((await me.post("contact", { ...body, email }, token)).status, 400, email)
  })

  it("tell what was delivered and read, of one's own lines and once", async () => {
    const { conversation, token } = await me.session()
    const stranger = await me.session()
    await me.post("messages", { id: crypto.randomUUID(), text: "Hi" }, token)
    const lineId = world.timeline.say(conversation, "ai", "Here you are")
    const deliveries = () =>
      world.timeline.events.flatMap((event) =>
        event._tag === "Delivery" && event.deliveryId === lineId ? [event.status] : [],
      )
    assert.strictEqual((await me.post("read", { read: [lineId] }, stranger.token)).status, 204)
    assert.deepStrictEqual(deliveries(), [])
    await me.post("read", { delivered: [lineId] }, token)
    await me.post("read", { read: [lineId, crypto.randomUUID(), "c-1"] }, token)
    await me.post("read", { read: [lineId], delivered: [lineId] }, token)
    assert.deepStrictEqual(deliveries(), ["delivered", "read"])
    assert.strictEqual((await me.post("typing", {}, token)).status, 204)
    assert.strictEqual((await me.post("typing", {})).status, 401)
  })

  it.each(["human", "dismiss", "rate", "contact", "read", "messages", "typing", "ticket"])(
    "refuse strangers: %s",
    async (path) => {
      const { token } = await me.session()
      assert.strictEqual((await me.post(path, {})).status, 401)
      assert.strictEqual((await me.post(path, {}, token, { origin: "https://evil.example" })).status, 403)
    },
  )
})

describe("limits", () => {
  it("hold back whoever is too fast, and say until when", async () => {
    const slow = await startWorld({ settings: { limits: { messagesPerMinute: 3, callsPerMinute: 5 } } })
    try {
      const visitor = client(slow)
      const { token } = await visitor.session()
      const statuses = []
      for (let n = 0; n < 5; n++) {
        const answer = await visitor.post("messages", { id: crypto.randomUUID(), text: `${n}` }, token)
        statuses.push(answer.status)
        if (answer.status === 429) assert.isAtLeast(Number(answer.headers.get("retry-after")), 1)
      }
      assert.deepStrictEqual(statuses, [202, 202, 202, 429, 429])
      // Another visitor is not concerned.
      const other = await visitor.session()
      assert.strictEqual(
        (await visitor.post("messages", { id: crypto.randomUUID(), text: "x" }, other.token)).status,
        202,
      )
    } finally {
      await slow.close()
    }
  })

  it("count by address, behind proxies by what the outermost of ours saw", async () => {
    const proxied = await startWorld({ settings: { proxies: 1, limits: { addressPerMinute: 4 } } })
    try {
      const visitor = client(proxied)
      const from = async (forwarded: string) =>
        (await visitor.post("session", {}, undefined, { "x-forwarded-for": forwarded })).status
      const statuses = []
      // What stands before the last entry anybody can write.
      for (let n = 0; n < 5; n++) statuses.push(await from(`10.0.0.${n}, 203.0.113.7`))
      assert.deepStrictEqual(statuses, [201, 201, 201, 201, 429])
      assert.strictEqual(await from("203.0.113.7, 198.51.100.1"), 201)
      // Whoever has one address of an IPv6 network has them all.
      const all = []
      for (let n = 0; n < 5; n++) all.push(await from(`2001:db9:1:2::${n + 1}`))
      assert.deepStrictEqual(all, [201, 201, 201, 201, 429])
      assert.strictEqual(await from("2001:db9:1:3::1"), 201)
    } finally {
      await proxied.close()
    }
  })

  it("a site that wants consent takes nothing without it", async () => {
    const careful = await startWorld({
      settings: { consent: "I agree to the [terms](https://shop.example/terms)" },
    })
    try {
      const visitor = client(careful)
      const { token } = await visitor.session()
      const body = { id: crypto.randomUUID(), text: "Hi" }
      assert.strictEqual((await visitor.post("messages", body, token)).status, 403)
      assert.strictEqual((await visitor.post("messages", { ...body, consent: true }, token)).status, 202)
      await until("the message is there", () => careful.timeline.events.length === 1)
    } finally {
      await careful.close()
    }
  })
})
