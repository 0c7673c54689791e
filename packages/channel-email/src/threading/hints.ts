/** How a mail says which thread it belongs to. */
import type { Account, ThreadHints } from "@opencx/core"
import type { Mail } from "../mime/Mail.ts"
import type { EmailSettings } from "../settings.ts"
import { sha256, shortHash } from "./hash.ts"
import { threadFromRecipients } from "./tokens.ts"

/** Stands for a mail without a Message-ID: made of what a redelivery does not change. */
const contentKey = (mail: Mail, raw: Uint8Array | null): string =>
  raw === null
    ? shortHash(
        mail.from[0]?.address ?? "",
        String(mail.sentAt),
        mail.subject ?? "",
        mail.text ?? mail.html ?? "",
      )
    : sha256(withoutTrace(raw))

const decoder = new TextDecoder("latin1")

/** The mail from its first header on that servers under way do not add: redeliveries differ in trace headers. */
const withoutTrace = (raw: Uint8Array): Uint8Array => {
  const head = decoder.decode(raw.subarray(0, 64 * 1024))
  const from = head.search(/^(from|to|subject|date):/im)
  return from <= 0 ? raw : raw.subarray(from)
}

/** One key per mail and sender, whichever way it comes. */
export const dedupKeyOf = (mail: Mail, raw: Uint8Array | null): string =>
  mail.messageId === null
    ? `raw:${contentKey(mail, raw)}`
    : `mid:${shortHash(mail.messageId, mail.from[0]?.address ?? "")}`

/**
 * The thread hints of a mail. `defaultKey` is made of the conversation's first Message-ID and the sender, so that mails
 * which arrive in the wrong order meet in one thread, and two people with the same reference do not.
 */
export const hintsOf = (
  account: Account<EmailSettings>,
  mail: Mail,
  raw: Uint8Array | null,
  recipients: ReadonlyArray<string>,
): ThreadHints => {
  const participant = mail.from[0]?.address ?? "unknown@invalid"
  const root = mail.references[0] ?? mail.messageId ?? contentKey(mail, raw)
  return {
    defaultKey: shortHash(root, participant),
    signedKey: threadFromRecipients(account, recipients),
    // Newest first: the mail that was answered says most.
    references: mail.references.toReversed(),
    participant,
  }
}
