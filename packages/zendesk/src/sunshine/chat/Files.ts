/** Files on their way into a conversation: uploaded to Zendesk again, because links from elsewhere do not last. */
import { Invalid, type MessagingError, type OutboundFile, safeFileName, Unavailable } from "@opencx/core"
import { Effect } from "effect"
import { AttachmentEnvelope } from "../wire/ApiWire.ts"
import { ask, type ChatParts, refusal } from "./Calls.ts"

const operation = "post"
/** Zendesk: `altText` has at most 128 characters. */
const altLimit = 128

/** What agents and every channel show as a picture; anything else is sent as a file. */
const images = new Set(["image/jpeg", "image/png", "image/gif"])

/** What a message says when a file cannot come along. */
const notAttached = (file: OutboundFile, why: string) => ({
  type: "text",
  text: `Not attached: ${safeFileName(file.fileName)} (${file.size} bytes). ${why}`.slice(0, 4_000),
})

const bytesOf = (file: OutboundFile): Effect.Effect<Uint8Array, MessagingError> =>
  file.bytes.pipe(
    Effect.mapError((error) =>
      refusal(operation, new Unavailable({ detail: error.message, retryAfterMs: null })),
    ),
  )

const formOf = (file: OutboundFile, bytes: Uint8Array): FormData => {
  const form = new FormData()
  // The copy gives the blob a plain ArrayBuffer of its own, which is what its type wants.
  const blob = new Blob([Uint8Array.from(bytes)], { type: file.contentType })
  form.set("source", blob, safeFileName(file.fileName))
  return form
}

/** Uploads one file and gives its URL. Repeating it is harmless: what no message uses is never shown. */
const upload = Effect.fnUntraced(function* (
  parts: ChatParts,
  conversationId: string,
  file: OutboundFile,
  bytes: Uint8Array,
) {
  const { attachment } = yield* ask(
    parts.client,
    operation,
    { what: `file ${safeFileName(file.fileName)}`, repeatable: true },
    AttachmentEnvelope,
    {
      method: "POST",
      path: "/attachments",
      query: { access: parts.attachmentAccess, for: "message", conversationId },
      form: formOf(file, bytes),
      timeoutMs: parts.client.limits.transferTimeoutMs,
    },
  )
  return attachment.mediaUrl
})

const contentOf = (file: OutboundFile, mediaUrl: string) => ({
  type: images.has(file.contentType.toLowerCase().split(";")[0]?.trim() ?? "") ? "image" : "file",
  mediaUrl,
  altText: safeFileName(file.fileName).slice(0, altLimit),
})

/**
 * The content of the message that carries a file. One that is too large, or that Zendesk will never take, does not hold up
 * the conversation: its message names it instead.
 */
export const fileContent = Effect.fnUntraced(function* (
  parts: ChatParts,
  conversationId: string,
  file: OutboundFile,
) {
  const tooLarge = `It is larger than ${parts.maxUploadBytes} bytes.`
  if (file.size > parts.maxUploadBytes) return notAttached(file, tooLarge)
  const bytes = yield* bytesOf(file)
  if (bytes.byteLength > parts.maxUploadBytes) return notAttached(file, tooLarge)
  const uploaded = yield* Effect.result(upload(parts, conversationId, file, bytes))
  if (uploaded._tag === "Success") return contentOf(file, uploaded.success)
  const { reason } = uploaded.failure
  if (!(reason instanceof Invalid)) return yield* uploaded.failure
  yield* Effect.logWarning("Zendesk refused a file; the chat names it instead").pipe(
    Effect.annotateLogs({ size: file.size, contentType: file.contentType }),
  )
  return notAttached(file, reason.issues.join("; "))
})
