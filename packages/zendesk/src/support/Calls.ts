/** What every part of the Support adapter needs: calls that fail with the port's own error. */
import { TicketingError } from "@opencx/core"
import { Effect, type Schema } from "effect"
import type { Call, ZendeskClient } from "../client/Client.ts"
import type { CallFailure } from "../client/Failure.ts"
import { reasonOf } from "../client/Reasons.ts"
import type { CallSubject } from "../client/reasonBy.ts"

/** Wraps a failed call into the port's error. */
export const toTicketingError =
  (operation: string, subject: CallSubject) =>
  (failure: CallFailure): TicketingError =>
    new TicketingError({ operation, reason: reasonOf(failure, subject) })

/** A JSON call that fails with the port's error. */
export const ask = <A>(
  client: ZendeskClient,
  operation: string,
  subject: CallSubject,
  schema: Schema.ConstraintDecoder<A>,
  call: Call,
): Effect.Effect<A, TicketingError> =>
  client.json(schema, call).pipe(Effect.mapError(toTicketingError(operation, subject)))

/** Zendesk ids are digits. Anything else must not get into a path. */
export const isZendeskId = (id: string): boolean => /^\d{1,19}$/.test(id)

/** For request bodies: Zendesk wants numbers where they fit, and takes digits in strings where they do not. */
export const wireNumber = (id: string): number | string => {
  const number = Number(id)
  return Number.isSafeInteger(number) ? number : id
}
