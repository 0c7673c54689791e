/** Settings of one Zendesk account: where it is, who we are there, and how first comments look. */
import { Effect, Schema } from "effect"

/** Zendesk's two global scopes. Narrower ones exist, but which of them each endpoint wants is not documented. */
export const defaultScope = "read write"

const subdomainPattern = /^[a-z0-9][a-z0-9-]{0,62}$/

/** What to write instead of something that is no subdomain. */
export const subdomainAdvice = (value: string): string => {
  const guess = /^(?:https?:\/\/)?([a-z0-9][a-z0-9-]{0,62})\.zendesk\.com(?:[/:?#].*)?$/i.exec(
    value.trim(),
  )?.[1]
  return guess === undefined
    ? "Use the part before .zendesk.com alone, in lower case: `acme`, not `https://acme.zendesk.com`"
    : `Use \`${guess.toLowerCase()}\`, not \`${value}\``
}

/**
 * The `acme` of `acme.zendesk.com`. Anything else is refused before a URL is built from it, so that credentials can
 * never be sent to a host of someone else's choice.
 */
export const Subdomain = Schema.String.check(
  Schema.makeFilter((value) => subdomainPattern.test(value) || subdomainAdvice(value)),
)

const loopbackHosts = new Set(["localhost", "127.0.0.1", "[::1]"])

/** The URL of a loopback base, or null when `value` is anything but `http(s)://<loopback>[:port]`. */
const loopbackUrl = (value: string): URL | null => {
  if (!URL.canParse(value)) return null
  const url = new URL(value)
  const plain =
    url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "" && url.password === ""
  return plain && /^https?:$/.test(url.protocol) && loopbackHosts.has(url.hostname) ? url : null
}

/** Overrides the host for development. Only loopback hosts are accepted: `http://127.0.0.1:4010`. */
export const LoopbackUrl = Schema.String.check(
  Schema.makeFilter(
    (value) =>
      loopbackUrl(value) !== null ||
      "baseUrl is for development and takes only a loopback origin such as http://127.0.0.1:4010. Leave it out to use the subdomain",
  ),
)

/**
 * OAuth client credentials: `POST /oauth/tokens`. `expiresIn` in seconds, 300 to 172,800 (Zendesk's own bounds);
 * 1,800 when absent. `scope`: blank-separated; `read write` when absent. A misspelt scope is granted but gives 403.
 */
export const OAuthClientCredentials = Schema.Struct({
  type: Schema.Literal("oauth_client_credentials"),
  clientId: Schema.NonEmptyString,
  clientSecret: Schema.RedactedFromValue(Schema.NonEmptyString),
  scope: Schema.optionalKey(Schema.NonEmptyString),
  expiresIn: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 300, maximum: 172_800 }))),
})

/** Legacy. Zendesk: no new API tokens since 2026-10-27; every token stops working on 2027-04-30. */
export const ApiToken = Schema.Struct({
  type: Schema.Literal("api_token"),
  email: Schema.NonEmptyString,
  token: Schema.RedactedFromValue(Schema.NonEmptyString),
})

/**
 * An authorization that a person gave on Zendesk's consent page (`opencx connect zendesk`); its tokens are kept sealed, not
 * here. `clientSecret`: of a confidential client; a public one has none and is protected by PKCE. `expiresIn` in seconds,
 * 86,400 when absent.
 */
export const OAuthAuthorizationCode = Schema.Struct({
  type: Schema.Literal("oauth_authorization_code"),
  clientId: Schema.NonEmptyString,
  clientSecret: Schema.optionalKey(Schema.RedactedFromValue(Schema.NonEmptyString)),
  scope: Schema.optionalKey(Schema.NonEmptyString),
  expiresIn: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 300, maximum: 172_800 }))),
})

/** How we prove who we are. */
export const ZendeskAuth = Schema.Union([OAuthClientCredentials, OAuthAuthorizationCode, ApiToken])
export type ZendeskAuth = typeof ZendeskAuth.Type

/** A numeric Zendesk id, given as a number or as digits. */
const NumericId = Schema.Union([Schema.Int, Schema.String.check(Schema.isPattern(/^\d{1,16}$/))])

const address = { subdomain: Subdomain, baseUrl: Schema.optionalKey(LoopbackUrl) }

/** Calls per minute of the plan, as a ceiling; without it the limit is learnt from response headers. */
const ceiling = { requestsPerMinute: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThan(0))) }

/**
 * Everything needed to work in one Zendesk account.
 * - `defaultAssigneeId`: agent who gets new tickets; checked once, ignored with a warning when not an active agent.
 * - `firstComment`: `internal` (default) makes the handoff comment a private note, `public` shows it to the requester.
 * - `commentLimit`: bytes of HTML per comment before the text is attached as a file; default 60,000, because the
 *   limit of 64 KB is not documented.
 * - `webhookSigningSecret`: from `GET /api/v2/webhooks/{id}/signing_secret`; `previousWebhookSigningSecret` stays good while
 *   one is rotated.
 */
export const ZendeskConnection = Schema.Struct({
  ...address,
  ...ceiling,
  auth: ZendeskAuth,
  defaultAssigneeId: Schema.optionalKey(NumericId),
  brandId: Schema.optionalKey(NumericId),
  groupId: Schema.optionalKey(NumericId),
  firstComment: Schema.Literals(["internal", "public"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("internal" as const)),
    Schema.withConstructorDefault(Effect.succeed("internal" as const)),
  ),
  webhookSigningSecret: Schema.optionalKey(Schema.RedactedFromValue(Schema.NonEmptyString)),
  previousWebhookSigningSecret: Schema.optionalKey(Schema.RedactedFromValue(Schema.NonEmptyString)),
  commentLimit: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 2_000, maximum: 65_000 }))),
})
export type ZendeskConnection = typeof ZendeskConnection.Type

/** A public help center, read without credentials. */
export const PublicHelpCenter = Schema.Struct({
  ...address,
  ...ceiling,
  auth: Schema.Struct({ type: Schema.Literal("none") }),
})
export type PublicHelpCenter = typeof PublicHelpCenter.Type

/** What the HTTP client needs to know of an account. */
export interface AccountAccess {
  readonly subdomain: string
  readonly baseUrl?: string
  readonly requestsPerMinute?: number
  readonly auth: ZendeskAuth | { readonly type: "none" }
}

/** The account's origin, without a slash at the end. Checks again, so that no caller can go around the Schema. */
export const originOf = (account: AccountAccess): string => {
  if (account.baseUrl !== undefined) {
    const url = loopbackUrl(account.baseUrl)
    if (url === null) throw new TypeError("baseUrl must be a loopback origin")
    return url.origin
  }
  if (!subdomainPattern.test(account.subdomain)) throw new TypeError(subdomainAdvice(account.subdomain))
  return `https://${account.subdomain}.zendesk.com`
}

/** Whether this can be a subdomain at all. */
export const isSubdomain = (value: string): boolean => subdomainPattern.test(value)

/** True for the hosts that development servers run on. */
export const isLoopbackHost = (hostname: string): boolean => loopbackHosts.has(hostname)
