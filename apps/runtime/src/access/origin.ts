/** Where a request comes from: this machine, our own pages, or somewhere else. */
import { Option } from "effect"
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

const privateAddress = /^(?:::ffff:)?(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)|^(?:::1$|f[cd])/i

/**
 * Whom to count failed logins against. A proxy of ours (a private address) adds whom it was asked by at the end of
 * `x-forwarded-for`; from anybody else that header is only a claim.
 */
export const addressOf = (request: HttpServerRequest): string => {
  const peer = Option.getOrElse(Option.map(request.remoteAddress, String), () => "unknown")
  const told = privateAddress.test(peer) ? request.headers["x-forwarded-for"]?.split(",").at(-1)?.trim() : ""
  return told === undefined || told === "" ? peer : told.slice(0, 100)
}
