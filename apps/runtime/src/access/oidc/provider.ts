/** What an OpenID Connect provider tells of itself, and the keys that it signs with. OpenID Connect Discovery 1.0. */
import { Clock, Effect, Schema } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import type { SingleSignOnConfig } from "../../config/signIn.ts"
import { askJson } from "./askJson.ts"
import { SignOnFailed } from "./SignOnFailed.ts"

export const Metadata = Schema.Struct({
  issuer: Schema.String,
  authorization_endpoint: Schema.String,
  token_endpoint: Schema.String,
  jwks_uri: Schema.String,
  userinfo_endpoint: Schema.optionalKey(Schema.String),
  token_endpoint_auth_methods_supported: Schema.optionalKey(Schema.Array(Schema.String)),
})
export type Metadata = typeof Metadata.Type

/** Keys as jose wants them; what is in each is its affair. */
const KeySet = Schema.Struct({
  keys: Schema.Array(
    Schema.StructWithRest(Schema.Struct({ kty: Schema.String }), [
      Schema.Record(Schema.String, Schema.Unknown),
    ]),
  ),
})
export type KeySet = typeof KeySet.Type

const hourMs = 3_600_000

export interface Provider {
  readonly metadata: Effect.Effect<Metadata, SignOnFailed>
  /** The keys that we know; `fresh`: asked for anew. Tokens come from the provider itself, so nobody else can make us ask. */
  keys(fresh: boolean): Effect.Effect<KeySet, SignOnFailed>
}

/** Where its people, our code and our secret go: nowhere without TLS, except on this machine as the issuer itself. */
const isSafe = (endpoint: string, issuer: string): boolean => {
  if (!URL.canParse(endpoint)) return false
  const { hostname, protocol } = new URL(endpoint)
  return protocol === "https:" || (protocol === "http:" && hostname === new URL(issuer).hostname)
}

const endpointsOf = (metadata: Metadata): ReadonlyArray<string> =>
  [
    metadata.authorization_endpoint,
    metadata.token_endpoint,
    metadata.jwks_uri,
    metadata.userinfo_endpoint,
  ].filter((endpoint) => endpoint !== undefined)

const discover = Effect.fnUntraced(function* ({ issuer }: SingleSignOnConfig) {
  const url = `${issuer.replace(/\/+$/, "")}/.well-known/openid-configuration`
  const metadata = yield* askJson(
    HttpClientRequest.get(url),
    Metadata,
    "The sign-on provider cannot be reached",
  )
  // Whoever answers must be who was configured (Discovery 1.0, 4.3).
  if (metadata.issuer !== issuer)
    return yield* new SignOnFailed({
      detail: `The provider at ${issuer} calls itself ${metadata.issuer}: put that into the configuration, exactly`,
    })
  const unsafe = endpointsOf(metadata).find((endpoint) => !isSafe(endpoint, issuer))
  if (unsafe !== undefined)
    return yield* new SignOnFailed({
      detail: `The provider at ${issuer} names an address without TLS: ${unsafe.slice(0, 200)}`,
    })
  return metadata
})

export const makeProvider = Effect.fnUntraced(function* (config: SingleSignOnConfig) {
  const client = yield* HttpClient.HttpClient
  const provided = Effect.provideService(HttpClient.HttpClient, client)
  const kept: { metadata?: readonly [Metadata, number]; keys?: readonly [KeySet, number] } = {}

  const metadata = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    if (kept.metadata !== undefined && now - kept.metadata[1] < hourMs) return kept.metadata[0]
    const found = yield* discover(config)
    kept.metadata = [found, now]
    return found
  }).pipe(provided)

  const keys = (fresh: boolean) =>
    Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      if (!fresh && kept.keys !== undefined && now - kept.keys[1] < hourMs) return kept.keys[0]
      const { jwks_uri } = yield* metadata
      const found = yield* askJson(
        HttpClientRequest.get(jwks_uri),
        KeySet,
        "The provider's keys cannot be read",
      )
      kept.keys = [found, now]
      return found
    }).pipe(provided)

  return { metadata, keys } satisfies Provider
})
