/** Fetching what a customer sent: from Meta's own hosts only, within a size, whole. */
import { createHash } from "node:crypto"
import type { InboundFile } from "@opencx/core"
import { Clock, Effect, Redacted, Schema } from "effect"
import { isMediaUrl } from "../edge/hosts.ts"
import { http } from "../edge/http.ts"
import { fileNameOf } from "../inbound/fileName.ts"
import type { MetaSettings } from "../settings.ts"
import type { MediaRef } from "./content.ts"

/** `why` ends a sentence that the rep reads. */
export class MediaUnavailable extends Schema.TaggedError<MediaUnavailable>(
  "@opencx/channel-whatsapp/MediaUnavailable",
)("MediaUnavailable", { why: Schema.String, final: Schema.Boolean }) {}

const unavailable = (why: string, final = false) => new MediaUnavailable({ why, final })

/** Where the bytes may come from besides the Graph host: Meta's own content networks. */
const MEDIA_DOMAINS = ["fbcdn.net", "fbsbx.com"]
const SMALL = 65_536
/** For all files of one webhook together: Meta wants an answer to it within seconds. */
export const MEDIA_TIME_MS = 8_000

const Lookup = Schema.fromJsonString(
  Schema.Struct({ url: Schema.NonEmptyString, sha256: Schema.optionalKey(Schema.NullOr(Schema.String)) }),
)
const decodeLookup = Schema.decodeUnknownEffect(Lookup)

const get = (url: string, settings: MetaSettings, maxBytes: number) =>
  http({
    method: "GET",
    url,
    headers: { authorization: `Bearer ${Redacted.value(settings.accessToken)}` },
    body: null,
    maxBytes,
    timeoutMs: Math.min(settings.timeoutMs, MEDIA_TIME_MS),
  }).pipe(
    Effect.mapError((error) =>
      error.tooLarge
        ? unavailable(`it is larger than ${Math.floor(maxBytes / 1_048_576)} MB.`, true)
        : unavailable(`${error.detail}.`),
    ),
  )

const lookup = Effect.fnUntraced(function* (id: string, settings: MetaSettings) {
  const url = `${settings.apiBaseUrl}/${settings.graphVersion}/${encodeURIComponent(id)}`
  const reply = yield* get(url, settings, SMALL)
  if (reply.status !== 200)
    return yield* unavailable(
      `Meta answered ${reply.status}.`,
      reply.status >= 400 && reply.status < 500 && reply.status !== 429,
    )
  return yield* decodeLookup(new TextDecoder().decode(reply.body)).pipe(
    Effect.mapError(() => unavailable("Meta's answer cannot be read.")),
  )
})

/** Meta writes the hash in base64 in webhooks and in hex elsewhere. */
const fits = (bytes: Uint8Array, sha256: string | null | undefined): boolean => {
  if (!sha256) return true
  const digest = createHash("sha256").update(bytes).digest()
  return sha256 === digest.toString("base64") || sha256.toLowerCase() === digest.toString("hex")
}

const download = Effect.fnUntraced(function* (
  first: string,
  sha256: string | null | undefined,
  settings: MetaSettings,
) {
  let url = first
  for (let hop = 0; hop < 3; hop++) {
    if (!isMediaUrl(url, settings.apiBaseUrl, MEDIA_DOMAINS))
      return yield* unavailable("it lies at an address that is not Meta's.", true)
    const reply = yield* get(url, settings, settings.maxMediaBytes)
    const next = reply.headers["location"]
    if (reply.status >= 300 && reply.status < 400 && next !== undefined && URL.canParse(next, url)) {
      url = new URL(next, url).href
      continue
    }
    if (reply.status !== 200) return yield* unavailable(`Meta answered ${reply.status}.`)
    if (!fits(reply.body, sha256)) return yield* unavailable("it did not arrive whole.")
    return reply.body
  }
  return yield* unavailable("Meta sent us in circles.", true)
})

const viaId = Effect.fnUntraced(function* (media: MediaRef, settings: MetaSettings) {
  const found = yield* lookup(media.id, settings)
  return yield* download(found.url, media.sha256 ?? found.sha256, settings)
})

const withinTime =
  (until: number) =>
  <A>(fetching: Effect.Effect<A, MediaUnavailable>): Effect.Effect<A, MediaUnavailable> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) =>
      Effect.timeoutOrElse(fetching, {
        duration: Math.max(0, until - now),
        orElse: () => Effect.fail(unavailable("it took too long.")),
      }),
    )

/**
 * The file of a message. The webhook's own address first, which saves a request; it may have expired. `until`: when the
 * webhook must be answered, epoch ms.
 */
export const fetchMedia = (
  media: MediaRef,
  settings: MetaSettings,
  until: number,
): Effect.Effect<InboundFile, MediaUnavailable> => {
  const again = Effect.retry(viaId(media, settings), { times: 1, while: (error) => !error.final })
  const direct = media.url === null ? again : download(media.url, media.sha256, settings)
  return direct.pipe(
    // An address that is not Meta's in a signed webhook: the id decides.
    Effect.catch((error) =>
      media.url === null || error.why.startsWith("it is larger") ? Effect.fail(error) : again,
    ),
    withinTime(until),
    Effect.map((bytes) => ({
      fileName: fileNameOf(media.fileName, media.kind, media.contentType, media.id),
      contentType: media.contentType,
      bytes,
    })),
  )
}
