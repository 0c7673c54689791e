/**
 * Mailgun routes. The signature covers timestamp and token only, not the body: a token that was seen counts once, and
 * a second use is let through only with the very same contents (Mailgun trying again), which the journal then drops.
 */
import { createHash, createHmac } from "node:crypto"
import { type Account, MalformedInput, type RawRequest, SignatureRejected } from "@opencx/core"
import { Clock, Effect, Redacted, Schema } from "effect"
import { mailFromHeaders } from "../mime/headers.ts"
import type { Mail } from "../mime/Mail.ts"
import type { EmailSettings } from "../settings.ts"
import { sameSecret } from "./credentials.ts"
import { type Form, parseForm } from "./form.ts"
import { type Arrival, receiveMail, receiveRaw, type ReceiveDeps } from "./receive.ts"

/** Tokens that were used, and for what; the oldest are forgotten first. */
export class TokenMemory {
  private readonly seen = new Map<string, string>()
  private readonly limit: number
  constructor(limit = 20_000) {
    this.limit = limit
  }
  /** True when the token is new, or was used for the same contents. */
  claim(token: string, contents: string): boolean {
    const before = this.seen.get(token)
    if (before !== undefined) return before === contents
    this.seen.set(token, contents)
    const oldest = this.seen.keys().next()
    if (this.seen.size > this.limit && oldest.done !== true) this.seen.delete(oldest.value)
    return true
  }
}

const maxForm = (settings: EmailSettings): number => Math.ceil(settings.maxBytes * 1.5) + 1_048_576

/** What the form says, without what a new try changes. */
const contentsOf = (form: Form): string => {
  const hash = createHash("sha256")
  for (const field of form.fields) {
    if (["timestamp", "token", "signature"].includes(field.name)) continue
    hash.update(`${field.name.length}:${field.name}${field.bytes.length}:`).update(field.bytes)
  }
  return hash.digest("hex")
}

const rejected = (detail: string) => new SignatureRejected({ detail })

/** Checks signature, age and single use. */
export const verifyMailgun = Effect.fn("channel-email.verifyMailgun")(function* (
  request: RawRequest,
  account: Account<EmailSettings>,
  memory: TokenMemory,
) {
  const mailgun = account.settings.inbound.mailgun
  if (mailgun === undefined) return yield* rejected("this account takes no Mailgun webhooks")
  const form = yield* parseForm(request, maxForm(account.settings)).pipe(
    Effect.mapError((e) => rejected(`${e.detail}; ${e.hint}`)),
  )
  const timestamp = form.text("timestamp") ?? ""
  const token = form.text("token") ?? ""
  const { previousSigningKey, signingKey } = mailgun
  const keys = previousSigningKey === undefined ? [signingKey] : [signingKey, previousSigningKey]
  const fits = keys.map((key) =>
    sameSecret(
      createHmac("sha256", Redacted.value(key))
        .update(timestamp + token)
        .digest("hex"),
      form.text("signature") ?? "",
    ),
  )
  if (!/^\d{9,11}$/.test(timestamp) || token.length === 0 || token.length > 200 || !fits.includes(true)) {
    return yield* rejected(
      "the signature does not fit; use the HTTP webhook signing key of this Mailgun account",
    )
  }
  const age = (yield* Clock.currentTimeMillis) / 1000 - Number(timestamp)
  if (age > mailgun.maxAgeSeconds || age < -300)
    return yield* rejected(`the signature is ${Math.round(age)} s old; check this server's clock`)
  if (!memory.claim(`${account.orgId}/${account.accountId}/${token}`, contentsOf(form))) {
    return yield* rejected("this token was already used for another message")
  }
})

const HeaderList = Schema.fromJsonString(Schema.Array(Schema.Tuple([Schema.String, Schema.String])))
const decodeHeaders = Schema.decodeUnknownEffect(HeaderList)

const toMail = Effect.fnUntraced(function* (form: Form) {
  const headers = yield* decodeHeaders(form.text("message-headers") ?? "[]").pipe(
    Effect.mapError(
      () =>
        new MalformedInput({
          detail: "message-headers is not a list of pairs",
          hint: "this URL takes Mailgun's route forward()",
        }),
    ),
  )
  const has = (key: string) => headers.some(([k]) => k.toLowerCase() === key)
  const extra = ["from", "subject"].flatMap((key) => {
    const value = form.text(key)
    return value === null || has(key) ? [] : [{ key, value }]
  })
  const mail: Mail = {
    ...mailFromHeaders([...headers.map(([key, value]) => ({ key: key.toLowerCase(), value })), ...extra]),
    text: form.text("body-plain"),
    html: form.text("body-html") || null,
    parts: form.fields
      .filter((f) => /^attachment-\d+$/.test(f.name))
      .map((f) => ({ fileName: f.fileName, contentType: f.contentType, bytes: f.bytes })),
  }
  return mail
})

/** Events of one Mailgun call: raw MIME when the route's URL ends in `mime`, else Mailgun's own fields. */
export const decodeMailgun = Effect.fn("channel-email.decodeMailgun")(function* (
  request: RawRequest,
  account: Account<EmailSettings>,
  deps: ReceiveDeps,
) {
  const form = yield* parseForm(request, maxForm(account.settings))
  const recipients = (form.text("recipient") ?? "")
    .split(",")
    .map((r) => r.trim())
    .filter((r) => r.length > 0)
  const arrival: Arrival = {
    envelope: { from: form.text("sender"), to: recipients },
    peer: null,
    verdict: null,
    behindBorder: false,
  }
  const raw = form.bytes("body-mime")
  if (raw !== null) return yield* receiveRaw(new Uint8Array(raw), arrival, account, deps)
  if (form.text("from") === null && form.text("message-headers") === null) {
    return yield* new MalformedInput({
      detail: "neither body-mime nor message-headers is there",
      hint: "this URL takes Mailgun's route forward()",
    })
  }
  return yield* receiveMail(yield* toMail(form), null, arrival, account, deps)
})
