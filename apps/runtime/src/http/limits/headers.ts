/** Headers that every answer carries, whatever route gave it; a route's own are left as they are. */
import { Effect, type Types } from "effect"
import * as HttpRouter from "effect/http/HttpRouter"
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
}

/** Half a year, once somebody has come by https. */
const https = { "strict-transport-security": "max-age=15768000" }

export const SecurityHeaders = HttpRouter.middleware(
  Effect.gen(function* () {
    const { publicUrl } = yield* Settings
    const headers = publicUrl.startsWith("https:") ? { ...always, ...https } : always
    return (handle: Effect.Effect<HttpServerResponse.HttpServerResponse, Types.unhandled>) =>
      Effect.map(handle, (answer) => HttpServerResponse.setHeaders(answer, { ...headers, ...answer.headers }))
  }),
  { global: true },
)
