/** A mail, read: the one form that every way in produces and everything behind it reads. */
import { Schema } from "effect"

export interface MailAddress {
  readonly name: string | null
  /** Lower-case. */
  readonly address: string
}

export interface MailHeader {
  /** Lower-case. */
  readonly key: string
  /** Unfolded. */
  readonly value: string
}

export interface MailPart {
  readonly fileName: string | null
  readonly contentType: string
  readonly bytes: Uint8Array
}

export interface Mail {
  /** In the order of the message, duplicates included: the topmost is the youngest. */
  readonly headers: ReadonlyArray<MailHeader>
  readonly from: ReadonlyArray<MailAddress>
  readonly sender: MailAddress | null
  readonly replyTo: ReadonlyArray<MailAddress>
  readonly to: ReadonlyArray<MailAddress>
  readonly cc: ReadonlyArray<MailAddress>
  readonly subject: string | null
  /** With its angle brackets. */
  readonly messageId: string | null
  /** Oldest first: `References`, then `In-Reply-To`. */
  readonly references: ReadonlyArray<string>
  /** Epoch milliseconds by the `Date` header; null when there is none that can be read. */
  readonly sentAt: number | null
  readonly text: string | null
  readonly html: string | null
  /** Everything that is not the text: files, inline images, the parts of a delivery report. */
  readonly parts: ReadonlyArray<MailPart>
}

/** The bytes are no mail that can be taken apart within the limits. The mail is kept as it came. */
export class MailUnreadable extends Schema.TaggedError<MailUnreadable>(
  "@opencx/channel-email/MailUnreadable",
)("MailUnreadable", { detail: Schema.String }) {}

/** First value of a header, or null. */
export const header = (mail: Pick<Mail, "headers">, key: string): string | null =>
  mail.headers.find((h) => h.key === key)?.value ?? null

const messageIdPattern = /<[^<>\s]{1,900}>/g

/** Message ids in a header value, in order. A bare id without brackets (seen from broken clients) gets them. */
export const messageIds = (value: string | null | undefined): ReadonlyArray<string> => {
  if (value === null || value === undefined) return []
  const found = value.slice(0, 60_000).match(messageIdPattern)
  if (found !== null) return found.slice(-100)
  const bare = value.trim()
  return /^[^\s<>@]{1,400}@[^\s<>@]{1,400}$/.test(bare) ? [`<${bare}>`] : []
}
