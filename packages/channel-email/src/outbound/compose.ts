/** One outgoing mail as bytes. The same delivery gives the same Message-ID, whenever and however often it is composed. */
import type { Account, OutboundMessage, OutboundThread } from "@opencx/core"
import { DateTime, Effect, Redacted } from "effect"
import DKIM from "nodemailer/lib/dkim"
import MailComposer from "nodemailer/lib/mail-composer"
import { type Fault, toFault } from "../faults.ts"
import { cleanAddress, cleanName } from "../mime/addresses.ts"
import type { EmailSettings } from "../settings.ts"
import { outgoingMessageId } from "../threading/messageId.ts"
import { bounceAddress, threadAddress } from "../threading/tokens.ts"
import { capReferences, type ReplyAddress, subjectBase } from "./ReplyAddress.ts"
import { renderHtml, renderText } from "./render.ts"

export interface ComposedFile {
  readonly fileName: string
  readonly contentType: string
  readonly bytes: Uint8Array
}

export interface Composed {
  readonly raw: Buffer
  readonly messageId: string
  readonly envelope: { readonly from: string; readonly to: Array<string> }
}

interface Person {
  readonly name: string
  readonly address: string
}

const people = (
  list: ReadonlyArray<{ readonly name: string | null; readonly address: string }>,
): Array<Person> =>
  list.flatMap((p) => {
    const address = cleanAddress(p.address)
    return address === null ? [] : [{ name: cleanName(p.name) ?? "", address }]
  })

/** `Sam Rivera (Acme Support)` for a human, `Acme Support` otherwise. */
const fromName = (message: OutboundMessage, settings: EmailSettings): string => {
  const author = message.author === "human" ? cleanName(message.authorName) : null
  const display = cleanName(settings.displayName) ?? settings.address
  return author === null ? display : `${author} (${display})`
}

const subjectOf = (message: OutboundMessage, address: ReplyAddress): string => {
  const base = address.subject ?? subjectBase(message.subject)
  if (base === null) return "Re: your message"
  return address.messageId === null && address.subject === null ? base : `Re: ${base}`
}

/** Machines must not answer machines (RFC 3834); what a human wrote is an ordinary mail. */
const automaticHeaders = (message: OutboundMessage): Record<string, string> =>
  message.author === "human" ? {} : { "Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All" }

const messageIdOnly = (id: string): string | null => (/^<[^<>\s\u0000-\u001f]{1,500}>$/.test(id) ? id : null)

/** A type that cannot break out of its header line. */
const contentTypeOf = (type: string): string =>
  /^[\w.+-]{1,80}\/[\w.+-]{1,80}$/.test(type) ? type : "application/octet-stream"

const sign = (raw: Buffer, settings: EmailSettings): Effect.Effect<Buffer, Fault> => {
  const dkim = settings.outbound.dkim
  if (dkim === undefined) return Effect.succeed(raw)
  return Effect.callback<Buffer, Fault>((resume) => {
    const signed = new DKIM({
      domainName: dkim.domainName,
      keySelector: dkim.keySelector,
      privateKey: Redacted.value(dkim.privateKey),
    }).sign(raw)
    const chunks: Array<Buffer> = []
    signed.on("data", (chunk: Buffer) => chunks.push(chunk))
    signed.once("end", () => resume(Effect.succeed(Buffer.concat(chunks))))
    signed.once("error", (error: Error) => resume(Effect.fail(toFault(error))))
  })
}

/** Composes and signs. `now`: epoch milliseconds for the `Date` header. */
export const compose = Effect.fn("channel-email.compose")(function* (
  account: Account<EmailSettings>,
  message: OutboundMessage,
  thread: OutboundThread,
  address: ReplyAddress,
  files: ReadonlyArray<ComposedFile>,
  now: number,
) {
  const { settings } = account
  const from = cleanAddress(address.from) ?? settings.address.toLowerCase()
  const to = people(address.to)
  const cc = people(address.cc)
  const replyTo = threadAddress(account, from, thread.key)
  const inReplyTo = address.messageId === null ? null : messageIdOnly(address.messageId)
  const references = capReferences(address.references)
    .map(messageIdOnly)
    .filter((id) => id !== null)
  const messageId = outgoingMessageId(settings, message.deliveryId, message.sessionId)
  const delimiter = settings.replyDelimiter ?? null
  const composer = new MailComposer({
    from: { name: fromName(message, settings), address: from },
    to,
    cc,
    ...(replyTo === null
      ? {}
      : { replyTo: { name: cleanName(settings.displayName) ?? "", address: replyTo } }),
    subject: subjectOf(message, address),
    messageId,
    date: DateTime.toDateUtc(DateTime.makeUnsafe(now)),
    ...(inReplyTo === null ? {} : { inReplyTo }),
    ...(references.length === 0 ? {} : { references }),
    headers: { "X-OpenCX-Session": message.sessionId, ...automaticHeaders(message) },
    text: renderText(message.text, delimiter),
    html: renderHtml(message.text, delimiter),
    attachments: files.map((f) => ({
      filename: f.fileName,
      contentType: contentTypeOf(f.contentType),
      content: Buffer.from(f.bytes),
    })),
    // Texts are texts: nothing in them may make the composer read a file or fetch a URL.
    disableFileAccess: true,
    disableUrlAccess: true,
    // Boundaries made of the delivery, not of chance: a second try is the same mail.
    baseBoundary: message.deliveryId,
  })
  const raw = yield* Effect.tryPromise({
    try: () => composer.compile().build(),
    catch: toFault,
  })
  const composed: Composed = {
    raw: yield* sign(raw, settings),
    messageId,
    envelope: {
      from: bounceAddress(account, message.deliveryId) ?? from,
      to: [...new Set([...to, ...cc].map((p) => p.address))],
    },
  }
  return composed
})
