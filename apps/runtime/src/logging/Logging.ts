/** Logs: one JSON object a line for machines, or readable lines for people; secrets are cut out of both. */
import { Context, Layer, Logger, References } from "effect"
import type { LogLevel } from "effect/LogLevel"
import { printable } from "./printable.ts"
import { makeRedactor, secretField } from "./redact.ts"

/** Values that nobody may read in a log or an error. Grows when a configuration names more of them. */
export const KnownSecrets = Context.Reference<Set<string>>("@opencx/runtime/logging/KnownSecrets", {
  defaultValue: () => new Set(),
})

export interface LoggingOptions {
  readonly format: "json" | "pretty"
  readonly level: LogLevel
  /** Known before any configuration is read; `KnownSecrets` come on top. */
  readonly secrets: ReadonlyArray<string>
  /** Where lines go; standard error, so that standard output stays the command's own. */
  readonly write: (line: string) => void
}

/** A text and its reason: one text in the log, so that `message` has one type for whoever searches it. */
const isWords = (value: unknown): value is ReadonlyArray<string> =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string")

/**
 * Field by field, so that what is cut out never breaks the line. `line` is what our own formatter made: JSON for sure.
 */
const redactJson = (line: string, redact: (text: string) => string): string =>
  JSON.stringify(
    JSON.parse(line, (key: string, value: unknown) => {
      if (key === "message" && isWords(value)) return value.join(": ")
      if (secretField.test(key) && value !== null && typeof value !== "object") return "[redacted]"
      if (typeof value === "number") return redact(String(value)) === String(value) ? value : "[redacted]"
      return typeof value === "string" ? redact(value) : value
    }),
    // JSON lets those through that some terminals take for the begin of a command.
  ).replace(/[\u007f-\u009f]/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`)

/** One redactor for as long as no secret is added. */
export const redactorFor = (first: ReadonlyArray<string>) => {
  let size = -1
  let redact = makeRedactor(first)
  return (more: ReadonlySet<string>) => {
    if (more.size !== size) {
      size = more.size
      redact = makeRedactor([...first, ...more])
    }
    return redact
  }
}

export const layer = (options: LoggingOptions): Layer.Layer<never> => {
  const redactor = redactorFor(options.secrets)
  const logger = Logger.make((input) => {
    const redact = redactor(input.fiber.getRef(KnownSecrets))
    const line =
      options.format === "json"
        ? redactJson(Logger.formatJson.log(input), redact)
        : printable(redact(Logger.formatLogFmt.log(input)))
    options.write(`${line}\n`)
  })
  return Layer.mergeAll(Logger.layer([logger]), Layer.succeed(References.MinimumLogLevel, options.level))
}
