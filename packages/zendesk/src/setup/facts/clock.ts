/** Whether our clock and Zendesk's agree: webhooks carry the time at which they were signed. */
import { Clock, Effect } from "effect"
import type { ZendeskClient } from "../../client/Client.ts"
import { toTicketingError } from "../../support/Calls.ts"

/**
 * Milliseconds by which our clock is ahead of Zendesk's, negative when it is behind, by the `Date` header of an answer (whole
 * seconds, RFC 9110); null where there is none.
 */
export const readClockAhead = (client: ZendeskClient) =>
  client.request({ method: "GET", path: "/api/v2/users/me" }).pipe(
    Effect.mapError(toTicketingError("clock", { what: "the time", repeatable: true })),
    Effect.flatMap(({ headers }) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const theirs = Date.parse(headers["date"] ?? "")
        return Number.isNaN(theirs) ? null : now - theirs
      }),
    ),
  )
