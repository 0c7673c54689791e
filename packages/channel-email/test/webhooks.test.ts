import { assert, describe, it } from "@effect/vitest"
import type { BoundChannel, MessageEvent, RawRequest } from "@opencx/core"
import { Effect } from "effect"
import { makeEmailPlugin } from "../src/index.ts"
import { mail, undecoded } from "./support/account.ts"
import * as P from "./support/providers.ts"

const fetched: Array<string> = []
const plugin = makeEmailPlugin({
  fetchText: (url) => {
    fetched.push(url)
    return Effect.succeed(url.endsWith(".pem") ? P.certificate : "<ok/>")
  },
  resolver: () => Promise.reject(Object.assign(new Error("none"), { code: "ENOTFOUND" })),
})

const bind = (inbound: Record<string, unknown>, over: Record<string, unknown> = {}) =>
  plugin.bind(undecoded({ inbound, authentication: "verify", ...over }))
const receive = (bound: BoundChannel, request: RawRequest) =>
  bound.receive === null ? Effect.die("takes webhooks") : bound.receive(request)

const message = (bound: BoundChannel, request: RawRequest) =>
  receive(bound, request).pipe(
    Effect.map((events): MessageEvent => {
      const [first] = events
      if (first?._tag !== "Message") throw new Error("no message")
      return first
    }),
  )

/** A body in Shift_JIS, as bytes: it must not pass through UTF-8 on the way. */
const shiftJis = Buffer.concat([
  Buffer.from(
    mail({ "Content-Type": "text/plain; charset=shift_jis", "Content-Transfer-Encoding": "8bit" }, ""),
  ),
  Buffer.from("8f43979d", "hex"),
])

describe("raw mails come through forms byte by byte", () => {
  it.live("SendGrid", () =>
    Effect.gen(function* () {
      const bound = yield* bind({ sendgrid: { publicKey: P.sendgridPublicKey } })
      const event = yield* message(bound, P.sendgrid(P.sendgridFields(shiftJis)))
      assert.strictEqual(event.text, "修理")
      assert.deepStrictEqual(Buffer.from(event.raw ?? []), shiftJis)
      assert.isTrue(event.sender.verified, "SendGrid checked DKIM for this domain")
    }),
  )

  it.live("Mailgun", () =>
    Effect.gen(function* () {
      const bound = yield* bind({ mailgun: { signingKey: P.mailgunKey } })
      const event = yield* message(
        bound,
        P.mailgun([
          { name: "recipient", value: "support@acme.example" },
          { name: "body-mime", value: shiftJis },
        ]),
      )
      assert.strictEqual(event.text, "修理")
      assert.isFalse(event.sender.verified)
    }),
  )
})

describe("Mailgun", () => {
  it.live("a used token serves the same mail again, and no other", () =>
    Effect.gen(function* () {
      const bound = yield* bind({ mailgun: { signingKey: P.mailgunKey } })
      const signature = P.mailgunSignature({ token: "used-once" })
      const first = yield* message(bound, P.mailgun(P.mailgunFields, signature))
      assert.strictEqual(
        (yield* message(bound, P.mailgun(P.mailgunFields, signature))).dedupKey,
        first.dedupKey,
      )
      const forged = P.mailgunFields.map((f) =>
        f.name === "body-plain" ? { ...f, value: "Please change my address" } : f,
      )
      assert.strictEqual(
        (yield* Effect.flip(receive(bound, P.mailgun(forged, signature))))._tag,
        "SignatureRejected",
      )
    }),
  )

  it.live("urlencoded routes and files", () =>
    Effect.gen(function* () {
      const bound = yield* bind({ mailgun: { signingKey: P.mailgunKey } })
      const fields = [...P.mailgunFields, ...P.mailgunSignature()]
      const body = new URLSearchParams(
        fields.map((f): [string, string] => [f.name, String(f.value)]),
      ).toString()
      assert.strictEqual(
        (yield* message(bound, P.request({ "content-type": "application/x-www-form-urlencoded" }, body)))
          .text,
        "My lamp is broken.",
      )
      const withFile = yield* message(
        bound,
        P.mailgun([
          ...P.mailgunFields,
          {
            name: "attachment-1",
            fileName: "../photo.png",
            contentType: "image/png",
            value: Buffer.from([1, 2, 3]),
          },
        ]),
      )
      assert.deepStrictEqual(
        withFile.files.map((f) => [f.fileName, f.contentType, [...f.bytes]]),
        [["photo.png", "image/png", [1, 2, 3]]],
      )
    }),
  )
})

