/** The customer on the messaging side: found by our own stable id, made when new, kept up to date. */
import { type ChatCustomer, type ChatDraft, Conflict, type MessagingError } from "@opencx/core"
import { Effect, Result } from "effect"
import type { CallFailure } from "../../client/Failure.ts"
import { jsonText } from "../../client/Json.ts"
import { splitText } from "@opencx/core"
import { sunshineReason } from "../client/SunshineReasons.ts"
import { MessagingUserEnvelope, type MessagingUserWire } from "../wire/ApiWire.ts"
import { ask, type ChatParts, refusal, userPath } from "./Calls.ts"

const operation = "open"
/** Zendesk: `givenName`, `surname` and `email` have at most 128 characters, `locale` 64. */
const profileLimit = 128
const localeLimit = 64

/** The customer's id, and what an administrator should know. */
export interface EnsuredCustomer {
  readonly userId: string
  readonly warnings: ReadonlyArray<string>
}

interface Profile {
  readonly givenName?: string
  readonly surname?: string
  readonly email?: string
  readonly locale?: string
}

const clip = (text: string): string =>
  splitText(text, { max: profileLimit, unit: "characters" })[0]?.trim() ?? ""

/** A name in two fields: up to the first blank, and the rest. */
const namesOf = (name: string | null): Profile => {
  const [first = "", ...rest] = (name ?? "").trim().split(/\s+/)
  const surname = clip(rest.join(" "))
  return first === "" ? {} : { givenName: clip(first), ...(surname === "" ? {} : { surname }) }
}

const profileOf = (customer: ChatCustomer, withEmail: boolean): Profile => {
  const email = customer.email?.trim() ?? ""
  const locale = customer.locale?.trim() ?? ""
  return {
    ...namesOf(customer.name),
    ...(withEmail && email !== "" && email.length <= profileLimit ? { email } : {}),
    ...(locale !== "" && locale.length <= localeLimit ? { locale } : {}),
  }
}

/** A profile has no place for a phone number, so that it goes into the metadata. */
const metadataOf = (draft: ChatDraft): Readonly<Record<string, string>> => ({
  opencx_org_id: draft.orgId,
  opencx_contact_id: draft.contactId,
  ...(draft.customer.phone === null ? {} : { opencx_phone: draft.customer.phone }),
})

const subject = { what: "the customer", repeatable: true }

const failed = (failure: CallFailure): MessagingError => refusal(operation, sunshineReason(failure, subject))

const read = (parts: ChatParts, externalId: string) =>
  parts.client
    .json(MessagingUserEnvelope, { method: "GET", path: userPath(externalId) })
    .pipe(Effect.map(({ user }) => user))

const create = (parts: ChatParts, draft: ChatDraft, withEmail: boolean) =>
  parts.client
    .json(MessagingUserEnvelope, {
      method: "POST",
      path: "/users",
      json: jsonText({
        externalId: draft.customer.externalId,
        profile: profileOf(draft.customer, withEmail),
        metadata: metadataOf(draft),
      }),
    })
    .pipe(Effect.map(({ user }) => user))

const differs = (now: Readonly<Record<string, unknown>> | null | undefined, wanted: object): boolean =>
  Object.entries(wanted).some(([key, value]) => (now ?? {})[key] !== value)

/** Brings an existing record up to date. It is only how the humans see the name: a refusal stops nothing. */
const refresh = Effect.fnUntraced(function* (parts: ChatParts, draft: ChatDraft, user: MessagingUserWire) {
  const profile = profileOf(draft.customer, true)
  const metadata = metadataOf(draft)
  if (!differs(user.profile, profile) && !differs(user.metadata, metadata)) return
  // Whether a PATCH merges or replaces metadata is not documented: everything is sent, so that both come out the same.
  const change = { profile: { ...user.profile, ...profile }, metadata: { ...user.metadata, ...metadata } }
  yield* ask(parts.client, operation, subject, MessagingUserEnvelope, {
    method: "PATCH",
    path: userPath(user.id),
    json: jsonText(change),
  }).pipe(
    Effect.catch((error) =>
      error.isRetryable
        ? Effect.fail(error)
        : Effect.logWarning("Zendesk did not take the customer's newest details").pipe(
            Effect.annotateLogs({ detail: error.message }),
          ),
    ),
  )
})

const known = (user: MessagingUserWire, warnings: ReadonlyArray<string> = []): EnsuredCustomer => ({
  userId: user.id,
  warnings,
})

/** Makes the customer; null when they exist already. An address that Zendesk refuses must not stop the handoff. */
const made = Effect.fnUntraced(function* (parts: ChatParts, draft: ChatDraft) {
  const first = yield* Effect.result(create(parts, draft, true))
  if (Result.isSuccess(first)) return known(first.success)
  if (first.failure.status === 409) return null
  if (first.failure.status !== 400 || profileOf(draft.customer, true).email === undefined)
    return yield* failed(first.failure)
  const second = yield* Effect.result(create(parts, draft, false))
  if (Result.isSuccess(second))
    return known(second.success, [
      `the customer's email address was left out, because Zendesk did not accept it: ${first.failure.detail}`,
    ])
  return second.failure.status === 409 ? null : yield* failed(second.failure)
})

/**
 * Makes sure of the customer. `expected`: they are probably there, so look before making. Two who make the same customer
 * at once end with one: the second gets a 409 and reads.
 */
export const ensureCustomer = Effect.fnUntraced(function* (
  parts: ChatParts,
  draft: ChatDraft,
  expected: boolean,
) {
  const { externalId } = draft.customer
  if (!expected) {
    const fresh = yield* made(parts, draft)
    if (fresh !== null) return fresh
  }
  const existing = yield* Effect.result(read(parts, externalId))
  if (Result.isSuccess(existing)) {
    yield* refresh(parts, draft, existing.success)
    return known(existing.success)
  }
  if (
    existing.failure.status !== 404 ||
    existing.failure.body?.html === true ||
    isAppMissing(existing.failure)
  )
    return yield* failed(existing.failure)
  const late = yield* made(parts, draft)
  if (late !== null) return late
  const detail = `Zendesk says that the customer ${externalId} exists, and does not find them`
  return yield* refusal(operation, new Conflict({ detail }))
})

const isAppMissing = (failure: CallFailure): boolean =>
  (failure.body?.issues ?? []).some((issue) => issue.code === "app_not_found")
