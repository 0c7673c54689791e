/** Twilio's signature and our TwiML. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Redacted } from "effect"
import { callerOf, senderOf } from "../src/caller/Caller.ts"
import { signatureOf, verifyTwilio } from "../src/twilio/signature.ts"
import { twiml } from "../src/twilio/twiml.ts"
import { parseTwiml } from "./support/fakes.ts"

const params = (to: string) =>
  new Map(
    Object.entries({
      CallSid: ["CA1234567890ABCDE"],
      Caller: ["+12349013030"],
      Digits: ["1234"],
      From: ["+12349013030"],
      To: [to],
    }),
  )
const url = "https://mycompany.com/myapp.php?foo=1&bar=2"

describe("the signature", () => {
  it("fits the vectors of Twilio's own library", () => {
    assert.strictEqual(signatureOf("12345", url, params("+18005551212")), "0/KCTR6DLpKmkAf8muzZqo1nDgQ=")
    const other = "+14158675309"
    const from = new Map([...params("+18005551212"), ["Caller", [other]], ["From", [other]]])
    assert.strictEqual(signatureOf("12345", url, from), "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
  })

  it.effect("fits with and without the standard port, over wss too, and nothing else", () =>
    Effect.gen(function* () {
      const tokens = { authToken: Redacted.make("12345") }
      const good = (signed: string, asked: string) =>
        Effect.map(
          Effect.exit(verifyTwilio(signatureOf("12345", signed, new Map()), asked, new Map(), tokens)),
          Exit.isSuccess,
        )
      const host = "wss://support.acme.example"
      assert.isTrue(yield* good(`${host}/phone/relay/x`, `${host}/phone/relay/x`))
      assert.isTrue(yield* good(`${host}:443/phone/relay/x`, `${host}/phone/relay/x`))
      assert.isTrue(yield* good(`${host}/phone/relay/x`, `${host}:443/phone/relay/x`))
      assert.isFalse(yield* good(`${host}:80/phone/relay/x`, `${host}/phone/relay/x`))
      assert.isFalse(yield* good(`${host}:8443/phone/relay/x`, `${host}/phone/relay/x`))
      assert.isFalse(yield* good(`${host}/phone/relay/y`, `${host}/phone/relay/x`))
      assert.isTrue(yield* good("http://127.0.0.1:81/x", "http://127.0.0.1:81/x"))
    }),
  )
})

describe("TwiML", () => {
  it("survives any text", () => {
    const hostile = `"><Dial>+19005550199</Dial><!-- & ' ]]> \u0000\u0008\ud800 مرحبا 👍`
    const xml = twiml({ name: "Say", attributes: { language: hostile, x: undefined }, children: [hostile] })
    const [say, ...more] = parseTwiml(xml).children
    const kept = hostile.replace(/[\u0000\u0008\ud800](?!\udc4d)/g, "")
    assert.deepStrictEqual(more, [])
    assert.strictEqual(say?.text, kept)
    assert.deepStrictEqual(say?.attributes, { language: kept })
    assert.deepStrictEqual(say?.children, [])
  })
})

describe("callers", () => {
  it("are known by what networks give", () => {
    assert.deepStrictEqual(callerOf("+4915123456789", true), {
      _tag: "Number",
      e164: "+4915123456789",
      verified: true,
    })
    for (const hidden of [
      null,
      undefined,
      "",
      " ",
      "Anonymous",
      "RESTRICTED",
      "unavailable",
      "+7378742833",
      "266696687",
    ])
      assert.deepStrictEqual(callerOf(hidden, true), { _tag: "Withheld" })
    assert.deepStrictEqual(callerOf("client:ann", true), { _tag: "Other", address: "client:ann" })
    assert.deepStrictEqual(callerOf("12345", true), { _tag: "Other", address: "12345" })
  })

  it("who are hidden never share an identity", () => {
    const one = senderOf({ _tag: "Withheld" }, "CA1")
    const two = senderOf({ _tag: "Withheld" }, "CA2")
    assert.notStrictEqual(one.value, two.value)
    assert.isFalse(one.verified || two.verified)
  })
})
