/** WhatsApp through Twilio. */
import { createHmac } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { bindAccount, sampleMessage } from "@opencx/testing"
import { Effect } from "effect"
import * as A from "./support/accounts.ts"
import { bindTo, openHook } from "./support/hook.ts"
import { tinyTwilio } from "./support/tinyTwilio.ts"
import { kindOf, nextDelivery, plugin, receive } from "./support/worlds.ts"

const HOUR = 3_600_000
const address = A.addressOf({ phone: "whatsapp:+4915112345678" })
const thread = () => A.threadAt(Date.now(), address)
const contentSid = `HX${"ab".repeat(16)}`

const world = Effect.fnUntraced(function* (over: Record<string, unknown> = {}) {
  const fake = yield* tinyTwilio
  const hook = yield* openHook
  const sender = yield* bindTo(
    hook,
    plugin(),
    A.twilioSettings({ apiBaseUrl: fake.url, timeoutMs: 5_000, ...over }),
  )
  return { fake, hook, sender }
})

describe("inbound", () => {
  const read = (over: Record<string, string>, settings: unknown = A.twilioSettings()) =>
    receive(A.twilio(A.twilioInbound(over)), settings)

  it.live("who writes, and where answers go", () =>
    Effect.gen(function* () {
      const message = A.firstMessage(yield* read({ Body: "مرحبًا 👋" }))
      assert.strictEqual(message.text, "مرحبًا 👋")
      assert.strictEqual(message.sender.kind, "phone")
      assert.strictEqual(message.sender.value, "+4915112345678")
      assert.strictEqual(message.sender.name, "Ann Lee")
      assert.strictEqual(message.thread.defaultKey, "phone:4915112345678")
      assert.strictEqual(JSON.parse(message.address).phone, "whatsapp:+4915112345678")
    }),
  )
  it.live("a sender without a number is known by the id", () =>
    Effect.gen(function* () {
      const message = A.firstMessage(yield* read({ From: "whatsapp:US.1349", WaId: "" }))
      assert.strictEqual(message.sender.kind, "whatsapp_bsuid")
      assert.strictEqual(JSON.parse(message.address).bsuid, "whatsapp:US.1349")
    }),
  )
  it.live("buttons and places have words", () =>
    Effect.gen(function* () {
      assert.strictEqual(A.firstMessage(yield* read({ Body: "", ButtonText: "Track" })).text, "Track")
      const place = A.firstMessage(
        yield* read({ Body: "", Latitude: "52.5", Longitude: "13.4", Label: "Shop", Address: "Main St" }),
      )
      assert.strictEqual(place.text, "[location]\nShop\nMain St\nhttps://maps.google.com/?q=52.5,13.4")
    }),
  )
  it.live("refusals by our words and by Twilio's", () =>
    Effect.gen(function* () {
      for (const [over, tags] of [
        [{ Body: "STOP" }, ["OptOut"]],
        [{ Body: "Arret", OptOutType: "STOP" }, ["OptOut"]],
        [{ Body: "START", OptOutType: "START" }, ["OptOut", "Message"]],
        [{ Body: "CANCEL" }, ["Message"]],
      ] as const)
        assert.deepStrictEqual(
          (yield* read(over)).map((e) => e._tag),
          [...tags],
        )
      const off = yield* read({ Body: "STOP" }, A.twilioSettings({ optOutWords: false }))
      assert.strictEqual(off[0]?._tag, "Message")
    }),
  )
  it.live("other accounts, other numbers and empty messages are ignored with a reason", () =>
    Effect.gen(function* () {
      for (const over of [
        { AccountSid: `AC${"f".repeat(32)}` },
        { To: "whatsapp:+4930000000" },
        { Body: "" },
        { From: "anonymous", WaId: "" },
      ]) {
        const [event] = yield* read(over)
        assert.strictEqual(event?._tag, "Ignored")
      }
    }),
  )
  it.live("files come with credentials to Twilio alone, after its redirect", () =>
    Effect.gen(function* () {
      const { fake } = yield* world()
      const other = yield* tinyTwilio
      other.files.set("/cdn/1", { type: "image/jpeg", bytes: new Uint8Array([1, 2, 3]) })
      fake.files.set("/media/1", { type: "image/jpeg", bytes: new Uint8Array(), to: `${other.url}/cdn/1` })
      const message = A.firstMessage(
        yield* read(
          {
            Body: "",
            NumMedia: "2",
            MediaUrl0: `${fake.url}/media/1`,
            MediaContentType0: "image/jpeg",
            MediaUrl1: "https://evil.example/x",
            MediaContentType1: "image/png",
          },
          A.twilioSettings({ apiBaseUrl: fake.url }),
        ),
      )
      assert.strictEqual(message.files[0]?.bytes.length, 3)
      assert.match(fake.credentials[0] ?? "", /^Basic /)
      assert.deepStrictEqual(other.credentials, [undefined])
      assert.strictEqual(
        message.text,
        "[image]\n\n(A file could not be fetched from Twilio: it lies at an address that is not Twilio's.)",
      )
    }),
  )
  it.live("the answer is empty TwiML, which the customer does not see", () =>
    Effect.gen(function* () {
      const bound = yield* bindAccount(plugin(), A.twilioSettings())
      const answer = bound.answer(A.twilio(A.twilioInbound()))
      assert.strictEqual(answer.contentType, "text/xml")
      assert.match(answer.body, /<Response\/>$/)
    }),
  )
})

