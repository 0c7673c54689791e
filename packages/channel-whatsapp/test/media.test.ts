/** Files that customers send: from Meta's hosts only, within a size, whole; and visible when they fail. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { isMediaUrl } from "../src/edge/hosts.ts"
import { fileNameOf } from "../src/inbound/fileName.ts"
import * as A from "./support/accounts.ts"
import { metaWorld, receive } from "./support/worlds.ts"

const picture = new Uint8Array(50_000).map((_, i) => i % 251)
const image = (over: Record<string, unknown> = {}) =>
  ({
    media: { kind: "image", contentType: "image/jpeg", bytes: picture, caption: "My lamp", ...over },
  }) as const

describe("files over the fake", () => {
  for (const mediaUrls of [true, false]) {
    it.live(`arrive whole, ${mediaUrls ? "by the webhook's own address" : "by their id"}`, () =>
      Effect.gen(function* () {
        const { customer, fake, hook } = yield* metaWorld({ meta: { mediaUrls }, webhooks: true })
        yield* Effect.promise(() => fake.customerSends(customer.id, image()))
        const message = A.firstMessage(hook.events)
        assert.strictEqual(message.text, "My lamp")
        const [file] = message.files
        assert.deepStrictEqual(file?.bytes.length, picture.length)
        assert.isTrue(Buffer.from(file?.bytes ?? []).equals(Buffer.from(picture)))
        assert.match(file?.fileName ?? "", /^image-\w+\.jpg$/)
        const lookups = fake.requests().filter((r) => /^\/v25\.0\/\d+$/.test(r.path))
        assert.strictEqual(lookups.length, mediaUrls ? 0 : 1)
      }),
    )
  }

  it.live("an expired address is replaced by a fresh one", () =>
    Effect.gen(function* () {
      const { customer, fake, hook } = yield* metaWorld()
      const body = fake.batchBody([{ customerId: customer.id, content: image({ caption: undefined }) }])
      fake.advance(6 * 60_000)
      fake.sendWebhooksTo(hook.url)
      yield* Effect.promise(() => fake.webhook(body))
      const message = A.firstMessage(hook.events)
      assert.strictEqual(message.text, "[image]")
      assert.strictEqual(message.files[0]?.bytes.length, picture.length)
    }),
  )

  it.live("a voice message is one, and a document keeps its name without its path", () =>
    Effect.gen(function* () {
      const { customer, fake, hook } = yield* metaWorld({ webhooks: true })
      const send = (media: object) =>
        Effect.promise(() =>
          fake.customerSends(customer.id, {
            media: { kind: "audio", contentType: "audio/ogg; codecs=opus", bytes: picture, ...media },
          }),
        )
      yield* send({ voice: true })
      yield* send({ kind: "document", contentType: "application/pdf", fileName: "../../etc/\u202Efdp.exe" })
      const [voice, document] = hook.events.flatMap((e) => (e._tag === "Message" ? [e] : []))
      assert.strictEqual(voice?.text, "[voice message]")
      assert.match(voice?.files[0]?.fileName ?? "", /^voice-message-\w+\.ogg$/)
      assert.strictEqual(document?.files[0]?.fileName, "fdp.exe")
    }),
  )

  it.live("a fault is survived once; a lasting one is told in the text, and the siblings arrive", () =>
    Effect.gen(function* () {
      const { customer, fake, hook } = yield* metaWorld({ meta: { mediaUrls: false }, webhooks: true })
      fake.faults.add({ on: "lookup", kind: "status", status: 500 })
      yield* Effect.promise(() => fake.customerSends(customer.id, image()))
      assert.strictEqual(A.firstMessage(hook.events).files.length, 1)
      hook.events.length = 0
      fake.faults.add({ on: "download", kind: "status", status: 500, times: 9 })
      const body = fake.batchBody([
        { customerId: customer.id, content: image() },
        { customerId: customer.id, content: { text: "Did you get it?" } },
      ])
      yield* Effect.promise(() => fake.webhook(body))
      const texts = hook.events.flatMap((e) => (e._tag === "Message" ? [e.text] : []))
      assert.deepStrictEqual(texts, [
        "My lamp\n\n(The image could not be fetched from WhatsApp: Meta answered 500.)",
        "Did you get it?",
      ])
    }),
  )

  it.live("slow files do not hold up the answer to Meta, and say so", () =>
    Effect.gen(function* () {
      const { customer, fake, hook } = yield* metaWorld({ webhooks: true })
      fake.faults.add({ on: "download", kind: "latency", ms: 15_000, times: 20 })
      const body = fake.batchBody(
        Array.from({ length: 9 }, (_, i) => ({
          customerId: customer.id,
          content: image({ caption: `Picture ${i}` }),
        })),
      )
      const started = performance.now()
      assert.strictEqual((yield* Effect.promise(() => fake.webhook(body))).tries, 1)
      // Three times in a row would be 24 s.
      assert.isBelow(performance.now() - started, 18_000)
      const texts = hook.events.flatMap((e) => (e._tag === "Message" ? [e.text] : []))
      assert.strictEqual(texts.length, 9)
      for (const [i, text] of texts.entries()) {
        assert.isTrue(text.startsWith(`Picture ${i}\n`))
        assert.include(text, "took too long")
      }
    }),
  )

  it.live("a file that is not what was announced is refused", () =>
    Effect.gen(function* () {
      const { customer, fake, hook } = yield* metaWorld()
      const body = JSON.stringify(fake.batchBody([{ customerId: customer.id, content: image() }])).replace(
        /"sha256":"[^"]*"/,
        '"sha256":"AAAA"',
      )
      fake.sendWebhooksTo(hook.url)
      yield* Effect.promise(() => fake.webhook(JSON.parse(body)))
      const message = A.firstMessage(hook.events)
      assert.strictEqual(message.files.length, 0)
      assert.include(message.text, "did not arrive whole")
    }),
  )

  it.live("100 MB are not read: neither announced nor poured", () =>
    Effect.gen(function* () {
      const poured = { bytes: 0 }
      const block = Buffer.alloc(1_048_576)
      const server = yield* Effect.acquireRelease(
        Effect.promise(async () => {
          const server = createServer((request, response) => {
            if (request.url === "/announced") {
              response.writeHead(200, { "content-length": String(100 * block.length) })
              response.end()
              return
            }
            response.writeHead(200)
            const pour = () => {
              while (poured.bytes < 100 * block.length && !response.destroyed) {
                poured.bytes += block.length
                if (!response.write(block)) return response.once("drain", pour)
              }
              return response.end()
            }
            pour()
          })
          await new Promise<void>((resolve) => {
            server.listen(0, "127.0.0.1", resolve)
          })
          return server
        }),
        (server) =>
          Effect.promise(async () => {
            server.closeAllConnections()
            await new Promise<void>((resolve) => {
              server.close(() => resolve())
            })
          }),
      )
      const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      for (const path of ["announced", "poured"]) {
        const events = yield* receive(
          A.signed(
            A.messages(
              A.inbound({
                type: "image",
                text: undefined,
                image: { id: "5551234567", url: `${base}/${path}` },
              }),
            ),
          ),
          A.metaSettings({ apiBaseUrl: base, maxMediaBytes: 2_097_152 }),
        )
        const message = A.firstMessage(events)
        assert.strictEqual(message.files.length, 0)
        assert.include(message.text, "larger than 2 MB")
      }
      assert.isBelow(poured.bytes, 60 * block.length, "the rest was not read")
    }),
  )
})

describe("where the token is shown", () => {
  const graph = "https://graph.facebook.com"
  const domains = ["fbcdn.net", "fbsbx.com"]
  it("to Meta's hosts only, by their exact names", () => {
    for (const good of [
      "https://graph.facebook.com/v25.0/1",
      "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1",
      "https://scontent.xx.fbcdn.net/a.jpg",
    ])
      assert.isTrue(isMediaUrl(good, graph, domains), good)
    for (const bad of [
      "http://lookaside.fbsbx.com/a",
      "https://fbsbx.com.evil.example/a",
      "https://evilfbsbx.com/a",
      "https://lookaside.fbsbx.com:8443/a",
      "https://user@lookaside.fbsbx.com/a",
      "https://lookaside.fbsbx.com@evil.example/a",
      "https://graph.facebook.com.evil.example/a",
      "http://127.0.0.1/a",
      "http://169.254.169.254/latest/meta-data",
      "file:///etc/passwd",
      "nonsense",
    ])
      assert.isFalse(isMediaUrl(bad, graph, domains), bad)
    assert.isTrue(isMediaUrl("http://127.0.0.1:99/a", "http://127.0.0.1:80", domains))
    assert.isFalse(isMediaUrl("http://10.0.0.1/a", "http://127.0.0.1:80", domains))
  })

  it.live("an address elsewhere is never asked, however the webhook is signed", () =>
    Effect.gen(function* () {
      const { fake, settings } = yield* metaWorld()
      const events = yield* receive(
        A.signed(
          A.messages(
            A.inbound({
              type: "image",
              text: undefined,
              image: { id: "5551234567", url: "https://evil.example/a" },
            }),
          ),
        ),
        settings,
      )
      assert.include(A.firstMessage(events).text, "could not be fetched")
      assert.deepStrictEqual(
        fake.requests().map((r) => r.path),
        ["/v25.0/5551234567"],
      )
    }),
  )
})

describe("file names", () => {
  it("are the sender's without path and tricks, or made up", () => {
    assert.strictEqual(fileNameOf("C:\\x\\bill.pdf", "document", "application/pdf", "1"), "bill.pdf")
    assert.strictEqual(fileNameOf("..", "document", "application/pdf", "123456789"), "document-23456789.pdf")
    assert.strictEqual(fileNameOf("فاتورة.pdf", "document", "application/pdf", "1"), "فاتورة.pdf")
    assert.strictEqual(fileNameOf(null, "sticker", "application/x-odd", "12345678"), "sticker-12345678.bin")
  })
})
