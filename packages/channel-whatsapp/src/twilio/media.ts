/** Fetching what a customer sent through Twilio. Credentials go to Twilio's own API only. */
import type { InboundFile } from "@opencx/core"
import { Effect, Redacted, Schema } from "effect"
import { isMediaUrl, parseUrl } from "../edge/hosts.ts"
import { http } from "../edge/http.ts"
import { fileNameOf } from "../inbound/fileName.ts"
import type { TwilioSettings } from "../settings.ts"

/** `why` ends a sentence that the rep reads. */
class MediaUnavailable extends Schema.TaggedError<MediaUnavailable>(
  "@opencx/channel-whatsapp/TwilioMediaUnavailable",
)("MediaUnavailable", { why: Schema.String }) {}

const MEDIA_DOMAINS = ["twiliocdn.com", "twilio.com"]
/** Older files are in this bucket of Amazon's. */
const BUCKET = "https://s3-external-1.amazonaws.com/media.twiliocdn.com/"
/** Twilio waits 15 s for an answer to its webhook. */
const DEADLINE_MS = 8_000

export const basicOf = (settings: TwilioSettings): string =>
  `Basic ${Buffer.from(`${settings.accountSid}:${Redacted.value(settings.authToken)}`).toString("base64")}`

const unavailable = (why: string) => new MediaUnavailable({ why })

const download = Effect.fnUntraced(function* (first: string, settings: TwilioSettings) {
  let url = first
  for (let hop = 0; hop < 4; hop++) {
    const own = parseUrl(url)?.origin === parseUrl(settings.apiBaseUrl)?.origin
    if (!url.startsWith(BUCKET) && !isMediaUrl(url, settings.apiBaseUrl, MEDIA_DOMAINS))
      return yield* unavailable("it lies at an address that is not Twilio's.")
    const reply = yield* http({
      method: "GET",
      url,
      headers: own ? { authorization: basicOf(settings) } : {},
      body: null,
      maxBytes: settings.maxMediaBytes,
      timeoutMs: Math.min(settings.timeoutMs, DEADLINE_MS),
    }).pipe(
      Effect.mapError((error) =>
        unavailable(
          error.tooLarge
            ? `it is larger than ${Math.floor(settings.maxMediaBytes / 1_048_576)} MB.`
            : `${error.detail}.`,
        ),
      ),
    )
    const next = reply.headers["location"]
    if (reply.status >= 300 && reply.status < 400 && next !== undefined && URL.canParse(next, url)) {
      url = new URL(next, url).href
      continue
    }
    if (reply.status !== 200) return yield* unavailable(`Twilio answered ${reply.status}.`)
    return reply.body
  }
  return yield* unavailable("Twilio sent us in circles.")
})

/** One file of a message. */
export const fetchMedia = (
  url: string,
  contentType: string,
  settings: TwilioSettings,
): Effect.Effect<InboundFile, MediaUnavailable> =>
  download(url, settings).pipe(
    Effect.timeoutOrElse({
      duration: DEADLINE_MS,
      orElse: () => Effect.fail(unavailable("it took too long.")),
    }),
    Effect.map((bytes) => ({
      fileName: fileNameOf(null, contentType.split("/")[0] || "file", contentType, url),
      contentType,
      bytes,
    })),
  )
