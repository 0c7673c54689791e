/** The few answers that webhook callers get. Each caller's own retry rules decide which one. */
import { ahead, type MalformedInput, type SignatureRejected, type StoreError } from "@opencx/core"
import { Effect, Schema } from "effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type { BodyBroken, BodyTooLarge } from "./body.ts"
import { countedAs } from "./hookMetrics.ts"

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

/** What it is for is there, but cannot be used just now. */
export class NotNow extends Schema.TaggedError<NotNow>("@opencx/runtime/http/NotNow")("NotNow", {
  detail: Schema.String,
}) {}

type Refusal = NotNow | SignatureRejected | MalformedInput | BodyTooLarge | BodyBroken | StoreError

/** Only those who know a signed URL come so far: it is a wrong secret, a wrong clock, or the wrong payload. */
const told = (hook: string, detail: string) => Effect.logWarning(`A webhook at ${hook} was refused`, detail)

/**
 * Turns every foreseen refusal of a webhook into its answer. Nothing of ours may end as a bare 500: whatever is not
 * foreseen is "come again". `hook` names it in the figures.
 */
export const answering = <R>(
  hook: string,
  handler: Effect.Effect<HttpServerResponse.HttpServerResponse, Refusal, R>,
) =>
  handler.pipe(
    Effect.catchTags({
      SignatureRejected: (error) =>
        Effect.as(
          told(hook, error.detail),
          error.comeAgain === true ? comeAgain : unauthorized(error.detail),
        ),
      MalformedInput: (error) => Effect.as(told(hook, error.detail), badRequest(error.detail, error.hint)),
      NotNow: (error) => Effect.as(Effect.logWarning("A webhook was not taken", error.detail), comeAgain),
      BodyTooLarge: (error) => Effect.succeed(tooLarge(error.limit)),
      BodyBroken: () => Effect.succeed(badRequest("The body ended early.", "Send it again.")),
      StoreError: (error) =>
        Effect.as(Effect.logWarning("A webhook was not taken", error.message), comeAgain),
    }),
    Effect.catchCause((cause) => Effect.as(Effect.logError("A webhook handler failed", cause), comeAgain)),
    countedAs(hook),
    ahead,
  )
