/** A visitor of the shop's page, speaking the widget's HTTP as its browser part does. */
import { Effect, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import { HttpClient, HttpClientRequest, HttpClientResponse } from "effect/http"
import { siteKey } from "../demo/accounts.ts"
import { NotSeen } from "./observe.ts"

const Session = Schema.Struct({ token: Schema.String })

const Line = Schema.Struct({
  author: Schema.String,
  text: Schema.String,
  sources: Schema.Array(Schema.Struct({ title: Schema.String })),
})
type Line = typeof Line.Type

const Page = Schema.Struct({ lines: Schema.Array(Line) })

/** Opens the shop's page; `origin` is the runtime, which serves the page in the demonstration. */
export const startVisitor = Effect.fnUntraced(function* (origin: string) {
  const http = HttpClient.filterStatusOk(yield* HttpClient.HttpClient).pipe(
    HttpClient.mapRequest(HttpClientRequest.setHeader("origin", origin)),
  )
  const url = (path: string) => `${origin}/widget${path}?site=${siteKey}`
  const post = (path: string, body: unknown) =>
    HttpClientRequest.post(url(path)).pipe(HttpClientRequest.bodyJsonUnsafe(body))
  const { token } = yield* http.execute(post("/session", {})).pipe(
    Effect.flatMap(HttpClientResponse.schemaBodyJson(Session)),
    Effect.mapError((error) => new NotSeen({ what: `a session of the widget: ${error.message}` })),
  )
  const mine = http.pipe(HttpClient.mapRequest(HttpClientRequest.bearerToken(token)))
  const lines = mine.get(url("/lines")).pipe(
    Effect.flatMap(HttpClientResponse.schemaBodyJson(Page)),
    Effect.mapError((error) => new NotSeen({ what: `the widget's lines: ${error.message}` })),
  )
  const untilLine = Effect.fnUntraced(function* (what: string, matches: (line: Line) => boolean) {
    for (let tries = 0; tries < 300; tries += 1) {
      const found = (yield* lines).lines.find(matches)
      if (found !== undefined) return found
      yield* Effect.sleep("50 millis")
    }
    return yield* new NotSeen({ what: `not seen in the widget: ${what}` })
  })
  return {
    say: (text: string) => mine.execute(post("/messages", { id: SecureRandom.uuidV4Unsafe(), text })),
    wantHuman: Effect.suspend(() => mine.execute(post("/human", { id: SecureRandom.uuidV4Unsafe() }))),
    untilLine,
  }
})
