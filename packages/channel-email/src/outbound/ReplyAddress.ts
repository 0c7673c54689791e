/** Where answers to a mail go: the plugin's own form of a thread's `address`, kept as JSON by the engine. */
import { Schema } from "effect"
import type { Mail, MailAddress } from "../mime/Mail.ts"
import { addressesOf, domainOf, type EmailSettings } from "../settings.ts"

const Person = Schema.Struct({ name: Schema.NullOr(Schema.String), address: Schema.String })

/** `references`: oldest first. `subject`: without any `Re:`. `from`: which of our addresses was written to. */
export const ReplyAddress = Schema.Struct({
  to: Schema.Array(Person),
  cc: Schema.Array(Person),
  from: Schema.String,
  messageId: Schema.NullOr(Schema.String),
  references: Schema.Array(Schema.String),
  subject: Schema.NullOr(Schema.String),
})
export type ReplyAddress = typeof ReplyAddress.Type

const Json = Schema.fromJsonString(ReplyAddress)
export const decodeReplyAddress = Schema.decodeUnknownEffect(Json)
export const encodeReplyAddress = Schema.encodeSync(Json)

const MAX_REFERENCES = 30
const MAX_CC = 30

/** First and newest ids of a long chain: the first names the conversation, the newest are what mail programs look for. */
export const capReferences = (ids: ReadonlyArray<string>): ReadonlyArray<string> => {
  const unique = [...new Set(ids)].filter((id) => id.length <= 500)
  const first = unique[0]
  return unique.length <= MAX_REFERENCES || first === undefined
    ? unique
    : [first, ...unique.slice(1 - MAX_REFERENCES)]
}

const replyPrefix =
  /^(\s*(re|aw|antw|sv|vs|rif|ris|ref|odp|ynt|res|回复|回覆|答复|返信|답장|رد|תגובה)\s*(\[\d+\]|\(\d+\))?\s*[:：]\s*)+/iu

const control = /[\u0000-\u001f\u007f-\u009f]+/g

/** A subject on one line without `Re:` in any language; null when nothing is left. */
export const subjectBase = (subject: string | null): string | null => {
  const base = (subject ?? "")
    .replace(control, " ")
    .replace(/\s+/g, " ")
    .replace(replyPrefix, "")
    .trim()
    .slice(0, 500)
  return base.length === 0 ? null : base
}

/** An address with its tag taken off: `support+x@a.example` → `support@a.example`. */
const untagged = (address: string): string => address.replace(/\+[^@]{0,200}@/, "@")

const isOwn = (settings: EmailSettings, address: string): boolean =>
  addressesOf(settings).includes(address) || addressesOf(settings).includes(untagged(address))

/** The address that the customer wrote to, or the account's main one. */
const addressed = (settings: EmailSettings, recipients: ReadonlyArray<string>): string => {
  const own = addressesOf(settings)
  const hit = recipients.map((r) => r.toLowerCase()).find((r) => isOwn(settings, r))
  if (hit === undefined) return settings.address.toLowerCase()
  return own.includes(hit) ? hit : untagged(hit)
}

/** The reply address of a mail: `Reply-To`, else `From`; everybody else who was addressed in copy, except ourselves. */
export const replyAddressOf = (
  mail: Mail,
  settings: EmailSettings,
  recipients: ReadonlyArray<string>,
): ReplyAddress => {
  const usable = (list: ReadonlyArray<MailAddress>) => list.filter((a) => !isOwn(settings, a.address))
  const wanted = usable(mail.replyTo)
  const to = (wanted.length > 0 ? wanted : usable(mail.from)).slice(0, 5)
  const taken = new Set(to.map((a) => a.address))
  const cc = usable([...mail.to, ...mail.cc]).filter((a) => {
    const robot =
      /^(no-?reply|mailer-daemon|postmaster|bounce)/.test(a.address) || domainOf(a.address) === "invalid"
    if (taken.has(a.address) || robot) return false
    taken.add(a.address)
    return true
  })
  return {
    to,
    cc: cc.slice(0, MAX_CC),
    from: addressed(settings, recipients),
    messageId: mail.messageId,
    references: capReferences([...mail.references, ...(mail.messageId === null ? [] : [mail.messageId])]),
    subject: subjectBase(mail.subject),
  }
}
