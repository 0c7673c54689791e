import { generateKeyPairSync } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { CustomerText, type OutboundMessage, SendFailure } from "@opencx/core"
import { Effect } from "effect"
import { authenticate } from "mailauth"
import { emailPlugin } from "../src/index.ts"
import { parseMail } from "../src/mime/parse.ts"
import { header } from "../src/mime/Mail.ts"
import { deliveryId, outgoing, replyTo, sessionId, signer, undecoded } from "./support/account.ts"
import { sink } from "./support/sink.ts"

const sender = (port: number, over: Record<string, unknown> = {}, outbound: Record<string, unknown> = {}) =>
  Effect.gen(function* () {
    const bound = yield* emailPlugin.bind(
      undecoded({ outbound: { host: "127.0.0.1", port, timeoutMs: 10_000, ...outbound }, ...over }),
    )
    return yield* bound.open
  })

const thread = (address = replyTo()) => ({ key: "k0123456789abcdef", address, lastInboundAt: null })

const read = (raw: string) => parseMail(new TextEncoder().encode(raw))

const withSink = (over: Record<string, unknown> = {}, outbound: Record<string, unknown> = {}) =>
  Effect.gen(function* () {
    const server = yield* sink
    const out = yield* sender(server.port, over, outbound)
    return {
      server,
      send: (message: OutboundMessage = outgoing(), address = replyTo()) =>
        out.send(message, thread(address)),
    }
  })

const kindOf = (error: SendFailure) => error.kind._tag

