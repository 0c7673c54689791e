/** Settings of one organization's Sunshine Conversations app. */
import { Effect, Redacted, Schema } from "effect"
import { LoopbackUrl, originOf, Subdomain } from "../client/Connection.ts"

/** Zendesk: keys of the scope `app` begin so; keys of one integration do not. */
const appKeyPrefix = "app_"

const appKeyAdvice =
  "The Key ID must start with app_. Make an App key, not an Integration key: Integration keys belong to a single integration and cannot reach the switchboard. In Admin Center open Apps and integrations > APIs > Conversations API, create a key there (not inside an integration), and copy its Key ID, Secret and App ID"

/** What to do about a key id that cannot work; null when it may. */
export const keyProblem = (keyId: string): string | null =>
  keyId.startsWith(appKeyPrefix) && keyId.length > appKeyPrefix.length && !keyId.includes(":")
    ? null
    : appKeyAdvice

const AppKeyId = Schema.String.check(Schema.makeFilter((value) => keyProblem(value) ?? true))

/** Names of switchboard integrations. Zendesk: letters, digits, `-` and `_`, at most 128. */
const IntegrationName = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_-]{1,128}$/))

const named = (name: string) =>
  IntegrationName.pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(name)),
    Schema.withConstructorDefault(Effect.succeed(name)),
  )

const secret = Schema.RedactedFromValue(Schema.NonEmptyString)

/**
 * Everything needed to work in one Sunshine app.
 * - `subdomain`: only when it is not the Support connection's.
 * - `appId`, `keyId`, `secret`: of an App key from Admin Center > Apps and integrations > APIs > Conversations API.
 * - `integrationName`: our Conversations integration, spelt exactly as in Zendesk; routing goes by it. `opencx` if absent.
 * - `agentWorkspaceName`: the switchboard integration of the humans, made by Zendesk. `zd-agentWorkspace` if absent.
 * - `webhookSecret`: what Zendesk sends as `X-API-Key`; `previousWebhookSecret` stays good while one is rotated.
 * - `attachmentAccess`: Zendesk documents `public` only, which is the default.
 * - `maxUploadBytes`: largest file that is uploaded; Zendesk's limit of 50 MB if absent.
 */
export const SunshineConnection = Schema.Struct({
  subdomain: Schema.optionalKey(Subdomain),
  baseUrl: Schema.optionalKey(LoopbackUrl),
  appId: Schema.String.check(Schema.isPattern(/^[A-Za-z0-9]{1,64}$/)),
  keyId: AppKeyId,
  secret,
  integrationName: named("opencx"),
  agentWorkspaceName: named("zd-agentWorkspace"),
  webhookSecret: Schema.optionalKey(secret),
  previousWebhookSecret: Schema.optionalKey(secret),
  attachmentAccess: Schema.Literals(["public", "private"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("public" as const)),
    Schema.withConstructorDefault(Effect.succeed("public" as const)),
  ),
  maxUploadBytes: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 50_000_000 }))),
})
export type SunshineConnection = typeof SunshineConnection.Type

/** Where the organization's Zendesk is, as its Support connection says. */
export interface SupportAddress {
  readonly subdomain: string
  readonly baseUrl?: string
}

/** What the HTTP client needs to know of an app. */
export interface SunshineAccess {
  /** `https://acme.zendesk.com` */
  readonly origin: string
  readonly appId: string
  readonly keyId: string
  readonly secret: Redacted.Redacted<string>
}

/**
 * The app's address and key. The address is the connection's own, else that of the Support connection; null when neither
 * names one. Dies on an address that the Schemas would have refused.
 */
export const sunshineAccess = (
  connection: SunshineConnection,
  support: SupportAddress | null,
): SunshineAccess | null => {
  const subdomain = connection.subdomain ?? support?.subdomain
  if (subdomain === undefined) return null
  const own = connection.subdomain === undefined ? support?.baseUrl : undefined
  const baseUrl = connection.baseUrl ?? own
  return {
    origin: originOf({ subdomain, ...(baseUrl === undefined ? {} : { baseUrl }), auth: { type: "none" } }),
    appId: connection.appId,
    keyId: connection.keyId,
    secret: connection.secret,
  }
}
