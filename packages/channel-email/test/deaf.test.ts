/** An account that no mail can reach looks well from everywhere else: the log says so at the start. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Logger } from "effect"
import { emailPlugin } from "../src/index.ts"
import { journal, undecoded } from "./support/account.ts"

const listening = (inbound: Record<string, unknown>, options: Record<string, unknown> | null) =>
  Effect.gen(function* () {
    const lines: Array<string> = []
    if (emailPlugin.listen === null) return yield* Effect.die("the email plugin listens")
    yield* emailPlugin
      .listen({ accounts: [undecoded({ inbound })], options, accept: journal().accept })
      .pipe(Effect.provide(Logger.layer([Logger.map(Logger.formatLogFmt, (line) => void lines.push(line))])))
    return lines.filter((line) => line.includes("mail does not come in"))
  }).pipe(Effect.scoped)

describe("an account", () => {
  it.live("that waits for SMTP where nothing listens is told", () =>
    Effect.gen(function* () {
      const [line = "", ...more] = yield* listening({ smtp: true }, null)
      assert.include(line, "listeners.email.smtp")
      assert.lengthOf(more, 0)
    }),
  )

  it.live("without any way in is told", () =>
    Effect.gen(function* () {
      assert.lengthOf(yield* listening({}, null), 1)
      assert.lengthOf(yield* listening({ smtp: false }, { smtp: { port: 0 } }), 1)
    }),
  )

  it.live("with a way in is not", () =>
    Effect.gen(function* () {
      const postmark = { username: "u", password: "p-4711-long-enough" }
      assert.lengthOf(yield* listening({ smtp: true }, { smtp: { port: 0 } }), 0)
      assert.lengthOf(yield* listening({ postmark }, null), 0)
    }),
  )
})

describe("the listener's section", () => {
  it.live("refuses a misspelt setting", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(listening({ smtp: true }, { smpt: { port: 0 } }))
      assert.include(JSON.stringify(error), "smpt")
    }),
  )
})