describe("what goes out", () => {
  it.live("an AI answer: threading, VERP, tagged Reply-To, automatic headers, both bodies", () =>
    Effect.gen(function* () {
      const { server, send } = yield* withSink()
      const receipt = yield* send(
        outgoing(),
        replyTo({ cc: [{ name: null, address: "bob@customer.example" }] }),
      )
      const caught = server.mails[0]
      assert.deepStrictEqual(caught?.to, ["ann@customer.example", "bob@customer.example"])
      const mail = yield* read(caught?.raw ?? "")
      assert.strictEqual(mail.messageId, receipt.messageId)
      assert.match(mail.messageId ?? "", new RegExp(`^<oc\\.${deliveryId}\\.[0-9a-z]+@acme\\.example>$`))
      assert.strictEqual(header(mail, "in-reply-to"), "<q1@customer.example>")
      assert.deepStrictEqual(mail.references, ["<q0@customer.example>", "<q1@customer.example>"])
      assert.strictEqual(mail.subject, "Re: Broken lamp")
      assert.strictEqual(header(mail, "auto-submitted"), "auto-replied")
      assert.strictEqual(header(mail, "x-auto-response-suppress"), "All")
      assert.strictEqual(header(mail, "x-opencx-session"), sessionId)
      assert.deepStrictEqual(mail.from, [{ name: "Acme Support", address: "support@acme.example" }])
      const tag = /^support\+([a-z2-7]+)@acme\.example$/.exec(mail.replyTo[0]?.address ?? "")?.[1] ?? ""
      assert.strictEqual(signer().open("thread", tag), "k0123456789abcdef")
      const verp = /^bounce\+([a-z2-7]+)@acme\.example$/.exec(caught?.from ?? "")?.[1] ?? ""
      assert.match(signer().open("bounce", verp) ?? "", /^[0-9a-z]{25}$/)
      assert.isAtMost((caught?.from ?? "").indexOf("@"), 64)
      assert.strictEqual(mail.text?.trim(), "Hello Ann, see the guide (https://help.acme.example/a).")
      assert.include(mail.html ?? "", '<a href="https://help.acme.example/a">the guide</a>')
      assert.include(mail.html ?? "", 'dir="auto"')
    }),
  )

  it.live("a human's reply carries the name and no automatic headers; files arrive whole", () =>
    Effect.gen(function* () {
      const { server, send } = yield* withSink()
      const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 256)
      const files = [
        {
          fileName: "Lampe – Übersicht 説明.pdf",
          contentType: "application/pdf",
          size: 1000,
          bytes: Effect.succeed(bytes),
        },
      ]
      yield* send(outgoing({ author: "human", authorName: "Sam Rivera", files }))
      const mail = yield* read(server.mails[0]?.raw ?? "")
      assert.deepStrictEqual(mail.from, [
        { name: "Sam Rivera (Acme Support)", address: "support@acme.example" },
      ])
      assert.strictEqual(header(mail, "auto-submitted"), null)
      assert.strictEqual(header(mail, "x-auto-response-suppress"), null)
      assert.strictEqual(mail.parts[0]?.fileName, "Lampe – Übersicht 説明.pdf")
      assert.deepStrictEqual([...(mail.parts[0]?.bytes ?? [])], [...bytes])
    }),
  )

  it.live("the same delivery sent again is the same mail", () =>
    Effect.gen(function* () {
      const { server, send } = yield* withSink({}, { timeoutMs: 10_000 })
      yield* send()
      yield* Effect.sleep(1100)
      yield* send()
      const ids = server.mails.map((m) => /^Message-ID: (.*)$/im.exec(m.raw)?.[1])
      assert.strictEqual(ids.length, 2)
      assert.strictEqual(ids[0], ids[1])
      const [a, b] = server.mails.map((m) => m.raw.replace(/^Date: .*$/m, ""))
      assert.strictEqual(a, b)
      assert.strictEqual(server.connections(), 1)
    }),
  )

  it.live("no header can be added through a subject, a name or an id", () =>
    Effect.gen(function* () {
      const { server, send } = yield* withSink({ displayName: "Acme\r\nX-Evil: 1" })
      const evil = replyTo({
        subject: "Hi\r\nBcc: victim@evil.example\r\n\r\nbody",
        messageId: "<a@b>\r\nX-Evil: 2",
        references: ["<a@b>\r\nX-Evil: 3"],
        to: [
          { name: "Ann\r\nX-Evil: 4", address: "ann@customer.example" },
          { name: null, address: "a@b.example>\r\nRCPT TO:<c@d.example" },
        ],
      })
      yield* send(
        outgoing({
          author: "human",
          authorName: "Sam\nX-Evil: 5",
          files: [
            {
              fileName: "a\r\nX-Evil: 6.txt",
              contentType: "text/plain\r\nX-Evil: 7",
              size: 1,
              bytes: Effect.succeed(Uint8Array.of(1)),
            },
          ],
        }),
        evil,
      )
      const raw = server.mails[0]?.raw ?? ""
      assert.notMatch(raw, /^(X-Evil|Bcc)/im)
      assert.deepStrictEqual(server.mails[0]?.to, ["ann@customer.example"])
    }),
  )

  it.live("HTML and scripts in an answer are shown, not run; pictures become links", () =>
    Effect.gen(function* () {
      const { server, send } = yield* withSink()
      const text = CustomerText.make(
        "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) ![p](https://evil.example/p.png) `a<b` 5 < 6",
      )
      yield* send(outgoing({ text }))
      const { html, text: plain } = yield* read(server.mails[0]?.raw ?? "")
      assert.notMatch(html ?? "", /<script|<img|href="javascript/i)
      assert.include(html ?? "", "&lt;script&gt;")
      assert.include(html ?? "", "<code>a&lt;b</code>")
      assert.include(plain ?? "", "<script>alert(1)</script>")
    }),
  )

  it.live("DKIM: what we sign, mailauth passes; DMARC holds", () =>
    Effect.gen(function* () {
      const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
      const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString()
      const { server, send } = yield* withSink(
        {},
        { dkim: { domainName: "acme.example", keySelector: "oc", privateKey: key } },
      )
      yield* send()
      const records: Record<string, string> = {
        "oc._domainkey.acme.example": `v=DKIM1; k=rsa; p=${publicKey.export({ type: "spki", format: "der" }).toString("base64")}`,
        "_dmarc.acme.example": "v=DMARC1; p=reject",
      }
      const resolver = (domain: string, type: string): Promise<Array<Array<string>>> => {
        const record = type === "TXT" ? records[domain] : undefined
        return record === undefined
          ? Promise.reject(Object.assign(new Error("none"), { code: "ENOTFOUND" }))
          : Promise.resolve([[record]])
      }
      const result = yield* Effect.promise(() =>
        authenticate(Buffer.from(server.mails[0]?.raw ?? ""), {
          ip: "192.0.2.1",
          helo: "x",
          sender: "x@other.example",
          resolver,
        }),
      )
      assert.strictEqual(result.dkim.results[0]?.status.result, "pass")
      assert.strictEqual(result.dmarc === false ? "none" : result.dmarc.status.result, "pass")
    }),
  )
})

