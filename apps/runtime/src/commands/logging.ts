/** Log output as the environment wants it: `OPENCX_LOG_FORMAT` (json, pretty), `OPENCX_LOG_LEVEL`. */
import { Config, Effect, Layer } from "effect"
import { ConfigurationError } from "../config/ConfigError.ts"
import * as Logging from "../logging/Logging.ts"
import { headersIn, telemetryFromEnvironment } from "../logging/Telemetry.ts"
import { environment } from "./environment.ts"

/** Every variable whose name says that it holds a secret; the end of one (`…_UNTIL`) is a date, which logs are full of. */
const secretName = /^(?!.*_UNTIL$).*(SECRET|TOKEN|PASSWORD|KEY|CREDENTIAL|DATABASE_URL|OTLP\w*_HEADERS)/i

/** A list of headers, and the word in each value that follows the scheme. */
const partsOf = (name: string, value: string): ReadonlyArray<string> =>
  /_HEADERS$/i.test(name)
    ? [value, ...Object.values(headersIn(value)).flatMap((one) => [one, one.replace(/^\w+ +/, "")])]
    : [value]

/** Their values; too short ones would be found everywhere. */
export const environmentSecrets = Object.entries(environment).flatMap(([name, value]) =>
  secretName.test(name) && value !== undefined ? partsOf(name, value).filter((part) => part.length >= 6) : [],
)

const orSay = (name: string, choices: string) =>
  Effect.mapError(
    () =>
      new ConfigurationError({
        problem: `${name} is "${environment[name] ?? ""}", which is not one of its values.`,
        hint: `Set it to ${choices}, or unset it.`,
      }),
  )

const logging = Layer.unwrap(
  Effect.gen(function* () {
    const format = yield* Config.Literals(["json", "pretty"], "OPENCX_LOG_FORMAT").pipe(
      Config.withDefault("json" as const),
      orSay("OPENCX_LOG_FORMAT", "json or pretty"),
    )
    const level = yield* Config.LogLevel("OPENCX_LOG_LEVEL").pipe(
      Config.withDefault("Info" as const),
      orSay("OPENCX_LOG_LEVEL", "All, Trace, Debug, Info, Warn, Error, Fatal or None, with a capital letter"),
    )
    return Logging.layer({
      format,
      level,
      secrets: environmentSecrets,
      write: (line) => void process.stderr.write(line),
    })
  }),
)

export const loggingFromEnvironment = Layer.provideMerge(
  telemetryFromEnvironment(environmentSecrets),
  logging,
)
