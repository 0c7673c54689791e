/** Requests as the providers send them, signed with keys of our own. */
import { createHmac, createSign, generateKeyPairSync, sign } from "node:crypto"
import type { RawRequest } from "@opencx/core"

const encoder = new TextEncoder()

export const request = (headers: Record<string, string>, body: string | Uint8Array): RawRequest => ({
  method: "POST",
  url: "https://hooks.acme.example/hooks/email/token",
  headers,
  body: typeof body === "string" ? encoder.encode(body) : body,
  remoteAddress: "192.0.2.7",
})

export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`

export interface Field {
  readonly name: string
  readonly value: string | Uint8Array
  readonly fileName?: string
  readonly contentType?: string
}

export const multipart = (
  fields: ReadonlyArray<Field>,
  boundary = "----opencx9f2b",
): { readonly headers: Record<string, string>; readonly body: Buffer } => ({
  headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
  body: Buffer.concat([
    ...fields.flatMap((f) => [
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="${f.name}"${f.fileName === undefined ? "" : `; filename="${f.fileName}"`}\r\n` +
          `${f.contentType === undefined ? "" : `Content-Type: ${f.contentType}\r\n`}\r\n`,
      ),
      Buffer.from(f.value),
      Buffer.from("\r\n"),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ]),
})

// Postmark

export const postmarkBody = (over: Record<string, unknown> = {}) => ({
  FromName: "Ann Lee",
  From: "ann@customer.example",
  FromFull: { Email: "ann@customer.example", Name: "Ann Lee", MailboxHash: "" },
  To: "support@acme.example",
  ToFull: [{ Email: "support@acme.example", Name: "", MailboxHash: "" }],
  OriginalRecipient: "support@acme.example",
  Subject: "Broken lamp",
  MessageID: "73e6d360-66eb-11e1-8e72-a8904824019b",
  Date: "Fri, 20 Nov 2026 10:00:00 +0000",
  TextBody: "My lamp is broken.",
  HtmlBody: "",
  Headers: [
    { Name: "Message-ID", Value: "<q1@customer.example>" },
    { Name: "From", Value: "Ann Lee <ann@customer.example>" },
  ],
  Attachments: [],
  ...over,
})

export const postmark = (body: unknown, password = "postmark-pass-1"): RawRequest =>
  request(
    { authorization: basic("opencx", password), "content-type": "application/json" },
    JSON.stringify(body),
  )

// Mailgun

export const mailgunKey = "mailgun-signing-key-1"
let mailgunTokens = 0

export const mailgunSignature = (
  over: { readonly timestamp?: number; readonly token?: string; readonly key?: string } = {},
): ReadonlyArray<Field> => {
  const timestamp = String(over.timestamp ?? Math.floor(Date.now() / 1000))
  const token = over.token ?? `${++mailgunTokens}`.padStart(50, "t")
  return [
    { name: "timestamp", value: timestamp },
    { name: "token", value: token },
    {
      name: "signature",
      value: createHmac("sha256", over.key ?? mailgunKey)
        .update(timestamp + token)
        .digest("hex"),
    },
  ]
}

export const mailgun = (fields: ReadonlyArray<Field>, signature = mailgunSignature()): RawRequest => {
  const form = multipart([...fields, ...signature])
  return request(form.headers, form.body)
}

export const mailgunFields: ReadonlyArray<Field> = [
  { name: "sender", value: "ann@customer.example" },
  { name: "from", value: "Ann Lee <ann@customer.example>" },
  { name: "recipient", value: "support@acme.example" },
  { name: "subject", value: "Broken lamp" },
  { name: "body-plain", value: "My lamp is broken." },
  {
    name: "message-headers",
    value: JSON.stringify([
      ["Message-Id", "<q1@customer.example>"],
      ["From", "Ann Lee <ann@customer.example>"],
      ["To", "support@acme.example"],
      ["Subject", "Broken lamp"],
    ]),
  },
]

// SendGrid

const newPolicy = () => generateKeyPairSync("ec", { namedCurve: "P-256" })
export const publicKeyOf = ({ publicKey }: ReturnType<typeof newPolicy>): string =>
  publicKey.export({ type: "spki", format: "der" }).toString("base64")
/** Keys of three security policies; requests are signed by the first unless another is named. */
export const policies = [newPolicy(), newPolicy(), newPolicy()] as const
export const sendgridPublicKey = publicKeyOf(policies[0])

