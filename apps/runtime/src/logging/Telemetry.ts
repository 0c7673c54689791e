/** OpenTelemetry over OTLP/HTTP when `OTEL_EXPORTER_OTLP_ENDPOINT` is set: traces and metrics of everything. */
import { Config, Effect, Layer, Option } from "effect"
import { FetchHttpClient } from "effect/http"
import { Otlp } from "effect/observability"

export const telemetryFromEnvironment = Layer.unwrap(
  Effect.gen(function* () {
    const endpoint = yield* Config.option(Config.String("OTEL_EXPORTER_OTLP_ENDPOINT"))
    const serviceName = yield* Config.String("OTEL_SERVICE_NAME").pipe(Config.withDefault("opencx"))
    if (Option.isNone(endpoint)) return Layer.empty
    return Otlp.layerJson({ baseUrl: endpoint.value, resource: { serviceName } }).pipe(
      Layer.provide(FetchHttpClient.layer),
    )
  }),
)
