/** A message with files: `multipart/form-data` with a field `message` and parts `file`. */
import { type InboundFile, safeFileName } from "@opencx/core"
import { Effect } from "effect"
import { Refusal } from "../http/Refusal.ts"
import type { WidgetSettings } from "../settings.ts"
import { isAllowed, sniffType } from "./sniff.ts"

export interface Form {
  /** JSON. */
  readonly message: string
  readonly files: ReadonlyArray<InboundFile>
}

/** All files of one message together, in bytes. */
const maxTogether = 30_000_000

/** Largest body of a message with files: the files, their headers and the message. */
export const maxFormBytes = ({ attachments }: WidgetSettings): number =>
  Math.min(maxTogether, attachments.maxBytes * attachments.maxFiles) + 100_000

const refuse = (status: number, code: string, detail: string) => new Refusal({ status, code, detail })

const parse = (body: Uint8Array<ArrayBuffer>, contentType: string): Effect.Effect<FormData, Refusal> =>
  Effect.tryPromise({
    try: () => new Response(body, { headers: { "content-type": contentType } }).formData(),
    catch: () => refuse(400, "unreadable", "The form cannot be read."),
  })

const readFile = Effect.fnUntraced(function* (file: File, { attachments }: WidgetSettings) {
  if (file.size > attachments.maxBytes)
    return yield* refuse(413, "file_too_large", `A file may have ${attachments.maxBytes} bytes.`)
  if (file.size === 0) return yield* refuse(400, "file_empty", "A file is empty.")
  const bytes = yield* Effect.promise(() => file.bytes())
  const fileName = safeFileName(file.name, "file")
  const contentType = sniffType(bytes, fileName)
  if (!isAllowed(contentType, attachments.types))
    return yield* refuse(415, "file_type", `Files of the type ${contentType} are not taken here.`)
  const kept: InboundFile = { fileName, contentType, bytes }
  return kept
})

/** Reads a form and looks at every file: how many, how large, and what they really are. */
export const readForm = Effect.fnUntraced(function* (
  body: Uint8Array<ArrayBuffer>,
  contentType: string,
  settings: WidgetSettings,
) {
  const { attachments } = settings
  if (!attachments.enabled) return yield* refuse(403, "no_files", "This site takes no files.")
  const form = yield* parse(body, contentType)
  const message = form.get("message")
  if (typeof message !== "string") return yield* refuse(400, "unreadable", "The form has no field `message`.")
  const parts = form.getAll("file").filter((part) => typeof part !== "string")
  if (parts.length > attachments.maxFiles)
    return yield* refuse(413, "too_many_files", `A message may have ${attachments.maxFiles} files.`)
  const files = yield* Effect.forEach(parts, (part) => readFile(part, settings))
  const read: Form = { message, files }
  return read
})