describe("signatures", () => {
  it.live("fit with and without the standard port, and with repeated parameters", () =>
    Effect.gen(function* () {
      const fields = A.twilioInbound()
      const withPort = A.hookUrl.replace("https://support.acme.example", "https://support.acme.example:443")
      const signedWithPort = { ...A.twilio(fields, withPort), url: A.hookUrl }
      assert.strictEqual((yield* receive(signedWithPort, A.twilioSettings()))[0]?._tag, "Message")
      const body = `${new URLSearchParams(fields).toString()}&Tag=b&Tag=a&Tag=b`
      const text =
        A.hookUrl +
        [...Object.keys(fields), "Tag"]
          .sort()
          .map((key) => (key === "Tag" ? "TagaTagb" : key + fields[key]))
          .join("")
      const signature = createHmac("sha1", "twilio-auth-token-1").update(text).digest("base64")
      const repeated = A.request({ "x-twilio-signature": signature }, body)
      assert.strictEqual((yield* receive(repeated, A.twilioSettings()))[0]?._tag, "Message")
    }),
  )
})

describe("sending", () => {
  it.live("9,000 characters go in order, in messages of at most 1,600, each with its callback", () =>
    Effect.gen(function* () {
      const { fake, sender } = yield* world()
      const text = Array.from({ length: 300 }, (_, i) => `Sentence ${i} about lamps, ok 💡.`)
        .join(" ")
        .slice(0, 9_000)
      const deliveryId = nextDelivery()
      yield* sender.send(A.saying(text, { deliveryId }), thread())
      const bodies = fake.sent.map((m) => m.form.get("Body") ?? "")
      assert.isAtLeast(bodies.length, 6)
      for (const body of bodies) assert.isAtMost(body.length, 1600)
      const squeezed = (s: string) => s.replace(/\s+/g, "")
      assert.strictEqual(squeezed(bodies.join("")), squeezed(text))
      const [first] = fake.sent
      assert.strictEqual(first?.form.get("To"), "whatsapp:+4915112345678")
      assert.strictEqual(first?.form.get("From"), A.ourNumber)
      const callback = new URL(first?.form.get("StatusCallback") ?? "")
      assert.match(
        callback.searchParams.get("delivery") ?? "",
        new RegExp(`^${deliveryId}\\.1\\.${bodies.length}\\.`),
      )
    }),
  )

  it.live("after a broken connection the list decides, and nothing goes twice", () =>
    Effect.gen(function* () {
      const { fake, sender } = yield* world()
      const message = A.saying("Sentence. ".repeat(400), { deliveryId: nextDelivery() })
      fake.plan.push(null, { kind: "resetAfterCommit" }, { kind: "reset" })
      assert.strictEqual((yield* kindOf(sender.send(message, thread())))._tag, "Retry")
      assert.strictEqual(fake.sent.length, 2)
      yield* sender.send(message, thread())
      assert.strictEqual(fake.sent.length, 3)
      assert.strictEqual(new Set(fake.sent.map((m) => m.form.get("StatusCallback"))).size, 3)
    }),
  )

  it.live("while there is no list, a doubt is looked at again before anything is sent", () =>
    Effect.gen(function* () {
      const { fake, sender } = yield* world()
      fake.state.lists = false
      fake.plan.push({ kind: "resetAfterCommit" })
      const message = A.saying("x", { deliveryId: nextDelivery() })
      for (const _ of ["after the loss", "before the next try"]) {
        const kind = yield* kindOf(sender.send(message, thread()))
        assert.isTrue(kind._tag === "Ambiguous" && kind.resendIsSafe)
      }
      fake.state.lists = true
      yield* sender.send(message, thread())
      assert.strictEqual(fake.sent.length, 1)
    }),
  )

  it.live("an older message with the same words is not taken for the new one", () =>
    Effect.gen(function* () {
      const { fake, sender } = yield* world()
      yield* sender.send(A.saying("Hello", { deliveryId: nextDelivery() }), thread())
      fake.plan.push({ kind: "reset" })
      const again = A.saying("Hello", { deliveryId: nextDelivery() })
      assert.strictEqual((yield* kindOf(sender.send(again, thread())))._tag, "Retry")
      yield* sender.send(again, thread())
      assert.strictEqual(fake.sent.length, 2)
    }),
  )

  it.live("a closed window takes the content template with the answer as its variable", () =>
    Effect.gen(function* () {
      const { fake, sender } = yield* world({ template: { contentSid } })
      const late = A.threadAt(Date.now() - 30 * HOUR, address)
      yield* sender.send(A.saying("It is\nready.", { deliveryId: nextDelivery() }), late)
      assert.strictEqual(fake.sent[0]?.form.get("ContentSid"), contentSid)
      assert.strictEqual(fake.sent[0]?.form.get("ContentVariables"), '{"1":"It is · ready."}')
      assert.isFalse(fake.sent[0]?.form.has("Body"))
      fake.plan.push({ kind: "error", status: 400, code: 21656 })
      const kind = yield* kindOf(sender.send(A.saying("x", { deliveryId: nextDelivery() }), late))
      assert.include(kind._tag === "Hold" ? kind.explanation : "", "do not fit the template")
    }),
  )

  it.live("Twilio's word on the window counts: the template follows at once", () =>
    Effect.gen(function* () {
      const { fake, sender } = yield* world({ template: { contentSid, bodyParameter: true } })
      fake.plan.push({ kind: "error", status: 400, code: 63016 })
      yield* sender.send(A.saying("Hi", { deliveryId: nextDelivery() }), thread())
      assert.strictEqual(fake.sent[0]?.form.get("ContentSid"), contentSid)
    }),
  )

  it.live("files go as addresses, the text under the first", () =>
    Effect.gen(function* () {
      const { fake, sender } = yield* world({ from: `MG${"0".repeat(32)}` })
      const url = (n: number) => `https://support.acme.example/files/${n}`
      yield* sender.send(
        A.saying("Here", {
          deliveryId: nextDelivery(),
          files: [A.fileOf({ url: url(1) }), A.fileOf({ url: url(2) })],
        }),
        thread(),
      )
      assert.deepStrictEqual(
        fake.sent.map((m) => [m.form.get("Body"), m.form.get("MediaUrl")]),
        [
          ["Here", url(1)],
          [null, url(2)],
        ],
      )
      assert.match(fake.sent[0]?.form.get("MessagingServiceSid") ?? "", /^MG/)
      for (const file of [A.fileOf(), A.fileOf({ url: url(3), size: 17 * 1_048_576 })]) {
        const kind = yield* kindOf(
          sender.send(A.saying("x", { deliveryId: nextDelivery(), files: [file] }), thread()),
        )
        assert.strictEqual(kind._tag, "Permanent")
      }
      assert.strictEqual(fake.sent.length, 2)
    }),
  )
})

