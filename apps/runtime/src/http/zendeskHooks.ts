/**
 * `/hooks/zendesk/ticketing/<signed token>`: Zendesk's webhook. The payload is only a signal. Status codes are policy:
 * 401 and 400 are final, 503 with a short Retry-After comes again, everything else is 200; never 500, which Zendesk
 * does not retry.
 */
import { Ingest, OrgId } from "@opencx/core"
import {
  decodeTicketSignal,
  maxSignalBytes,
  signatureHeaders,
  type TicketSignal,
  verifySignature,
} from "@opencx/zendesk"
import { Clock, Effect, Option, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import * as HttpRouter from "effect/http/HttpRouter"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import { Signing } from "../layers/Signing.ts"
import { ZendeskAccounts } from "../layers/ZendeskAccounts.ts"
import { answering, ok, unauthorized } from "./answers.ts"
import { rawBody } from "./body.ts"

export const ticketingPurpose = "zendesk-ticketing"

const orgRef = Schema.decodeUnknownOption(Schema.Tuple([OrgId]))

/** Zendesk's own id of this delivery; repeated ones are journaled once. */
const invocationHeader = "x-zendesk-webhook-invocation-id"

const verify = Effect.fnUntraced(function* (orgId: OrgId, request: HttpServerRequest, body: Uint8Array) {
  const secret = (yield* ZendeskAccounts).get(orgId)?.connection.webhookSigningSecret
  if (secret === undefined) return
  yield* verifySignature({
    secret,
    rawBody: body,
    timestampHeader: request.headers[signatureHeaders.timestamp],
    signatureHeader: request.headers[signatureHeaders.signature],
    now: yield* Clock.currentTimeMillis,
  })
})

/** Our own comments fire the trigger too; reading the ticket again because of them would only cost calls. */
const isOurOwnDoing = Effect.fnUntraced(function* (orgId: OrgId, signal: TicketSignal) {
  if (signal.authorId === null || (signal.statusHint !== null && /solved|closed/.test(signal.statusHint)))
    return false
  const account = (yield* ZendeskAccounts).get(orgId)
  if (account === null) return false
  const known = account.knownSelfId()
  if (known !== null) return known === signal.authorId
  const self = yield* Effect.timeoutOption(account.selfId, "1 second")
  return Option.getOrNull(self) === signal.authorId
})

const handle = Effect.fnUntraced(function* (request: HttpServerRequest, token: string) {
  const signing = yield* Signing
  const ref = Option.getOrNull(orgRef(signing.urls.open(ticketingPurpose, token)))
  if (ref === null || (yield* ZendeskAccounts).get(ref[0]) === null) {
    return unauthorized("This webhook URL is not valid (any more); copy the current one from OpenCX.")
  }
  const [orgId] = ref
  const body = yield* rawBody(request, maxSignalBytes)
  yield* verify(orgId, request, body)
  const signal = yield* decodeTicketSignal(body)
  if (yield* isOurOwnDoing(orgId, signal)) return ok("ignored")
  const ingest = yield* Ingest
  const invocation = request.headers[invocationHeader]?.slice(0, 100)
  const result = yield* ingest.ticketSignal({
    orgId,
    ticketId: signal.ticketId,
    externalId: signal.externalId,
    statusHint: signal.statusHint,
    signalKey: `zendesk:${invocation ?? SecureRandom.uuidV4Unsafe()}`,
  })
  return ok(result)
})

export const ZendeskHooks = HttpRouter.add("POST", "/hooks/zendesk/ticketing/:token", (request) =>
  Effect.flatMap(HttpRouter.params, ({ token = "" }) => answering(handle(request, token))),
)
