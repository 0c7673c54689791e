/** Files on their way to a comment. Zendesk: an upload's token lives 60 minutes and is used once. */
import { Invalid, type OutboundFile, safeFileName, TicketingError, Unavailable } from "@opencx/core"
import { Effect } from "effect"
import type { ZendeskClient } from "../client/Client.ts"
import { ask } from "./Calls.ts"
import { UploadEnvelope } from "./Wire.ts"

/** Tokens for the comment, and sentences about files that Zendesk refused for good. */
export interface Uploaded {
  readonly tokens: ReadonlyArray<string>
  readonly refused: ReadonlyArray<string>
}

/** Sends one file. Repeating it is harmless: an unused upload disappears. */
export const upload = Effect.fnUntraced(function* (
  client: ZendeskClient,
  operation: string,
  file: { readonly fileName: string; readonly contentType: string; readonly content: Uint8Array },
) {
  const answer = yield* ask(
    client,
    operation,
    { what: `file ${file.fileName}`, repeatable: true },
    UploadEnvelope,
    {
      method: "POST",
      path: "/api/v2/uploads",
      query: { filename: safeFileName(file.fileName) },
      bytes: { content: file.content, contentType: file.contentType },
      timeoutMs: client.limits.transferTimeoutMs,
    },
  )
  return answer.upload.token
})

const uploadOne = Effect.fnUntraced(function* (client: ZendeskClient, operation: string, file: OutboundFile) {
  const content = yield* file.bytes.pipe(
    Effect.mapError(
      (error) =>
        new TicketingError({
          operation,
          reason: new Unavailable({ detail: error.message, retryAfterMs: null }),
        }),
    ),
  )
  return yield* upload(client, operation, { fileName: file.fileName, contentType: file.contentType, content })
})

/**
 * Uploads files one by one. A file that Zendesk will never take (too large, forbidden type) does not hold up the
 * conversation: it is named in the comment instead.
 */
export const uploadAll = Effect.fnUntraced(function* (
  client: ZendeskClient,
  operation: string,
  files: ReadonlyArray<OutboundFile>,
) {
  const tokens: Array<string> = []
  const refused: Array<string> = []
  for (const file of files) {
    const result = yield* Effect.result(uploadOne(client, operation, file))
    if (result._tag === "Success") {
      tokens.push(result.success)
      continue
    }
    const reason = result.failure.reason
    if (!(reason instanceof Invalid)) return yield* result.failure
    yield* Effect.logWarning("Zendesk refused a file; the comment names it instead").pipe(
      Effect.annotateLogs({ size: file.size, contentType: file.contentType }),
    )
    refused.push(`${safeFileName(file.fileName)} (${file.size} bytes): ${reason.issues.join("; ")}`)
  }
  return { tokens, refused } satisfies Uploaded
})
