/** Files of an inbound message: fetched within a budget, and said so where one is missing. A message is never lost to them. */
import type { InboundFile } from "@opencx/core"
import { Effect } from "effect"
import { download, MediaUnavailable } from "../http/download.ts"
import type { RemoteMedia, SmsProvider } from "../providers/SmsProvider.ts"
import { fileNameFor, trustedType } from "./sniff.ts"

/** `notes`: one line per file that is missing, for the message's text. */
export interface TakenMedia {
  readonly files: ReadonlyArray<InboundFile>
  readonly notes: ReadonlyArray<string>
}

/** For one file: bytes, and milliseconds. */
export interface MediaLimits {
  readonly maxBytes: number
  readonly timeoutMs: number
}

/** Bytes of all files of one message together. */
const MAX_TOTAL = 25 * 1024 * 1024

const fetchOne = Effect.fnUntraced(function* (
  media: RemoteMedia,
  index: number,
  provider: SmsProvider,
  limits: MediaLimits,
) {
  const { maxBytes, timeoutMs } = limits
  const { bytes, contentType } = yield* download(media.url, provider.media, maxBytes, timeoutMs)
  const type = trustedType(bytes, media.contentType ?? contentType)
  if (type === null) return yield* new MediaUnavailable({ why: "its contents are not what its type says" })
  return { fileName: fileNameFor(type, index), contentType: type, bytes } satisfies InboundFile
})

const noteOf = (media: RemoteMedia, why: string): string => {
  const type =
    media.contentType === null ? "" : `${media.contentType.replace(/[^\w/.+-]/g, "").slice(0, 60)}: `
  return `[attachment unavailable: ${type}${why.replace(/[\r\n[\]]+/g, " ").slice(0, 200)}]`
}

/** Fetches all files, at most three at a time. Never fails. */
export const takeMedia = Effect.fn("channel-sms.takeMedia")(function* (
  list: ReadonlyArray<RemoteMedia>,
  provider: SmsProvider,
  limits: MediaLimits,
) {
  const late = () => Effect.fail(new MediaUnavailable({ why: "it did not come in time" }))
  // All files share the time in which the provider wants its answer.
  const budget = Math.min(limits.timeoutMs, provider.mediaBudgetMs / Math.max(1, Math.ceil(list.length / 3)))
  const results = yield* Effect.forEach(
    list,
    (media, index) =>
      fetchOne(media, index, provider, { ...limits, timeoutMs: budget }).pipe(
        Effect.timeoutOrElse({ duration: budget, orElse: late }),
        Effect.result,
      ),
    { concurrency: 3 },
  )
  const files: Array<InboundFile> = []
  const notes: Array<string> = []
  let total = 0
  results.forEach((result, index) => {
    const media = list[index] ?? { url: "", contentType: null }
    if (result._tag === "Failure") notes.push(noteOf(media, result.failure.why))
    else if (total + result.success.bytes.length > MAX_TOTAL)
      notes.push(noteOf(media, "the message is too large"))
    else {
      total += result.success.bytes.length
      files.push(result.success)
    }
  })
  return { files, notes } satisfies TakenMedia
})
