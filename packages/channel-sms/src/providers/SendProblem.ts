/** What became of a call to a provider's API, in terms that every provider shares. */
import { Data, Effect } from "effect"
import type { ExchangeFailed } from "../http/exchange.ts"

/**
 * `Later`: not taken, try again. `Refused`: it will never be taken; `explanation` is for the rep and the operator.
 * `Doubtful`: it may have been taken.
 */
export class SendProblem extends Data.TaggedError("SendProblem")<{
  readonly problem:
    | { readonly _tag: "Later"; readonly afterMs: number | null; readonly detail: string }
    | { readonly _tag: "Refused"; readonly code: string; readonly explanation: string }
    | { readonly _tag: "Doubtful"; readonly detail: string }
}> {}

/** A provider's code: what it means, and whether trying again later can help. */
export interface KnownError {
  readonly words: string
  readonly retryAfterMs?: number
}
export type ErrorTable = Readonly<Record<string, KnownError>>

/** What a provider said about a failed call. */
export interface Refusal {
  readonly provider: string
  readonly status: number
  readonly code: string | null
  readonly message: string | null
  readonly retryAfter: string | undefined
  readonly table: ErrorTable
}

export const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim().slice(0, 200)

/** Plain words for a failed message. Unknown codes get the safe default: failed, shown, not tried again. */
export const explain = (
  provider: string,
  table: ErrorTable,
  code: string | null,
  message: string | null,
): string => {
  const known = code === null ? undefined : table[code]
  const tail = `(${provider}${code === null ? "" : ` code ${code}`})`
  if (known !== undefined) return `${known.words} ${tail}`
  const said = message === null || message.trim() === "" ? "" : ` It says: "${oneLine(message)}".`
  return `The SMS provider could not deliver the message and gave a reason that is not known here.${said} ${tail}`
}

/** `Retry-After` in milliseconds; only seconds are read, at most an hour. */
const retryAfterMs = (header: string | undefined): number | null =>
  header !== undefined && /^\d{1,6}$/.test(header.trim()) ? Math.min(Number(header) * 1000, 3_600_000) : null

const later = (afterMs: number | null, detail: string) =>
  new SendProblem({ problem: { _tag: "Later", afterMs, detail } })

export const refused = (code: string, explanation: string) =>
  new SendProblem({ problem: { _tag: "Refused", code, explanation } })

export const doubtful = (detail: string) => new SendProblem({ problem: { _tag: "Doubtful", detail } })

/** Sorts an answer that is no success. */
export const problemOf = (refusal: Refusal): SendProblem => {
  const { code, message, provider, status, table } = refusal
  const known = code === null ? undefined : table[code]
  const detail = `${provider} answered ${status}${code === null ? "" : ` with code ${code}`}${message === null ? "" : `: ${oneLine(message)}`}`
  if (status === 429 || status === 503 || known?.retryAfterMs !== undefined)
    return later(retryAfterMs(refusal.retryAfter) ?? known?.retryAfterMs ?? null, detail)
  if (known !== undefined) return refused(code ?? String(status), explain(provider, table, code, message))
  if (status === 401 || status === 403)
    return refused(
      code ?? String(status),
      `${provider} does not accept this account's credentials, so no text message can be sent. An administrator must correct the SMS account's settings. (${provider}${code === null ? ` status ${status}` : ` code ${code}`})`,
    )
  if (status >= 500 || status === 408) return doubtful(detail)
  return refused(code ?? String(status), explain(provider, table, code, message ?? `status ${status}`))
}

/** Sorts a call without an answer. */
export const problemOfFailure = (provider: string, error: ExchangeFailed): SendProblem =>
  error.sent
    ? doubtful(`no answer from ${provider} after the message had been handed over: ${oneLine(error.detail)}`)
    : later(null, `${provider} cannot be reached: ${oneLine(error.detail)}`)

/** Fails for answers outside 2xx. */
export const failWith = (refusal: Refusal): Effect.Effect<never, SendProblem> =>
  Effect.fail(problemOf(refusal))
