import { channelContract, type FakeProvider, type SendScenario, type WebhookFixture } from "@opencx/testing"
import { Effect } from "effect"
import { Fault } from "../src/faults.ts"
import { makeEmailPlugin } from "../src/index.ts"
import { parseMail } from "../src/mime/parse.ts"
import { mail, replyTo, settings, signer } from "./support/account.ts"
import * as P from "./support/providers.ts"
import { type Misbehaviour, sink } from "./support/sink.ts"

const certificates = (url: string) =>
  url === P.certificateUrl
    ? Effect.succeed(P.certificate)
    : Effect.fail(new Fault({ message: `there is no ${url}` }))

const plugin = makeEmailPlugin({
  fetchText: certificates,
  resolver: () => Promise.reject(Object.assign(new Error("no such record"), { code: "ENOTFOUND" })),
})

const inbound = (provider: Record<string, unknown>) =>
  settings({ authentication: "verify", inbound: provider })
const raw = mail({}, "My lamp is broken.")
const text = "My lamp is broken."

/** A mail with most of what readers of mail have to read: a tree of parts, encodings, HTML, a file, a bounce. */
const oddMail = [
  'From: "=?utf-8?B?QW5uIExlZQ==?=" <ann@customer.example>',
  "To: =?iso-8859-1?Q?Support?= <support@acme.example>, undisclosed: ;",
  "Subject: =?utf-8?Q?Broken_=F0=9F=9A=B2_lamp?=",
  "Message-ID: <odd@customer.example>",
  "References: <a@b.example> <c@d.example>",
  "Date: Fri, 20 Nov 2026 10:00:00 +0000 (UTC)",
  "Authentication-Results: mx.acme.example; dkim=pass header.d=customer.example; spf=pass",
  "MIME-Version: 1.0",
  'Content-Type: multipart/mixed; boundary="outer"',
  "",
  "--outer",
  "Content-Type: multipart/alternative; boundary=inner",
  "",
  "--inner",
  "Content-Type: text/plain; charset=utf-8; format=flowed",
  "Content-Transfer-Encoding: quoted-printable",
  "",
  "My lamp is broken=2E",
  "",
  "On Fri, Nov 20, 2026 at 9:00 AM Acme <support@acme.example> wrote:",
  "> Hello",
  "--inner",
  "Content-Type: text/html; charset=windows-1252",
  "Content-Transfer-Encoding: base64",
  "",
  Buffer.from('<p style="x:1">My <b>lamp</b> is broken.<br><blockquote>Hello</blockquote>').toString(
    "base64",
  ),
  "--inner--",
  "--outer",
  "Content-Type: image/png; name*0*=utf-8''lam; name*1=p.png",
  'Content-Disposition: attachment; filename="lamp.png"',
  "Content-Transfer-Encoding: base64",
  "",
  "iVBORw0KGgo=",
  "--outer",
  "Content-Type: message/delivery-status",
  "",
  "Final-Recipient: rfc822; ann@customer.example",
  "Action: failed",
  "Status: 5.1.1",
  "--outer--",
  "",
].join("\r\n")

const postmark: WebhookFixture = {
  name: "Postmark",
  settings: inbound({ postmark: { username: "opencx", password: "postmark-pass-1" } }),
  request: () => P.postmark(P.postmarkBody()),
  yields: ["Message"],
  texts: [text],
  forgeries: [
    { name: "a wrong password", request: () => P.postmark(P.postmarkBody(), "guess") },
    {
      name: "no credentials",
      request: () => P.request({ "content-type": "application/json" }, JSON.stringify(P.postmarkBody())),
    },
    { name: "broken credentials", request: () => P.request({ authorization: "Basic ###" }, "{}") },
  ],
  coversBody: false,
  redelivered: () => P.postmark(P.postmarkBody({ RawEmail: raw })),
  withUnknownFields: () => P.postmark(P.postmarkBody({ Sparkle: { a: [1] }, MessageStream: "inbound" })),
  unknownType: null,
  batchWithOneBad: null,
  malformed: [
    {
      name: "no JSON",
      request: () => P.request({ authorization: P.basic("opencx", "postmark-pass-1") }, "{"),
    },
    { name: "another stream", request: () => P.postmark({ RecordType: "Open" }) },
  ],
  signed: { _tag: "json", body: P.postmarkBody(), request: (body) => P.postmark(body) },
}

