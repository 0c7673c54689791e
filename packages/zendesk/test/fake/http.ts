/** The real HTTP client over real sockets, without log lines in the test output; and a way to look at log lines. */
import { Effect, Layer, Logger } from "effect"
import { FetchHttpClient } from "effect/http"

export const http = Layer.mergeAll(FetchHttpClient.layer, Logger.layer([]))

/** The HTTP client, and every log line as one text in `lines`. */
export const recording = (lines: Array<string>) =>
  Layer.mergeAll(
    FetchHttpClient.layer,
    Logger.layer([Logger.make((entry) => lines.push(`${entry.logLevel} ${String(entry.message)}`))]),
  )

/** Runs an effect over the quiet client. */
export const overHttp = Effect.provide(http)
