/** What every webhook of Zendesk Support has: a signed URL that names the organization, a signature, and a signal. */
import { OrgId } from "@opencx/core"
import {
  decodeTicketSignal,
  maxSignalBytes,
  signatureHeaders,
  type TicketSignal,
  verifySignature,
} from "@opencx/zendesk"
import { Clock, Effect, Option, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import { Signing } from "../layers/Signing.ts"
import { type Checked, WebhookSecrets } from "../layers/WebhookSecrets.ts"
import { ZendeskAccounts } from "../layers/ZendeskAccounts.ts"
import { LiveOrganizations } from "../organizations/LiveOrganizations.ts"
import { NotNow } from "./answers.ts"
import { rawBody as readBody } from "./body.ts"

const orgRef = Schema.decodeUnknownOption(Schema.Tuple([OrgId]))

export const staleUrl = "This webhook URL is not valid (any more); copy the current one from OpenCX."

/** Events of an organization whose settings cannot be used are to come again: a refusal would lose them. */
export const unlessDown = Effect.fnUntraced(function* (orgId: OrgId) {
  if ((yield* LiveOrganizations).isDown(orgId))
    return yield* new NotNow({ detail: `the settings of organization "${orgId}" cannot be used` })
})

/** The organization that a signed URL names; null when it is none of ours. */
export const organizationNamed = Effect.fnUntraced(function* (purpose: string, token: string) {
  const ref = Option.getOrNull(orgRef((yield* Signing).urls.open(purpose, token)))
  if (ref !== null) yield* unlessDown(ref[0])
  if (ref === null || (yield* ZendeskAccounts).get(ref[0]) === null) return null
  return ref[0]
})

type SignedRequest = Parameters<typeof verifySignature>[0]

/** Signed with one of these secrets. Without any, the signed URL is what counts. */
const signedWithOne = (
  secrets: ReadonlyArray<SignedRequest["secret"]>,
  request: Omit<SignedRequest, "secret">,
) =>
  secrets.length === 0
    ? Effect.void
    : Effect.firstSuccessOf(secrets.map((secret) => verifySignature({ ...request, secret })))

/** The signal in a request, after the raw bytes have passed. */
export const signalIn = Effect.fnUntraced(function* (what: Checked, request: HttpServerRequest) {
  const rawBody = yield* readBody(request, maxSignalBytes)
  const signed = {
    rawBody,
    timestampHeader: request.headers[signatureHeaders.timestamp],
    signatureHeader: request.headers[signatureHeaders.signature],
    now: yield* Clock.currentTimeMillis,
  }
  yield* (yield* WebhookSecrets).accept(what, (secrets) => signedWithOne(secrets, signed))
  return yield* decodeTicketSignal(rawBody)
})

/** Zendesk's own id of this delivery; repeated ones are journaled once. */
export const signalKeyOf = (request: HttpServerRequest): string =>
  `zendesk:${request.headers[signatureHeaders.invocation]?.slice(0, 100) ?? SecureRandom.uuidV4Unsafe()}`

/** Whether our own user has set this off: reading the ticket again because of that would only cost calls. */
export const isByUs = Effect.fnUntraced(function* (orgId: OrgId, { authorId }: TicketSignal) {
  if (authorId === null) return false
  const account = (yield* ZendeskAccounts).get(orgId)
  if (account === null) return false
  const self = yield* Effect.timeoutOption(account.selfId, "1 second")
  return Option.getOrNull(self) === authorId
})
