/** Reading: pages, long polls and event streams over real sockets; and the files that browsers load. */
import { gunzipSync } from "node:zlib"
import { get as httpGet } from "node:http"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { client, startWorld, until, type World } from "./support/world.ts"

let world: World
let me: ReturnType<typeof client>

beforeAll(async () => {
  world = await startWorld({ settings: { limits: { streams: 2, callsPerMinute: 1_000 } } })
  me = client(world)
})
afterAll(() => world.close())

const begin = async () => {
  const session = await me.session()
  await me.post("messages", { id: crypto.randomUUID(), text: "Hello" }, session.token)
  return session
}

interface Heard {
  readonly name: string
  readonly id: string | null
  readonly data: Record<string, unknown>
}

const readEvents = (text: string): ReadonlyArray<Heard> =>
  text.split("\n\n").flatMap((block) => {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1] ?? null
    const data = field("data")
    return data === null
      ? []
      : [{ name: field("event") ?? "message", id: field("id"), data: JSON.parse(data) }]
  })

/** An event source without a browser. */
const listen = async (
  token: string,
  query: Record<string, string> = {},
  headers: Record<string, string> = {},
) => {
  const { ticket } = JSON.parse(await (await me.post("ticket", {}, token)).text())
  const abort = new AbortController()
  const answer = await fetch(me.url("stream", { ticket, ...query }), {
    headers: { origin: world.origin, ...headers },
    signal: abort.signal,
  })
  let text = ""
  const reading = (async () => {
    if (answer.body === null) return
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) text += chunk
  })().catch(() => undefined)
  return {
    answer,
    text: () => text,
    events: (name: string) => readEvents(text).filter((event) => event.name === name),
    close: async () => {
      abort.abort()
      await reading
    },
  }
}

describe("lines", () => {
  it("come in order, page by page, or the end of a long history alone", async () => {
    const { conversation, token } = await begin()
    for (let n = 1; n <= 249; n++) world.timeline.say(conversation, "ai", `Answer ${n}`)
    const texts: Array<string> = []
    let after: string | null = null
    for (let pages = 0; pages < 10; pages++) {
      const page: { lines: ReadonlyArray<{ text: string; cursor: string }>; more: boolean } = JSON.parse(
        await (await me.get("lines", token, after === null ? {} : { after })).text(),
      )
      texts.push(...page.lines.map(({ text }) => text))
      after = page.lines.at(-1)?.cursor ?? after
      if (!page.more) break
    }
    assert.deepStrictEqual(texts, ["Hello", ...Array.from({ length: 249 }, (_, n) => `Answer ${n + 1}`)])
    const tail = JSON.parse(await (await me.get("lines", token, { tail: "1" })).text())
    assert.strictEqual(tail.lines.length, 200)
    assert.strictEqual(tail.lines.at(-1).text, "Answer 249")
    assert.isFalse(tail.more)
  })

  it("are waited for, and come when they are said", async () => {
    const { conversation, token } = await begin()
    const { lines } = JSON.parse(await (await me.get("lines", token)).text())
    const asked = me.get("lines", token, { after: lines[0].cursor, wait: "25" })
    await until("somebody waits", () => world.timeline.thread(conversation).listeners.size > 0)
    world.timeline.say(conversation, "human", "Here I am", { authorName: "Sam" })
    const page = JSON.parse(await (await asked).text())
    assert.deepInclude(page.lines[0], { author: "human", authorName: "Sam", text: "Here I am" })
    await until("nobody listens any more", () => world.timeline.thread(conversation).listeners.size === 0)
  })

  it("are refused, not lost, while the store is away", async () => {
    const { token } = await begin()
    world.timeline.failing = 1
    const answer = await me.get("lines", token)
    assert.strictEqual(answer.status, 503)
    assert.strictEqual((await me.get("lines", token)).status, 200)
  })

  it("may be read without an Origin by the server's own pages, not by others", async () => {
    const { token } = await begin()
    const read = (headers: Record<string, string>) =>
      new Promise<number>((resolve) => {
        httpGet(me.url("lines"), { headers: { authorization: `Bearer ${token}`, ...headers } }, (answer) => {
          answer.resume()
          resolve(answer.statusCode ?? 0)
        })
      })
    assert.strictEqual(await read({ "sec-fetch-site": "same-origin" }), 200)
    assert.strictEqual(await read({ "sec-fetch-site": "cross-site" }), 403)
  })
})