const mailgun: WebhookFixture = {
  name: "Mailgun",
  settings: inbound({ mailgun: { signingKey: P.mailgunKey } }),
  request: () => P.mailgun(P.mailgunFields),
  yields: ["Message"],
  texts: [text],
  forgeries: [
    { name: "another key", request: () => P.mailgun(P.mailgunFields, P.mailgunSignature({ key: "other" })) },
    {
      name: "an old signature",
      request: () => P.mailgun(P.mailgunFields, P.mailgunSignature({ timestamp: 1_700_000_000 })),
    },
    { name: "no signature", request: () => P.mailgun(P.mailgunFields, []) },
    { name: "no form", request: () => P.request({ "content-type": "application/json" }, "{}") },
  ],
  coversBody: false,
  redelivered: () =>
    P.mailgun([
      { name: "recipient", value: "support@acme.example" },
      { name: "body-mime", value: raw },
    ]),
  withUnknownFields: () => P.mailgun([...P.mailgunFields, { name: "X-New", value: "1" }]),
  unknownType: null,
  batchWithOneBad: null,
  malformed: [
    { name: "no message in the form", request: () => P.mailgun([{ name: "event", value: "opened" }]) },
    {
      name: "headers that are no list",
      request: () =>
        P.mailgun([
          { name: "from", value: "a@b.example" },
          { name: "message-headers", value: "{" },
        ]),
    },
  ],
  signed: {
    _tag: "form",
    fields: Object.fromEntries(P.mailgunFields.map(({ name, value }) => [name, String(value)])),
    request: (fields) => P.mailgun(Object.entries(fields).map(([name, value]) => ({ name, value }))),
  },
}

const sendgrid: WebhookFixture = {
  name: "SendGrid",
  settings: inbound({ sendgrid: { publicKey: P.sendgridPublicKey } }),
  request: () => P.sendgrid(P.sendgridFields(raw)),
  yields: ["Message"],
  texts: [text],
  forgeries: [
    {
      name: "no signature",
      request: () => {
        const form = P.multipart(P.sendgridFields(raw))
        return P.request(form.headers, form.body)
      },
    },
    {
      name: "a signature that is none",
      request: () => {
        const good = P.sendgrid(P.sendgridFields(raw))
        return { ...good, headers: { ...good.headers, "x-twilio-email-event-webhook-signature": "AAAA" } }
      },
    },
  ],
  coversBody: true,
  redelivered: () => P.sendgrid([...P.sendgridFields(raw), { name: "spam_score", value: "0.1" }]),
  withUnknownFields: () => P.sendgrid([...P.sendgridFields(raw), { name: "sparkle", value: "x" }]),
  unknownType: null,
  batchWithOneBad: null,
  malformed: [{ name: "no message in the form", request: () => P.sendgrid([{ name: "x", value: "y" }]) }],
  // The whole mail, with everything that MIME can be.
  signed: { _tag: "text", text: oddMail, request: (text) => P.sendgrid(P.sendgridFields(text)) },
}

const ses: WebhookFixture = {
  name: "Amazon SES through SNS",
  settings: inbound({ ses: { topicArn: P.topicArn, region: "eu-west-1" } }),
  request: () => P.sns({ Message: P.sesMessage(raw) }),
  yields: ["Message"],
  texts: [text],
  forgeries: [
    {
      name: "another topic",
      request: () => P.sns({ TopicArn: `${P.topicArn}-other`, Message: P.sesMessage(raw) }),
    },
    {
      name: "a certificate from elsewhere",
      request: () =>
        P.sns({
          SigningCertURL: "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-a.pem",
        }),
    },
    {
      name: "a certificate over http",
      request: () => P.sns({ SigningCertURL: P.certificateUrl.replace("https", "http") }),
    },
    {
      name: "a certificate from a bucket",
      request: () => P.sns({ SigningCertURL: "https://sns.eu-west-1.amazonaws.com/x/../evil.pem" }),
    },
    {
      name: "another region's certificate",
      request: () => P.sns({ SigningCertURL: P.certificateUrl.replace("eu-west-1", "us-east-1") }),
    },
    { name: "an unknown signature version", request: () => P.sns({ SignatureVersion: "9" }) },
  ],
  // Only the named fields are signed, not the JSON around them.
  coversBody: false,
  redelivered: () =>
    P.sns(
      { MessageId: "another-id", Timestamp: "2026-11-21T11:00:00.000Z", Message: P.sesMessage(raw) },
      "1",
    ),
  withUnknownFields: () => {
    const good = P.sns({ Message: P.sesMessage(raw) })
    const body = JSON.stringify({
      ...JSON.parse(new TextDecoder().decode(good.body)),
      UnsubscribeURL: "https://x.example",
      Sparkle: 1,
    })
    return { ...good, body: new TextEncoder().encode(body) }
  },
  unknownType: () => P.sns({ Message: JSON.stringify({ notificationType: "Rumour" }) }),
  batchWithOneBad: null,
  malformed: [
    {
      name: "a notification without receipt",
      request: () => P.sns({ Message: JSON.stringify({ notificationType: "Received" }) }),
    },
  ],
  signed: {
    _tag: "json",
    body: JSON.parse(P.sesMessage(raw)),
    request: (body) => P.sns({ Message: JSON.stringify(body) ?? "" }),
  },
}

