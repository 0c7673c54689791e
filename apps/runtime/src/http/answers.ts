/** The few answers that webhook callers get. Each caller's own retry rules decide which one. */
import { Effect } from "effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"

const json = (
  status: number,
  body: Readonly<Record<string, unknown>>,
  headers: Record<string, string> = {},
) => HttpServerResponse.jsonUnsafe(body, { status, headers })

/** Not one of our URLs, or not from whom it claims: final for every caller. */
export const unauthorized = (detail: string) => json(401, { error: "unauthorized", detail })

/** Cannot be read: sending the same again would not help. */
export const badRequest = (detail: string, hint: string) => json(400, { error: "bad_request", detail, hint })

export const tooLarge = (limit: number) =>
  json(413, { error: "too_large", detail: `The body is larger than ${limit} bytes.` })

/** Not taken now: come again. Zendesk retries a 503 only with a short `Retry-After` (reference: under 60 s). */
export const comeAgain = json(
  503,
  { error: "unavailable", detail: "Not taken now; please send it again." },
  {
    "retry-after": "5",
  },
)

export const ok = (result: string) => json(200, { ok: true, result })

/** Nothing of ours may end as a bare 500: whatever is not foreseen is "come again". */
export const neverFails = <R>(handler: Effect.Effect<HttpServerResponse.HttpServerResponse, never, R>) =>
  handler.pipe(
    Effect.catchCause((cause) => Effect.as(Effect.logError("A webhook handler failed", cause), comeAgain)),
  )
