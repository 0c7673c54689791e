/** What the runtime itself tells: its JSON, as programs read it. */
import { Effect, Schema } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import type { World } from "../demo/world.ts"
import { NotSeen } from "./observe.ts"

/** Gets JSON of this shape. */
export const getJson = <A, I>(
  { urls }: Pick<World, "urls">,
  path: string,
  schema: Schema.Codec<A, I>,
): Effect.Effect<A, NotSeen, HttpClient.HttpClient> =>
  Effect.gen(function* () {
    const http = HttpClient.filterStatusOk(yield* HttpClient.HttpClient)
    return yield* http.get(urls.runtime + path).pipe(
      Effect.flatMap(HttpClientResponse.schemaBodyJson(schema)),
      Effect.mapError((error) => new NotSeen({ what: `${path}: ${error.message}` })),
    )
  })

/** Asks until `look` finds something, for at most `seconds`. */
export const askUntil = <A, B, I>(
  world: Pick<World, "urls">,
  at: {
    readonly what: string
    readonly path: string
    readonly schema: Schema.Codec<A, I>
    readonly seconds: number
  },
  look: (answer: A) => B | null | undefined,
) =>
  Effect.gen(function* () {
    for (let tries = 0; tries < at.seconds * 10; tries += 1) {
      const found = look(yield* getJson(world, at.path, at.schema))
      if (found !== undefined && found !== null) return found
      yield* Effect.sleep("100 millis")
    }
    return yield* new NotSeen({ what: `not seen within ${at.seconds} s: ${at.what}` })
  })

const Trace = Schema.Struct({
  agent: Schema.String,
  queries: Schema.Array(Schema.String),
  hits: Schema.Array(Schema.Struct({ articleId: Schema.String, title: Schema.String, score: Schema.Number })),
  signals: Schema.Record(Schema.String, Schema.Unknown),
  latencyMs: Schema.Number,
})

/** A session with the parts of its timeline that the tour looks at. */
export const SessionJson = Schema.Struct({
  session: Schema.Struct({ id: Schema.String, state: Schema.String }),
  entries: Schema.Array(
    Schema.Struct({
      body: Schema.Struct({
        _tag: Schema.String,
        text: Schema.optionalKey(Schema.NullOr(Schema.String)),
        draft: Schema.optionalKey(Schema.NullOr(Schema.String)),
        commentIds: Schema.optionalKey(Schema.Array(Schema.String)),
        use: Schema.optionalKey(Schema.String),
        result: Schema.optionalKey(Schema.String),
        trace: Schema.optionalKey(Schema.NullOr(Trace)),
      }),
    }),
  ),
})

const Sessions = Schema.Struct({
  sessions: Schema.Array(Schema.Struct({ id: Schema.String, subject: Schema.NullOr(Schema.String) })),
})

/** The address of an organization's session about this subject. */
export const sessionPath = (world: Pick<World, "urls">, organization: string, subject: string) =>
  Effect.gen(function* () {
    const all = `/api/organizations/${organization}/sessions`
    const { sessions } = yield* getJson(world, `${all}?limit=200`, Sessions)
    const found = sessions.find((one) => one.subject === subject)
    if (found === undefined) return yield* new NotSeen({ what: `no session about "${subject}"` })
    return `${all}/${found.id}`
  })
