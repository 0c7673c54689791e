/** SendGrid's Inbound Parse: raw MIME (`send_raw`, preferred) or fields; signed when a security policy is attached. */
import { createPublicKey, verify } from "node:crypto"
import { type Account, MalformedInput, type RawRequest, SignatureRejected } from "@opencx/core"
import { Effect, Option, Schema } from "effect"
import type { ProviderVerdict } from "../identity/evidence.ts"
import { mailFromHeaders, parseHeaderBlock } from "../mime/headers.ts"
import type { Mail } from "../mime/Mail.ts"
import type { EmailSettings } from "../settings.ts"
import { verifyBasic } from "./credentials.ts"
import { type Form, parseForm } from "./form.ts"
import { type Arrival, receiveMail, receiveRaw, type ReceiveDeps } from "./receive.ts"

const rejected = (detail: string) => new SignatureRejected({ detail })

const checkSignature = (publicKey: string, request: RawRequest): boolean => {
  const signature = request.headers["x-twilio-email-event-webhook-signature"] ?? ""
  const timestamp = request.headers["x-twilio-email-event-webhook-timestamp"] ?? ""
  if (signature.length === 0 || timestamp.length === 0) return false
  const key = createPublicKey({ key: Buffer.from(publicKey, "base64"), format: "der", type: "spki" })
  return verify(
    "sha256",
    Buffer.concat([Buffer.from(timestamp), request.body]),
    key,
    Buffer.from(signature, "base64"),
  )
}

/** Checks the ECDSA signature over timestamp and raw body, or Basic credentials. */
export const verifySendgrid = Effect.fn("channel-email.verifySendgrid")(function* (
  request: RawRequest,
  account: Account<EmailSettings>,
) {
  const sendgrid = account.settings.inbound.sendgrid
  if (sendgrid === undefined) return yield* rejected("this account takes no SendGrid webhooks")
  if (sendgrid.basic !== undefined) yield* verifyBasic(request, sendgrid.basic)
  const { previousPublicKey, publicKey } = sendgrid
  if (publicKey === undefined) return
  const keys = previousPublicKey === undefined ? [publicKey] : [publicKey, previousPublicKey]
  const good = yield* Effect.try({
    try: () => keys.some((key) => checkSignature(key, request)),
    catch: () =>
      rejected("the account's publicKey is no base64 DER key (SPKI); copy it from the security policy"),
  })
  if (!good)
    return yield* rejected(
      "the signature does not fit; is the security policy attached to this parse setting?",
    )
})

const Envelope = Schema.fromJsonString(
  Schema.Struct({ to: Schema.Array(Schema.String), from: Schema.String }),
)
const decodeEnvelope = Schema.decodeUnknownOption(Envelope)
const decodeCharsets = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Record(Schema.String, Schema.String)),
)

/** `{@acme.com : pass, @mail.acme.com : fail}` → the domains that passed. */
const verdictOf = (form: Form): ProviderVerdict => ({
  dmarc: null,
  dkimDomains: [...(form.text("dkim") ?? "").matchAll(/@([a-z0-9.-]+)\s*:\s*pass\b/gi)].map(
    (m) => m[1] ?? "",
  ),
  spfPass: (form.text("SPF") ?? "").trim().toLowerCase() === "pass",
})

const charsetText = (form: Form, name: string): string | null => {
  const bytes = form.bytes(name)
  if (bytes === null) return null
  const charset = Option.getOrNull(decodeCharsets(form.text("charsets") ?? ""))?.[name] ?? "utf-8"
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return new TextDecoder("utf-8").decode(bytes)
  }
}

const toMail = (form: Form): Mail => ({
  ...mailFromHeaders(parseHeaderBlock(charsetText(form, "headers") ?? "")),
  text: charsetText(form, "text"),
  html: charsetText(form, "html") || null,
  parts: form.fields
    .filter((f) => /^attachment\d+$/.test(f.name))
    .map((f) => ({ fileName: f.fileName, contentType: f.contentType, bytes: f.bytes })),
})

/** Events of one SendGrid call. */
export const decodeSendgrid = Effect.fn("channel-email.decodeSendgrid")(function* (
  request: RawRequest,
  account: Account<EmailSettings>,
  deps: ReceiveDeps,
) {
  const form = yield* parseForm(request, Math.ceil(account.settings.maxBytes * 1.5) + 1_048_576)
  const envelope = Option.getOrNull(decodeEnvelope(form.text("envelope") ?? ""))
  const arrival: Arrival = {
    envelope: { from: envelope?.from ?? null, to: envelope?.to ?? [] },
    peer: null,
    verdict: verdictOf(form),
    behindBorder: false,
  }
  const raw = form.bytes("email")
  if (raw !== null) return yield* receiveRaw(new Uint8Array(raw), arrival, account, deps)
  if (form.text("headers") === null) {
    return yield* new MalformedInput({
      detail: "neither `email` nor `headers` is there",
      hint: 'this URL takes SendGrid\'s Inbound Parse; switch on "POST the raw, full MIME message"',
    })
  }
  return yield* receiveMail(toMail(form), null, arrival, account, deps)
})
