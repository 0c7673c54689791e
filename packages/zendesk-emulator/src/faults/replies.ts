import { html, json, type Reply, text } from "../http/Reply.ts"
import type { Pool } from "../http/Router.ts"
import type { Fault } from "./Faults.ts"

const limitText = "Number of allowed API requests per minute exceeded"

/**
 * The 429 and 5xx bodies Zendesk and its edge are known to send. The messaging side documents neither a body nor a
 * `Retry-After` for its 429.
 */
export const faultReply = (fault: Fault, pool: Pool): Reply | undefined => {
  const retry: Readonly<Record<string, string>> =
    fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) }
  switch (fault.kind) {
    case "status429json":
      if (pool === "sunshine")
        return json(429, { errors: [{ code: "too_many_requests", title: "Too Many Requests" }] }, retry)
      return json(
        429,
        { error: "APIRateLimitExceeded", description: limitText },
        { "retry-after": "1", ...retry },
      )
    case "status429text":
      return text(429, limitText, pool === "sunshine" ? retry : { "retry-after": "1", ...retry })
    case "status503":
      return text(503, "Service Unavailable", retry)
    case "status500html":
      return html(
        500,
        "<!DOCTYPE html><html><head><title>500 Internal Server Error</title></head><body><h1>Sorry, we could not complete your request</h1></body></html>",
        retry,
      )
    default:
      return undefined
  }
}
