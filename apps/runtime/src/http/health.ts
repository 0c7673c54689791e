/** `/healthz`: the process lives. `/readyz`: it takes work. `/metrics`: Prometheus text. */
import { Engine } from "@opencx/core"
import { Effect, Layer } from "effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { PrometheusMetrics } from "effect/observability"
import { allowed } from "./access.ts"
import { measure } from "./measure.ts"

const Healthz = HttpRouter.add("GET", "/healthz", Effect.succeed(HttpServerResponse.jsonUnsafe({ ok: true })))

const Readyz = HttpRouter.add(
  "GET",
  "/readyz",
  Effect.gen(function* () {
    const health = yield* (yield* Engine).health
    return HttpServerResponse.jsonUnsafe(health, { status: health.ready ? 200 : 503 })
  }),
)

const Metrics = HttpRouter.add("GET", "/metrics", (request) =>
  Effect.gen(function* () {
    if (!(yield* allowed(request))) return HttpServerResponse.text("", { status: 401 })
    yield* measure
    return HttpServerResponse.text(yield* PrometheusMetrics.format(), {
      contentType: "text/plain; version=0.0.4; charset=utf-8",
    })
  }),
)

export const Health = Layer.mergeAll(Healthz, Readyz, Metrics)