describe("what can go wrong", () => {
  it.live("refusals for good are permanent, in plain words", () =>
    Effect.gen(function* () {
      const { server, send } = yield* withSink()
      server.plan.push({ at: "rcpt", reply: "550 5.1.1 No such user here" })
      const unknown = yield* Effect.flip(send())
      assert.deepStrictEqual(unknown.kind, {
        _tag: "Permanent",
        code: "5.1.1",
        explanation:
          "The email to ann@customer.example could not be delivered: the address does not exist. The mail server said: 550 5.1.1 No such user here",
      })
      server.plan.push({ at: "end", reply: "552 5.2.2 Over quota" })
      const full = yield* Effect.flip(send())
      assert.include(JSON.stringify(full.kind), "the mailbox is full")
      server.plan.push({ at: "mail", reply: "554 blocked for spam" })
      assert.strictEqual(kindOf(yield* Effect.flip(send())), "Permanent")
    }),
  )

  it.live("refusals for now are retries, at every step", () =>
    Effect.gen(function* () {
      const { server, send } = yield* withSink()
      for (const at of ["greeting", "mail", "rcpt", "data", "end"] as const) {
        const fresh = yield* withSink()
        fresh.server.plan.push({
          at,
          reply: at === "greeting" ? "421 busy" : "451 4.3.0 greylisted, come back",
        })
        assert.strictEqual(kindOf(yield* Effect.flip(fresh.send())), "Retry", at)
      }
      yield* send()
      assert.strictEqual(server.mails.length, 1)
    }),
  )

  it.live("nobody there, or silence before the mail was handed over: retry", () =>
    Effect.gen(function* () {
      const out = yield* sender(9)
      assert.strictEqual(kindOf(yield* Effect.flip(out.send(outgoing(), thread()))), "Retry")
      const { server, send } = yield* withSink({}, { timeoutMs: 1_000 })
      for (const at of ["greeting", "mail"] as const) {
        server.plan.push({ at, hang: true })
        assert.strictEqual(kindOf(yield* Effect.flip(send())), "Retry", at)
      }
      server.plan.push({ at: "data", drop: true })
      assert.strictEqual(kindOf(yield* Effect.flip(send())), "Retry")
    }),
  )

  it.live("lost after the mail was handed over: ambiguous, and safe to send again", () =>
    Effect.gen(function* () {
      const { server, send } = yield* withSink({}, { timeoutMs: 1_000 })
      for (const how of [{ drop: true }, { hang: true }] as const) {
        server.plan.push({ at: "end", ...how })
        const error = yield* Effect.flip(send())
        assert.strictEqual(
          error.kind._tag === "Ambiguous" && error.kind.resendIsSafe,
          true,
          JSON.stringify(error.kind),
        )
      }
      yield* send()
      const ids = new Set(server.mails.map((m) => /^Message-ID: (.*)$/im.exec(m.raw)?.[1]))
      assert.strictEqual(server.mails.length, 3)
      assert.strictEqual(ids.size, 1)
    }),
  )

  it.live("a kept connection that the server closed is replaced without anybody noticing", () =>
    Effect.gen(function* () {
      const { server, send } = yield* withSink()
      yield* send()
      server.sockets.forEach((s) => s.destroy())
      yield* send()
      server.plan.push({ at: "mail", drop: true })
      yield* send()
      assert.strictEqual(server.mails.length, 3)
    }),
  )

  it.live("an interrupted send closes its connection", () =>
    Effect.gen(function* () {
      const { server, send } = yield* withSink({}, { pool: 1, timeoutMs: 60_000 })
      server.plan.push({ at: "mail", hang: true })
      assert.strictEqual((yield* Effect.timeoutOption(send(), "100 millis"))._tag, "None")
      yield* send()
      assert.strictEqual(server.mails.length, 1)
    }),
  )

  it.live("nobody to write to, files too large, an address that cannot be read", () =>
    Effect.gen(function* () {
      const { server, send } = yield* withSink()
      assert.strictEqual(kindOf(yield* Effect.flip(send(outgoing(), replyTo({ to: [] })))), "Permanent")
      assert.strictEqual(kindOf(yield* Effect.flip(send(outgoing(), "{}"))), "Permanent")
      const files = [
        { fileName: "a", contentType: "a/b", size: 30_000_000, bytes: Effect.succeed(new Uint8Array(0)) },
      ]
      assert.include(JSON.stringify((yield* Effect.flip(send(outgoing({ files })))).kind), "25 MB")
      assert.strictEqual(server.mails.length, 0)
    }),
  )

  it.live("credentials never travel without TLS unless told so", () =>
    Effect.gen(function* () {
      const { server, send } = yield* withSink(
        { allowInsecureTls: false },
        { timeoutMs: 500, auth: { user: "u", password: "p4ssw0rd" } },
      )
      const error = yield* Effect.flip(send())
      assert.strictEqual(kindOf(error), "Retry")
      assert.notInclude(JSON.stringify(error), "p4ssw0rd")
      assert.strictEqual(server.mails.length, 0)
    }),
  )
})
