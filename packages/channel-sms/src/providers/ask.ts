/** One call of a provider's API: the text of a good answer, or what went wrong in terms that every provider shares. */
import { Effect } from "effect"
import { exchange, type ExchangeRequest } from "../http/exchange.ts"
import { failWith, problemOfFailure, type Refusal } from "./SendProblem.ts"

export interface Asking
  extends
    Pick<ExchangeRequest, "method" | "url" | "body" | "maxBytes" | "timeoutMs">,
    Pick<Refusal, "provider" | "table"> {
  readonly authorization: string
  /** Of the body. */
  readonly contentType: string
  /** What the provider says in an answer that is no success. */
  readonly said: (text: string) => Pick<Refusal, "code" | "message">
}

export const ask = Effect.fnUntraced(function* (asking: Asking) {
  const { authorization, body, contentType, maxBytes, method, provider, said, table, timeoutMs, url } = asking
  const sent = body === undefined ? {} : { body }
  const type = body === undefined ? {} : { "content-type": contentType }
  const headers = { authorization, accept: "application/json", ...type }
  const answer = yield* exchange({ method, url, headers, ...sent, maxBytes, timeoutMs }).pipe(
    Effect.mapError((error) => problemOfFailure(provider, error)),
  )
  const text = answer.body.toString("utf8")
  if (answer.status >= 200 && answer.status < 300) return text
  const { status } = answer
  return yield* failWith({
    provider,
    table,
    status,
    retryAfter: answer.headers["retry-after"],
    ...said(text),
  })
})
