/** Who a ticket is for: an existing user when one is certain, else a description from which Zendesk makes one. */
import { DeskUserId, foldAddress, type Requester } from "@opencx/core"
import { Effect } from "effect"
import type { ZendeskClient } from "../client/Client.ts"
import { jsonText } from "../client/Json.ts"
import { ask, wireNumber } from "./Calls.ts"
import { invalid } from "./Self.ts"
import { idText, UserEnvelope, UserList, type UserWire } from "./Wire.ts"

/** `id` is null when Zendesk is to make the user; `fields` go into the ticket. */
export interface ResolvedRequester {
  readonly id: DeskUserId | null
  readonly fields: Readonly<Record<string, unknown>>
}

const operation = "prepare"

/** Nothing that could end the quoted term of a search query. */
const searchable = (value: string): boolean => /^[^"\\\s\p{Cc}]{1,254}$/u.test(value)

const sameEmail = (a: string, b: string | null | undefined): boolean =>
  typeof b === "string" && foldAddress(a) === foldAddress(b)

/** `+1 (555) 123-4567` → `+15551234567`. */
const plainPhone = (phone: string): string => phone.replaceAll(/[^\d+]/g, "")

/** Zendesk refuses a requester without a name ("Name: is too short"): local part of the address, or "Customer". */
const nameOf = (requester: Requester): string => {
  const given = requester.name?.trim() ?? ""
  if (Array.from(given).length >= 2) return given
  const local = requester.email?.split("@")[0]?.trim() ?? ""
  return Array.from(local).length >= 2 ? local : "Customer"
}

const search = Effect.fnUntraced(function* (
  client: ZendeskClient,
  query: string,
  matches: (user: UserWire) => boolean,
) {
  const { users } = yield* ask(client, operation, { what: "users" }, UserList, {
    method: "GET",
    path: "/api/v2/users/search",
    query: { query },
  })
  // The search is loose and its index lags: only an exact, living match counts, and only when it is the only one.
  return users.filter((user) => user.id !== null && user.active !== false && matches(user))
})

const only = Effect.fnUntraced(function* (found: ReadonlyArray<UserWire>) {
  const user = found[0]
  if (user === undefined || user.id === null || found.length > 1) return null
  if (user.suspended === true) {
    return yield* invalid(
      operation,
      `requester: ${user.name ?? "the user"} is suspended`,
      "The requester is suspended in Zendesk. Unsuspend the user in Zendesk (Customers), then replay.",
    )
  }
  return DeskUserId.make(idText(user.id))
})

const known = (id: DeskUserId): ResolvedRequester => ({ id, fields: { requester_id: wireNumber(id) } })

const described = (requester: Requester, email: string): ResolvedRequester => ({
  id: null,
  fields: {
    requester: {
      name: nameOf(requester),
      email,
      ...(requester.locale === null ? {} : { locale: requester.locale }),
    },
  },
})

/**
 * A ticket can only describe a requester who has an address (`{name, email}`), so anyone without one is made first.
 * The external id makes repeating it harmless, also while the search does not show the new user yet.
 */
const userWithoutEmail = Effect.fnUntraced(function* (
  client: ZendeskClient,
  requester: Requester,
  identity: { readonly external_id: string; readonly phone?: string },
) {
  const { user } = yield* ask(client, operation, { what: "the requester", repeatable: true }, UserEnvelope, {
    method: "POST",
    path: "/api/v2/users/create_or_update",
    json: jsonText({
      user: {
        name: nameOf(requester),
        ...identity,
        role: "end-user",
        ...(requester.locale === null ? {} : { locale: requester.locale }),
      },
    }),
  })
  if (user.id === null) return yield* invalid(operation, "Zendesk made a user without an id", "Try again.")
  return DeskUserId.make(idText(user.id))
})

/**
 * Finds the requester: no call when the id is known, else one search. A match must carry the very address; everything
 * else is left to Zendesk, which knows secondary addresses as well.
 */
export const resolveRequester = Effect.fnUntraced(function* (client: ZendeskClient, requester: Requester) {
  if (requester.knownId !== null) return known(requester.knownId)
  const email = requester.email?.trim() ?? ""
  if (email !== "") {
    const found = searchable(email)
      ? yield* only(yield* search(client, `email:"${email}"`, (user) => sameEmail(email, user.email)))
      : null
    return found === null ? described(requester, email) : known(found)
  }
  const phone = plainPhone(requester.phone ?? "")
  if (phone.length >= 5) {
    const same = (user: UserWire) => typeof user.phone === "string" && plainPhone(user.phone) === phone
    const found = yield* only(yield* search(client, `phone:"${phone}"`, same))
    if (found !== null) return known(found)
    return known(yield* userWithoutEmail(client, requester, { phone, external_id: `opencx:phone:${phone}` }))
  }
  return known(yield* userWithoutEmail(client, requester, { external_id: requester.externalId }))
})
