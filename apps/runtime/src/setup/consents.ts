/** A person's consent to act in their Zendesk account: asked for, kept while they are away, redeemed when they come back. */
import {
  askConsent,
  type Consent,
  makeZendeskClient,
  OAuthAuthorizationCode,
  readConsent,
  redeemCode,
  ticketingOf,
  ZendeskConnection,
} from "@opencx/zendesk"
import { Clock, Effect, Redacted, Schema } from "effect"
import { HttpClient } from "effect/http"
import { ConfigurationError } from "../config/ConfigError.ts"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import { consentName, setupStore, tokenVault } from "./stores.ts"

const ByConsent = Schema.Struct({ ...ZendeskConnection.fields, auth: OAuthAuthorizationCode })
export type ConsentConnection = typeof ByConsent.Type
const decode = Schema.decodeUnknownEffect(ByConsent)

const timeoutMs = 10_000
/** How long a person may take. */
export const patienceMs = 600_000

const Kept = Schema.fromJsonString(
  Schema.Struct({
    state: Schema.String,
    verifier: Schema.String,
    redirectUri: Schema.String,
    scope: Schema.String,
    askedAt: Schema.Number,
    /** Who asked, and alone may bring the answer; null: somebody at the machine. */
    by: Schema.NullOr(Schema.String),
  }),
)
export type KeptConsent = typeof Kept.Type
const decodeKept = Schema.decodeUnknownEffect(Kept)
const encodeKept = Schema.encodeEffect(Kept)

export const refused = (problem: string) =>
  new ConfigurationError({
    problem,
    hint: "Begin again: with opencx connect zendesk, or POST /api/organizations/{org}/zendesk/consent.",
  })

/** The connection, when it is one that a person must consent to. */
export const byConsent = (organization: OrganizationConfig) => Effect.option(decode(organization.zendesk))

/** A request for consent, with the page's address. `redirectUri` must be registered with the OAuth client. */
export const newConsent = Effect.fnUntraced(function* (
  organization: OrganizationConfig,
  connection: ConsentConnection,
  redirectUri: string,
) {
  const { origin } = yield* makeZendeskClient(connection, {}, yield* tokenVault(organization.id))
  return askConsent(origin, connection.auth, redirectUri)
})

/** Makes a request and keeps what is needed to go on, sealed. An earlier one of the organization is void with it. */
export const beginConsent = Effect.fnUntraced(function* (
  organization: OrganizationConfig,
  connection: ConsentConnection,
  redirectUri: string,
  by: string | null,
) {
  const consent = yield* newConsent(organization, connection, redirectUri)
  const { scope, state, verifier } = consent
  const askedAt = yield* Clock.currentTimeMillis
  const text = yield* Effect.orDie(encodeKept({ redirectUri, scope, state, verifier, askedAt, by }))
  const store = yield* setupStore(organization.id)
  yield* store.put(consentName, Redacted.make(text))
  return { url: consent.url, state, redirectUri, expiresAt: askedAt + patienceMs }
})

/** The request that is waited for. */
export const keptConsent = Effect.fnUntraced(function* (orgId: string) {
  const store = yield* setupStore(orgId)
  const kept = yield* store.get(consentName)
  if (kept === null)
    return yield* refused(
      "No consent is waited for: none was asked for (with --by-hand, or through the API), or its answer has come.",
    )
  const consent = yield* decodeKept(Redacted.value(kept)).pipe(
    Effect.mapError(() => refused("What was kept of the request cannot be read.")),
  )
  if ((yield* Clock.currentTimeMillis) - consent.askedAt > patienceMs)
    return yield* refused("The request is older than 10 minutes.")
  return consent
})

/** Redeems the code, keeps the tokens, and proves them. Answers with the user that OpenCX acts as. */
export const redeem = Effect.fnUntraced(function* (
  organization: OrganizationConfig,
  connection: ConsentConnection,
  consent: Pick<Consent, "redirectUri" | "scope" | "verifier">,
  code: string,
) {
  const vault = yield* tokenVault(organization.id)
  const client = yield* makeZendeskClient(connection, {}, vault)
  const server = { http: yield* HttpClient.HttpClient, origin: client.origin, timeoutMs }
  const { redirectUri, scope, verifier } = consent
  const exchange = redeemCode(server, connection.auth, { code, verifier, redirectUri, scope }).pipe(
    Effect.mapError(({ detail }) =>
      refused(`Zendesk did not exchange the code (it is good for 120 seconds, and once): ${detail}`),
    ),
    // Kept before they are used, and whoever gives up meanwhile: a refresh token that is lost cannot be got again.
    Effect.flatMap((tokens) => Effect.andThen(vault.write(tokens), vault.noteBegun(null))),
    Effect.uninterruptible,
  )
  yield* exchange
  return yield* ticketingOf(connection, client).verify
})

/** Goes on with what the person was sent back with. The kept request is used up by it, unless the answer is of another one. */
export const endConsent = Effect.fnUntraced(function* (
  organization: OrganizationConfig,
  connection: ConsentConnection,
  kept: KeptConsent,
  answer: URLSearchParams,
) {
  const read = readConsent(answer, kept)
  if ("refusal" in read) return yield* refused(read.refusal)
  yield* (yield* setupStore(organization.id)).remove(consentName)
  return yield* redeem(organization, connection, kept, read.code)
})
