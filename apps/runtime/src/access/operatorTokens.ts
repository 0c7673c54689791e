/** The operator token, and the one before it until its end: whoever holds either is the operator. */
import { Clock, Effect } from "effect"
import type { RuntimeConfig } from "../config/RuntimeConfig.ts"
import { cookieOfOperator } from "./cookies.ts"
import { isSame } from "./tokens.ts"

type Configured = Pick<RuntimeConfig, "operatorToken" | "previousOperatorToken">

/** Those that are good at this moment (epoch milliseconds), the present one first. */
export const goodTokens = ({ operatorToken, previousOperatorToken }: Configured, now: number) => [
  ...(operatorToken === undefined ? [] : [operatorToken]),
  ...(previousOperatorToken === undefined || now >= Date.parse(previousOperatorToken.until)
    ? []
    : [previousOperatorToken.token]),
]

/** Compares with every one, so that the time does not tell which it was. */
const isAmong = (shown: string, expected: ReadonlyArray<string>): boolean =>
  expected.map((one) => isSame(shown, one)).includes(true)

/** Whether this is the operator's token now. */
export const isOperatorToken = Effect.fnUntraced(function* (shown: string, config: Configured) {
  return isAmong(shown, goodTokens(config, yield* Clock.currentTimeMillis))
})

/** Whether this is the cookie of a login with a token that is good now. */
export const isOperatorCookie = Effect.fnUntraced(function* (shown: string, config: Configured) {
  return isAmong(shown, goodTokens(config, yield* Clock.currentTimeMillis).map(cookieOfOperator))
})
