/** How people log in. */
import { OrgId } from "@opencx/core"
import { Effect, Schema } from "effect"
import { Password } from "../access/passwords.ts"
import { Role } from "../access/roles.ts"

/** One address; people's own, so no more is asked of it than that it can be one. */
export const Email = Schema.String.check(
  Schema.isPattern(/^[^\s@]+@[^\s@]+$/, { message: "Expected an email address" }),
  Schema.isMaxLength(254),
)

export const FirstAdmin = Schema.Struct({ email: Email, password: Password })

/** Over the network only with TLS; plain HTTP on this machine, for trying it out. */
const Issuer = Schema.String.check(
  Schema.makeFilter(
    (value) =>
      (URL.canParse(value) &&
        (/^https:\/\/[^\s?#@]+$/i.test(value) ||
          /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?(?:\/[^\s?#@]*)?$/i.test(value))) ||
      "Use the issuer's https address, as it stands in its discovery document",
  ),
)

/** An OpenID Connect provider: authorization code with PKCE. Redirect URI there: `<publicUrl>/login/oidc/callback`. */
export const SingleSignOnConfig = Schema.Struct({
  issuer: Issuer,
  clientId: Schema.NonEmptyString,
  /** Absent for public clients. */
  clientSecret: Schema.optionalKey(Schema.RedactedFromValue(Schema.NonEmptyString)),
  scope: Schema.NonEmptyString.pipe(Schema.withDecodingDefault(Effect.succeed("openid email profile"))),
  /** On the button. */
  name: Schema.NonEmptyString.pipe(Schema.withDecodingDefault(Effect.succeed("single sign-on"))),
  /** Only addresses of these domains; all when empty. */
  emailDomains: Schema.Array(Schema.NonEmptyString).pipe(Schema.withDecodingDefault(Effect.succeed([]))),
  /** Believe addresses of which the provider does not say `email_verified`. Only where people cannot set them themselves. */
  trustEmails: Schema.Boolean.pipe(Schema.withDecodingDefault(Effect.succeed(false))),
  /** What people get who have no user yet; without it they must be invited first. */
  newUsers: Schema.optionalKey(
    Schema.Struct({ organization: Schema.Union([OrgId, Schema.Literal("*")]), role: Role }),
  ),
})
export type SingleSignOnConfig = typeof SingleSignOnConfig.Type
