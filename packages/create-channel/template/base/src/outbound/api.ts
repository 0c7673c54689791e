/** The calls to the provider's API, and what its answers mean. */
import type { Account } from "@opencx/core"
import { Clock, Data, Effect, Option, Redacted, Schema } from "effect"
import { type Answer, call, NoAnswer, textOf } from "../http.ts"
import type { Settings } from "../settings.ts"
import { Found, Problem, Sent } from "../wire.ts"
import { explainFailure } from "./explain.ts"

/** Not taken, and that is certain. Null `afterMs`: the provider named no time. */
export class NotTaken extends Data.TaggedError("NotTaken")<{
  readonly afterMs: number | null
  readonly detail: string
}> {}
/** Nobody knows whether it was taken. */
export class Doubtful extends Data.TaggedError("Doubtful")<{ readonly detail: string }> {}
/** Refused for good. */
export class Refused extends Data.TaggedError("Refused")<{
  readonly code: string
  readonly explanation: string
}> {}
/** Refused until the customer writes again. */
export class WindowClosed extends Data.TaggedError("WindowClosed")<{}> {}

export interface NewMessage {
  readonly conversation: string
  readonly text: string
  readonly reference: string
  readonly media: ReadonlyArray<{
    readonly url: string
    readonly filename: string
    readonly content_type: string
  }>
}

const readSent = Schema.decodeUnknownOption(Sent)
const readFound = Schema.decodeUnknownOption(Found)
const readProblem = Schema.decodeUnknownOption(Problem)

const request = (account: Account<Settings>, method: "GET" | "POST", path: string, body?: unknown) =>
  call({
    method,
    url: account.settings.apiBaseUrl + path,
    headers: {
      authorization: `Bearer ${Redacted.value(account.settings.apiKey)}`,
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    maxBytes: 1_000_000,
    timeoutMs: account.settings.timeoutMs,
  })

/** `Retry-After`: seconds, or a date. */
const retryAfter = Effect.fnUntraced(function* (answer: Answer) {
  const text = answer.headers.get("retry-after") ?? ""
  if (/^\d{1,6}$/.test(text)) return Number(text) * 1000
  const date = Date.parse(text)
  return Number.isNaN(date) ? null : Math.max(0, date - (yield* Clock.currentTimeMillis))
})

const refusal = Effect.fnUntraced(function* (answer: Answer) {
  const { status } = answer
  if (status === 429 || status === 503)
    return yield* new NotTaken({
      afterMs: yield* retryAfter(answer),
      detail: `the provider answered ${status}`,
    })
  // The provider may have done it before something behind it broke.
  if (status >= 500 || status === 408)
    return yield* new Doubtful({ detail: `the provider answered ${status}` })
  const problem = Option.getOrNull(readProblem(textOf(answer)))
  const code = status === 401 || status === 403 ? "unauthorized" : (problem?.error.code ?? null)
  if (code === "window_closed") return yield* new WindowClosed()
  return yield* new Refused({ code: code ?? String(status), explanation: explainFailure(code) })
})

/** Sends one message; its id, or null when the provider took it without naming one. */
export const postMessage = Effect.fnUntraced(function* (account: Account<Settings>, message: NewMessage) {
  const answer = yield* request(account, "POST", "/messages", {
    conversation_id: message.conversation,
    text: message.text,
    client_reference: message.reference,
    media: message.media,
  }).pipe(
    Effect.mapError(({ detail, sent }) =>
      sent ? new Doubtful({ detail }) : new NotTaken({ afterMs: null, detail }),
    ),
  )
  if (answer.status < 200 || answer.status > 299) return yield* refusal(answer)
  return Option.match(readSent(textOf(answer)), { onNone: () => null, onSome: ({ id }) => id })
})

/** Looks for a message by our reference: its id, or null when the provider has none. `NoAnswer`: it cannot be said. */
export const findMessage = Effect.fnUntraced(function* (account: Account<Settings>, reference: string) {
  const answer = yield* request(account, "GET", `/messages?client_reference=${encodeURIComponent(reference)}`)
  const found = answer.status === 200 ? Option.getOrNull(readFound(textOf(answer))) : null
  if (found === null)
    return yield* new NoAnswer({ detail: `the list of messages answered ${answer.status}`, sent: true })
  return found.messages[0]?.id ?? null
})

/** Best effort: whoever calls it ignores failures. */
export const postTyping = (account: Account<Settings>, conversation: string) =>
  request(account, "POST", `/conversations/${encodeURIComponent(conversation)}/typing`, {})
