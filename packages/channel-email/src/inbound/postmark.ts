/** Postmark's inbound webhook: JSON, kept apart by Basic credentials in the URL; it signs nothing. */
import { type Account, MalformedInput, type RawRequest } from "@opencx/core"
import { Effect, Schema } from "effect"
import { parseAddresses } from "../mime/addresses.ts"
import { mailFromHeaders, parseDate } from "../mime/headers.ts"
import type { Mail } from "../mime/Mail.ts"
import type { EmailSettings } from "../settings.ts"
import { type Arrival, receiveMail, receiveRaw, type ReceiveDeps } from "./receive.ts"

const text = Schema.optionalKey(Schema.NullOr(Schema.String))
const Person = Schema.Struct({ Email: Schema.String, Name: text })

const Inbound = Schema.Struct({
  From: Schema.String,
  FromFull: Schema.optionalKey(Person),
  To: text,
  Cc: text,
  ReplyTo: text,
  OriginalRecipient: text,
  Subject: text,
  Date: text,
  TextBody: text,
  HtmlBody: text,
  RawEmail: text,
  Headers: Schema.optionalKey(
    Schema.NullOr(Schema.Array(Schema.Struct({ Name: Schema.String, Value: Schema.String }))),
  ),
  Attachments: Schema.optionalKey(
    Schema.NullOr(
      Schema.Array(
        Schema.Struct({
          Name: Schema.String,
          Content: Schema.String,
          ContentType: Schema.String,
          ContentID: text,
        }),
      ),
    ),
  ),
})

const decodeBody = Schema.decodeUnknownEffect(Schema.fromJsonString(Inbound))

const toMail = (body: typeof Inbound.Type): Mail => {
  const headers = (body.Headers ?? []).map((h) => ({ key: h.Name.toLowerCase(), value: h.Value }))
  const base = mailFromHeaders(headers)
  const full = body.FromFull
  const from =
    full === undefined
      ? parseAddresses(body.From)
      : parseAddresses(`<${full.Email}>`).map((a) => ({ ...a, name: full.Name ?? null }))
  return {
    ...base,
    from: base.from.length > 1 ? base.from : from,
    to: parseAddresses(body.To),
    cc: parseAddresses(body.Cc),
    replyTo: base.replyTo.length > 0 ? base.replyTo : parseAddresses(body.ReplyTo),
    subject: body.Subject ?? base.subject,
    sentAt: parseDate(body.Date) ?? base.sentAt,
    text: body.TextBody ?? null,
    html: body.HtmlBody === "" ? null : (body.HtmlBody ?? null),
    parts: (body.Attachments ?? []).map((a) => ({
      fileName: a.Name,
      contentType: (a.ContentType.split(";")[0] ?? "").trim().toLowerCase() || "application/octet-stream",
      bytes: Buffer.from(a.Content, "base64"),
    })),
  }
}

/** Events of one Postmark call. With "include raw email content" switched on, the raw mail is what is read. */
export const decodePostmark = Effect.fn("channel-email.decodePostmark")(function* (
  request: RawRequest,
  account: Account<EmailSettings>,
  deps: ReceiveDeps,
) {
  const body = yield* decodeBody(new TextDecoder().decode(request.body)).pipe(
    Effect.mapError(
      (error) =>
        new MalformedInput({
          detail: error.message.slice(0, 500),
          hint: "this URL takes Postmark's inbound webhook; other streams have other bodies",
        }),
    ),
  )
  const recipient = body.OriginalRecipient ?? ""
  const arrival: Arrival = {
    envelope: { from: null, to: recipient.length > 0 ? [recipient] : [] },
    peer: null,
    verdict: null,
    behindBorder: false,
  }
  const raw = body.RawEmail ?? ""
  return raw.length > 0
    ? yield* receiveRaw(new TextEncoder().encode(raw), arrival, account, deps)
    : yield* receiveMail(toMail(body), null, arrival, account, deps)
})
