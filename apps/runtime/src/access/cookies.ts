/** Our cookies: scripts cannot read them, other sites cannot send them with changes, and nothing of use stands in them. */
import type { Duration } from "effect"
import { digestOf } from "./tokens.ts"

/**
 * Names of the cookies. Under https browsers take a name with this prefix from our own host alone (RFC 6265bis, 4.1.3.2): a
 * neighbour under the same domain cannot log a browser in as somebody of its choice.
 */
export const cookieNames = (publicUrl: string) => {
  const prefix = publicUrl.startsWith("https:") ? "__Host-" : ""
  return {
    /** Of who logged in with the operator token. */
    operator: `${prefix}opencx_operator`,
    /** Of users: the token of their browser session. */
    session: `${prefix}opencx_session`,
    /** Of a single sign-on that is under way. */
    attempt: `${prefix}opencx_sign_on`,
  }
}

/** The cookie holds a digest, so that the token itself does not lie in browsers. */
export const cookieOfOperator = (token: string): string => digestOf(`cookie:${token}`)

export const cookieFlags = (publicUrl: string, maxAge: Duration.Input) =>
  ({
    httpOnly: true,
    sameSite: "lax",
    secure: publicUrl.startsWith("https:"),
    path: "/",
    maxAge,
  }) as const
