import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { makeSmsPlugin } from "../src/index.ts"
import * as F from "./support/fakes.ts"
import { type Host, only, startHost } from "./support/host.ts"

const plugin = makeSmsPlugin()
const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(2_000, 7)])
const png = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(500, 1)])

const world = (common: Record<string, unknown> = {}, webhookTimeoutMs = 15_000) =>
  Effect.gen(function* () {
    const twilio = yield* F.fakeTwilio({ webhookTimeoutMs })
    const host = yield* startHost(plugin, F.twilioSettings(twilio.url, {}, common))
    return { twilio, host }
  })

type Media = NonNullable<Parameters<F.FakeTwilio["customerSends"]>[0]["media"]>

const texts = (
  twilio: F.FakeTwilio,
  host: Host,
  text: string,
  over: { media?: Media; from?: string; sid?: string; extra?: Record<string, string> } = {},
) =>
  Effect.promise(() =>
    twilio.customerSends({ from: F.customer, to: F.ours, text, webhookUrl: host.hookUrl, ...over }),
  )

describe("a customer's text", () => {
  it.live("becomes a message of a proven number, with a key of the number pair", () =>
    Effect.gen(function* () {
      const { host, twilio } = yield* world()
      const text = "أين طلبي رقم 1234؟ 🚲"
      const sent = yield* texts(twilio, host, text)
      const message = only(host.events, "Message")
      assert.strictEqual(message.text, text)
      assert.deepStrictEqual(message.sender, { kind: "phone", value: F.customer, verified: true, name: null })
      assert.strictEqual(message.thread.defaultKey, `${F.customer}~${F.ours}`)
      assert.strictEqual(message.thread.participant, F.customer)
      assert.strictEqual(message.messageId, sent.sid)
      assert.deepStrictEqual(JSON.parse(message.address), { to: F.customer, from: F.ours })
      assert.isNull(message.automatic)
      assert.deepStrictEqual(
        sent.answers.map((a) => [a.status, a.contentType, a.body]),
        [[200, "text/xml", "<Response/>"]],
      )
      assert.deepStrictEqual(sent.echoed, [], "nothing of the answer reaches the customer")
    }),
  )

  it.live("Twilio's retry after a 503 brings the same dedup key", () =>
    Effect.gen(function* () {
      const { host, twilio } = yield* world()
      host.trouble.times = 1
      const sent = yield* texts(twilio, host, "Hello")
      assert.deepStrictEqual(
        sent.answers.map((a) => a.status),
        [503, 200],
      )
      yield* texts(twilio, host, "Hello", { sid: sent.sid })
      assert.strictEqual(host.events.length, 2)
      assert.strictEqual(new Set(host.events.map((e) => e.dedupKey)).size, 1)
    }),
  )

  it.live("two spellings of one number meet in one thread, and are answered as they were written", () =>
    Effect.gen(function* () {
      const { host, twilio } = yield* world()
      yield* texts(twilio, host, "uno", { from: "+5215512345678" })
      yield* texts(twilio, host, "dos", { from: "+525512345678" })
      const messages = host.events.flatMap((e) => (e._tag === "Message" ? [e] : []))
      assert.strictEqual(new Set(messages.map((m) => m.thread.defaultKey)).size, 1)
      assert.deepStrictEqual(
        messages.map((m) => JSON.parse(m.address).to),
        ["+5215512345678", "+525512345678"],
      )
    }),
  )

  it.live("programs are kept but never answered: short codes, names, withheld numbers", () =>
    Effect.gen(function* () {
      const { host, twilio } = yield* world()
      for (const from of ["12345", "ACME", "anonymous", "+266696687"])
        yield* texts(twilio, host, "Your code is 1", { from })
      const messages = host.events.flatMap((e) => (e._tag === "Message" ? [e] : []))
      assert.strictEqual(messages.length, 4)
      for (const m of messages) {
        assert.isNotNull(m.automatic)
        assert.deepStrictEqual([m.sender.kind, m.sender.verified], ["external", false])
      }
    }),
  )

  it.live("a stranger's request is turned away over the socket, too", () =>
    Effect.gen(function* () {
      const { host, twilio } = yield* world()
      const hook = twilio.sign(
        host.hookUrl,
        [
          ["MessageSid", "SM1"],
          ["From", "+1"],
          ["To", "+2"],
          ["Body", "x"],
        ],
        "guessed",
      )
      const answer = yield* Effect.promise(() =>
        fetch(hook.url, { method: "POST", headers: hook.headers, body: hook.body }),
      )
      assert.strictEqual(answer.status, 401)
      assert.deepStrictEqual(host.events, [])
    }),
  )
})

