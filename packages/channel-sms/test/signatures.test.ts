import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { bindAccount, contractHookUrl } from "@opencx/testing"
import { Effect } from "effect"
import { makeSmsPlugin } from "../src/index.ts"
import { parsePairs } from "../src/providers/form.ts"
import { plivoSignatureV2, plivoSignatureV3 } from "../src/providers/plivo/signature.ts"
import { twilioSignature } from "../src/providers/twilio/signature.ts"
import * as F from "./support/fakes.ts"
import { only, toRequest } from "./support/host.ts"

const plugin = makeSmsPlugin()
const hookUrl = contractHookUrl("sms")

const receive = (settings: unknown, request: ReturnType<typeof toRequest>) =>
  Effect.gen(function* () {
    const bound = yield* bindAccount(plugin, settings)
    if (bound.receive === null) return yield* Effect.die("takes webhooks")
    return yield* bound.receive(request)
  })

const verdict = (settings: unknown, request: ReturnType<typeof toRequest>) =>
  receive(settings, request).pipe(
    Effect.map(() => "taken"),
    Effect.catchTag("SignatureRejected", (e) => Effect.succeed(e.detail)),
    Effect.catchTag("MalformedInput", (e) => Effect.succeed(e.detail)),
  )

describe("Twilio's signature", () => {
  const url = "https://mycompany.com/myapp.php?foo=1&bar=2"
  const form = (from: string) =>
    parsePairs(
      new URLSearchParams({
        CallSid: "CA1234567890ABCDE",
        Caller: from,
        Digits: "1234",
        From: from,
        To: "+18005551212",
      }).toString(),
    )

  it("known values", () => {
    assert.strictEqual(twilioSignature("12345", url, form("+12349013030")), "0/KCTR6DLpKmkAf8muzZqo1nDgQ=")
    assert.strictEqual(twilioSignature("12345", url, form("+14158675309")), "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
  })

  it("a repeated parameter counts once per value, in order of the values", () => {
    assert.strictEqual(
      twilioSignature("t", url, parsePairs("b=2&a=z&a=y&a=z")),
      twilioSignature("t", url, parsePairs("a=y&a=z&b=2")),
    )
  })

  const pairs: ReadonlyArray<readonly [string, string]> = Object.entries({
    MessageSid: "SM1",
    From: F.customer,
    To: F.ours,
    Body: "مرحبا + 100% & more",
  })
  const signed = (token: string, at: string, signedAt = at) =>
    toRequest({
      url: at,
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        "x-twilio-signature": F.signTwilioForm(token, signedAt, pairs),
      },
      body: new URLSearchParams(pairs.map(([a, b]): [string, string] => [a, b])).toString(),
    })

  it.live("both tokens are taken while one is being replaced", () =>
    Effect.gen(function* () {
      const settings = F.twilioSettings(undefined, { secondaryAuthToken: "new-token-12345" })
      assert.strictEqual(yield* verdict(settings, signed(F.authToken, hookUrl)), "taken")
      assert.strictEqual(yield* verdict(settings, signed("new-token-12345", hookUrl)), "taken")
      assert.match(yield* verdict(F.twilioSettings(), signed("new-token-12345", hookUrl)), /does not fit/)
    }),
  )

  it.live("with and without the standard port; never over http for https", () =>
    Effect.gen(function* () {
      const withPort = hookUrl.replace(".example/", ".example:443/")
      assert.strictEqual(yield* verdict(F.twilioSettings(), signed(F.authToken, hookUrl, withPort)), "taken")
      assert.strictEqual(yield* verdict(F.twilioSettings(), signed(F.authToken, withPort, hookUrl)), "taken")
      const plain = hookUrl.replace("https:", "http:")
      assert.match(yield* verdict(F.twilioSettings(), signed(F.authToken, hookUrl, plain)), /does not fit/)
    }),
  )

  it.live("a JSON body is bound by its hash in the URL", () =>
    Effect.gen(function* () {
      const body = JSON.stringify({
        MessageSid: "SM2",
        From: F.customer,
        To: F.ours,
        Body: "Hi",
        NumMedia: 0,
      })
      const { signature, url: at } = F.signTwilioJson(F.authToken, hookUrl, body)
      const headers = { "content-type": "application/json", "x-twilio-signature": signature }
      const events = yield* receive(F.twilioSettings(), toRequest({ url: at, headers, body }))
      assert.strictEqual(only(events, "Message").text, "Hi")
      const other = body.replace("Hi", "Ho")
      assert.match(
        yield* verdict(F.twilioSettings(), toRequest({ url: at, headers, body: other })),
        /bodySHA256/,
      )
      const hash = createHash("sha256").update(other).digest("hex")
      const moved = at.replace(/bodySHA256=\w+/, `bodySHA256=${hash}`)
      assert.match(
        yield* verdict(F.twilioSettings(), toRequest({ url: moved, headers, body: other })),
        /does not fit/,
      )
    }),
  )

  it.live("always answers with an empty document, never with text", () =>
    Effect.gen(function* () {
      const bound = yield* bindAccount(plugin, F.twilioSettings())
      const answer = bound.answer(signed(F.authToken, hookUrl))
      assert.deepStrictEqual(answer, { status: 200, contentType: "text/xml", body: "<Response/>" })
    }),
  )
})

describe("Plivo's signatures", () => {
  // Computed with Plivo's own SDK, 4.79.0: validateV3Signature("POST", url, nonce, token, signature, fields) is true for these.
  const url = "https://a.example/hook/x?b=2&a=1"
  const form = parsePairs("To=14155550100&From=14155550199&Text=hello+%F0%9F%9A%B2&List=b&List=a")

  it("known values of V3, with and without a query", () => {
    assert.strictEqual(
      plivoSignatureV3("token-1", url, form, "12345"),
      "UwTKsZtY8FTlotI10enFB5Th6/IAf0MBXlyHWiQ8RAg=",
    )
    assert.strictEqual(
      plivoSignatureV3("token-1", "https://a.example/hook/x", form, "12345"),
      "eU5Pu0fwmC0at1FNFc/PbosQDV3g7zrI5vGZggz0cjI=",
    )
  })

  it("V2 is over the address without its query, and the nonce", () => {
    assert.strictEqual(
      plivoSignatureV2("t", url, "1"),
      plivoSignatureV2("t", "https://a.example/hook/x", "1"),
    )
    assert.notStrictEqual(plivoSignatureV2("t", url, "1"), plivoSignatureV2("t", url, "2"))
  })

  it.live("a V2 nonce serves one message only, and its redelivery", () =>
    Effect.gen(function* () {
      const plivo = yield* F.fakePlivo
      const settings = F.plivoSettings(undefined, { signature: "v2" })
      const hook = plivo.hook(
        hookUrl,
        { MessageUUID: "u1", From: "14155550199", To: "14155550100", Text: "Hello" },
        { only: "v2" },
      )
      assert.strictEqual(yield* verdict(settings, toRequest(hook)), "taken")
      assert.strictEqual(yield* verdict(settings, toRequest(hook)), "taken")
      const forged = { ...hook, body: hook.body.replace("Hello", "Send+my+order+elsewhere") }
      assert.match(yield* verdict(settings, toRequest(forged)), /already used/)
    }),
  )

  it.live("an account that wants V3 says what to do about V2", () =>
    Effect.gen(function* () {
      const plivo = yield* F.fakePlivo
      const hook = plivo.hook(hookUrl, { MessageUUID: "u1", From: "1", To: "2", Text: "x" }, { only: "v2" })
      assert.match(yield* verdict(F.plivoSettings(), toRequest(hook)), /signature: "v2"/)
    }),
  )
})
