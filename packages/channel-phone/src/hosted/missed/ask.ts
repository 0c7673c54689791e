/** Reads JSON from the API of a hosted agent's provider. */
import { Effect, Redacted, Schema } from "effect"
import { Fault } from "../../failures.ts"
import { callApi } from "../../http.ts"

/** A page of calls with their transcripts. */
const MAX_BYTES = 50_000_000

export interface Api {
  readonly provider: "Vapi" | "Retell"
  readonly baseUrl: string
  readonly apiKey: Redacted.Redacted<string>
}

/** Makes a reader of one kind of answer. `body`: JSON text to post; null for a GET. */
export const asking = <S extends Schema.ConstraintDecoder<unknown>>(schema: S) => {
  const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(schema))
  return Effect.fnUntraced(function* ({ apiKey, baseUrl, provider }: Api, path: string, body: string | null) {
    const { status, text } = yield* callApi({
      provider,
      method: body === null ? "GET" : "POST",
      url: `${baseUrl}${path}`,
      headers: {
        authorization: `Bearer ${Redacted.value(apiKey)}`,
        accept: "application/json",
        ...(body === null ? {} : { "content-type": "application/json" }),
      },
      body,
      maxBytes: MAX_BYTES,
    })
    if (status < 200 || status >= 300)
      return yield* new Fault({ message: `${provider} answered ${status} to ${path.split("?")[0]}` })
    const answer: S["Type"] = yield* decode(text).pipe(
      Effect.mapError(() => new Fault({ message: `${provider}'s list of calls cannot be read` })),
    )
    return answer
  })
}

/** A call that is over, and what its report would have told. */
export interface EndedCall<Events> {
  readonly id: string
  readonly events: Events
}
