/** Where a request comes from: this machine, our own pages, or somewhere else. */
import type { HttpServerRequest } from "effect/http/HttpServerRequest"

const loopback = new Set(["127.0.0.1", "::1", "[::1]", "localhost"])

export const isLoopback = (host: string): boolean => loopback.has(host)

const hostOf = (request: HttpServerRequest): string =>
  (request.headers["host"] ?? "").replace(/:\d+$/, "").toLowerCase()

/**
 * Asked by this machine under its own name. A page of another site whose name was made to point here (DNS rebinding) has
 * that site's Host; what a proxy passes on from elsewhere carries a forwarding header.
 */
export const isLocal = (request: HttpServerRequest): boolean =>
  loopback.has(hostOf(request)) &&
  ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"].every(
    (name) => request.headers[name] === undefined,
  )

/** Whether the browser says that a page of ours sent this; null when it says nothing, as programs do. */
export const isOfOurPages = (request: HttpServerRequest, publicUrl: string): boolean | null => {
  const { origin, "sec-fetch-site": site } = request.headers
  if (site !== undefined) return site === "same-origin" || site === "none"
  if (origin === undefined) return null
  return origin === new URL(publicUrl).origin || origin === `http://${request.headers["host"]}`
}