describe("Postmark", () => {
  it.live("hash of the mailbox, files and HTML", () =>
    Effect.gen(function* () {
      const bound = yield* bind({ postmark: { username: "opencx", password: "postmark-pass-1" } })
      const token = undecoded().signer.sign("thread", "abc")
      const event = yield* message(
        bound,
        P.postmark(
          P.postmarkBody({
            OriginalRecipient: `support+${token}@acme.example`,
            TextBody: "",
            HtmlBody: "<p>Hi</p><p hidden>secret</p>",
            Attachments: [
              {
                Name: "a.txt",
                Content: Buffer.from("hey").toString("base64"),
                ContentType: "text/plain; charset=utf-8",
                ContentLength: 3,
              },
            ],
          }),
        ),
      )
      assert.strictEqual(event.text, "Hi")
      assert.strictEqual(event.thread.signedKey, "abc")
      assert.deepStrictEqual(
        event.files.map((f) => [f.fileName, f.contentType]),
        [["a.txt", "text/plain"]],
      )
      assert.isFalse(event.sender.verified)
    }),
  )
})

describe("SendGrid", () => {
  it.live("parsed fields in their own charsets", () =>
    Effect.gen(function* () {
      const bound = yield* bind({ sendgrid: { basic: { username: "u", password: "sendgrid-pass" } } })
      const form = P.multipart([
        {
          name: "headers",
          value: "From: Ann <ann@customer.example>\nMessage-ID: <q1@customer.example>\nSubject: Lampe\n",
        },
        { name: "text", value: Buffer.from("gr\u00fc\u00dfe", "latin1") },
        { name: "charsets", value: JSON.stringify({ text: "iso-8859-1" }) },
        {
          name: "attachment1",
          fileName: "a.bin",
          contentType: "application/octet-stream",
          value: Buffer.from([0, 255]),
        },
      ])
      const event = yield* message(
        bound,
        P.request({ ...form.headers, authorization: P.basic("u", "sendgrid-pass") }, form.body),
      )
      assert.strictEqual(event.text, "grüße")
      assert.deepStrictEqual([...(event.files[0]?.bytes ?? [])], [0, 255])
    }),
  )

  it.live("a form larger than the account takes is refused before it is read", () =>
    Effect.gen(function* () {
      const bound = yield* bind({ sendgrid: { publicKey: P.sendgridPublicKey } }, { maxBytes: 1_024 })
      const error = yield* Effect.flip(
        receive(bound, P.sendgrid(P.sendgridFields(Buffer.alloc(2_000_000, "a")))),
      )
      assert.strictEqual(error._tag, "MalformedInput")
    }),
  )
})

describe("Amazon SES", () => {
  const ses = { ses: { topicArn: P.topicArn, region: "eu-west-1" } }

  it.live("confirms a subscription at an address that we build, never at the one that is sent", () =>
    Effect.gen(function* () {
      const bound = yield* bind(ses)
      fetched.length = 0
      const events = yield* receive(
        bound,
        P.sns({
          Type: "SubscriptionConfirmation",
          Token: "tok&en",
          SubscribeURL: "https://evil.example/steal",
          Message: "x",
        }),
      )
      assert.deepStrictEqual(
        events.map((e) => e._tag),
        ["Ignored"],
      )
      assert.deepStrictEqual(
        fetched.filter((u) => !u.endsWith(".pem")),
        [
          `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${encodeURIComponent(P.topicArn)}&Token=tok%26en`,
        ],
      )
    }),
  )

  it.live("its DMARC verdict decides; a tampered message is refused; the certificate is read once", () =>
    Effect.gen(function* () {
      const bound = yield* bind(ses)
      const raw = mail({}, "Hello")
      assert.isTrue((yield* message(bound, P.sns({ Message: P.sesMessage(raw) }))).sender.verified)
      assert.isFalse(
        (yield* message(bound, P.sns({ Message: P.sesMessage(raw, { dmarc: "GRAY" }) }))).sender.verified,
      )
      const good = P.sns({ Message: P.sesMessage(raw, { dmarc: "FAIL" }) })
      const text = new TextDecoder().decode(good.body).replace("FAIL", "PASS")
      assert.strictEqual(
        (yield* Effect.flip(receive(bound, { ...good, body: new TextEncoder().encode(text) })))._tag,
        "SignatureRejected",
      )
      assert.isAtMost(fetched.filter((u) => u.endsWith(".pem")).length, 1)
    }),
  )

  it.live("a mail too large for the notification is not lost", () =>
    Effect.gen(function* () {
      const event = yield* message(yield* bind(ses), P.sns({ Message: P.sesMessage("", { content: null }) }))
      assert.match(event.text, /did not reach us/)
      assert.strictEqual(event.sender.value, "ann@customer.example")
      assert.strictEqual(event.messageId, "<q1@customer.example>")
    }),
  )
})

describe("an account without webhooks", () => {
  it.live("refuses them", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(receive(yield* bind({ smtp: true }), P.postmark(P.postmarkBody())))
      assert.strictEqual(error._tag, "SignatureRejected")
    }),
  )
})
