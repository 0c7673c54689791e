/** What the clients of Support and of Sunshine both make of an answer, or of none. */
import { Effect, Exit, Schema } from "effect"
import type { Outcome } from "./Breaker.ts"
import { type ErrorBody, readErrorBody } from "./ErrorBody.ts"
import { CallFailure, isOutage, isWrite } from "./Failure.ts"
import { retryAfterMs } from "./Headers.ts"
import type { WireResponse } from "./Transport.ts"

interface Called {
  readonly method: string
  readonly path: string
}

/** A failure of this call; what `more` does not say is unknown or no. */
export const failureOf = (
  { method, path }: Called,
  kind: CallFailure["kind"],
  detail: string,
  more: Partial<Pick<CallFailure, "status" | "neverSent" | "retryAfterMs" | "body">> = {},
): CallFailure =>
  new CallFailure({
    kind,
    method,
    path,
    status: more.status ?? null,
    neverSent: more.neverSent ?? false,
    retryAfterMs: more.retryAfterMs ?? null,
    body: more.body ?? null,
    detail,
  })

/** An answer other than 2xx. `sentence`: the part of the body that says why. */
export const statusFailure = (
  call: Called,
  { bytes, headers, status }: WireResponse,
  now: number,
  sentence: (body: ErrorBody) => string,
): CallFailure => {
  const body = readErrorBody(new TextDecoder().decode(bytes))
  const redirect = status >= 300 && status < 400
  const detail = redirect ? `redirected with ${status}, not followed` : sentence(body)
  const more = { status, body, retryAfterMs: retryAfterMs(headers, now) }
  return failureOf(call, redirect ? "redirect" : "status", detail, more)
}

/** What an attempt says of the other side's health. */
export const outcomeOf = <A>(exit: Exit.Exit<A, CallFailure>): Outcome => {
  if (Exit.isSuccess(exit)) return "answered"
  const failed = exit.cause.reasons.find((reason) => reason._tag === "Fail")
  if (failed === undefined || failed._tag !== "Fail") return "abandoned"
  return isOutage(failed.error) ? "outage" : "answered"
}

/** The same call again after a connection that was kept alive too long broke on first use; reading again is harmless. */
export const readingTwice = <A>(
  call: Called,
  attempt: Effect.Effect<A, CallFailure>,
): Effect.Effect<A, CallFailure> =>
  attempt.pipe(
    Effect.catch((failure) =>
      failure.kind === "network" && !isWrite(call.method) && !failure.neverSent
        ? attempt
        : Effect.fail(failure),
    ),
  )

const malformed = (call: Called, status: number, error: Schema.SchemaError): CallFailure =>
  failureOf(
    call,
    "malformed",
    `the answer does not have the expected form (${error.message.replaceAll(/\s+/g, " ").slice(0, 200)})`,
    { status },
  )

/** Makes a call and decodes its JSON answer. */
export const jsonOver =
  <Call extends Called>(request: (call: Call) => Effect.Effect<WireResponse, CallFailure>) =>
  <A>(schema: Schema.ConstraintDecoder<A>, call: Call): Effect.Effect<A, CallFailure> => {
    const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(schema))
    return Effect.flatMap(request(call), (response) =>
      decode(new TextDecoder().decode(response.bytes)).pipe(
        Effect.mapError((error) => malformed(call, response.status, error)),
      ),
    )
  }
