/** Logging in by an OpenID Connect provider: authorization code with PKCE (RFC 7636), state and nonce. */
import { foldAddress } from "@opencx/core"
import { MasterKey, Tickets, Users } from "@opencx/storage"
import { Clock, Context, Effect, Layer, Option, Redacted, Schema } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { createHash } from "node:crypto"
import { Email, type SingleSignOnConfig } from "../../config/signIn.ts"
import { Settings } from "../../layers/Settings.ts"
import { openSession } from "../logIn.ts"
import { isSame, newToken } from "../tokens.ts"
import { type Claims, verifyIdToken } from "./idToken.ts"
import { askJson } from "./askJson.ts"
import { makeProvider, type Metadata, type Provider } from "./provider.ts"
import { SignOnFailed } from "./SignOnFailed.ts"

/** What we must know again when the browser comes back; sealed, it travels in a cookie of that browser. */
const Attempt = Schema.fromJsonString(
  Schema.Struct({
    state: Schema.String,
    nonce: Schema.String,
    verifier: Schema.String,
    next: Schema.String,
    until: Schema.Number,
  }),
)
type Attempt = typeof Attempt.Type
const attemptText = Schema.encodeSync(Attempt)
const decodeAttempt = Schema.decodeUnknownEffect(Attempt)

/** Minutes for the login at the provider. */
export const attemptMinutes = 10

const label = { scope: "installation", name: "single-sign-on-attempt" }

const callback = (publicUrl: string): string => `${publicUrl}/login/oidc/callback`

const Tokens = Schema.Struct({ id_token: Schema.String, access_token: Schema.optionalKey(Schema.String) })
const UserInfo = Schema.Struct({
  sub: Schema.String,
  email: Schema.optionalKey(Schema.String),
  email_verified: Schema.optionalKey(Schema.Union([Schema.Boolean, Schema.Literals(["true", "false"])])),
  name: Schema.optionalKey(Schema.String),
})

export interface Returned {
  readonly code: string | null
  readonly state: string | null
  /** Who says so (RFC 9207); not every provider does. */
  readonly iss: string | null
  readonly error: string | null
  /** The cookie that `begin` gave. */
  readonly attempt: string | undefined
}

/** Null as a whole when no provider is configured. */
export class SignOn extends Context.Service<
  SignOn,
  {
    /** On the button. */
    readonly name: string
    /** Where to send the browser, and the cookie that it must bring back. `next`: where it wants to go afterwards. */
    begin(next: string): Effect.Effect<{ readonly url: string; readonly attempt: string }, SignOnFailed>
    /** The token of a new browser session of the user who has logged in there. */
    finish(
      returned: Returned,
    ): Effect.Effect<{ readonly session: string; readonly next: string }, SignOnFailed>
  } | null
>()("@opencx/runtime/access/oidc/signOn") {}

const authorizationUrl = (
  metadata: Metadata,
  config: SingleSignOnConfig,
  publicUrl: string,
  attempt: Attempt,
): string => {
  const url = new URL(metadata.authorization_endpoint)
  const challenge = createHash("sha256").update(attempt.verifier).digest("base64url")
  for (const [name, value] of Object.entries({
    response_type: "code",
    client_id: config.clientId,
    redirect_uri: callback(publicUrl),
    scope: config.scope,
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: challenge,
    code_challenge_method: "S256",
  }))
    url.searchParams.set(name, value)
  return url.href
}

/** By HTTP Basic unless the provider takes the secret in the body only; a public client sends its id alone. */
const tokenRequest = (
  { token_endpoint, token_endpoint_auth_methods_supported: methods }: Metadata,
  { clientId, clientSecret }: SingleSignOnConfig,
  form: Readonly<Record<string, string>>,
) => {
  const request = HttpClientRequest.post(token_endpoint)
  if (clientSecret === undefined)
    return HttpClientRequest.bodyUrlParams(request, { ...form, client_id: clientId })
  const secret = Redacted.value(clientSecret)
  if (
    methods !== undefined &&
    !methods.includes("client_secret_basic") &&
    methods.includes("client_secret_post")
  )
    return HttpClientRequest.bodyUrlParams(request, { ...form, client_id: clientId, client_secret: secret })
  // Both parts are form-encoded first (RFC 6749, 2.3.1).
  const basic = HttpClientRequest.basicAuth(request, encodeURIComponent(clientId), encodeURIComponent(secret))
  return HttpClientRequest.bodyUrlParams(basic, form)
}

const failed = (detail: string) => new SignOnFailed({ detail })

const isTrue = (value: boolean | "true" | "false" | undefined): boolean => value === true || value === "true"

/** The address is in the token, or else with the provider's user info. */
const withEmail = Effect.fnUntraced(function* (
  { userinfo_endpoint }: Metadata,
  claims: Claims,
  accessToken: string | undefined,
) {
  if (claims.email !== undefined || userinfo_endpoint === undefined || accessToken === undefined)
    return claims
  const request = HttpClientRequest.bearerToken(HttpClientRequest.get(userinfo_endpoint), accessToken)
  const info = yield* askJson(request, UserInfo, "The provider's user info cannot be read")
  // Another person's info, slipped in for ours (Core 1.0, 5.3.2).
  if (info.sub !== claims.sub) return yield* failed("The provider's user info is about somebody else")
  // Whether it is verified is said by who says the address, and by nobody else.
  return { ...claims, email_verified: info.email_verified ?? false, ...info }
})

