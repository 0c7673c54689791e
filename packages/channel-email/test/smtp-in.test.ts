import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { createTransport } from "nodemailer"
import { emailPlugin } from "../src/index.ts"
import { deliveryId, journal, mail, signer, undecoded } from "./support/account.ts"
import { certificate, certificateKey } from "./support/providers.ts"
import { connect, deliver } from "./support/smtpClient.ts"
import { packUuid } from "../src/threading/hash.ts"

const start = (
  over: Record<string, unknown> = {},
  smtp: Record<string, unknown> = {},
  more: ReadonlyArray<ReturnType<typeof undecoded>> = [],
) =>
  Effect.gen(function* () {
    const log = journal()
    if (emailPlugin.listen === null) return yield* Effect.die("the email plugin listens")
    const info = yield* emailPlugin.listen({
      accounts: [undecoded(over), ...more],
      options: { smtp: { port: 0, ...smtp } },
      accept: log.accept,
    })
    return { log, address: info["smtp"] ?? "" }
  })

const send = (address: string, input: Parameters<typeof deliver>[1]) =>
  Effect.promise(() => deliver(address, input))

describe("the SMTP listener", () => {
  it.live("takes a mail and says 250 when it is journaled", () =>
    Effect.gen(function* () {
      const { log, address } = yield* start()
      assert.match(yield* send(address, { raw: mail({}, "My lamp is broken.\n\n-- \nAnn") }), /^250/)
      const [message] = log.messages()
      assert.strictEqual(message?.text, "My lamp is broken.")
      assert.strictEqual(message?.fullText, "My lamp is broken.\n\n--\nAnn")
      assert.deepStrictEqual(message?.sender, {
        kind: "email",
        value: "ann@customer.example",
        verified: true,
        name: "Ann Lee",
      })
      assert.strictEqual(message?.subject, "Broken lamp")
      assert.strictEqual(message?.messageId, "<q1@customer.example>")
      assert.strictEqual(message?.automatic, null)
      assert.strictEqual(message?.sentAt, Date.parse("2026-11-20T10:00:00Z"))
    }),
  )

  it.live(
    "asks the sender to come again when the journal cannot be written, and knows the mail when it does",
    () =>
      Effect.gen(function* () {
        const { log, address } = yield* start()
        log.state.failing = 1
        const raw = mail({}, "Hello")
        assert.match(yield* send(address, { raw }), /^451/)
        assert.strictEqual(log.events.length, 0)
        assert.match(yield* send(address, { raw }), /^250/)
        assert.match(yield* send(address, { raw: `Received: from elsewhere\r\n${raw}` }), /^250/)
        assert.strictEqual(new Set(log.events.map((e) => e.dedupKey)).size, 1)
      }),
  )

  it.live("is no relay: refuses other recipients and logins", () =>
    Effect.gen(function* () {
      const { log, address } = yield* start()
      assert.match(yield* send(address, { raw: mail({}, "x"), to: ["someone@elsewhere.example"] }), /^550/)
      assert.match(
        yield* send(address, { raw: mail({}, "x"), to: ["bounce+abcdefghijklmnopqrstuvwxyz@acme.example"] }),
        /^550/,
      )
      const client = yield* Effect.promise(() => connect(address))
      const hello = yield* Effect.promise(() => client.say("EHLO x"))
      assert.notMatch(hello, /AUTH|STARTTLS/)
      assert.match(yield* Effect.promise(() => client.say("AUTH PLAIN AGEAYg==")), /^5/)
      client.close()
      assert.strictEqual(log.events.length, 0)
    }),
  )

  it.live("routes by recipient: aliases, tags and bounce addresses, each to its own account", () =>
    Effect.gen(function* () {
      const other = undecoded({ address: "help@beta.example" }, "beta", "other-key")
      const { log, address } = yield* start({ aliases: ["Hilfe@acme.example"] }, {}, [other])
      const token = signer().sign("thread", "abc123")
      const foreign = signer("other-key").sign("thread", "abc123")
      for (const to of [
        "HILFE@ACME.example",
        `support+${token.toUpperCase()}@acme.example`,
        "help@beta.example",
        `support+${foreign}@acme.example`,
      ]) {
        assert.match(
          yield* send(address, { raw: mail({ "Message-ID": `<${to.length}@c>` }, "Hi"), to: [to] }),
          /^250/,
        )
      }
      assert.deepStrictEqual(log.accounts, ["mail", "mail", "beta", "mail"])
      assert.deepStrictEqual(
        log.messages().map((m) => m.thread.signedKey),
        [null, "abc123", null, null],
      )
      assert.include(log.messages()[0]?.address ?? "", '"from":"hilfe@acme.example"')
      const bounce = `bounce+${signer().sign("bounce", packUuid(deliveryId))}@acme.example`
      assert.match(yield* send(address, { raw: mail({}, "out of office"), to: [bounce] }), /^250/)
    }),
  )

  it.live("one mail for two accounts reaches both", () =>
    Effect.gen(function* () {
      const { log, address } = yield* start({}, {}, [undecoded({ address: "help@beta.example" }, "beta")])
      assert.match(
        yield* send(address, { raw: mail({}, "Hi"), to: ["support@acme.example", "help@beta.example"] }),
        /^250/,
      )
      assert.deepStrictEqual(log.accounts, ["mail", "beta"])
    }),
  )

  it.live("refuses 26 MB with 552, announced or not, and lives on", () =>
    Effect.gen(function* () {
      const { log, address } = yield* start({ maxBytes: 25 * 1024 * 1024 }, { maxBytes: 25 * 1024 * 1024 })
      const client = yield* Effect.promise(() => connect(address))
      yield* Effect.promise(() => client.say("EHLO x"))
      assert.match(yield* Effect.promise(() => client.say("MAIL FROM:<a@b.example> SIZE=27262976")), /^552/)
      client.close()
      const big = Buffer.concat([
        Buffer.from(mail({}, "")),
        Buffer.alloc(26 * 1024 * 1024, "lorem ipsum\r\n"),
      ])
      assert.match(yield* send(address, { raw: big }), /^552/)
      assert.match(yield* send(address, { raw: mail({}, "small") }), /^250/)
      assert.strictEqual(log.messages().length, 1)
    }),
  )

  it.live("keeps a mail that cannot be parsed: 5,000 levels deep, 50,000 parts, no headers at all", () =>
    Effect.gen(function* () {
      const { log, address } = yield* start()
      const deep =
        mail({ "Content-Type": "multipart/mixed; boundary=b0" }, "") +
        Array.from(
          { length: 5_000 },
          (_, i) => `--b${i}\r\nContent-Type: multipart/mixed; boundary=b${i + 1}\r\n\r\n`,
        ).join("")
      const wide =
        mail({ "Content-Type": "multipart/mixed; boundary=b", "Message-ID": "<wide@c>" }, "") +
        "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n".repeat(50_000)
      for (const raw of [deep, wide]) assert.match(yield* send(address, { raw }), /^250/)
      assert.match(yield* send(address, { raw: "just words" }), /^250/)
      const [first, second, third] = log.messages()
      assert.match(first?.text ?? "", /could not be read/)
      assert.strictEqual(first?.sender.value, "ann@customer.example")
      assert.strictEqual(first?.sender.verified, false)
      // The client ends the last line before its final dot.
      assert.strictEqual(first?.raw?.length, Buffer.byteLength(deep) + 2)
      assert.match(second?.text ?? "", /50001 parts|50000 parts/)
      assert.strictEqual(third?.sender.value, "unknown@invalid")
      assert.strictEqual(third?.automatic, "no sender")
    }),
  )

  it.live("lets a client go that stays silent or never finishes its mail", () =>
    Effect.gen(function* () {
      const { log, address } = yield* start({}, { idleMs: 300, dataMs: 500 })
      const silent = yield* Effect.promise(() => connect(address))
      assert.match(yield* Effect.promise(() => silent.answer()), /^421|closed/)
      const trickle = yield* Effect.promise(() => connect(address))
      yield* Effect.promise(() => trickle.say("EHLO x"))
      yield* Effect.promise(() => trickle.say("MAIL FROM:<a@b.example>"))
      yield* Effect.promise(() => trickle.say("RCPT TO:<support@acme.example>"))
      yield* Effect.promise(() => trickle.say("DATA"))
      const timer = setInterval(() => trickle.write("x: y\r\n"), 50)
      const end = yield* Effect.promise(() => trickle.answer())
      clearInterval(timer)
      assert.match(end, /^421|closed/)
      assert.strictEqual(log.events.length, 0)
    }),
  )

  it.live("a client that vanishes in the middle leaves nothing behind", () =>
    Effect.gen(function* () {
      const { log, address } = yield* start()
      const client = yield* Effect.promise(() => connect(address))
      for (const line of ["EHLO x", "MAIL FROM:<a@b.example>", "RCPT TO:<support@acme.example>", "DATA"]) {
        yield* Effect.promise(() => client.say(line))
      }
      client.write(mail({}, "half a sen"))
      client.close()
      assert.match(yield* send(address, { raw: mail({}, "whole") }), /^250/)
      assert.deepStrictEqual(
        log.messages().map((m) => m.text),
        ["whole"],
      )
    }),
  )

  it.live("two accounts cannot share an address; a taken port is a typed error", () =>
    Effect.gen(function* () {
      const twin = yield* Effect.flip(start({}, {}, [undecoded({}, "twin")]))
      assert.strictEqual(twin._tag, "SettingsRejected")
      assert.include(twin.detail, "support@acme.example")
      const { address } = yield* start()
      const taken = yield* Effect.flip(start({}, { port: Number(address.split(":")[1]) }))
      assert.include(taken.hint, "another port")
      const bad = yield* Effect.flip(start({}, { port: "x" }))
      assert.include(bad.detail, "port")
    }),
  )

  it.live("STARTTLS with a certificate; mail from a real client; the address stays in the envelope", () =>
    Effect.gen(function* () {
      const { log, address } = yield* start({}, { tls: { key: certificateKey, cert: certificate } })
      const port = Number(address.split(":")[1])
      const transport = createTransport({
        host: "127.0.0.1",
        port,
        requireTLS: true,
        tls: { rejectUnauthorized: false },
      })
      yield* Effect.promise(() =>
        transport.sendMail({
          from: "Ann <ann@customer.example>",
          to: "support@acme.example",
          subject: "Grüße 灯",
          html: "<p>Hi <b>there</b></p>",
          attachments: [{ filename: "説明.txt", content: "abc" }],
        }),
      )
      transport.close()
      const [message] = log.messages()
      assert.strictEqual(message?.text, "Hi there")
      assert.strictEqual(message?.subject, "Grüße 灯")
      assert.deepStrictEqual(
        message?.files.map((f) => [f.fileName, f.bytes.length]),
        [["説明.txt", 3]],
      )
    }),
  )

  it.live("twenty clients at once each get their answer", () =>
    Effect.gen(function* () {
      const { log, address } = yield* start()
      const answers = yield* Effect.forEach(
        Array.from({ length: 20 }, (_, i) => i),
        (i) => send(address, { raw: mail({ "Message-ID": `<m${i}@c>` }, `Letter ${i}`) }),
        { concurrency: 20 },
      )
      assert.isTrue(answers.every((a) => a.startsWith("250")))
      assert.strictEqual(new Set(log.messages().map((m) => m.text)).size, 20)
    }),
  )
})