export const sendgrid = (
  fields: ReadonlyArray<Field>,
  { privateKey }: ReturnType<typeof newPolicy> = policies[0],
): RawRequest => {
  const form = multipart(fields)
  const timestamp = String(Math.floor(Date.now() / 1000))
  const signature = sign("sha256", Buffer.concat([Buffer.from(timestamp), form.body]), privateKey).toString(
    "base64",
  )
  return request(
    {
      ...form.headers,
      "x-twilio-email-event-webhook-signature": signature,
      "x-twilio-email-event-webhook-timestamp": timestamp,
    },
    form.body,
  )
}

export const sendgridFields = (raw: string | Uint8Array): ReadonlyArray<Field> => [
  { name: "email", value: raw },
  { name: "envelope", value: JSON.stringify({ to: ["support@acme.example"], from: "ann@customer.example" }) },
  { name: "dkim", value: "{@customer.example : pass}" },
  { name: "SPF", value: "pass" },
]

// Amazon SNS

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 })

/** DER, by hand: just enough for a self-signed certificate. */
const der = (tag: number, ...content: ReadonlyArray<Uint8Array>): Buffer => {
  const body = Buffer.concat(content)
  const n = body.length
  const length = n < 128 ? [n] : n < 256 ? [0x81, n] : [0x82, n >> 8, n & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}

const selfSigned = (): string => {
  const algorithm = Buffer.from("300d06092a864886f70d01010b0500", "hex")
  const name = der(
    0x30,
    der(0x31, der(0x30, Buffer.from("0603550403", "hex"), der(0x0c, Buffer.from("sns.test")))),
  )
  const dates = der(0x30, der(0x17, Buffer.from("200101000000Z")), der(0x17, Buffer.from("491231235959Z")))
  const key = rsa.publicKey.export({ type: "spki", format: "der" })
  const body = der(0x30, Buffer.from("020101", "hex"), algorithm, name, dates, name, key)
  const signature = sign("sha256", body, rsa.privateKey)
  const whole = der(0x30, body, algorithm, der(0x03, Buffer.from([0]), signature))
  return `-----BEGIN CERTIFICATE-----\n${whole.toString("base64").replace(/.{64}(?=.)/g, "$&\n")}\n-----END CERTIFICATE-----\n`
}

/** Self-signed: Amazon signs notifications with it, and a TLS server shows it. */
export const certificate = selfSigned()
export const certificateKey = rsa.privateKey.export({ type: "pkcs8", format: "pem" }).toString()
export const topicArn = "arn:aws:sns:eu-west-1:123456789012:inbound-mail"
export const certificateUrl = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-abc123.pem"

export const sns = (over: Record<string, string>, version: "1" | "2" = "2"): RawRequest => {
  const message: Record<string, string> = {
    Type: "Notification",
    MessageId: "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
    TopicArn: topicArn,
    Message: "{}",
    Timestamp: "2026-11-21T10:00:00.000Z",
    SignatureVersion: version,
    SigningCertURL: certificateUrl,
    ...over,
  }
  const fields =
    message["Type"] === "Notification"
      ? ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
      : ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
  const text = fields.flatMap((f) => (message[f] === undefined ? [] : [`${f}\n${message[f]}\n`])).join("")
  const signature = createSign(version === "1" ? "RSA-SHA1" : "RSA-SHA256")
    .update(text)
    .sign(rsa.privateKey, "base64")
  return request(
    { "content-type": "text/plain; charset=UTF-8" },
    JSON.stringify({ ...message, Signature: signature }),
  )
}

export const sesMessage = (
  raw: string,
  over: { readonly dmarc?: string; readonly content?: string | null } = {},
): string =>
  JSON.stringify({
    notificationType: "Received",
    mail: {
      source: "ann@customer.example",
      destination: ["support@acme.example"],
      headers: [
        { name: "From", value: "Ann Lee <ann@customer.example>" },
        { name: "Message-ID", value: "<q1@customer.example>" },
        { name: "Subject", value: "Broken lamp" },
      ],
    },
    receipt: {
      recipients: ["support@acme.example"],
      spfVerdict: { status: "PASS" },
      dmarcVerdict: { status: over.dmarc ?? "PASS" },
      action: { type: "SNS", encoding: "BASE64" },
    },
    ...(over.content === null
      ? {}
      : { content: over.content ?? Buffer.from(raw, "utf8").toString("base64") }),
  })
