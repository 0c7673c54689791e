/** Creates a ticket from its frozen request, once. */
import {
  Ambiguous,
  Conflict,
  type PreparedTicket,
  type Reason,
  TicketId,
  TicketingError,
  type TicketSnapshot,
} from "@opencx/core"
import { Effect, Result, Schema } from "effect"
import type { ZendeskClient } from "../client/Client.ts"
import type { CallFailure } from "../client/Failure.ts"
import { reasonOf } from "../client/Reasons.ts"
import { findByExternalId, toSnapshot } from "./Tickets.ts"
import { idText, TicketEnvelope, WireId } from "./Wire.ts"

const operation = "create"

const Frozen = Schema.fromJsonString(
  Schema.Struct({ ticket: Schema.Struct({ via_followup_source_id: Schema.optionalKey(WireId) }) }),
)
const decodeFrozen = Schema.decodeUnknownResult(Frozen)

/** The closed ticket that the frozen request follows, or null. */
const sourceOf = (body: string): TicketId | null => {
  const frozen = decodeFrozen(body)
  if (Result.isFailure(frozen)) return null
  const source = frozen.success.ticket.via_followup_source_id
  return source === undefined ? null : TicketId.make(idText(source))
}

const isKeyMismatch = (failure: CallFailure): boolean =>
  failure.status === 400 && failure.body?.code === "IdempotentRequestError"

/** Zendesk refuses a follow-up of a ticket that is not closed; its sentence is not documented. */
const isOpenSource = (failure: CallFailure): boolean =>
  failure.status === 422 &&
  (failure.body?.issues ?? []).some(
    (issue) =>
      /follow.?up/i.test(issue.field ?? "") ||
      /follow.?up|source.*(?:not|n't).*closed|not closed/i.test(issue.text),
  )

const reasonOfCreate = (failure: CallFailure, source: TicketId | null): Reason => {
  if (failure.status === 409) {
    // Either the first try is still under way or the ticket was made: only a look-up can tell.
    return new Ambiguous({ detail: failure.message })
  }
  if (source !== null && isOpenSource(failure)) {
    return new Conflict({
      detail: `ticket ${source} is not closed, so that it can have no follow-up: comment on it instead`,
    })
  }
  return reasonOf(failure, { what: "the new ticket" })
}

/** The ticket that an earlier request with this key made, if there is one. */
const madeEarlier = Effect.fnUntraced(function* (
  client: ZendeskClient,
  prepared: PreparedTicket,
  source: TicketId | null,
) {
  const found = yield* findByExternalId(client, prepared.sessionId)
  return found.find((ticket) => source === null || BigInt(ticket.ticketId) > BigInt(source)) ?? null
})

/**
 * `POST /tickets` with the frozen bytes. Zendesk keeps an Idempotency-Key for 2 hours: a repetition within them answers
 * with the same ticket. After a doubtful failure the reason is `Ambiguous`.
 */
export const create = Effect.fnUntraced(function* (client: ZendeskClient, prepared: PreparedTicket) {
  const source = sourceOf(prepared.body)
  const result = yield* Effect.result(
    client.json(TicketEnvelope, {
      method: "POST",
      path: "/api/v2/tickets",
      json: prepared.body,
      headers: { "idempotency-key": prepared.idempotencyKey },
    }),
  )
  if (Result.isSuccess(result)) {
    const snapshot = toSnapshot(result.success.ticket)
    if (snapshot !== null) return snapshot
    return yield* new TicketingError({
      operation,
      reason: new Ambiguous({ detail: "Zendesk answered with a deleted ticket" }),
    })
  }
  const failure = result.failure
  if (isKeyMismatch(failure)) {
    const earlier: TicketSnapshot | null = yield* madeEarlier(client, prepared, source)
    if (earlier !== null) return earlier
  }
  return yield* new TicketingError({ operation, reason: reasonOfCreate(failure, source) })
})
