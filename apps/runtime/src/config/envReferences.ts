/** Replaces `{ "$env": "NAME" }` by the environment's value, so that files hold no secrets. */
import { Effect, Predicate } from "effect"
import { ConfigurationError } from "./ConfigError.ts"

export type Environment = Readonly<Record<string, string | undefined>>

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  Predicate.isObject(value) && !Array.isArray(value)

const forbidden = new Set(["__proto__", "constructor", "prototype"])

const lookUp = (name: string, path: string, env: Environment) => {
  // Own names only: `toString` and its like are no variables.
  const value = Object.hasOwn(env, name) ? env[name] : undefined
  return value === undefined || value === ""
    ? Effect.fail(
        new ConfigurationError({
          problem: `${path === "" ? "The configuration" : path} needs the environment variable ${name}, which is not set.`,
          hint: `Set it before the start: export ${name}=…`,
        }),
      )
    : Effect.succeed(value)
}

/** The same structure with every reference resolved; the first missing variable fails. */
export const resolveEnv = (
  value: unknown,
  env: Environment,
  path = "",
): Effect.Effect<unknown, ConfigurationError> => {
  if (Array.isArray(value)) {
    return Effect.forEach(value, (item, index) => resolveEnv(item, env, `${path}[${index}]`))
  }
  if (!isPlain(value)) return Effect.succeed(value)
  const { $env: name } = value
  if (typeof name === "string") return lookUp(name, path, env)
  const keys = Object.keys(value).filter((key) => !forbidden.has(key))
  return Effect.map(
    Effect.forEach(keys, (key) =>
      Effect.map(resolveEnv(value[key], env, path === "" ? key : `${path}.${key}`), (v) => [key, v] as const),
    ),
    (entries) => Object.fromEntries(entries),
  )
}
