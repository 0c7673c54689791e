/**
 * Fetches a file that a webhook names. A webhook's URL is foreign: only exact hosts are called, credentials go to the
 * provider's own API alone, and a redirect is followed without them.
 */
import { Data, Effect } from "effect"
import { exchange } from "./exchange.ts"
import { isLoopback } from "./loopback.ts"

/** Where a provider keeps customers' files. */
export interface MediaAccess {
  /** Base URL of the provider's API; a file may lie there when its path starts with `path`. */
  readonly api: string
  readonly path: string
  /** Further hosts on which the same holds, with credentials. */
  readonly apiHosts: ReadonlyArray<string>
  /** Sent to the API alone. */
  readonly authorization: Effect.Effect<string>
  /** Exact hosts that hold files openly: https, no credentials. */
  readonly openHosts: ReadonlyArray<string>
}

/** `why` completes "the attachment is unavailable: …". */
export class MediaUnavailable extends Data.TaggedError("MediaUnavailable")<{ readonly why: string }> {}

export interface Downloaded {
  readonly bytes: Uint8Array
  readonly contentType: string | null
}

type Standing = "api" | "open" | "foreign"

const withoutTraversal = (url: URL): boolean => !/%2f|%5c|\\|\/\.\.?(?:\/|$)/i.test(url.pathname)

/** Whether a URL may be called, and with what. */
export const standingOf = (url: URL, access: MediaAccess): Standing => {
  const api = new URL(access.api)
  const local = api.protocol === "http:" && isLoopback(api.hostname)
  if (url.username !== "" || url.password !== "" || !withoutTraversal(url)) return "foreign"
  if (url.origin === api.origin) return url.pathname.startsWith(access.path) ? "api" : "foreign"
  if (local && url.protocol === "http:" && isLoopback(url.hostname)) return "open"
  if (url.protocol !== "https:" || url.port !== "") return "foreign"
  if (access.apiHosts.includes(url.hostname)) return url.pathname.startsWith(access.path) ? "api" : "foreign"
  return access.openHosts.includes(url.hostname.toLowerCase()) ? "open" : "foreign"
}

const MAX_REDIRECTS = 3

const unavailable = (why: string) => new MediaUnavailable({ why })

const step = Effect.fnUntraced(function* (
  url: URL,
  access: MediaAccess,
  maxBytes: number,
  timeoutMs: number,
  redirected: boolean,
) {
  const standing = standingOf(url, access)
  if (standing === "foreign") return yield* unavailable("it lies on a host that is not the provider's")
  // After a redirect nothing is proven about the target: no credentials, even when it points back to the API.
  const headers: Record<string, string> =
    standing === "api" && !redirected ? { authorization: yield* access.authorization } : {}
  return yield* exchange({ method: "GET", url: url.href, headers, maxBytes, timeoutMs }).pipe(
    Effect.mapError((error) =>
      unavailable(error.tooLarge ? "it is too large" : `it could not be fetched (${error.detail})`),
    ),
  )
})

/** Bytes of a file of at most `maxBytes`. */
export const download = Effect.fn("channel-sms.download")(function* (
  address: string,
  access: MediaAccess,
  maxBytes: number,
  timeoutMs: number,
) {
  if (!URL.canParse(address)) return yield* unavailable("its address cannot be read")
  let url = new URL(address)
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const answer = yield* step(url, access, maxBytes, timeoutMs, hop > 0)
    const target = answer.headers["location"]
    if (answer.status >= 300 && answer.status < 400 && target !== undefined) {
      if (!URL.canParse(target, url.href))
        return yield* unavailable("it was moved to an address that is none")
      url = new URL(target, url.href)
    } else if (answer.status === 200) {
      const contentType = answer.headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? null
      return { bytes: new Uint8Array(answer.body), contentType } satisfies Downloaded
    } else return yield* unavailable(`the provider answered ${answer.status}`)
  }
  return yield* unavailable("it was moved too often")
})
