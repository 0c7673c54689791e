/** Looks up Support users by exact addresses, for merging. */
import { foldAddress, type Identity, IdentityMergeError } from "@opencx/core"
import { DateTime, Effect, Option, Schema } from "effect"
import type { Call, ZendeskClient } from "../../client/Client.ts"
import { reasonOf } from "../../client/Reasons.ts"
import { idText, WireId } from "../../support/Wire.ts"
import { maybe } from "../wire/ApiWire.ts"
import type { SupportPerson } from "./decideMerge.ts"

const operation = "merge"

const PersonWire = Schema.Struct({
  id: Schema.NullOr(WireId),
  role: maybe(Schema.String),
  active: maybe(Schema.Boolean),
  suspended: maybe(Schema.Boolean),
  shared: maybe(Schema.Boolean),
  verified: maybe(Schema.Boolean),
  external_id: maybe(Schema.String),
  email: maybe(Schema.String),
  created_at: maybe(Schema.String),
})
type PersonWire = typeof PersonWire.Type
const PersonEnvelope = Schema.Struct({ user: PersonWire })
const PersonList = Schema.Struct({ users: Schema.Array(PersonWire) })

const IdentityWire = Schema.Struct({ type: maybe(Schema.String), value: maybe(Schema.String) })
const IdentityList = Schema.Struct({ identities: Schema.Array(IdentityWire) })

const ask = <A>(client: ZendeskClient, what: string, schema: Schema.ConstraintDecoder<A>, call: Call) =>
  client
    .json(schema, call)
    .pipe(
      Effect.mapError(
        (failure) => new IdentityMergeError({ operation, reason: reasonOf(failure, { what }) }),
      ),
    )

/** Epoch milliseconds of a time in Zendesk's form; null when there is none. */
export const epochMs = (text: string | null | undefined): number | null =>
  Option.match(DateTime.make(text ?? ""), { onNone: () => null, onSome: DateTime.toEpochMillis })

const personOf = (wire: PersonWire): SupportPerson => ({
  id: wire.id === null ? "" : idText(wire.id),
  role: wire.role ?? "",
  suspended: wire.suspended === true,
  shared: wire.shared === true,
  verified: wire.verified === true,
  externalId: wire.external_id === "" ? null : (wire.external_id ?? null),
  hasEmail: (wire.email ?? "") !== "",
  createdAt: epochMs(wire.created_at),
})

/** A Support user by id; null when there is none any more. Zendesk: a merged or deleted user is 404 or inactive. */
export const readPerson = (client: ZendeskClient, id: string) =>
  ask(client, `user ${id}`, PersonEnvelope, { method: "GET", path: `/api/v2/users/${id}` }).pipe(
    Effect.map(({ user }) => (user.active === false || user.id === null ? null : personOf(user))),
    Effect.catch((error) => (error.reason._tag === "NotFound" ? Effect.succeed(null) : Effect.fail(error))),
  )

/** Nothing that could end the quoted term of a search query. */
const searchable = (value: string): boolean => /^[^"\\\s\p{Cc}]{1,254}$/u.test(value)

const plainPhone = (value: string): string => value.replaceAll(/[^\d+]/g, "")

/** How Support writes each kind of address that it keeps; others cannot be looked for. */
const lookups = {
  email: { term: "email", identity: "email", plain: foldAddress },
  phone: { term: "phone", identity: "phone_number", plain: plainPhone },
} as const

type Lookup = (typeof lookups)[keyof typeof lookups]

const lookupOf = (kind: Identity["kind"]): Lookup | null =>
  kind === "email" || kind === "phone" ? lookups[kind] : null

/** More candidates than this are no evidence for anybody; none is looked at. */
const maxCandidates = 10

const carries = Effect.fnUntraced(function* (
  client: ZendeskClient,
  userId: string,
  lookup: Lookup,
  wanted: string,
) {
  const { identities } = yield* ask(client, `identities of user ${userId}`, IdentityList, {
    method: "GET",
    path: `/api/v2/users/${userId}/identities`,
    query: { "page[size]": "100" },
  })
  return identities.some((one) => one.type === lookup.identity && lookup.plain(one.value ?? "") === wanted)
})

/**
 * Everybody who carries exactly this address among their identities. The search is only where to look: by phone it is
 * fuzzy, and a number shared by several users is no identity. Null when Support keeps no addresses of this kind.
 */
export const peopleWith = Effect.fnUntraced(function* (client: ZendeskClient, identity: Identity) {
  const lookup = lookupOf(identity.kind)
  const wanted = lookup?.plain(identity.value) ?? ""
  if (lookup === null || !searchable(wanted)) return null
  const { users } = yield* ask(client, "users", PersonList, {
    method: "GET",
    path: "/api/v2/users/search",
    query: { query: `${lookup.term}:"${wanted}"` },
  })
  const candidates = users.filter((user) => user.id !== null && user.active !== false).map(personOf)
  if (candidates.length > maxCandidates) return candidates
  return yield* Effect.filter(candidates, (person) => carries(client, person.id, lookup, wanted))
})
