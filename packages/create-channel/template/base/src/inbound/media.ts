/** Fetches customers' files. The URL comes from outside: only exact hosts are called, and our key goes to the API alone. */
import type { InboundFile } from "@opencx/core"
import { Effect, Redacted } from "effect"
import { call } from "../http.ts"
import { isLoopback, type Settings } from "../settings.ts"
import type { Media } from "../wire.ts"

/** Bytes per file; larger ones are left with the provider. */
export const MAX_FILE_BYTES = 10_000_000
/** Files per message; a customer cannot make us fetch for ever. */
const MAX_FILES = 10

type Standing = "api" | "open" | "foreign"

const standingOf = (url: URL, settings: Settings): Standing => {
  const api = new URL(settings.apiBaseUrl)
  if (url.username !== "" || url.password !== "") return "foreign"
  if (url.origin === api.origin) return "api"
  if (isLoopback(api.hostname) && isLoopback(url.hostname)) return "open"
  const known = url.protocol === "https:" && url.port === "" && settings.mediaHosts.includes(url.hostname)
  return known ? "open" : "foreign"
}

const fetchBytes = Effect.fnUntraced(function* (address: string, settings: Settings) {
  const url = URL.canParse(address) ? new URL(address) : null
  const standing = url === null ? "foreign" : standingOf(url, settings)
  if (url === null || standing === "foreign") return yield* Effect.fail("it lies on a host that is not known")
  const answer = yield* call({
    method: "GET",
    url: url.href,
    headers: standing === "api" ? { authorization: `Bearer ${Redacted.value(settings.apiKey)}` } : {},
    maxBytes: MAX_FILE_BYTES,
    timeoutMs: settings.timeoutMs,
  }).pipe(Effect.mapError((error) => error.detail))
  if (answer.status !== 200) return yield* Effect.fail(`the provider answered ${answer.status}`)
  return answer.bytes
})

/** Files, and a line for the text about each that could not be had: the message itself is never lost. */
export const takeMedia = Effect.fnUntraced(function* (media: ReadonlyArray<Media>, settings: Settings) {
  const files: Array<InboundFile> = []
  const notes: Array<string> = []
  for (const { content_type, filename, url } of media.slice(0, MAX_FILES)) {
    const result = yield* Effect.result(fetchBytes(url, settings))
    if (result._tag === "Success")
      files.push({ fileName: filename, contentType: content_type, bytes: result.success })
    else notes.push(`[The file ${filename} is not here: ${result.failure}]`)
  }
  if (media.length > MAX_FILES) notes.push(`[${media.length - MAX_FILES} more files were left out]`)
  return { files, notes }
})
