/** What became of a webhook's latest calls, as Zendesk's own activity log tells. */
import { Effect, Schema } from "effect"
import type { ZendeskClient } from "../../client/Client.ts"
import { maybe } from "../../sunshine/wire/ApiWire.ts"

/**
 * How one call ended. Words of the `filter[status]` parameter of `GET /api/v2/webhooks/{id}/invocations` (Zendesk's OpenAPI
 * file; it keeps 7 days): unknown, accepted, success, failed, timeout, circuit broken, throttled, client error, server error.
 */
const Invocation = Schema.Struct({ status: maybe(Schema.String), latest_completed_at: maybe(Schema.String) })
const Invocations = Schema.Struct({ invocations: Schema.Array(Invocation) })

/** Counts over the latest calls. `last`: how the newest finished call ended, null when there was none. */
export interface WebhookActivity {
  readonly last: "success" | "refused" | "failed" | "paused" | null
  readonly calls: number
  /** Answered with 4xx. */
  readonly refused: number
  /** Answered with 5xx, or not at all. */
  readonly failed: number
  /** Not sent, because too many had failed (circuit breaker, throttling). */
  readonly paused: number
}

/** The form with underscores is taken as well. */
const kinds: Readonly<Record<string, "success" | "refused" | "failed" | "paused">> = {
  success: "success",
  "client error": "refused",
  "server error": "failed",
  failed: "failed",
  timeout: "failed",
  "circuit broken": "paused",
  throttled: "paused",
}

const looked = 50

/** Newest first, as Zendesk lists them; sorted all the same. */
export const activityOf = (invocations: ReadonlyArray<typeof Invocation.Type>): WebhookActivity => {
  const known = invocations
    .toSorted((a, b) => (b.latest_completed_at ?? "").localeCompare(a.latest_completed_at ?? ""))
    .slice(0, looked)
    .flatMap(({ status }) => kinds[(status ?? "").toLowerCase().replaceAll("_", " ")] ?? [])
  const count = (kind: (typeof known)[number]) => known.filter((one) => one === kind).length
  return {
    last: known[0] ?? null,
    calls: known.length,
    refused: count("refused"),
    failed: count("failed"),
    paused: count("paused"),
  }
}

/** Null where Zendesk does not tell. */
export const readActivity = (
  client: ZendeskClient,
  webhookId: string,
): Effect.Effect<WebhookActivity | null> =>
  client
    .json(Invocations, {
      method: "GET",
      path: `/api/v2/webhooks/${encodeURIComponent(webhookId)}/invocations`,
      query: { "page[size]": String(looked) },
    })
    .pipe(
      Effect.map(({ invocations }) => activityOf(invocations)),
      Effect.orElseSucceed(() => null),
    )