describe("a stream", () => {
  it("says what is there, then what happens, and goes on where it was", async () => {
    const { conversation, token } = await begin()
    const stream = await listen(token)
    assert.strictEqual(stream.answer.headers.get("content-type"), "text/event-stream; charset=utf-8")
    assert.include(stream.answer.headers.get("cache-control") ?? "", "no-store")
    assert.strictEqual(stream.answer.headers.get("x-accel-buffering"), "no")
    assert.strictEqual(stream.answer.headers.get("access-control-allow-origin"), world.origin)
    await until("the first line", () => stream.events("line").length === 1)
    assert.match(stream.text(), /^retry: \d+\n\n/)

    world.timeline.typing(conversation, "ai")
    world.timeline.partial(conversation, "The answ")
    await until("the draft", () => stream.events("partial").length === 1)
    await new Promise((resolve) => setTimeout(resolve, 80))
    world.timeline.partial(conversation, "The answer is 42")
    await until("more of it", () => stream.events("partial").length === 2)
    assert.deepStrictEqual(
      stream.events("partial").map(({ data }) => data),
      [{ text: "The answ" }, { add: "er is 42" }],
    )
    assert.deepStrictEqual(stream.events("typing")[0]?.data, { author: "ai" })
    const id = world.timeline.say(conversation, "ai", "The answer is 42.", {
      sources: [{ articleId: "a-1", title: "Guide", url: "https://help.acme.example/guide" }],
    })
    await until("the answer", () => stream.events("line").length === 2)
    const line = stream.events("line")[1]
    assert.deepInclude(line?.data, { id, author: "ai", text: "The answer is 42." })
    assert.deepStrictEqual(line?.data["sources"], [
      { title: "Guide", url: "https://help.acme.example/guide" },
    ])
    world.timeline.become(conversation, "human", "Sam")
    await until("the state", () => stream.events("sync").at(-1)?.data["humanName"] === "Sam")
    await stream.close()

    world.timeline.say(conversation, "human", "While you were away")
    const again = await listen(token, {}, { "last-event-id": line?.id ?? "" })
    await until("what was missed", () => again.events("line").length === 1)
    assert.strictEqual(again.events("line")[0]?.data["text"], "While you were away")
    await again.close()
    const byQuery = await listen(token, { after: line?.id ?? "" })
    await until("the same by the query", () => byQuery.events("line").length === 1)
    await byQuery.close()
    await until("nobody listens any more", () => world.timeline.thread(conversation).listeners.size === 0)
  })

  it("survives an outage of the store", async () => {
    const { conversation, token } = await begin()
    const stream = await listen(token)
    await until("the first line", () => stream.events("line").length === 1)
    world.timeline.failing = 1
    world.timeline.say(conversation, "ai", "Said in the outage")
    await until("the failure", () => stream.text().includes(": later"))
    world.timeline.say(conversation, "ai", "Said after it")
    await until("both", () => stream.events("line").length === 3)
    await stream.close()
  })

  it("needs a ticket of its own visitor; the token itself is none, and a ticket is no token", async () => {
    const { token } = await begin()
    const open = async (ticket: string, origin = world.origin) => {
      const answer = await fetch(me.url("stream", { ticket }), { headers: { origin } })
      await answer.body?.cancel()
      return answer.status
    }
    const { ticket } = JSON.parse(await (await me.post("ticket", {}, token)).text())
    assert.strictEqual(await open(ticket), 200)
    assert.strictEqual(await open(token), 401)
    assert.strictEqual(await open(""), 401)
    assert.strictEqual(await open(ticket.replace(/.$/, (c: string) => (c === "A" ? "B" : "A"))), 401)
    assert.strictEqual(await open(ticket, "https://evil.example"), 403)
    assert.strictEqual((await me.get("lines", ticket)).status, 401)
  })

  it("is one of few per visitor", async () => {
    const { conversation, token } = await begin()
    const [first, second] = [await listen(token), await listen(token)]
    await until("both run", () => world.timeline.thread(conversation).listeners.size === 2)
    const third = await listen(token)
    assert.strictEqual(third.answer.status, 429)
    assert.isAbove(Number(third.answer.headers.get("retry-after")), 0)
    await first.close()
    await until("one is gone", () => world.timeline.thread(conversation).listeners.size === 1)
    const fourth = await listen(token)
    assert.strictEqual(fourth.answer.status, 200)
    await Promise.all([second.close(), fourth.close()])
  })

  it("shows nobody else's lines", async () => {
    const ann = await begin()
    const bob = await begin()
    const stream = await listen(bob.token)
    world.timeline.say(ann.conversation, "ai", "For Ann alone")
    world.timeline.say(bob.conversation, "ai", "For Bob")
    await until("Bob's", () => stream.text().includes("For Bob"))
    assert.notInclude(stream.text(), "For Ann")
    await stream.close()
  })
})