/** The user that this person is, or becomes. */
const userOf = Effect.fnUntraced(function* (config: SingleSignOnConfig, claims: Claims) {
  const users = yield* Users
  const known = yield* users.byIdentity(config.issuer, claims.sub)
  if (known !== null) return known
  const email = claims.email === undefined ? undefined : foldAddress(claims.email)
  if (email === undefined)
    return yield* failed("The provider tells no email address; ask for the scope `email`")
  if (!isTrue(claims.email_verified) && !config.trustEmails)
    return yield* failed(`The provider does not say that ${email} is verified`)
  if (Option.isNone(addressIn(email)))
    return yield* failed(`The provider tells an address that can be none: ${email.slice(0, 200)}`)
  const domain = email.slice(email.lastIndexOf("@") + 1)
  if (config.emailDomains.length > 0 && !config.emailDomains.some((one) => one.toLowerCase() === domain))
    return yield* failed(`Addresses of ${domain} are not let in here`)
  const invited = yield* users.byEmail(email)
  // Addresses are given to others when people leave; the account is not.
  if (invited !== null && (yield* users.isLinked(config.issuer, invited.id)))
    return yield* failed(
      `${email} belongs to another person there. If it is the same one, an administrator switches the user off and on again`,
    )
  if (invited?.disabled === true) return invited
  const user = invited ?? (yield* newUser(config, email, claims.name ?? email))
  yield* users.link(config.issuer, claims.sub, user.id)
  return user
})

const addressIn = Schema.decodeOption(Email)

const newUser = Effect.fnUntraced(function* (config: SingleSignOnConfig, email: string, name: string) {
  if (config.newUsers === undefined)
    return yield* failed(`${email} has no user here yet: ask an administrator for an invitation`)
  const { organization, role } = config.newUsers
  const audit = {
    orgId: organization,
    actor: "single-sign-on",
    actorName: config.issuer,
    action: "user.create",
    target: email,
    changes: [{ path: "role", to: role }],
  }
  const input = { email, name, password: null, memberships: [{ orgId: organization, role }] }
  return yield* (yield* Users).create(input, audit)
})

const makeBegin = (config: SingleSignOnConfig, provider: Provider, publicUrl: string) =>
  Effect.fn("SignOn.begin")(function* (next: string) {
    const key = yield* MasterKey
    const until = (yield* Clock.currentTimeMillis) + attemptMinutes * 60_000
    const attempt = { state: newToken(), nonce: newToken(), verifier: newToken(), next, until }
    const url = authorizationUrl(yield* provider.metadata, config, publicUrl, attempt)
    return { url, attempt: key.seal(label, attemptText(attempt)) }
  })

const makeFinish = (config: SingleSignOnConfig, provider: Provider, publicUrl: string) =>
  Effect.fn("SignOn.finish")(
    function* ({ attempt: sealed = "", code, error, iss, state }: Returned) {
      const attempt = yield* Effect.flatMap((yield* MasterKey).open(label, sealed), decodeAttempt).pipe(
        Effect.mapError(() => failed("This login was not begun in this browser")),
      )
      if (attempt.until < (yield* Clock.currentTimeMillis)) return yield* failed("This login took too long")
      if (state === null || !isSame(state, attempt.state))
        return yield* failed("This answer belongs to another login")
      if (iss !== null && iss !== config.issuer)
        return yield* failed("This answer comes from another provider")
      if (code === null) return yield* failed(`The provider says: ${(error ?? "nothing").slice(0, 200)}`)
      const metadata = yield* provider.metadata
      const form = {
        grant_type: "authorization_code",
        code,
        redirect_uri: callback(publicUrl),
        code_verifier: attempt.verifier,
      }
      const tokens = yield* askJson(
        tokenRequest(metadata, config, form),
        Tokens,
        "The provider did not take the code",
      )
      const { clientId, issuer } = config
      const claims = yield* verifyIdToken(provider, tokens.id_token, {
        issuer,
        clientId,
        nonce: attempt.nonce,
      })
      const user = yield* userOf(config, yield* withEmail(metadata, claims, tokens.access_token))
      if (user.disabled) return yield* failed(`The user ${user.email} is switched off`)
      return { session: yield* openSession(user.id), next: attempt.next }
    },
    Effect.catchTags({
      StoreError: () => Effect.fail(failed("The database does not answer; please try again")),
      EmailTaken: () => Effect.fail(failed("Somebody else was quicker; please try again")),
    }),
  )

export const layer = Layer.effect(
  SignOn,
  Effect.gen(function* () {
    const { config, publicUrl } = yield* Settings
    if (config.singleSignOn === undefined) return SignOn.of(null)
    const provider = yield* makeProvider(config.singleSignOn)
    const context = yield* Effect.context<MasterKey | Users | Tickets | HttpClient.HttpClient>()
    const begin = makeBegin(config.singleSignOn, provider, publicUrl)
    const finish = makeFinish(config.singleSignOn, provider, publicUrl)
    return SignOn.of({
      name: config.singleSignOn.name,
      begin: (next) => Effect.provide(begin(next), context),
      finish: (returned) => Effect.provide(finish(returned), context),
    })
  }),
)
