/** Our cookies: scripts cannot read them, other sites cannot send them with changes, and nothing of use stands in them. */
import type { Duration } from "effect"
import { digestOf } from "./tokens.ts"

/** Of who logged in with the operator token. */
export const operatorCookie = "opencx_operator"

/** Of users: the token of their browser session. */
export const sessionCookie = "opencx_session"

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