describe("files for browsers", () => {
  it("the loader names a bundle that may be kept for ever; both are small", async () => {
    const loader = await fetch(`${world.url}/widget/loader.js`)
    assert.strictEqual(loader.status, 200)
    assert.strictEqual(loader.headers.get("content-encoding"), "gzip")
    assert.match(loader.headers.get("content-type") ?? "", /javascript/)
    const text = await loader.text()
    const name = /assets\/(widget-[0-9a-f]{16}\.js)/.exec(text)?.[1]
    const bundle = await fetch(`${world.url}/widget/assets/${name}`)
    assert.strictEqual(bundle.status, 200)
    assert.include(bundle.headers.get("cache-control") ?? "", "immutable")
    assert.include(loader.headers.get("cache-control") ?? "", "max-age=300")
    const etag = loader.headers.get("etag") ?? ""
    const same = await fetch(`${world.url}/widget/loader.js`, { headers: { "if-none-match": etag } })
    assert.strictEqual(same.status, 304)
    assert.strictEqual((await fetch(`${world.url}/widget/assets/other.js`)).status, 404)
    assert.strictEqual((await fetch(`${world.url}/widget/assets/..%2Fmanifest.json`)).status, 404)
  })

  it("travel compressed: at most 20 kB and 2 kB", async () => {
    const sizeOf = (path: string) =>
      new Promise<number>((resolve) => {
        httpGet(`${world.url}/widget/${path}`, { headers: { "accept-encoding": "gzip" } }, (answer) => {
          const chunks: Array<Buffer> = []
          answer.on("data", (chunk: Buffer) => chunks.push(chunk))
          answer.on("end", () => {
            const all = Buffer.concat(chunks)
            assert.isAbove(gunzipSync(all).length, all.length)
            resolve(all.length)
          })
        })
      })
    const loader = await (await fetch(`${world.url}/widget/loader.js`)).text()
    const bundle = await sizeOf(/assets\/widget-[0-9a-f]{16}\.js/.exec(loader)?.[0] ?? "")
    assert.isAtMost(bundle, 20_000)
    assert.isAtMost(await sizeOf("loader.js"), 2_000)
  })

  it("the looks come in the visitor's language, with the site's own words", async () => {
    const config = async (locale: string) =>
      JSON.parse(await (await me.get("config", undefined, { locale })).text())
    assert.deepInclude(await config("ar-EG,en"), { locale: "ar", rtl: true, title: "Acme & Söhne" })
    assert.deepInclude(await config("xx,iw"), { locale: "he", rtl: true })
    assert.deepInclude(await config("xx"), { locale: "en", rtl: false })
    const answer = await fetch(me.url("config"), { headers: { origin: "https://evil.example" } })
    assert.strictEqual(answer.status, 403)
  })
})
