/** Secrets of an organization taken out of what Zendesk said: some services repeat what they were sent. */
import { Effect } from "effect"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import { KnownSecrets } from "../logging/Logging.ts"
import { cutKnown, secretField } from "../logging/redact.ts"
import { secretPlaces } from "../organizations/secretPlaces.ts"
import { rewrite } from "../organizations/secretRefs.ts"
import { tokenVault } from "./stores.ts"

export type Cut = (text: string) => string

/** Texts under names of secrets: where settings cannot be read, nobody says which of them are secret. */
const namedIn = (settings: unknown): ReadonlyArray<string> => {
  const found: Array<string> = []
  rewrite(settings, (value, place) => {
    if (typeof value === "string" && secretField.test(place)) found.push(value)
    return null
  })
  return found
}

/** Cuts everything secret of this organization: what is configured, what is stored, and the tokens of an authorization. */
export const cutterOf = Effect.fnUntraced(function* (organization: OrganizationConfig) {
  const places = yield* secretPlaces(organization)
  const tokens = yield* Effect.option((yield* tokenVault(organization.id)).read)
  const kept = tokens._tag === "Some" && tokens.value !== null ? tokens.value : null
  return cutKnown([
    ...(yield* KnownSecrets),
    ...places.values(),
    ...namedIn([organization.zendesk, organization.messaging]),
    ...(kept === null ? [] : [kept.accessToken, kept.refreshToken ?? ""]),
  ])
})
