import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { randomUUID } from "node:crypto"
import { makeAccountSigner, makeUrlSigner } from "../../src/signing/tokens.ts"

const key = Buffer.alloc(32, 7)
const otherKey = Buffer.alloc(32, 8)

const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"

/** Every token that differs in one character, is one shorter, or is one longer. */
const forgeries = (token: string, characters: string): ReadonlyArray<string> =>
  [...token]
    .flatMap((had, at) => [
      ...[...characters].filter((c) => c !== had).map((c) => token.slice(0, at) + c + token.slice(at + 1)),
      token.slice(0, at) + token.slice(at + 1),
      token.slice(0, at) + had + token.slice(at),
    ])
    .filter((forged) => forged !== token)

const TokenText = Schema.String.check(Schema.isPattern(/^[a-z0-9x-]{1,40}$/))
const Part = Schema.String.check(Schema.isPattern(/^[a-z0-9_-]{1,48}$/))

describe("tokens in email addresses", () => {
  const signer = makeAccountSigner(key, "acme", "support")

  it.prop("open to what was signed, however the address was cased", [TokenText], ([text]) => {
    const token = signer.sign("thread", text)
    assert.match(token, /^[a-z0-9]+$/)
    assert.strictEqual(signer.open("thread", token), text)
    assert.strictEqual(signer.open("thread", token.toUpperCase()), text)
  })

  it.prop("of two texts are never the same", [TokenText, TokenText], ([a, b]) => {
    assert.strictEqual(signer.sign("thread", a) === signer.sign("thread", b), a === b)
    // Nor may one text's escaped form be another's, whatever the MAC.
    assert.strictEqual(signer.sign("thread", a).slice(16) === signer.sign("thread", b).slice(16), a === b)
  })

  it.each(["x", "xd", "xx", "--", "-", "-x", "x-", "xxd", "xdx", "dx-d", "x--x", "xd-xd"])(
    "keep %s apart from its escapes",
    (text) => {
      const token = signer.sign("thread", text)
      assert.strictEqual(signer.open("thread", token), text)
      assert.isTrue(forgeries(token, "xd-").every((forged) => signer.open("thread", forged) === null))
    },
  )

  it("changed in any one character are refused", () => {
    for (const text of [randomUUID(), "abcdefghijklmnop", "x-x"]) {
      const token = signer.sign("bounce", text)
      const opened = forgeries(token, alphabet).filter((forged) => signer.open("bounce", forged) !== null)
      assert.deepStrictEqual(opened, [])
    }
  })

  it("are for one purpose, one account, one organization, one installation", () => {
    const token = signer.sign("thread", "abc")
    assert.isNull(signer.open("bounce", token))
    const others = [
      makeAccountSigner(key, "acme", "sales"),
      makeAccountSigner(key, "globex", "support"),
      makeAccountSigner(key, "acmes", "upport"),
      makeAccountSigner(otherKey, "acme", "support"),
    ]
    for (const other of others) assert.isNull(other.open("thread", token))
  })

  it("of a UUID fit beside `bounce+` in the 64 characters of a local part", () => {
    for (let n = 0; n < 200; n += 1) assert.isAtMost(signer.sign("bounce", randomUUID()).length, 57)
  })

  it.each([
    "",
    "a",
    "abcdefghijklmnop",
    "x".repeat(10_000),
    "é".repeat(30),
    "\u0000".repeat(20),
    "İ".repeat(20),
  ])("that nobody made are refused (%#)", (token) => assert.isNull(signer.open("thread", token)))
})

describe("signed URLs", () => {
  const signer = makeUrlSigner(key)

  it.prop("open to their parts, for their purpose alone", [Part, Part], ([org, account]) => {
    const token = signer.sign("channel:email", [org, account])
    assert.match(token, /^[a-z0-9_.-]+$/)
    assert.deepStrictEqual(signer.open("channel:email", token), [org, account])
    assert.isNull(signer.open("channel:sms", token))
    assert.isNull(signer.open("zendesk-ticketing", token))
    assert.isNull(makeUrlSigner(otherKey).open("channel:email", token))
  })

  it("changed in any one character are refused", () => {
    const token = signer.sign("channel:email", ["acme", "support"])
    const opened = forgeries(token, `${alphabet}._-`).filter(
      (forged) => signer.open("channel:email", forged) !== null,
    )
    assert.deepStrictEqual(opened, [])
    assert.isNull(signer.open("channel:email", token.toUpperCase()))
  })

  it("do not tell parts from how they are put together", () => {
    const mac = (parts: ReadonlyArray<string>) => signer.sign("p", parts).split(".").at(-1)
    const lists = [["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["", "abc"], ["a", "b", "c"]]
    assert.strictEqual(new Set(lists.map(mac)).size, lists.length)
    const [, , sealed] = signer.sign("p", ["a", "b"]).split(".")
    for (const forged of [
      `ab.${sealed}`,
      `a.b..${sealed}`,
      `.a.b.${sealed}`,
      `b.a.${sealed}`,
      `a.${sealed}`,
    ]) {
      assert.isNull(signer.open("p", forged))
    }
  })

  it("of 160 bits: 32 characters, and a cut one is none", () => {
    const token = signer.sign("p", ["a"])
    assert.strictEqual(token.split(".")[1]?.length, 32)
    for (const forged of ["", ".", "a", "a.", `a.${"b".repeat(500)}`, token.slice(0, -1)]) {
      assert.isNull(signer.open("p", forged))
    }
  })
})
