/** Logs: one JSON object a line for machines, or readable lines for people; secrets are cut out of both. */
import { type Layer, Logger, References } from "effect"
import * as EffectLayer from "effect/Layer"
import type { LogLevel } from "effect/LogLevel"

/** Values of `{ "$env": … }` references: whatever they are for, they are nobody's to read in a log. */
export const secretValues = (raw: unknown, env: Readonly<Record<string, string | undefined>>): ReadonlyArray<string> => {
  if (Array.isArray(raw)) return raw.flatMap((item) => secretValues(item, env))
  if (typeof raw !== "object" || raw === null) return []
  if ("$env" in raw && typeof raw.$env === "string") return [env[raw.$env] ?? ""].filter((v) => v.length >= 6)
  return Object.values(raw).flatMap((item) => secretValues(item, env))
}

const patterns: ReadonlyArray<readonly [RegExp, string]> = [
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi, "$1 [redacted]"],
  [/(\/hooks\/[a-z0-9_/-]{1,80}\/)[A-Za-z0-9._-]{10,}/g, "$1[redacted]"],
  [/("?(?:client_secret|password|token|api_?key|secret|authorization)"?\s*[:=]\s*"?)[^\s",}]{4,}/gi, "$1[redacted]"],
]

/** Cuts secrets out of a log line. */
export const makeRedactor = (secrets: ReadonlyArray<string>) => {
  const known = [...new Set(secrets)].sort((a, b) => b.length - a.length)
  return (line: string): string => {
    const masked = known.reduce((text, secret) => text.replaceAll(secret, "[redacted]"), line)
    return patterns.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), masked)
  }
}

export interface LoggingOptions {
  readonly format: "json" | "pretty"
  readonly level: LogLevel
  readonly secrets: ReadonlyArray<string>
  /** Where lines go; standard error, so that standard output stays the command's own. */
  readonly write: (line: string) => void
}

export const layer = (options: LoggingOptions): Layer.Layer<never> => {
  const redact = makeRedactor(options.secrets)
  const format = options.format === "json" ? Logger.formatJson : Logger.formatLogFmt
  const logger = Logger.map(format, (line) => options.write(`${redact(line)}\n`))
  return EffectLayer.mergeAll(Logger.layer([logger]), EffectLayer.succeed(References.MinimumLogLevel, options.level))
}
