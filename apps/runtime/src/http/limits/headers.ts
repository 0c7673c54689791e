/** Headers that every answer carries, whatever route gave it, and if none did; a route's own are left as they are. */
import { Effect, Predicate, type Types } from "effect"
import * as HttpEffect from "effect/http/HttpEffect"
import * as HttpRouter from "effect/http/HttpRouter"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { Settings } from "../../layers/Settings.ts"

/** Nothing of ours is a page unless its route says so: what is opened in a browser by mistake or by malice does nothing. */
const always: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "content-security-policy":
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  // For browsers that do not know `frame-ancestors`.
  "x-frame-options": "DENY",
  // What is somebody's own must not wait in a cache for the next one who asks.
  "cache-control": "no-store",
}

/** Half a year, once somebody has come by https. */
const https = { "strict-transport-security": "max-age=15768000" }

/** The headers of an installation that is reached at `publicUrl`. */
export const safeHeaders = (publicUrl: string): Readonly<Record<string, string>> =>
  publicUrl.startsWith("https:") ? { ...always, ...https } : always

/** RFC 9112, 3.2; whoever speaks HTTP/1.0, as some health checks do, need not name one. */
const namesNoHost = ({ headers, source }: HttpServerRequest): boolean =>
  headers["host"] === undefined &&
  Predicate.hasProperty(source, "httpVersion") &&
  source.httpVersion === "1.1"

const noHost = HttpServerResponse.jsonUnsafe(
  { error: "bad_request", detail: "An HTTP/1.1 request names its host." },
  { status: 400, headers: { connection: "close" } },
)

export const SecurityHeaders = HttpRouter.middleware(
  Effect.gen(function* () {
    const headers = safeHeaders((yield* Settings).publicUrl)
    return (handle: Effect.Effect<HttpServerResponse.HttpServerResponse, Types.unhandled>) =>
      Effect.gen(function* () {
        // Not around the answer: routes that are missing and handlers that fail are answered outside of this.
        yield* HttpEffect.appendPreResponseHandler((_, answer) =>
          Effect.succeed(HttpServerResponse.setHeaders(answer, { ...headers, ...answer.headers })),
        )
        return namesNoHost(yield* HttpServerRequest) ? noHost : yield* handle
      })
  }),
  { global: true },
)
