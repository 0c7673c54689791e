/** What every part of the Messaging adapter needs: calls that fail with the port's own error, and paths. */
import { Ambiguous, MessagingError, type Reason } from "@opencx/core"
import { Effect, type Schema } from "effect"
import type { CallFailure } from "../../client/Failure.ts"
import type { SunshineCall, SunshineClient } from "../client/SunshineClient.ts"
import type { CallSubject } from "../../client/reasonBy.ts"
import { sunshineReason } from "../client/SunshineReasons.ts"

/** What the port's parts share. */
export interface ChatParts {
  readonly client: SunshineClient
  readonly integrationName: string
  readonly agentWorkspaceName: string
  readonly attachmentAccess: "public" | "private"
  readonly maxUploadBytes: number
}

export const toMessagingError =
  (operation: string, subject: CallSubject) =>
  (failure: CallFailure): MessagingError =>
    new MessagingError({ operation, reason: sunshineReason(failure, subject) })

/** A JSON call that fails with the port's error. */
export const ask = <A>(
  client: SunshineClient,
  operation: string,
  subject: CallSubject,
  schema: Schema.ConstraintDecoder<A>,
  call: SunshineCall,
): Effect.Effect<A, MessagingError> =>
  client.json(schema, call).pipe(Effect.mapError(toMessagingError(operation, subject)))

export const refusal = (operation: string, reason: Reason): MessagingError =>
  new MessagingError({ operation, reason })

/**
 * After something was written, a failure that another try may heal must say so: the next try has to look first. The time
 * that Zendesk asked us to wait is given up for that; the caller's own backoff applies.
 */
export const afterWrite = (error: MessagingError): MessagingError =>
  error.isRetryable && error.reason._tag !== "Ambiguous"
    ? refusal(error.operation, new Ambiguous({ detail: error.message }))
    : error

/** Ids of others go into paths encoded, so that none can reach another path. */
export const conversationPath = (conversationId: string, rest = ""): string =>
  `/conversations/${encodeURIComponent(conversationId)}${rest}`

export const userPath = (idOrExternalId: string, rest = ""): string =>
  `/users/${encodeURIComponent(idOrExternalId)}${rest}`
