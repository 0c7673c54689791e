/** Asking a person for an authorization: the consent page's address, with PKCE, and what must come back. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto"
import { defaultScope, type OAuthAuthorizationCode } from "../client/Connection.ts"

export interface Consent {
  /** To be opened by the person, signed in to Zendesk as the user that OpenCX shall act as. */
  readonly url: string
  readonly redirectUri: string
  readonly scope: string
  /** Comes back with the answer; anything else was not asked for by us. */
  readonly state: string
  /** Proves at the exchange that it was us who asked; kept secret until then. */
  readonly verifier: string
}

const random = (): string => randomBytes(32).toString("base64url")

/** Makes a request for consent. `redirectUri` must be registered with the OAuth client in Zendesk. */
export const askConsent = (
  origin: string,
  auth: typeof OAuthAuthorizationCode.Type,
  redirectUri: string,
): Consent => {
  const [state, verifier] = [random(), random()]
  const scope = auth.scope ?? defaultScope
  const url = new URL("/oauth/authorizations/new", origin)
  const challenge = createHash("sha256").update(verifier).digest("base64url")
  const parameters = {
    response_type: "code",
    client_id: auth.clientId,
    redirect_uri: redirectUri,
    scope,
    state,
    code_challenge: challenge,
    code_challenge_method: "S256",
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return { url: url.href, redirectUri, scope, state, verifier }
}

const same = (one: string, other: string): boolean => {
  const [left, right] = [Buffer.from(one), Buffer.from(other)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** What the person was sent back with: the code, or why there is none. */
export const readConsent = (
  answer: URLSearchParams,
  { state }: Pick<Consent, "state">,
): { readonly code: string } | { readonly refusal: string } => {
  if (!same(answer.get("state") ?? "", state))
    return { refusal: "This answer belongs to another request (the state differs). Begin again." }
  const error = answer.get("error")
  if (error !== null)
    return {
      refusal:
        error === "access_denied"
          ? "The authorization was denied in Zendesk. Nothing was changed."
          : `Zendesk refused: ${(answer.get("error_description") ?? error).slice(0, 300)}`,
    }
  const code = answer.get("code") ?? ""
  return code === "" ? { refusal: "The answer holds no code. Begin again." } : { code }
}
