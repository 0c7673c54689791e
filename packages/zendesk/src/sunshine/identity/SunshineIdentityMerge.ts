/** The `IdentityMerge` port: Support's user merge, and word of it to the messaging side. */
import {
  type Identity,
  IdentityMerge,
  IdentityMergeError,
  type MergeDecision,
  type MergeInput,
} from "@opencx/core"
import { Effect } from "effect"
import type { ZendeskClient } from "../../client/Client.ts"
import type { CallFailure } from "../../client/Failure.ts"
import { jsonText } from "../../client/Json.ts"
import { reasonOf } from "../../client/Reasons.ts"
import { isZendeskId, wireNumber } from "../../support/Calls.ts"
import { userPath } from "../chat/Calls.ts"
import type { SunshineClient } from "../client/SunshineClient.ts"
import { sunshineReason } from "../client/SunshineReasons.ts"
import { MessagingUserEnvelope } from "../wire/ApiWire.ts"
import { type AddressEvidence, decideMerge, type MergeFacts, type Verdict } from "./decideMerge.ts"
import { epochMs, peopleWith, readPerson } from "./SupportPeople.ts"

const operation = "merge"

/** `singleSignOn`: the account's customers sign in by JWT or SAML, which changes whom Zendesk merges. */
export interface IdentityMergeParts {
  readonly support: ZendeskClient
  readonly sunshine: SunshineClient
  readonly singleSignOn: boolean
}

const ofSunshine = (what: string) => (failure: CallFailure) =>
  new IdentityMergeError({ operation, reason: sunshineReason(failure, { what, repeatable: true }) })

/** The contact's addresses in the channel's order; those of kinds that it does not name come last. */
const ordered = ({ contact, order }: MergeInput): ReadonlyArray<Identity> => {
  const rank = (identity: Identity): number => {
    const at = order.indexOf(identity.kind)
    return at < 0 ? order.length : at
  }
  return contact.identities.toSorted((a, b) => rank(a) - rank(b))
}

/** Looks at one address after the other, and no further than the kind that leads to somebody. */
const evidenceOf = Effect.fnUntraced(function* (support: ZendeskClient, input: MergeInput) {
  const looked: Array<AddressEvidence> = []
  let decisive: string | null = null
  for (const { kind, ...identity } of ordered(input)) {
    if (decisive !== null && kind !== decisive) break
    const matches = identity.verified ? yield* peopleWith(support, { kind, ...identity }) : null
    looked.push({ kind, verified: identity.verified, matches })
    if ((matches ?? []).length > 0) decisive = kind
  }
  return looked
})

/** The customer at the messaging side: whom they are linked to, what they are called elsewhere, since when. */
const chatCustomer = (sunshine: SunshineClient, chatUserId: string) =>
  sunshine.json(MessagingUserEnvelope, { method: "GET", path: userPath(chatUserId) }).pipe(
    Effect.mapError(ofSunshine("the chat's customer")),
    Effect.map(({ user }) => {
      const id = user.zendeskId === null || user.zendeskId === undefined ? "" : String(user.zendeskId)
      return {
        linkedId: isZendeskId(id) ? id : null,
        chatExternalId: user.externalId ?? null,
        chatSince: epochMs(user.signedUpAt),
      }
    }),
  )

const gather = Effect.fnUntraced(function* (parts: IdentityMergeParts, input: MergeInput) {
  const chat = yield* chatCustomer(parts.sunshine, input.chatUserId)
  const linked = chat.linkedId === null ? null : yield* readPerson(parts.support, chat.linkedId)
  const addresses = yield* evidenceOf(parts.support, input)
  return { ...chat, addresses, linked, singleSignOn: parts.singleSignOn } satisfies MergeFacts
})

/** Zendesk cannot merge twice, so that a doubtful merge is `Ambiguous`: the next run reads who is left. */
const mergeUsers = (support: ZendeskClient, survivorId: string, loserId: string) =>
  support
    .request({
      method: "PUT",
      path: `/api/v2/users/${loserId}/merge`,
      json: jsonText({ user: { id: wireNumber(survivorId) } }),
    })
    .pipe(
      Effect.mapError(
        (failure) =>
          new IdentityMergeError({
            operation,
            reason: reasonOf(failure, { what: `merging user ${loserId} into ${survivorId}` }),
          }),
      ),
    )

/** Tells the messaging side who is left. It knows nobody of that id when the loser never chatted: then all is well. */
const syncUsers = (sunshine: SunshineClient, survivorId: string, loserId: string) =>
  sunshine
    .request({
      method: "POST",
      path: userPath(loserId, "/sync"),
      json: jsonText({ survivingZendeskId: survivorId }),
    })
    .pipe(
      Effect.asVoid,
      Effect.mapError(ofSunshine(`messaging user of Support user ${loserId}`)),
      Effect.catch((error) => (error.reason._tag === "NotFound" ? Effect.void : Effect.fail(error))),
    )

/** The one failure that a later look explains: the loser is gone, because another run or a person was faster. */
const alreadyGone = (parts: IdentityMergeParts, error: IdentityMergeError, loserId: string) =>
  error.reason._tag === "NotFound" || error.reason._tag === "Invalid"
    ? Effect.map(readPerson(parts.support, loserId), (person) => person === null)
    : Effect.succeed(false)

const carryOut = Effect.fnUntraced(function* (
  parts: IdentityMergeParts,
  verdict: Verdict,
  survivorId: string,
  loserId: string,
) {
  if (verdict.verdict === "merge") {
    const merged = yield* Effect.result(mergeUsers(parts.support, survivorId, loserId))
    if (merged._tag === "Failure" && !(yield* alreadyGone(parts, merged.failure, loserId)))
      return yield* refusedByZendesk(verdict, merged.failure)
  }
  yield* syncUsers(parts.sunshine, survivorId, loserId)
  return decided(verdict, "merged", verdict.reason)
})

const decided = (verdict: Verdict, decision: MergeDecision["decision"], reason: string): MergeDecision => ({
  decision,
  reason,
  evidence: verdict.evidence,
})

/** What Zendesk itself will not merge is a decision, not a fault: it is recorded with Zendesk's reason. */
const refusedByZendesk = (
  verdict: Verdict,
  error: IdentityMergeError,
): Effect.Effect<MergeDecision, IdentityMergeError> =>
  error.reason._tag === "Invalid"
    ? Effect.succeed(decided(verdict, "refused", `Zendesk refused it: ${error.reason.issues.join("; ")}`))
    : Effect.fail(error)

const merge = Effect.fnUntraced(function* (parts: IdentityMergeParts, input: MergeInput) {
  const verdict = decideMerge(yield* gather(parts, input))
  const { loserId, survivorId } = verdict
  switch (verdict.verdict) {
    case "linked":
    case "refused":
    case "nothing":
      return decided(verdict, verdict.verdict, verdict.reason)
    case "merge":
    case "sync":
      return survivorId === null || loserId === null
        ? decided(verdict, "nothing", verdict.reason)
        : yield* carryOut(parts, verdict, survivorId, loserId)
  }
})

/** The port over clients that the caller made. */
export const identityMergeOf = (parts: IdentityMergeParts): IdentityMerge["Service"] =>
  IdentityMerge.of({ merge: Effect.fn("IdentityMerge.merge")((input) => merge(parts, input)) })
