import { assert, describe, it } from "@effect/vitest"
import { Effect, Schedule } from "effect"
import { emailPlugin } from "../src/index.ts"
import { journal, mail, undecoded } from "./support/account.ts"
import { imapServer } from "./support/imapServer.ts"

const watch = (port: number, log: ReturnType<typeof journal>, over: Record<string, unknown> = {}) =>
  emailPlugin.listen === null
    ? Effect.die("the email plugin listens")
    : emailPlugin.listen({
        accounts: [
          undecoded({
            inbound: {
              imap: { host: "127.0.0.1", port, secure: false, user: "support", password: "secret-password" },
            },
            ...over,
          }),
        ],
        options: {},
        accept: log.accept,
      })

/** Waits until something holds; the test's own timeout is the limit. */
const until = (holds: () => boolean) =>
  Effect.suspend(() => (holds() ? Effect.void : Effect.fail("not yet"))).pipe(
    Effect.retry(Schedule.spaced("10 millis")),
    Effect.orDie,
  )

const letter = (n: number) => mail({ "Message-ID": `<m${n}@customer.example>` }, `Letter ${n}`)
const texts = (log: ReturnType<typeof journal>) => log.messages().map((m) => m.text)

describe("the IMAP watcher", () => {
  it.live("takes in what is unseen, then what arrives; marks as seen only what is journaled", () =>
    Effect.gen(function* () {
      const server = yield* imapServer
      const log = journal()
      server.arrive(letter(1))
      server.arrive(letter(2))
      const info = yield* watch(server.port, log)
      assert.deepStrictEqual(Object.values(info), [`support at 127.0.0.1:${server.port}`])
      yield* until(() => server.idlers.size === 1)
      assert.deepStrictEqual(texts(log), ["Letter 1", "Letter 2"])
      assert.isTrue(server.mails.every((m) => m.seen))
      server.arrive(letter(3))
      yield* until(() => server.mails[2]?.seen === true)
      assert.deepStrictEqual(texts(log), ["Letter 1", "Letter 2", "Letter 3"])
      assert.isFalse(
        server.commands.some((c) => /BODY\[\]/.test(c)),
        "reading alone must not mark as seen",
      )
    }),
  )

  it.live("a journal that fails leaves the mail unseen; it comes again, with the same dedup key", () =>
    Effect.gen(function* () {
      const server = yield* imapServer
      const log = journal()
      log.state.failing = 1
      server.arrive(letter(1))
      yield* watch(server.port, log)
      yield* until(() => log.state.failing === 0)
      assert.isFalse(server.mails[0]?.seen)
      yield* until(() => server.mails[0]?.seen === true)
      assert.deepStrictEqual(texts(log), ["Letter 1"])
    }),
  )

  it.live("comes back after a lost connection and a refused login", () =>
    Effect.gen(function* () {
      const server = yield* imapServer
      const log = journal()
      server.state.refuseLogin = 1
      yield* watch(server.port, log)
      yield* until(() => server.idlers.size === 1)
      assert.strictEqual(server.state.logins, 2)
      server.sockets.forEach((s) => s.destroy())
      server.arrive(letter(1))
      yield* until(() => texts(log).length === 1)
      assert.strictEqual(server.state.logins, 3)
    }),
  )

  it.live("a mailbox that does not keep flags does not deliver twice", () =>
    Effect.gen(function* () {
      const server = yield* imapServer
      const log = journal()
      server.state.keepsSeen = false
      server.arrive(letter(1))
      yield* watch(server.port, log)
      yield* until(() => server.idlers.size === 1)
      server.arrive(letter(2))
      yield* until(() => texts(log).length === 2)
      server.arrive(letter(3))
      yield* until(() => texts(log).length === 3)
      assert.deepStrictEqual(texts(log), ["Letter 1", "Letter 2", "Letter 3"])
    }),
  )

  it.live("of a mail that is too large only the headers are read, and people are told", () =>
    Effect.gen(function* () {
      const server = yield* imapServer
      const log = journal()
      server.arrive(mail({}, "x".repeat(300_000)))
      yield* watch(server.port, log, { maxBytes: 2_048 })
      yield* until(() => server.mails[0]?.seen === true)
      const [message] = log.messages()
      assert.match(message?.text ?? "", /larger than the 2048/)
      assert.strictEqual(message?.sender.value, "ann@customer.example")
      assert.isAtMost(message?.raw?.length ?? 0, 262_144)
    }),
  )

  it.live("a password is not sent over an open line", () =>
    Effect.gen(function* () {
      const server = yield* imapServer
      const log = journal()
      server.arrive(letter(1))
      yield* watch(server.port, log, { allowInsecureTls: false })
      yield* until(() => server.commands.some((c) => c.startsWith("CAPABILITY")))
      yield* Effect.sleep("300 millis")
      assert.isFalse(server.commands.some((c) => c.includes("secret-password")))
      assert.strictEqual(log.events.length, 0)
    }),
  )
})