describe("consent", () => {
  it.live("STOP is an opt-out, START the way back, and neither is a message", () =>
    Effect.gen(function* () {
      const { host, twilio } = yield* world()
      assert.match((yield* texts(twilio, host, "Stop")).autoReply ?? "", /unsubscribed/)
      yield* texts(twilio, host, "start")
      const [out, back] = host.events
      assert.deepStrictEqual(
        [out, back].map((e) => (e?._tag === "OptOut" ? [e.optedOut, e.text, e.thread.participant] : e?._tag)),
        [
          [true, "Stop", F.customer],
          [false, "start", F.customer],
        ],
      )
    }),
  )

  it.live("YES is an answer, unless Twilio says that it was an opt-in", () =>
    Effect.gen(function* () {
      const { host, twilio } = yield* world()
      yield* texts(twilio, host, "YES")
      yield* texts(twilio, host, "YES", { extra: { OptOutType: "START" } })
      assert.deepStrictEqual(
        host.events.map((e) => (e._tag === "OptOut" ? e.optedOut : e._tag)),
        ["Message", false],
      )
    }),
  )

  it.live("an opt-out by words that only the provider knows", () =>
    Effect.gen(function* () {
      const { host, twilio } = yield* world()
      yield* texts(twilio, host, "genug jetzt", { extra: { OptOutType: "STOP" } })
      assert.isTrue(only(host.events, "OptOut").optedOut)
    }),
  )

  it.live("HELP is kept but not answered, unless the account says that nobody else does", () =>
    Effect.gen(function* () {
      const one = yield* world()
      yield* texts(one.twilio, one.host, "HELP")
      assert.match(only(one.host.events, "Message").automatic ?? "", /Twilio answers/)
      const two = yield* world({ providerAnswersHelp: false })
      yield* texts(two.twilio, two.host, "HELP")
      assert.isNull(only(two.host.events, "Message").automatic)
    }),
  )

  it.live("words inside sentences are words; an account's own words count", () =>
    Effect.gen(function* () {
      const { host, twilio } = yield* world({ optOutWords: ["Baja"] })
      yield* texts(twilio, host, "please cancel my order")
      yield* texts(twilio, host, "baja")
      assert.deepStrictEqual(
        host.events.map((e) => e._tag),
        ["Message", "OptOut"],
      )
    }),
  )
})

