/** Connecting an organization by a person's consent: asked, answered at once or brought by hand, and kept. */
import {
  askConsent,
  type Consent,
  makeZendeskClient,
  OAuthAuthorizationCode,
  readConsent,
  redeemCode,
  ticketingOf,
  type TokenVault,
  ZendeskConnection,
} from "@opencx/zendesk"
import { Clock, Console, Deferred, Effect, Redacted, Schema } from "effect"
import { HttpClient } from "effect/http"
import { ConfigurationError } from "../config/ConfigError.ts"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import { listenForAnswer, redirectUriOf } from "./loopback.ts"
import { consentName, setupStore, tokenVault } from "./stores.ts"

const ByConsent = Schema.Struct({ ...ZendeskConnection.fields, auth: OAuthAuthorizationCode })
const decode = Schema.decodeUnknownEffect(ByConsent)

const timeoutMs = 10_000
/** How long a person may take. */
const patience = "10 minutes"
const patienceMs = 600_000

const Kept = Schema.fromJsonString(
  Schema.Struct({
    state: Schema.String,
    verifier: Schema.String,
    redirectUri: Schema.String,
    scope: Schema.String,
    askedAt: Schema.Number,
  }),
)
const decodeKept = Schema.decodeUnknownEffect(Kept)
const encodeKept = Schema.encodeEffect(Kept)

const refused = (problem: string) =>
  new ConfigurationError({ problem, hint: "Begin again with: opencx connect zendesk" })

/** The connection, when it is one that a person must consent to. */
export const byConsent = (organization: OrganizationConfig) => Effect.option(decode(organization.zendesk))
type Connection = typeof ByConsent.Type

const originOf = (connection: Connection, vault: TokenVault) =>
  Effect.map(makeZendeskClient(connection, {}, vault), ({ origin }) => origin)

/** Redeems the code, keeps the tokens, and proves them. Answers with the user that OpenCX acts as. */
const finish = Effect.fnUntraced(function* (
  connection: Connection,
  vault: TokenVault,
  consent: Pick<Consent, "redirectUri" | "scope" | "verifier">,
  code: string,
) {
  const origin = yield* originOf(connection, vault)
  const server = { http: yield* HttpClient.HttpClient, origin, timeoutMs }
  const { redirectUri, scope, verifier } = consent
  const tokens = yield* redeemCode(server, connection.auth, { code, verifier, redirectUri, scope }).pipe(
    Effect.mapError(({ detail }) =>
      refused(`Zendesk did not exchange the code (it is good for 120 seconds, and once): ${detail}`),
    ),
  )
  // Kept before they are used: a refresh token that is lost cannot be got again.
  yield* vault.write(tokens)
  yield* vault.noteBegun(null)
  const client = yield* makeZendeskClient(connection, {}, vault)
  return yield* ticketingOf(connection, client).verify
})

/** Prints the consent page's address and waits here for the person to come back. */
export const connectHere = Effect.fnUntraced(function* (
  organization: OrganizationConfig,
  connection: Connection,
  port: number,
) {
  const vault = yield* tokenVault(organization.id)
  const consent = askConsent(yield* originOf(connection, vault), connection.auth, redirectUriOf(port))
  const answer = yield* listenForAnswer(port, (given) => {
    const read = readConsent(given, consent)
    // Somebody else's answer must not end the waiting for the right one.
    const isOurs = given.get("state") === consent.state
    const page =
      "code" in read ? "Thank you. Go back to the terminal; you can close this page." : read.refusal
    return { page, result: isOurs ? read : null }
  })
  yield* Console.error(
    `Open this address in a browser, signed in to Zendesk as the user that OpenCX shall act as:\n\n${consent.url}\n\nThe OAuth client in Zendesk must list the redirect URL ${consent.redirectUri}. Waiting for ${patience}.`,
  )
  const read = yield* Effect.timeoutOrElse(Deferred.await(answer), {
    duration: patience,
    orElse: () => Effect.fail(refused("Nobody came back from Zendesk.")),
  })
  if ("refusal" in read) return yield* refused(read.refusal)
  return yield* finish(connection, vault, consent, read.code)
}, Effect.scoped)

/** Prints the address for a browser on another machine, and keeps what is needed to go on. */
export const askByHand = Effect.fnUntraced(function* (
  organization: OrganizationConfig,
  connection: Connection,
  port: number,
) {
  const vault = yield* tokenVault(organization.id)
  const consent = askConsent(yield* originOf(connection, vault), connection.auth, redirectUriOf(port))
  const { redirectUri, scope, state, verifier } = consent
  const askedAt = yield* Clock.currentTimeMillis
  const text = yield* Effect.orDie(encodeKept({ redirectUri, scope, state, verifier, askedAt }))
  const store = yield* setupStore(organization.id)
  yield* store.put(consentName, Redacted.make(text))
  return consent.url
})

/** Goes on with the address that the browser was sent to. */
export const finishByHand = Effect.fnUntraced(function* (
  organization: OrganizationConfig,
  connection: Connection,
  redirected: string,
) {
  const store = yield* setupStore(organization.id)
  const kept = yield* store.get(consentName)
  if (kept === null) return yield* refused("No address was asked for with --by-hand.")
  const consent = yield* decodeKept(Redacted.value(kept)).pipe(
    Effect.mapError(() => refused("What was kept of the request cannot be read.")),
  )
  if ((yield* Clock.currentTimeMillis) - consent.askedAt > patienceMs)
    return yield* refused("The request is older than 10 minutes.")
  if (!URL.canParse(redirected))
    return yield* refused("--redirected needs the whole address from the browser's address bar.")
  const read = readConsent(new URL(redirected).searchParams, consent)
  if ("refusal" in read) return yield* refused(read.refusal)
  yield* store.remove(consentName)
  return yield* finish(connection, yield* tokenVault(organization.id), consent, read.code)
})