describe("statuses", () => {
  const about = (over: Record<string, string>, part = "1.1.") => {
    const url = `${A.hookUrl}?delivery=${sampleMessage().deliveryId}.${part}`
    const fields = { AccountSid: A.accountSid, MessageSid: "SM1", MessageStatus: "sent", ...over }
    return receive(A.twilio(fields, url), A.twilioSettings())
  }
  it.live("become receipts of the delivery in the callback URL", () =>
    Effect.gen(function* () {
      for (const [status, expected] of [
        ["queued", "Ignored"],
        ["sent", "sent"],
        ["delivered", "delivered"],
        ["read", "read"],
        ["undelivered", "failed"],
        ["failed", "failed"],
      ] as const) {
        const [event] = yield* about({ MessageStatus: status })
        assert.strictEqual(event?._tag === "Delivery" ? event.status : event?._tag, expected)
      }
    }),
  )
  it.live("failures are told in words", () =>
    Effect.gen(function* () {
      for (const [code, words] of [
        ["63016", "24-hour window closed at 00:01 UTC on 1970-01-01"],
        ["63024", "cannot reach this customer"],
        ["21610", "opted out"],
        ["69999", "Something new"],
        ["", "did not deliver"],
      ] as const) {
        const [event] = yield* about(
          { MessageStatus: "undelivered", ErrorCode: code, ErrorMessage: code === "" ? "" : "Something new" },
          "1.1.60",
        )
        assert.include((event?._tag === "Delivery" ? event.explanation : null) ?? "", words)
      }
    }),
  )
  it.live("without our callback parameter they are not ours", () =>
    Effect.gen(function* () {
      const fields = { AccountSid: A.accountSid, MessageSid: "SM1", MessageStatus: "sent" }
      assert.strictEqual((yield* receive(A.twilio(fields), A.twilioSettings()))[0]?._tag, "Ignored")
    }),
  )
})
