/** Amazon SES receiving with an SNS action: the mail is inside the notification (150 kB at most; SES developer guide). */
import {
  type Account,
  type ChannelEvent,
  MalformedInput,
  type RawRequest,
  SignatureRejected,
} from "@opencx/core"
import { Effect, Schema } from "effect"
import { mailFromHeaders } from "../mime/headers.ts"
import type { EmailSettings } from "../settings.ts"
import type { FetchText } from "./fetchText.ts"
import { type Arrival, receiveMail, receiveRaw, type ReceiveDeps } from "./receive.ts"
import { type CertificateCache, confirmationUrl, decodeSns, verifySns } from "./sns.ts"

const Verdict = Schema.optionalKey(Schema.Struct({ status: Schema.String }))

const Notification = Schema.Struct({
  notificationType: Schema.String,
  mail: Schema.Struct({
    source: Schema.String,
    destination: Schema.Array(Schema.String),
    headers: Schema.optionalKey(Schema.Array(Schema.Struct({ name: Schema.String, value: Schema.String }))),
  }),
  receipt: Schema.Struct({
    recipients: Schema.Array(Schema.String),
    dmarcVerdict: Verdict,
    action: Schema.optionalKey(
      Schema.Struct({ type: Schema.String, encoding: Schema.optionalKey(Schema.String) }),
    ),
  }),
  content: Schema.optionalKey(Schema.NullOr(Schema.String)),
})

const decodeNotification = Schema.decodeUnknownEffect(Schema.fromJsonString(Notification))

const malformed = (error: { readonly message: string }) =>
  new MalformedInput({
    detail: error.message.slice(0, 500),
    hint: "this URL takes SNS messages of an SES receipt rule with an SNS action; do not enable raw message delivery",
  })

const bodyText = (request: RawRequest): string => new TextDecoder().decode(request.body)

/** Checks an SNS request. */
export const verifySes = Effect.fn("channel-email.verifySes")(function* (
  request: RawRequest,
  account: Account<EmailSettings>,
  fetchText: FetchText,
  cache: CertificateCache,
) {
  const ses = account.settings.inbound.ses
  if (ses === undefined)
    return yield* new SignatureRejected({ detail: "this account takes no SES notifications" })
  const message = yield* decodeSns(bodyText(request)).pipe(
    Effect.mapError(
      () => new SignatureRejected({ detail: "this is no SNS message; do not enable raw message delivery" }),
    ),
  )
  yield* verifySns(message, ses, fetchText, cache)
})

const received = Effect.fnUntraced(function* (
  message: string,
  account: Account<EmailSettings>,
  deps: ReceiveDeps,
) {
  const body = yield* decodeNotification(message).pipe(Effect.mapError(malformed))
  const arrival: Arrival = {
    envelope: { from: body.mail.source === "<>" ? "" : body.mail.source, to: body.receipt.recipients },
    peer: null,
    verdict: { dmarc: body.receipt.dmarcVerdict?.status === "PASS", dkimDomains: [], spfPass: false },
    behindBorder: false,
  }
  const content = body.content ?? ""
  if (content.length > 0) {
    const raw = Buffer.from(content, body.receipt.action?.encoding === "BASE64" ? "base64" : "utf8")
    return yield* receiveRaw(new Uint8Array(raw), arrival, account, deps)
  }
  // Larger than an SNS message holds: the headers are here, the text is not. The mail must not vanish.
  const mail = mailFromHeaders(
    (body.mail.headers ?? []).map((h) => ({ key: h.name.toLowerCase(), value: h.value })),
  )
  return yield* receiveMail(
    mail,
    null,
    arrival,
    account,
    deps,
    "[The content of this email did not reach us: it is larger than the notification service carries. Ask the sender to write again without attachments.]",
  )
})

/** Events of one SNS request. A subscription is confirmed by an address that we build ourselves. */
export const decodeSes = Effect.fn("channel-email.decodeSes")(function* (
  request: RawRequest,
  account: Account<EmailSettings>,
  deps: ReceiveDeps,
  fetchText: FetchText,
) {
  const message = yield* decodeSns(bodyText(request)).pipe(Effect.mapError(malformed))
  const ignored = (why: string): ReadonlyArray<ChannelEvent> => [
    { _tag: "Ignored", dedupKey: `sns:${message.MessageId.slice(0, 100)}`, why },
  ]
  if (message.Type === "SubscriptionConfirmation") {
    yield* fetchText(confirmationUrl(message, account.settings.inbound.ses?.region ?? "")).pipe(
      Effect.mapError(
        (e) =>
          new MalformedInput({
            detail: `the subscription could not be confirmed: ${e.message}`,
            hint: "Amazon will ask again; check that this server reaches the internet",
          }),
      ),
    )
    return ignored("subscription confirmed")
  }
  if (message.Type !== "Notification") return ignored(`SNS ${message.Type.slice(0, 40)}`)
  if (!/"notificationType"\s*:\s*"Received"/.test(message.Message)) return ignored("not a received mail")
  return yield* received(message.Message, account, deps)
})
