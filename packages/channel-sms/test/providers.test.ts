import { generateKeyPairSync } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import type { SendFailure } from "@opencx/core"
import { Effect } from "effect"
import { makeSmsPlugin } from "../src/index.ts"
import * as F from "./support/fakes.ts"
import { deliveryId, type Host, only, replyAddress, saying, startHost, threadOf } from "./support/host.ts"

const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(2_000, 7)])
const kindOf = <A>(effect: Effect.Effect<A, SendFailure>) => Effect.map(Effect.flip(effect), (e) => e.kind)
const long = Array.from({ length: 60 }, (_, i) => `Sentence number ${i + 1} is about lamps and bikes.`).join(
  " ",
)

const started = (settings: unknown, settleMs = 300) =>
  Effect.gen(function* () {
    const host = yield* startHost(makeSmsPlugin({ settleMs }), settings)
    return { host, sender: host.sender }
  })

interface Hook {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
const calls = (fake: { call(hook: Hook): Promise<number> }, hook: Hook) =>
  Effect.promise(() => fake.call(hook))
const statuses = (host: Host) =>
  host.events.map((e) => (e._tag === "Delivery" ? [e.status, e.explanation] : e._tag))

describe("Telnyx", () => {
  const world = Effect.gen(function* () {
    const telnyx = yield* F.fakeTelnyx
    return { telnyx, ...(yield* started(F.telnyxSettings(telnyx.publicKey, telnyx.url))) }
  })
  const text = (host: Host, words: string) => ({
    from: F.customer,
    to: F.ours,
    text: words,
    webhookUrl: host.hookUrl,
  })

  it.live("text, picture and opt-out come in", () =>
    Effect.gen(function* () {
      const { host, telnyx } = yield* world
      const media = [
        { url: telnyx.store(jpeg, "image/jpeg"), content_type: "image/jpeg" },
        { url: "https://evil.example/x.jpg", content_type: "image/jpeg" },
      ]
      assert.strictEqual(yield* calls(telnyx, telnyx.inboundHook({ ...text(host, "مرحبا"), media })), 200)
      const message = only(host.events, "Message")
      assert.match(message.text, /^مرحبا\n\[attachment unavailable: image\/jpeg: /)
      assert.deepStrictEqual(
        message.files.map((f) => f.fileName),
        ["image-1.jpg"],
      )
      host.events.length = 0
      yield* calls(telnyx, telnyx.inboundHook(text(host, "STOP")))
      yield* calls(
        telnyx,
        telnyx.inboundHook({ ...text(host, "ende"), extra: { autoresponse_type: "STOP" } }),
      )
      assert.deepStrictEqual(
        host.events.map((e) => e._tag),
        ["OptOut", "OptOut"],
      )
      assert.strictEqual(telnyx.requests.length, 0, "files were not asked from the API")
    }),
  )

  it.live("an answer goes out in parts, and its reports come back", () =>
    Effect.gen(function* () {
      const { host, sender, telnyx } = yield* world
      yield* sender.send(saying(long, { deliveryId: deliveryId(3) }), threadOf())
      const sent = telnyx.sent()
      assert.strictEqual(sent.map((m) => m.text).join(" "), long)
      assert.strictEqual(sent[0]?.messagingProfileId, "profile-1")
      const last = sent.at(-1)?.id ?? ""
      yield* calls(telnyx, telnyx.statusHook(sent[0]?.id ?? "", "delivered"))
      yield* calls(telnyx, telnyx.statusHook(last, "queued"))
      yield* calls(telnyx, telnyx.statusHook(last, "sent"))
      yield* calls(telnyx, telnyx.statusHook(last, "delivered"))
      yield* calls(
        telnyx,
        telnyx.statusHook(last, "delivery_failed", { code: "40010", title: "Not registered" }),
      )
      assert.deepStrictEqual(statuses(host).slice(0, 4), [
        "Ignored",
        "Ignored",
        ["sent", null],
        ["delivered", null],
      ])
      assert.match(String(statuses(host).at(4)), /^failed,Part 2 of 2: .*configuration problem/)
    }),
  )

  it.live("Arabic is cut at ten segments, an opted-out customer is refused", () =>
    Effect.gen(function* () {
      const { host, sender, telnyx } = yield* world
      yield* sender.send(saying("تم شحن طلبك اليوم. ".repeat(60)), threadOf())
      for (const { text: words } of telnyx.sent()) assert.isAtMost(words.length, 670)
      telnyx.inboundHook(text(host, "STOP"))
      const kind = yield* kindOf(sender.send(saying("Hi", { deliveryId: deliveryId(2) }), threadOf()))
      assert.deepInclude(kind, { _tag: "Permanent", code: "40300" })
    }),
  )

  it.live("a lost answer is cleared up by the report that follows it", () =>
    Effect.gen(function* () {
      const telnyx = yield* F.fakeTelnyx
      const { host, sender } = yield* started(F.telnyxSettings(telnyx.publicKey, telnyx.url), 20_000)
      telnyx.faults.next("create", { kind: "resetAfter" })
      const report = Effect.gen(function* () {
        while (telnyx.sent().length === 0) yield* Effect.sleep(10)
        yield* calls(telnyx, telnyx.statusHook(telnyx.sent()[0]?.id ?? "", "sent"))
      })
      const [receipt] = yield* Effect.all([sender.send(saying("Once"), threadOf()), report], {
        concurrency: 2,
      })
      assert.strictEqual(receipt.providerId, telnyx.sent()[0]?.id)
      assert.strictEqual(telnyx.sent().length, 1)
      assert.deepStrictEqual(statuses(host), [["sent", null]])
    }),
  )

  it.live("without a report it stays unsure, and says that sending again is not safe", () =>
    Effect.gen(function* () {
      const { sender, telnyx } = yield* world
      telnyx.faults.next("create", { kind: "resetAfter" })
      assert.deepInclude(yield* kindOf(sender.send(saying("Once"), threadOf())), {
        _tag: "Ambiguous",
        resendIsSafe: false,
      })
      assert.strictEqual(telnyx.sent().length, 1)
    }),
  )
})

describe("Vonage", () => {
  const world = Effect.gen(function* () {
    const vonage = yield* F.fakeVonage
    return { vonage, ...(yield* started(F.vonageSettings(vonage.url))) }
  })
  const thread = threadOf({ address: replyAddress("14155550199", "14155550100") })
  const from = { from: "14155550199", to: "14155550100" }

  it.live("text and picture come in; the picture's host gets our credentials", () =>
    Effect.gen(function* () {
      const { host, vonage } = yield* world
      yield* calls(vonage, vonage.inboundHook({ ...from, text: "Hello", webhookUrl: host.hookUrl }))
      const imageUrl = vonage.store(jpeg, "image/jpeg")
      yield* calls(vonage, vonage.inboundHook({ ...from, text: "", imageUrl, webhookUrl: host.hookUrl }))
      const messages = host.events.flatMap((e) => (e._tag === "Message" ? [e] : []))
      assert.deepStrictEqual(
        messages.map((m) => [m.text, m.files.length, m.thread.participant, JSON.parse(m.address).to]),
        [
          ["Hello", 0, "+14155550199", "14155550199"],
          ["", 1, "+14155550199", "14155550199"],
        ],
      )
    }),
  )

  it.live("an answer goes out, its reports name the delivery by client_ref alone", () =>
    Effect.gen(function* () {
      const { host, sender, vonage } = yield* world
      yield* sender.send(saying("Hi — **there**", { deliveryId: deliveryId(4) }), thread)
      const [message] = vonage.sent()
      assert.deepStrictEqual(
        [message?.channel, message?.to, message?.from],
        ["sms", "14155550199", "14155550100"],
      )
      const report = vonage.statusHook(message?.id ?? "", "delivered")
      yield* calls(vonage, { ...report, url: host.hookUrl })
      yield* calls(vonage, vonage.statusHook(message?.id ?? "", "rejected", "1050"))
      assert.deepInclude(host.events[0], { _tag: "Delivery", status: "delivered", deliveryId: deliveryId(4) })
      assert.match(String(statuses(host)[1]), /^failed,.*may not be texted/)
    }),
  )

  it.live("a picture follows the words; other files become links", () =>
    Effect.gen(function* () {
      const { sender, vonage } = yield* world
      const common = { bytes: Effect.succeed(new Uint8Array()), size: 1_000 }
      const files = [
        { fileName: "a.jpg", contentType: "image/jpeg", url: "https://f.example/a", ...common },
        { fileName: "b.pdf", contentType: "application/pdf", url: "https://f.example/b", ...common },
      ]
      yield* sender.send(saying("Look", { files }), thread)
      assert.deepStrictEqual(
        vonage.sent().map((m) => [m.channel, m.text, m.imageUrl]),
        [
          ["sms", "Look\n\nb.pdf: https://f.example/b", ""],
          ["mms", "", "https://f.example/a"],
        ],
      )
    }),
  )

  it.live("an application signs each call", () =>
    Effect.gen(function* () {
      const vonage = yield* F.fakeVonage
      const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
      const pem = privateKey.export({ format: "pem", type: "pkcs8" }).toString()
      const { sender } = yield* started(
        F.vonageSettings(vonage.url, { apiSecret: undefined, applicationId: "app-1", privateKey: pem }),
      )
      yield* sender.send(saying("Hi"), thread)
      const claims = JSON.parse(
        Buffer.from(vonage.sent()[0]?.authorization.split(".")[1] ?? "", "base64url").toString(),
      )
      assert.strictEqual(claims.application_id, "app-1")
      assert.isAbove(claims.exp, claims.iat)
      const broken = yield* started(
        F.vonageSettings(vonage.url, {
          apiSecret: undefined,
          applicationId: "app-1",
          privateKey: "no key at all",
        }),
      )
      const kind = yield* kindOf(broken.sender.send(saying("Hi"), thread))
      assert.deepInclude(kind, { _tag: "Permanent", code: "private-key" })
      assert.notInclude(JSON.stringify(kind), "no key at all")
    }),
  )
})

describe("Plivo", () => {
  const world = Effect.gen(function* () {
    const plivo = yield* F.fakePlivo
    return { plivo, ...(yield* started(F.plivoSettings(plivo.url))) }
  })
  const thread = threadOf({ address: replyAddress("14155550199", "14155550100") })
  const from = { from: "14155550199", to: "14155550100" }

  it.live("text, picture and opt-out come in, and nothing is said in answer", () =>
    Effect.gen(function* () {
      const { host, plivo } = yield* world
      const media = [plivo.store(jpeg, "image/jpeg")]
      const hook = plivo.inboundHook({ ...from, text: "see", media, webhookUrl: host.hookUrl })
      const answer = yield* Effect.promise(() =>
        fetch(hook.url, { method: "POST", headers: hook.headers, body: hook.body }),
      )
      assert.strictEqual(answer.headers.get("content-type"), "text/xml")
      assert.strictEqual(yield* Effect.promise(() => answer.text()), "<Response></Response>")
      const message = only(host.events, "Message")
      assert.deepStrictEqual([message.text, message.files[0]?.contentType], ["see", "image/jpeg"])
      yield* calls(plivo, plivo.inboundHook({ ...from, text: "stop", webhookUrl: host.hookUrl }))
      assert.isTrue(only(host.events, "OptOut").optedOut)
    }),
  )

  it.live("an answer goes out in parts, its reports come back", () =>
    Effect.gen(function* () {
      const { host, sender, plivo } = yield* world
      yield* sender.send(saying(long), thread)
      const sent = plivo.sent()
      assert.strictEqual(sent.map((m) => m.text).join(" "), long)
      const last = sent.at(-1)?.uuid ?? ""
      for (const status of ["queued", "sent", "delivered"])
        yield* calls(plivo, plivo.statusHook(last, status))
      yield* calls(plivo, plivo.statusHook(last, "undelivered", "200"))
      assert.deepStrictEqual(statuses(host).slice(0, 3), ["Ignored", ["sent", null], ["delivered", null]])
      assert.match(String(statuses(host)[3]), /opted out/)
    }),
  )

  it.live("Chinese stays below 1,600 bytes per message", () =>
    Effect.gen(function* () {
      const { sender, plivo } = yield* world
      yield* sender.send(saying("你的订单已发货。".repeat(200)), thread)
      assert.isAbove(plivo.sent().length, 2)
      for (const { text } of plivo.sent()) assert.isAtMost(Buffer.byteLength(text), 1600)
    }),
  )

  it.live("a lost answer is found by number, time and size; other messages are not taken for it", () =>
    Effect.gen(function* () {
      const { sender, plivo } = yield* world
      yield* sender.send(saying("Hello", { deliveryId: deliveryId(1) }), thread)
      plivo.faults.next("create", { kind: "resetBefore" })
      const second = sender.send(saying("World", { deliveryId: deliveryId(2) }), thread)
      assert.strictEqual((yield* kindOf(second))._tag, "Retry")
      yield* second
      plivo.faults.next("create", { kind: "resetAfter" })
      yield* sender.send(saying("Again", { deliveryId: deliveryId(3) }), thread)
      assert.deepStrictEqual(
        plivo.sent().map((m) => m.text),
        ["Hello", "World", "Again"],
      )
    }),
  )
})
