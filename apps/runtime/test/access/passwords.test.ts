import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { hashPassword, Password, passwordFits } from "../../src/access/passwords.ts"

describe("passwords", () => {
  it.live("fit their digest and no other, however their letters are composed", () =>
    Effect.gen(function* () {
      const composed = "Größe-Café-長い-パスワード"
      const [one, two] = [yield* hashPassword(composed), yield* hashPassword(composed)]
      assert.notStrictEqual(one, two)
      assert.match(one, /^scrypt\$15\$8\$3\$/)
      assert.notInclude(one, composed)
      assert.isTrue(yield* passwordFits(composed, one))
      assert.isTrue(yield* passwordFits(composed.normalize("NFD"), one))
      assert.isFalse(yield* passwordFits(`${composed} `, one))
      assert.isFalse(yield* passwordFits("", one))
    }),
  )

  it.live("of nobody, and digests that nobody can read, fit nothing", () =>
    Effect.gen(function* () {
      for (const stored of [
        null,
        "",
        "plain",
        "scrypt$15$8$3$$",
        "bcrypt$1$2$3$aaaaaaaaaaaa$bbbbbbbbbbbbbbbbbbbbbbbb",
      ])
        assert.isFalse(yield* passwordFits("", stored))
    }),
  )

  it.live("made at another cost still fit: a stronger one can come any time", () =>
    Effect.gen(function* () {
      // Of "password-of-old", N = 2^10, r = 8, p = 1, with a salt of sixteen zero bytes.
      const { scryptSync } = yield* Effect.promise(() => import("node:crypto"))
      const salt = Buffer.alloc(16)
      const digest = scryptSync("password-of-old", salt, 32, { N: 1024, r: 8, p: 1 })
      const stored = ["scrypt", 10, 8, 1, salt.toString("base64url"), digest.toString("base64url")].join("$")
      assert.isTrue(yield* passwordFits("password-of-old", stored))
    }),
  )

  it.each(["", "123456789", "x".repeat(501)])("%j is refused", (text) => {
    assert.isFalse(Schema.is(Password)(text))
  })
})
