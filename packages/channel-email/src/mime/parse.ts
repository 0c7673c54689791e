/** The one MIME parser, with limits. */
import { Effect } from "effect"
import PostalMime, { type Email } from "postal-mime"
import { countParts, MAX_PARTS } from "./guard.ts"
import { mailFromHeaders, parseHeaderBlock } from "./headers.ts"
import { type Mail, type MailPart, MailUnreadable } from "./Mail.ts"

const MAX_DEPTH = 100
const MAX_TEXT = 2_000_000

const bytesOf = (content: ArrayBuffer | Uint8Array | string): Uint8Array =>
  typeof content === "string"
    ? new TextEncoder().encode(content)
    : content instanceof Uint8Array
      ? content
      : new Uint8Array(content)

const toMail = (email: Email): Mail => {
  const parts: Array<MailPart> = email.attachments.map((a) => ({
    fileName: a.filename,
    contentType: a.mimeType,
    bytes: bytesOf(a.content),
  }))
  const headers = email.headers.map((h) => ({ key: h.key, value: h.value }))
  return {
    // Addresses come from all headers of a name: a second `From` must be seen, not lost.
    ...mailFromHeaders(headers),
    subject: email.subject ?? null,
    text: email.text === undefined ? null : email.text.slice(0, MAX_TEXT),
    html: email.html === undefined ? null : email.html.slice(0, MAX_TEXT),
    parts,
  }
}

/**
 * Takes a mail apart: charsets, encodings, nested parts. `MailUnreadable` when it exceeds the limits (100 levels,
 * 1,000 parts, 2 MiB of headers) or is broken beyond reading.
 */
export const parseMail = Effect.fn("parseMail")(function* (raw: Uint8Array) {
  const parts = countParts(raw)
  if (parts > MAX_PARTS) {
    return yield* new MailUnreadable({ detail: `it has ${parts} parts; at most ${MAX_PARTS} are read` })
  }
  return yield* Effect.tryPromise({
    // Views into one backing buffer would keep 26 MB alive for a 1 kB file.
    try: () =>
      PostalMime.parse(raw, { maxNestingDepth: MAX_DEPTH, forceRfc822Attachments: true }).then(toMail),
    catch: (error) =>
      new MailUnreadable({ detail: error instanceof Error ? error.message.slice(0, 300) : "unknown error" }),
  })
})

/** Headers only, for a mail that `parseMail` refused. Never fails. */
export const parseHeadersOnly = (raw: Uint8Array): Mail =>
  mailFromHeaders(parseHeaderBlock(new TextDecoder("utf-8").decode(raw.subarray(0, 256 * 1024))))
