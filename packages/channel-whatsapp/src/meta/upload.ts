/** Outgoing files: which kind WhatsApp makes of them, and the upload that comes before the message. */
import { createHash } from "node:crypto"
import type { OutboundFile } from "@opencx/core"
import { Effect, Schema } from "effect"
import { permanent, retry } from "../outbound/failure.ts"
import type { MetaSettings } from "../settings.ts"
import { post, sendFailureOf } from "./client.ts"
import * as Wire from "./wire.ts"

export type MediaKind = "image" | "video" | "audio" | "document"

const MB = 1_048_576
const DOCUMENT_MAX = 100 * MB

const limits: ReadonlyArray<{
  readonly kind: MediaKind
  readonly types: ReadonlySet<string>
  readonly max: number
}> = [
  { kind: "image", types: new Set(["image/jpeg", "image/png"]), max: 5 * MB },
  { kind: "video", types: new Set(["video/mp4", "video/3gpp"]), max: 16 * MB },
  {
    kind: "audio",
    types: new Set(["audio/aac", "audio/mp4", "audio/mpeg", "audio/amr", "audio/ogg"]),
    max: 16 * MB,
  },
]

/** What cannot go as a picture, film or sound goes as a document. */
export const kindOf = (file: OutboundFile): MediaKind => {
  const type = file.contentType.split(";")[0]?.trim().toLowerCase() ?? ""
  return limits.find((l) => l.types.has(type) && file.size <= l.max)?.kind ?? "document"
}

/** For the rep; null when it can be sent. */
export const tooLargeWords = (file: OutboundFile): string | null =>
  file.size <= DOCUMENT_MAX
    ? null
    : `The file "${file.fileName}" has ${Math.ceil(file.size / MB)} MB; WhatsApp takes at most 100 MB. Send a link instead.`

const readUploaded = Wire.reader(Schema.fromJsonString(Schema.Struct({ id: Schema.NonEmptyString })))

const quoted = (text: string): string => text.replace(/["\\\r\n]/g, "_")

const formOf = (file: OutboundFile, bytes: Uint8Array) => {
  const boundary = `opencx-${createHash("sha256").update(bytes).digest("hex").slice(0, 40)}`
  const field = (name: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const head =
    field("messaging_product", "whatsapp") +
    field("type", quoted(file.contentType)) +
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${quoted(file.fileName)}"\r\n` +
    `Content-Type: ${quoted(file.contentType)}\r\n\r\n`
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  }
}

/** Uploads a file and answers with its id (good for 30 days). Uploading twice does no harm, so a doubt is a retry. */
export const upload = Effect.fn("channel-whatsapp.upload")(function* (
  settings: MetaSettings,
  file: OutboundFile,
  slowdown: () => number,
) {
  const bytes = yield* file.bytes.pipe(
    Effect.mapError((error) => retry(`the file "${file.fileName}" could not be read: ${error.message}`)),
  )
  const form = formOf(file, bytes)
  const answer = yield* post(settings, "media", form.contentType, form.body).pipe(
    Effect.mapError((error) =>
      error.doubtful
        ? retry(`no answer to the upload of "${file.fileName}"`)
        : sendFailureOf(error, slowdown),
    ),
  )
  const id = readUploaded(answer)?.id
  if (id === undefined)
    return yield* permanent(
      "131053",
      `WhatsApp took the file "${file.fileName}" but did not say under which name.`,
    )
  return id
})