/** What the customer is shown: the text body of each mail. */
const textsOf = (mails: ReadonlyArray<{ readonly raw: string }>) =>
  Effect.forEach(mails, (m) =>
    parseMail(new TextEncoder().encode(m.raw)).pipe(
      Effect.map((read) => read.text ?? ""),
      Effect.orDie,
    ),
  )

const provider = (...plan: ReadonlyArray<Misbehaviour>) =>
  sink.pipe(
    Effect.map((server): FakeProvider => {
      server.plan.push(...plan)
      return {
        settings: settings({ outbound: { host: "127.0.0.1", port: server.port, timeoutMs: 10_000 } }),
        address: replyTo(),
        received: Effect.suspend(() => textsOf(server.mails)),
      }
    }),
  )

const scenarios: ReadonlyArray<SendScenario> = [
  { name: "the server takes it", start: provider(), expect: "sent" },
  {
    name: "unknown user",
    start: provider({ at: "rcpt", reply: "550 5.1.1 no such user" }),
    expect: "Permanent",
  },
  { name: "greylisted", start: provider({ at: "rcpt", reply: "450 4.2.0 greylisted" }), expect: "Retry" },
  { name: "busy", start: provider({ at: "greeting", reply: "421 busy" }), expect: "Retry" },
  { name: "gone before the mail", start: provider({ at: "mail", drop: true }), expect: "Retry" },
  { name: "gone after the mail", start: provider({ at: "end", drop: true }), expect: "Ambiguous" },
]

channelContract(plugin, {
  settings: settings({
    outbound: {
      host: "smtp.acme.example",
      port: 587,
      auth: { user: "mailer", password: "smtp-password-1" },
      dkim: {
        domainName: "acme.example",
        keySelector: "oc",
        privateKey: "-----BEGIN PRIVATE KEY----- secret-key-1",
      },
    },
    inbound: {
      imap: {
        host: "imap.acme.example",
        port: 993,
        user: "support",
        password: "imap-password-1",
        accessToken: "imap-token-1234",
      },
      mailgun: { signingKey: "mailgun-signing-key-1" },
    },
  }),
  secrets: [
    "smtp-password-1",
    "-----BEGIN PRIVATE KEY----- secret-key-1",
    "imap-password-1",
    "imap-token-1234",
    "mailgun-signing-key-1",
  ],
  rejected: [
    { name: "no address", settings: { ...settings(), address: undefined }, mentions: "address" },
    {
      name: "an address that is none",
      settings: settings({ address: "acme.example" }),
      mentions: "support@acme.example",
    },
    {
      name: "a port that is none",
      settings: settings({ outbound: { host: "x", port: 99_999 } }),
      mentions: "port",
    },
    {
      name: "two webhook providers",
      settings: inbound({ mailgun: { signingKey: "k-12345678" }, sendgrid: { publicKey: "x" } }),
      mentions: "choose one",
    },
    {
      name: "IMAP without credentials",
      settings: inbound({ imap: { host: "x", port: 993, user: "u" } }),
      mentions: "password",
    },
    { name: "SendGrid without a proof", settings: inbound({ sendgrid: {} }), mentions: "publicKey" },
    {
      name: "a topic that is none",
      settings: inbound({ ses: { topicArn: "inbound", region: "eu-west-1" } }),
      mentions: "topic",
    },
  ],
  webhooks: [postmark, mailgun, sendgrid, ses],
  sending: scenarios,
  rendering: { start: provider() },
  signer: signer(),
})
