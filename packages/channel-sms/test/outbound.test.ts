import { assert, describe, it } from "@effect/vitest"
import type { OutboundFile, SendFailure } from "@opencx/core"
import { deliveryBook } from "@opencx/testing"
import { Effect, Fiber } from "effect"
import { makeSmsPlugin } from "../src/index.ts"
import * as F from "./support/fakes.ts"
import { deliveryId, only, replyAddress, saying, startHost, threadOf } from "./support/host.ts"

const world = (over: Record<string, unknown> = {}, common: Record<string, unknown> = {}) =>
  Effect.gen(function* () {
    const twilio = yield* F.fakeTwilio()
    const settings = F.twilioSettings(twilio.url, over, common)
    const book = deliveryBook()
    // A plugin of its own is a process of its own, here over the same store.
    const start = Effect.suspend(() => startHost(makeSmsPlugin({ settleMs: 300 }), settings, book))
    const host = yield* start
    return { twilio, host, settings, book, sender: host.sender, restarted: start }
  })

const refuse = (status: number, code?: number, retryAfter?: number): F.Fault => ({
  kind: "refuse",
  status,
  ...(code === undefined ? {} : { code }),
  ...(retryAfter === undefined ? {} : { retryAfter }),
})
const kindOf = <A>(effect: Effect.Effect<A, SendFailure>) => Effect.map(Effect.flip(effect), (e) => e.kind)

/** Three messages at Twilio's limit. */
const long = Array.from({ length: 95 }, (_, i) => `Sentence number ${i + 1} is about lamps and bikes.`).join(
  " ",
)

const file = (over: Partial<OutboundFile> = {}): OutboundFile => ({
  fileName: "invoice.pdf",
  contentType: "application/pdf",
  size: 90_000,
  bytes: Effect.succeed(new Uint8Array()),
  url: "https://files.acme.example/f/1?s=x",
  ...over,
})

describe("an answer", () => {
  it.live("goes from the number that was written to, with a callback that names the delivery", () =>
    Effect.gen(function* () {
      const { host, sender, twilio } = yield* world({
        messagingServiceSid: `MG${"1".repeat(32)}`,
        from: undefined,
      })
      const receipt = yield* sender.send(
        saying("**Hi**, see [the guide](https://a.example/g).", { deliveryId: deliveryId(7) }),
        threadOf({ address: replyAddress("+14155550199", "+14155550177") }),
      )
      const [message] = twilio.sent()
      assert.strictEqual(message?.body, "Hi, see the guide: https://a.example/g.")
      assert.deepStrictEqual([message?.to, message?.from], ["+14155550199", "+14155550177"])
      assert.strictEqual(message?.messagingServiceSid, `MG${"1".repeat(32)}`)
      assert.strictEqual(receipt.providerId, message?.sid)
      assert.isTrue(message?.statusCallback?.startsWith(`${host.hookUrl}?delivery=`))
      for (const status of ["queued", "sending", "sent", "delivered"] as const)
        yield* Effect.promise(() => twilio.setStatus(message?.sid ?? "", status))
      assert.deepStrictEqual(
        host.events.map((e) => (e._tag === "Delivery" ? [e.deliveryId, e.status] : e._tag)),
        ["Ignored", "Ignored", [deliveryId(7), "sent"], [deliveryId(7), "delivered"]],
      )
      assert.strictEqual(new Set(host.events.map((e) => e.dedupKey)).size, 4)
    }),
  )

  it.live("of 9,000 characters arrives whole and in order", () =>
    Effect.gen(function* () {
      const { sender, twilio } = yield* world()
      const text = Array.from(
        { length: 170 },
        (_, i) => `Sentence number ${i + 1} says that the lamp is lit and well.`,
      ).join(" ")
      assert.isAbove(text.length, 9_000)
      yield* sender.send(saying(text), threadOf())
      const bodies = twilio.sent().map((m) => m.body)
      assert.isAtLeast(bodies.length, 6)
      for (const body of bodies) assert.isAtMost(body.length, 1600)
      assert.strictEqual(bodies.join(" "), text)
    }),
  )

  it.live("failures say in plain words whose problem it is", () =>
    Effect.gen(function* () {
      const { host, sender, twilio } = yield* world()
      yield* sender.send(saying("Hi"), threadOf())
      const sid = twilio.sent()[0]?.sid ?? ""
      for (const [code, words] of [
        [30034, /not registered .* configuration problem/],
        [30032, /toll-free number is not verified.*configuration problem/],
        [30003, /switched off or has no service/],
        [30007, /filtered/],
        [21610, /opted out/],
        [39_999, /not known here.*39999/],
      ] as const) {
        host.events.length = 0
        yield* Effect.promise(() => twilio.setStatus(sid, "undelivered", code))
        const news = only(host.events, "Delivery")
        assert.strictEqual(news.status, "failed")
        assert.match(news.explanation ?? "", words)
      }
    }),
  )

  it.live("to a customer who sent STOP is refused by Twilio, and that is what the rep reads", () =>
    Effect.gen(function* () {
      const { host, sender, twilio } = yield* world()
      yield* Effect.promise(() =>
        twilio.customerSends({ from: F.customer, to: F.ours, text: "STOP", webhookUrl: host.hookUrl }),
      )
      const kind = yield* kindOf(sender.send(saying("Hello?"), threadOf()))
      assert.deepInclude(kind, { _tag: "Permanent", code: "21610" })
      assert.match(JSON.stringify(kind), /opted out of text messages/)
      yield* Effect.promise(() =>
        twilio.customerSends({ from: F.customer, to: F.ours, text: "START", webhookUrl: host.hookUrl }),
      )
      yield* sender.send(saying("Welcome back", { deliveryId: deliveryId(2) }), threadOf())
    }),
  )

  it.live("waits as long as Twilio asks", () =>
    Effect.gen(function* () {
      const { sender, twilio } = yield* world()
      twilio.faults.next("create", refuse(429, 20429, 7))
      assert.deepInclude(yield* kindOf(sender.send(saying("Hi"), threadOf())), {
        _tag: "Retry",
        afterMs: 7_000,
      })
    }),
  )
})

