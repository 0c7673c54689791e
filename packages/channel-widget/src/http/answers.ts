/** Answers of the widget's API, and the headers that every one of them carries. */
import type { StoreError } from "@opencx/core"
import { Effect } from "effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type { WireError } from "../wire.ts"
import { queryOf } from "./access.ts"
import type { Refusal } from "./Refusal.ts"
import type { Sites } from "./Site.ts"

export type Answer = HttpServerResponse.HttpServerResponse

/** A JSON answer. */
export const json = (body: unknown, status = 200): Answer => HttpServerResponse.jsonUnsafe(body, { status })

export const done: Answer = HttpServerResponse.empty({ status: 204 })

const refusalAnswer = ({ code, detail, retryAfter, status }: Refusal): Answer => {
  const body: WireError = { error: code, detail }
  return HttpServerResponse.jsonUnsafe(body, {
    status,
    headers: retryAfter === undefined ? {} : { "retry-after": String(retryAfter) },
  })
}

const comeAgain = (): Answer => {
  const body: WireError = { error: "unavailable", detail: "Not taken now; please send it again." }
  return HttpServerResponse.jsonUnsafe(body, { status: 503, headers: { "retry-after": "3" } })
}

/** Only pages of the site may read answers; everybody else's browser hides them. */
const corsHeaders = (sites: Sites, request: HttpServerRequest): Record<string, string> => {
  const { origin } = request.headers
  const site = sites.get(queryOf(request).get("site") ?? "")
  return origin === undefined || site === undefined || !site.origins.has(origin)
    ? {}
    : { "access-control-allow-origin": origin, "access-control-expose-headers": "retry-after" }
}

const always = {
  vary: "origin",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "cross-origin",
}

/** Turns refusals into answers and adds the headers. What nobody has foreseen is "come again", never a bare 500. */
export const answering = (
  sites: Sites,
  request: HttpServerRequest,
  body: Effect.Effect<Answer, Refusal | StoreError>,
): Effect.Effect<Answer> =>
  body.pipe(
    Effect.catchTags({
      Refusal: (refusal) => Effect.succeed(refusalAnswer(refusal)),
      StoreError: (error) =>
        Effect.as(Effect.logWarning("A call of the widget was not taken", error.message), comeAgain()),
    }),
    Effect.catchDefect((defect) =>
      Effect.as(Effect.logError("A call of the widget failed", defect), comeAgain()),
    ),
    Effect.map((answer) => {
      const own =
        answer.headers["cache-control"] === undefined
          ? always
          : { ...always, "cache-control": answer.headers["cache-control"] }
      return HttpServerResponse.setHeaders(answer, { ...own, ...corsHeaders(sites, request) })
    }),
  )

/** What a browser asks before it calls from another origin. */
export const preflight = (sites: Sites, request: HttpServerRequest): Answer => {
  const cors = corsHeaders(sites, request)
  const allowed = "access-control-allow-origin" in cors
  return HttpServerResponse.empty({
    status: allowed ? 204 : 403,
    headers: allowed
      ? {
          ...cors,
          vary: "origin",
          "access-control-allow-methods": "GET, POST",
          "access-control-allow-headers": "authorization, content-type",
          "access-control-max-age": "7200",
        }
      : { vary: "origin" },
  })
}