describe("pictures", () => {
  const unavailable = /\[attachment unavailable: /

  it.live(
    "without text they are a message; credentials go to Twilio, not to the host that it redirects to",
    () =>
      Effect.gen(function* () {
        const { host, twilio } = yield* world()
        yield* texts(twilio, host, "", {
          media: [
            { contentType: "image/jpeg", bytes: jpeg },
            { contentType: "image/png", bytes: png, redirect: null },
          ],
        })
        const message = only(host.events, "Message")
        assert.strictEqual(message.text, "")
        assert.deepStrictEqual(
          message.files.map((f) => [f.fileName, f.contentType, f.bytes.length]),
          [
            ["image-1.jpg", "image/jpeg", jpeg.length],
            ["image-2.png", "image/png", png.length],
          ],
        )
        assert.deepStrictEqual(
          twilio.cdnRequests.map((r) => r.headers["authorization"]),
          [undefined],
        )
        assert.strictEqual(twilio.requests.length, 2)
        for (const r of twilio.requests) assert.match(r.headers["authorization"] ?? "", /^Basic /)
      }),
  )

  it.live(
    "from a foreign host, another account or with tricks in the path: not fetched, said so, message kept",
    () =>
      Effect.gen(function* () {
        const { host, twilio } = yield* world()
        const base = `${twilio.url}/2010-04-01/Accounts`
        const urls = [
          "https://evil.example/a.jpg",
          "http://169.254.169.254/latest/meta-data/",
          "https://api.twilio.com.evil.example/2010-04-01/Accounts/x",
          `${base}/AC${"f".repeat(32)}/Messages/MM1/Media/ME1`,
          `${base}/${F.accountSid}/../AC${"f".repeat(32)}/x`,
          `${base}/${F.accountSid}/%2e%2e%2fsecret`,
          `https://user:pass@mms.twiliocdn.com/x`,
          "file:///etc/passwd",
          "not a url",
        ]
        yield* texts(twilio, host, "see", {
          media: urls.map((url) => ({ contentType: "image/jpeg", bytes: jpeg, url })),
        })
        const message = only(host.events, "Message")
        assert.strictEqual(message.files.length, 0)
        assert.match(message.text, /^see\n/)
        assert.strictEqual(message.text.split("\n").filter((l) => unavailable.test(l)).length, urls.length)
        assert.deepStrictEqual(twilio.requests, [], "nothing was asked for")
      }),
  )

  it.live("a redirect to a foreign host is not followed", () =>
    Effect.gen(function* () {
      const { host, twilio } = yield* world()
      yield* texts(twilio, host, "see", {
        media: [
          { contentType: "image/jpeg", bytes: jpeg, redirect: "https://evil.example/steal" },
          { contentType: "image/jpeg", bytes: jpeg, redirect: "http://10.0.0.1/steal" },
        ],
      })
      const message = only(host.events, "Message")
      assert.strictEqual(message.files.length, 0)
      assert.include(message.text, "not the provider's")
    }),
  )

  it.live("a redirect back to the API carries no credentials, and one in circles ends", () =>
    Effect.gen(function* () {
      const { host, twilio } = yield* world()
      const self = `${twilio.url}/2010-04-01/Accounts/${F.accountSid}/Messages/MMx/Media/`
      yield* texts(twilio, host, "see", {
        sid: "MM00000000000000000000000000000001",
        media: [
          { contentType: "image/jpeg", bytes: jpeg, redirect: `${self}ME00000000000000000000000000000000` },
        ],
      })
      const message = only(host.events, "Message")
      assert.match(message.text, unavailable)
      assert.isAtMost(twilio.requests.length, 4)
      assert.deepStrictEqual(
        twilio.requests.slice(1).map((r) => r.headers["authorization"]),
        twilio.requests.slice(1).map(() => undefined),
      )
    }),
  )

  it.live("100 MB are cut off at the account's limit; the message goes in", () =>
    Effect.gen(function* () {
      const { host, twilio } = yield* world({ maxMediaBytes: 1_000_000 })
      const huge = Buffer.alloc(100_000_000, 1)
      huge.set(jpeg.subarray(0, 4))
      yield* texts(twilio, host, "big", { media: [{ contentType: "image/jpeg", bytes: huge }] })
      assert.match(
        only(host.events, "Message").text,
        /^big\n\[attachment unavailable: image\/jpeg: it is too large\]$/,
      )
    }),
  )

  it.live("contents that are not what they claim are not passed on", () =>
    Effect.gen(function* () {
      const { host, twilio } = yield* world()
      const page = Buffer.from("<!doctype html><script>alert(1)</script>")
      yield* texts(twilio, host, "", {
        media: [
          { contentType: "image/jpeg", bytes: page },
          { contentType: "video/mp4", bytes: Buffer.from("MZ\x90\0program") },
          { contentType: "image/svg+xml", bytes: Buffer.from("<svg onload=alert(1)>") },
          { contentType: "image/gif", bytes: png },
          { contentType: "text/x-vcard", bytes: Buffer.from("BEGIN:VCARD\nFN:Ann\nEND:VCARD") },
          { contentType: "video/unknown", bytes: Buffer.from("some film") },
        ],
      })
      const message = only(host.events, "Message")
      assert.deepStrictEqual(
        message.files.map((f) => f.contentType),
        ["image/png", "text/vcard", "video/unknown"],
      )
      assert.strictEqual(message.text.split("\n").filter((l) => /not what its type says/.test(l)).length, 3)
    }),
  )

  it.live("a host that does not answer costs the file, not the message", () =>
    Effect.gen(function* () {
      const { host, twilio } = yield* world({ timeoutMs: 1_000 })
      twilio.faults.next("media", { kind: "hang" })
      twilio.faults.next("media", { kind: "resetBefore" })
      twilio.faults.next("media", { kind: "refuse", status: 404 })
      const sent = yield* texts(twilio, host, "look", {
        media: [1, 2, 3].map(() => ({ contentType: "image/jpeg", bytes: jpeg })),
      })
      assert.deepStrictEqual(
        sent.answers.map((a) => a.status),
        [200],
      )
      const message = only(host.events, "Message")
      assert.strictEqual(message.text.split("\n").filter((l) => unavailable.test(l)).length, 3)
      assert.match(message.text, /404/)
    }),
  )
})

describe("reports on our messages", () => {
  it.live("a status without our token is somebody else's", () =>
    Effect.gen(function* () {
      const { host, twilio } = yield* world()
      const pairs = Object.entries({
        MessageSid: "SM9",
        MessageStatus: "delivered",
        From: F.ours,
        To: F.customer,
      })
      for (const url of [host.hookUrl, `${host.hookUrl}?delivery=forged00`]) {
        const hook = twilio.sign(url, pairs)
        yield* Effect.promise(() => fetch(url, { method: "POST", headers: hook.headers, body: hook.body }))
      }
      assert.deepStrictEqual(
        host.events.map((e) => e._tag),
        ["Ignored", "Ignored"],
      )
    }),
  )
})