describe("nothing is said twice", () => {
  it.live("a retry goes on behind the parts that are out", () =>
    Effect.gen(function* () {
      const { sender, twilio } = yield* world()
      twilio.faults.next("create", { kind: "none" }, refuse(503))
      assert.strictEqual((yield* kindOf(sender.send(saying(long), threadOf())))._tag, "Retry")
      assert.strictEqual(twilio.sent().length, 1)
      yield* sender.send(saying(long), threadOf())
      assert.strictEqual(
        twilio
          .sent()
          .map((m) => m.body)
          .join(" "),
        long,
      )
    }),
  )

  it.live("a part that was refused says how much is out", () =>
    Effect.gen(function* () {
      const { sender, twilio } = yield* world()
      twilio.faults.next("create", { kind: "none" }, refuse(400, 21610))
      const kind = yield* kindOf(sender.send(saying(long), threadOf()))
      assert.match(JSON.stringify(kind), /Only the first 1 of 3 parts were sent/)
    }),
  )

  it.live("a lost answer in the middle is found in the list, not repeated", () =>
    Effect.gen(function* () {
      const { sender, twilio } = yield* world()
      twilio.faults.next("create", { kind: "none" }, { kind: "resetAfter" })
      yield* sender.send(saying(long), threadOf())
      assert.strictEqual(
        twilio
          .sent()
          .map((m) => m.body)
          .join(" "),
        long,
      )
    }),
  )

  it.live("a lost answer while the list is down: unsure, and the retry looks before it sends", () =>
    Effect.gen(function* () {
      const { sender, twilio } = yield* world()
      twilio.faults.next("create", { kind: "resetAfter" })
      // Three looks after the loss.
      twilio.faults.next("list", refuse(500), refuse(500), refuse(500))
      assert.deepInclude(yield* kindOf(sender.send(saying("Once"), threadOf())), {
        _tag: "Ambiguous",
        resendIsSafe: true,
      })
      twilio.faults.next("list", refuse(500), refuse(500), refuse(500))
      assert.strictEqual(
        (yield* kindOf(sender.send(saying("Once"), threadOf())))._tag,
        "Ambiguous",
        "still unsure: not sent",
      )
      yield* sender.send(saying("Once"), threadOf())
      assert.strictEqual(twilio.sent().length, 1)
    }),
  )

  it.live("a request that never arrived is sent by the retry", () =>
    Effect.gen(function* () {
      const { sender, twilio } = yield* world()
      twilio.faults.next("create", { kind: "resetBefore" })
      const kind = yield* kindOf(sender.send(saying("Once"), threadOf()))
      assert.match(JSON.stringify(kind), /"Retry".*it was not taken/)
      yield* sender.send(saying("Once"), threadOf())
      assert.strictEqual(twilio.sent().length, 1)
    }),
  )

  it.live("the same words twice on purpose are two messages, even after a lost answer", () =>
    Effect.gen(function* () {
      const { sender, twilio } = yield* world()
      yield* sender.send(saying("ok", { deliveryId: deliveryId(1) }), threadOf())
      twilio.faults.next("create", { kind: "resetBefore" })
      const second = sender.send(saying("ok", { deliveryId: deliveryId(2) }), threadOf())
      assert.strictEqual(
        (yield* kindOf(second))._tag,
        "Retry",
        "the first message is not taken for the second",
      )
      yield* second
      assert.strictEqual(twilio.sent().length, 2)
    }),
  )

  it.live("after a crash between two parts a new process goes on behind the parts that are out", () =>
    Effect.gen(function* () {
      const { restarted, sender, twilio } = yield* world()
      twilio.faults.next("create", { kind: "none" }, refuse(503))
      yield* kindOf(sender.send(saying(long), threadOf()))
      // The list is of no use: what was sent stands in the store.
      twilio.faults.next("list", refuse(500), refuse(500), refuse(500), refuse(500))
      const next = yield* restarted
      yield* next.sender.send(saying(long), threadOf())
      assert.strictEqual(
        twilio
          .sent()
          .map((m) => m.body)
          .join(" "),
        long,
      )
    }),
  )

  it.live("a process that dies while Twilio holds the answer: the next one finds the part in the list", () =>
    Effect.gen(function* () {
      const { restarted, sender, twilio } = yield* world()
      // Twilio takes the second part and keeps us waiting; then the process is gone.
      twilio.faults.next("create", { kind: "none" }, { kind: "mute" })
      const first = yield* Effect.forkChild(sender.send(saying(long), threadOf()))
      while (twilio.sent().length < 2) yield* Effect.sleep(10)
      yield* Fiber.interrupt(first)
      const next = yield* restarted
      yield* next.sender.send(saying(long), threadOf())
      assert.strictEqual(
        twilio
          .sent()
          .map((m) => m.body)
          .join(" "),
        long,
      )
    }),
  )

  it.live(
    "after a restart the same answer as a delivery of its own is sent, without a look at the list",
    () =>
      Effect.gen(function* () {
        const { restarted, sender, twilio } = yield* world()
        yield* sender.send(saying("We open at nine.", { deliveryId: deliveryId(1) }), threadOf())
        twilio.faults.next("list", refuse(500))
        const next = yield* restarted
        yield* next.sender.send(saying("We open at nine.", { deliveryId: deliveryId(2) }), threadOf())
        assert.strictEqual(twilio.sent().length, 2)
      }),
  )

  it.live("a long answer is delivered when its last part is, and failed when any part is", () =>
    Effect.gen(function* () {
      const { host, sender, twilio } = yield* world()
      yield* sender.send(saying(long), threadOf())
      const [first, second, third] = twilio.sent().map((m) => m.sid)
      for (const sid of [third, first]) yield* Effect.promise(() => twilio.setStatus(sid ?? "", "delivered"))
      yield* Effect.promise(() => twilio.setStatus(second ?? "", "undelivered", 30007))
      assert.deepStrictEqual(
        host.events.map((e) => (e._tag === "Delivery" ? [e.status, e.explanation?.slice(0, 13)] : e._tag)),
        [["delivered", undefined], "Ignored", ["failed", "Part 2 of 3: "]],
      )
    }),
  )
})

