import { assert, it } from "@effect/vitest"
import { withEditions } from "../../src/signing/editions.ts"
import { makeUrlSigner } from "../../src/signing/tokens.ts"

const plain = makeUrlSigner(Buffer.alloc(32, 7))
const edition = (org: number, account: number) =>
  withEditions(plain, [
    { id: "acme", urlEdition: org, accounts: [{ id: "text", urlEdition: account }] },
    { id: "other", urlEdition: 1, accounts: [{ id: "text", urlEdition: 1 }] },
  ])

it("the first edition is what URLs have always been", () => {
  const first = edition(1, 1)
  for (const parts of [["acme"], ["acme", "text"], ["unknown"]])
    assert.strictEqual(first.sign("x", parts), plain.sign("x", parts))
})

it("another edition is another URL, and takes the ones before and after back", () => {
  const tokens = [1, 2, 3].map((n) => edition(1, n).sign("channel:sms", ["acme", "text"]))
  assert.strictEqual(new Set(tokens).size, 3)
  for (const now of [1, 2, 3]) {
    const opened = tokens.map((token) => edition(1, now).open("channel:sms", token) !== null)
    assert.deepStrictEqual(
      opened,
      [1, 2, 3].map((n) => n === now),
    )
  }
})

it("of an account changes nobody else's: neither the organization's URLs nor another organization's", () => {
  const before = edition(1, 1)
  const after = edition(1, 2)
  for (const parts of [["acme"], ["other"], ["other", "text"], ["acme", "voice"]])
    assert.deepStrictEqual(after.open("x", before.sign("x", parts)), parts)
  assert.isNull(edition(2, 1).open("x", before.sign("x", ["acme"])))
  assert.deepStrictEqual(edition(2, 1).open("x", before.sign("x", ["acme", "text"])), ["acme", "text"])
})

it("an edition cannot be chosen by who sends the token", () => {
  const token = edition(1, 2).sign("channel:sms", ["acme", "text"])
  for (const made of [`${token}.2`, `2.${token}`, token.replace("text", "text.2")])
    assert.isNull(edition(1, 1).open("channel:sms", made))
})
