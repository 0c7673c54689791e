/** The one path from a mail, however it came, to channel events. Never loses a mail: what cannot be read is kept as it came. */
import type { Account, ChannelEvent, MessageEvent } from "@opencx/core"
import { Clock, Effect } from "effect"
import { automaticReason, type Envelope } from "../classify/automatic.ts"
import { readBounce } from "../classify/bounce.ts"
import { dmarcPasses, type MailResolver, type Peer, resolverFor } from "../identity/authenticate.ts"
import { hasOneAuthor, type ProviderVerdict, providerPasses, trustedResult } from "../identity/evidence.ts"
import { selectFiles } from "../mime/files.ts"
import { header, type Mail } from "../mime/Mail.ts"
import { parseHeadersOnly, parseMail } from "../mime/parse.ts"
import { parseAddresses } from "../mime/addresses.ts"
import { encodeReplyAddress, replyAddressOf } from "../outbound/ReplyAddress.ts"
import type { EmailSettings } from "../settings.ts"
import { dedupKeyOf, hintsOf } from "../threading/hints.ts"
import { bodyOf } from "./body.ts"

/** A mail as it arrived. */
export interface Arrival {
  readonly envelope: Envelope
  /** Where the sender's server connected from, when we saw it. */
  readonly peer: Peer | null
  readonly verdict: ProviderVerdict | null
  /** True when `Authentication-Results` may have been written by our own border server (IMAP). */
  readonly behindBorder: boolean
}

export interface ReceiveDeps {
  readonly resolver: MailResolver | undefined
}

/** Every address the mail was for: the envelope first, then what servers and the author wrote down. */
const recipientsOf = (mail: Mail, envelope: Envelope): ReadonlyArray<string> => [
  ...new Set([
    ...envelope.to.map((a) => a.toLowerCase()),
    ...mail.headers
      .filter((h) => h.key === "delivered-to" || h.key === "x-original-to" || h.key === "envelope-to")
      .flatMap((h) => parseAddresses(h.value).map((a) => a.address)),
    ...mail.to.map((a) => a.address),
    ...mail.cc.map((a) => a.address),
  ]),
]

const isVerified = Effect.fnUntraced(function* (
  mail: Mail,
  raw: Uint8Array | null,
  arrival: Arrival,
  settings: EmailSettings,
  deps: ReceiveDeps,
) {
  if (!hasOneAuthor(mail)) return false
  if (settings.authentication === "trust") return true
  if (arrival.verdict !== null && providerPasses(arrival.verdict, mail, arrival.envelope.from)) return true
  if (arrival.behindBorder && settings.trustedAuthservId !== undefined) {
    const result = trustedResult(mail, settings.trustedAuthservId)
    if (result !== null) return result
  }
  return raw === null ? false : yield* dmarcPasses(raw, arrival.peer, resolverFor(settings, deps.resolver))
})

const localeOf = (mail: Mail): string | null => {
  const value = header(mail, "content-language") ?? header(mail, "accept-language") ?? ""
  return /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*/.exec(value.trim())?.[0] ?? null
}

const HOUR = 3_600_000
/** The `Date` header unless it lies in the future. */
const sentAtOf = (mail: Mail, now: number): number =>
  mail.sentAt === null || mail.sentAt > now + HOUR || mail.sentAt < 0 ? now : mail.sentAt

const withNotes = (text: string, notes: ReadonlyArray<string>): string =>
  notes.length === 0 ? text : [text, notes.join("\n")].filter((t) => t.length > 0).join("\n\n")

const toMessage = Effect.fnUntraced(function* (
  mail: Mail,
  raw: Uint8Array | null,
  arrival: Arrival,
  account: Account<EmailSettings>,
  deps: ReceiveDeps,
  problem: string | null,
) {
  const { settings } = account
  const recipients = recipientsOf(mail, arrival.envelope)
  const { files, notes } = selectFiles(mail.parts, settings.maxBytes)
  const body = bodyOf(mail, settings.replyDelimiter ?? null)
  const said = problem ?? body.text
  const text = withNotes(said, notes)
  const fullText = withNotes(body.fullText, notes)
  const now = yield* Clock.currentTimeMillis
  const author = mail.from[0]
  const event: MessageEvent = {
    _tag: "Message",
    dedupKey: dedupKeyOf(mail, raw),
    sender: {
      kind: "email",
      value: author?.address ?? "unknown@invalid",
      verified: problem === null && (yield* isVerified(mail, raw, arrival, settings, deps)),
      name: author?.name ?? null,
    },
    thread: hintsOf(account, mail, raw, recipients),
    address: encodeReplyAddress(replyAddressOf(mail, settings, recipients)),
    subject: mail.subject,
    text,
    fullText: fullText === text || fullText.length === 0 ? null : fullText,
    files,
    messageId: mail.messageId,
    raw,
    sentAt: sentAtOf(mail, now),
    locale: localeOf(mail),
    automatic: automaticReason(mail, arrival.envelope, settings),
  }
  return event
})

/** Events of a mail that is already taken apart (a provider's JSON). `problem`: why its content could not be read. */
export const receiveMail = Effect.fn("channel-email.receiveMail")(function* (
  mail: Mail,
  raw: Uint8Array | null,
  arrival: Arrival,
  account: Account<EmailSettings>,
  deps: ReceiveDeps,
  problem: string | null = null,
) {
  const recipients = recipientsOf(mail, arrival.envelope)
  const bounce = readBounce(mail, arrival.envelope, recipients, account)
  if (bounce === null || bounce.deliveryId === null) {
    const message: ChannelEvent = yield* toMessage(mail, raw, arrival, account, deps, problem)
    return [message]
  }
  const dedupKey = dedupKeyOf(mail, raw)
  if (bounce.outcome === "delayed") {
    const ignored: ChannelEvent = {
      _tag: "Ignored",
      dedupKey,
      why: `delayed, not failed. ${bounce.explanation}`,
    }
    return [ignored]
  }
  const delivery: ChannelEvent = {
    _tag: "Delivery",
    dedupKey,
    deliveryId: bounce.deliveryId,
    status: bounce.outcome,
    explanation: bounce.outcome === "failed" ? bounce.explanation : null,
    at: sentAtOf(mail, yield* Clock.currentTimeMillis),
  }
  return [delivery]
})

/** Events of a raw mail. Never fails. */
export const receiveRaw = Effect.fn("channel-email.receiveRaw")(function* (
  raw: Uint8Array,
  arrival: Arrival,
  account: Account<EmailSettings>,
  deps: ReceiveDeps,
) {
  const keep = (why: string) =>
    receiveMail(
      parseHeadersOnly(raw),
      raw,
      arrival,
      account,
      deps,
      `[This email could not be read (${why}). It is kept as it came; ask the sender to write again as plain text.]`,
    )
  return yield* parseMail(raw).pipe(
    Effect.flatMap((mail) => receiveMail(mail, raw, arrival, account, deps)),
    Effect.catchTag("MailUnreadable", (error) => keep(error.detail)),
    // A fault in our own reading must not lose the mail either.
    Effect.catchDefect((defect) =>
      Effect.andThen(Effect.logError("a mail could not be read", defect), keep("our fault; it was reported")),
    ),
  )
})