describe("files", () => {
  it.live("travel as MMS in the United States, up to ten and to their sizes; else as links", () =>
    Effect.gen(function* () {
      const { sender, twilio } = yield* world()
      const picture = file({
        fileName: "lamp.jpg",
        contentType: "image/jpeg",
        size: 400_000,
        url: "https://f.example/lamp",
      })
      const big = file({
        fileName: "film.mp4",
        contentType: "video/mp4",
        size: 3_000_000,
        url: "https://f.example/film",
      })
      yield* sender.send(saying("Here", { files: [picture, file(), big] }), threadOf())
      const [message] = twilio.sent()
      assert.deepStrictEqual(message?.mediaUrls, [
        "https://f.example/lamp",
        "https://files.acme.example/f/1?s=x",
      ])
      assert.strictEqual(message?.body, "Here\n\nfilm.mp4: https://f.example/film")
    }),
  )

  it.live("are links elsewhere, and where MMS is switched off", () =>
    Effect.gen(function* () {
      const one = yield* world()
      yield* one.sender.send(
        saying("Hier", { files: [file()] }),
        threadOf({ address: replyAddress("+491701234567") }),
      )
      assert.deepStrictEqual(one.twilio.sent()[0]?.mediaUrls, [])
      assert.strictEqual(
        one.twilio.sent()[0]?.body,
        "Hier\n\ninvoice.pdf: https://files.acme.example/f/1?s=x",
      )
      const two = yield* world({}, { mms: false })
      yield* two.sender.send(saying("", { files: [file()] }), threadOf())
      assert.strictEqual(two.twilio.sent()[0]?.body, "invoice.pdf: https://files.acme.example/f/1?s=x")
    }),
  )

  it.live("that nobody serves are not dropped in silence", () =>
    Effect.gen(function* () {
      const { sender, twilio } = yield* world()
      const { url: _, ...unserved } = file()
      const kind = yield* kindOf(sender.send(saying("Here", { files: [unserved] }), threadOf()))
      assert.strictEqual(kind._tag, "Permanent")
      assert.match(JSON.stringify(kind), /invoice\.pdf.*Nothing was sent/)
      assert.deepStrictEqual(twilio.sent(), [])
    }),
  )
})
