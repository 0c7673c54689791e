/** OpenTelemetry over OTLP/HTTP when `OTEL_EXPORTER_OTLP_ENDPOINT` is set: traces, metrics and logs, without secrets. */
import { Config, Effect, Layer, Option } from "effect"
import { FetchHttpClient, HttpBody } from "effect/http"
import { Otlp, OtlpSerialization } from "effect/observability"
import { KnownSecrets, redactorFor } from "./Logging.ts"
import { secretField } from "./redact.ts"

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** `api-key=secret,x-scope=a%20b`, as the OpenTelemetry specification writes `OTEL_EXPORTER_OTLP_HEADERS`. */
export const headersIn = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text.split(",").flatMap((pair) => {
      const at = pair.indexOf("=")
      const name = pair.slice(0, at).trim()
      return at > 0 && /^[\w!#$%&'*+.^`|~-]+$/.test(name) ? [[name, decoded(pair.slice(at + 1).trim())]] : []
    }),
  )

const isSecretAttribute = (value: object): boolean =>
  "key" in value && typeof value.key === "string" && "value" in value && secretField.test(value.key)

/** As `JSON.stringify`, with every text redacted; numbers that JSON cannot say become texts, as OTLP wants it. */
const redactedJson = (data: unknown, redact: (text: string) => string): string =>
  JSON.stringify(data, (_, value: unknown) => {
    if (typeof value === "string") return redact(value)
    if (typeof value === "number" && !Number.isFinite(value)) return String(value)
    if (typeof value === "object" && value !== null && isSecretAttribute(value))
      return { ...value, value: { stringValue: "[redacted]" } }
    return value
  })

/** What leaves for a collector passes the same redaction as what is written to the log. */
const redacted = (secrets: ReadonlyArray<string>) =>
  Layer.effect(
    OtlpSerialization.OtlpSerialization,
    Effect.map(KnownSecrets, (known) => {
      const redactor = redactorFor(secrets)
      const body = (data: unknown) => HttpBody.text(redactedJson(data, redactor(known)), "application/json")
      return { traces: body, metrics: body, logs: body }
    }),
  )

/** `secrets`: known before any configuration is read. */
export const telemetryFromEnvironment = (secrets: ReadonlyArray<string>) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const endpoint = yield* Config.option(Config.String("OTEL_EXPORTER_OTLP_ENDPOINT"))
      const headers = yield* Config.String("OTEL_EXPORTER_OTLP_HEADERS").pipe(Config.withDefault(""))
      const serviceName = yield* Config.String("OTEL_SERVICE_NAME").pipe(Config.withDefault("opencx"))
      if (Option.isNone(endpoint)) return Layer.empty
      return Otlp.layer({
        baseUrl: endpoint.value,
        headers: headersIn(headers),
        resource: { serviceName },
      }).pipe(Layer.provide([FetchHttpClient.layer, redacted(secrets)]))
    }),
  )
