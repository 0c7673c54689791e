/**
 * Reads files by URL. Zendesk serves attachments from the account's own host and redirects to a CDN; credentials go
 * to the first and never to the second.
 */
import { isIP } from "node:net"
import { Effect } from "effect"
import type { HttpClient } from "effect/http"
import { isLoopbackHost } from "./Connection.ts"
import type { Credentials } from "./Credentials.ts"
import { readErrorBody } from "./ErrorBody.ts"
import { CallFailure } from "./Failure.ts"
import { exchange } from "./Transport.ts"

/**
 * `mayStart`: where a file may lie besides the account's own host; nowhere when absent. `needsKey`: which files of the
 * account's own host want credentials; all when absent.
 */
export interface Source {
  readonly http: HttpClient.HttpClient
  readonly origin: string
  readonly credentials: Pick<Credentials, "header" | "refused">
  readonly timeoutMs: number
  readonly mayStart?: (url: URL) => boolean
  readonly needsKey?: (url: URL) => boolean
}

const maxHops = 5

const failed = (
  kind: CallFailure["kind"],
  detail: string,
  status: number | null = null,
  html = "",
): CallFailure =>
  new CallFailure({
    kind,
    method: "GET",
    path: "attachment",
    status,
    neverSent: false,
    retryAfterMs: null,
    body: status === null ? null : readErrorBody(html),
    detail,
  })

/** Where a redirect may lead: public names over https; other loopback hosts only when we work on loopback ourselves. */
const mayFollow = (url: URL, origin: string): boolean => {
  const host = url.hostname.replace(/^\[|\]$/g, "")
  if (isLoopbackHost(url.hostname)) return isLoopbackHost(new URL(origin).hostname)
  return (
    url.protocol === "https:" &&
    isIP(host) === 0 &&
    host.includes(".") &&
    !/\.(?:local|internal|localhost)$/.test(host)
  )
}

const startOf = (source: Source, url: string): URL | null => {
  if (!URL.canParse(url)) return null
  const at = new URL(url)
  const allowed = at.origin === source.origin || source.mayStart?.(at) === true
  return allowed && at.username === "" && at.password === "" ? at : null
}

/** Reads `url` within `maxBytes`. The first hop must be the account's own host, or one that `mayStart` allows. */
export const download = Effect.fn("Zendesk.download")(function* (
  source: Source,
  url: string,
  maxBytes: number,
) {
  const start = startOf(source, url)
  if (start === null) return yield* failed("redirect", "the file is not on this account's host")
  let at = start
  let renewed = false
  for (let hop = 0; hop <= maxHops; hop++) {
    const ours = at.origin === source.origin && source.needsKey?.(at) !== false
    const authorization = ours ? yield* source.credentials.header : null
    const response = yield* exchange(source.http, {
      method: "GET",
      url: at,
      path: "attachment",
      headers: authorization === null ? {} : { authorization },
      body: null,
      timeoutMs: source.timeoutMs,
      maxBytes,
    })
    if (response.status >= 200 && response.status < 300) return response.bytes
    if (response.status === 401 && authorization !== null && !renewed) {
      renewed = true
      if (yield* source.credentials.refused(authorization)) continue
    }
    const location = response.headers["location"]
    if (response.status < 300 || response.status >= 400 || location === undefined) {
      const said = readErrorBody(new TextDecoder().decode(response.bytes.subarray(0, 2_000)))
      return yield* failed("status", said.text, response.status, said.excerpt)
    }
    if (!URL.canParse(location, at.href))
      return yield* failed("redirect", "redirected to an unreadable address")
    at = new URL(location, at.href)
    if (!mayFollow(at, source.origin))
      return yield* failed("redirect", `redirected to ${at.host}, which is not followed`)
  }
  return yield* failed("redirect", "too many redirects")
})
