/** Finds, reads and checks the configuration. Environment variables named `OPENCX_*` win over the file. */
import { Effect, FileSystem, Path, Redacted, Schema } from "effect"
import { createRequire } from "node:module"
import { dirname, join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { KnownSecrets } from "../logging/Logging.ts"
import { secretValues } from "../logging/redact.ts"
import { ConfigurationError } from "./ConfigError.ts"
import { type Environment, resolveEnv } from "./envReferences.ts"
import { whereFrom } from "./fromEnvironment.ts"
import { secretNames, withModelsFromEnv } from "./modelsFromEnv.ts"
import { readJson } from "./readJson.ts"
import { RuntimeConfig } from "./RuntimeConfig.ts"

/** Names that are tried, in this order, where none is given. */
const usualNames = ["opencx.config.ts", "opencx.config.js", "opencx.config.json"]

// A misspelt setting must not be a setting that silently does nothing.
const decode = Schema.decodeUnknownEffect(RuntimeConfig, { errors: "all", onExcessProperty: "error" })

const unreadable = (file: string, detail: unknown) =>
  new ConfigurationError({
    problem: `${file} cannot be read: ${String(detail)}`,
    hint: "It must be a JSON file, or a module whose default export is the configuration.",
  })

const absent = (file: string) =>
  new ConfigurationError({
    problem: `There is no ${file}.`,
    hint: "Name the configuration with --config FILE or OPENCX_CONFIG; a relative name counts from the working directory.",
  })

const readModule = (file: string) =>
  Effect.tryPromise({
    try: async (): Promise<unknown> => {
      const loaded: unknown = await import(pathToFileURL(file).href)
      return typeof loaded === "object" && loaded !== null && "default" in loaded ? loaded.default : loaded
    },
    catch: (cause) => unreadable(file, cause),
  })

const readFile = Effect.fnUntraced(function* (file: string) {
  if (/\.[cm]?[jt]s$/.test(file)) return yield* readModule(file)
  const fs = yield* FileSystem.FileSystem
  const text = yield* fs
    .readFileString(file)
    .pipe(
      Effect.mapError((cause) =>
        cause.reason._tag === "NotFound" ? absent(file) : unreadable(file, cause.message),
      ),
    )
  const read = readJson(text)
  return read.ok ? read.value : yield* unreadable(file, read.problem)
})

const find = Effect.fnUntraced(function* (given: string | undefined) {
  const path = yield* Path.Path
  if (given !== undefined) return path.resolve(given)
  const fs = yield* FileSystem.FileSystem
  for (const name of usualNames) {
    const file = path.resolve(name)
    if (yield* Effect.orElseSucceed(fs.exists(file), () => false)) return file
  }
  return yield* new ConfigurationError({
    problem: `There is no configuration: none of ${usualNames.join(", ")} is here.`,
    hint: "Name one with --config FILE or OPENCX_CONFIG, or run `opencx demo` to try OpenCX without any.",
  })
})

const overrides = (env: Environment): Readonly<Record<string, unknown>> => ({
  ...(env["OPENCX_PUBLIC_URL"] ? { publicUrl: env["OPENCX_PUBLIC_URL"] } : {}),
  ...(env["OPENCX_DATA_DIR"] ? { dataDir: env["OPENCX_DATA_DIR"] } : {}),
  ...(env["OPENCX_DATABASE_URL"] ? { databaseUrl: env["OPENCX_DATABASE_URL"] } : {}),
  ...(env["OPENCX_OPERATOR_TOKEN"] ? { operatorToken: env["OPENCX_OPERATOR_TOKEN"] } : {}),
  ...(env["OPENCX_OPERATOR_TOKEN_PREVIOUS"]
    ? {
        previousOperatorToken: {
          token: env["OPENCX_OPERATOR_TOKEN_PREVIOUS"],
          until: env["OPENCX_OPERATOR_TOKEN_PREVIOUS_UNTIL"],
        },
      }
    : {}),
  ...(env["OPENCX_ADMIN_EMAIL"]
    ? { firstAdmin: { email: env["OPENCX_ADMIN_EMAIL"], password: env["OPENCX_ADMIN_PASSWORD"] } }
    : {}),
})

const httpOverrides = (env: Environment): Readonly<Record<string, unknown>> => ({
  ...(env["OPENCX_HOST"] ? { host: env["OPENCX_HOST"] } : {}),
  ...(env["OPENCX_PORT"] ? { port: Number(env["OPENCX_PORT"]) } : {}),
})

/** What stands in the environment is not in the file: the error must name the variable. */
const checkPort = (port: string | undefined) =>
  !port || (/^\d{1,5}$/.test(port) && Number(port) <= 65_535)
    ? Effect.void
    : Effect.fail(
        new ConfigurationError({
          problem: `OPENCX_PORT is "${port}", which is not a port.`,
          hint: "Set it to a number from 0 to 65535, or unset it to use `http.port` of the configuration.",
        }),
      )

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** A previous token without an end would be a second one for ever. */
const checkPrevious = (env: Environment) =>
  env["OPENCX_OPERATOR_TOKEN_PREVIOUS"] && !env["OPENCX_OPERATOR_TOKEN_PREVIOUS_UNTIL"]
    ? Effect.fail(
        new ConfigurationError({
          problem: "OPENCX_OPERATOR_TOKEN_PREVIOUS is set without OPENCX_OPERATOR_TOKEN_PREVIOUS_UNTIL.",
          hint: "Say until when it is accepted: a day such as 2026-12-31, or a moment such as 2026-12-31T18:00:00Z.",
        }),
      )
    : Effect.void

/** Those of the installation itself that stand in the configuration as text; organizations' own are known when they are built. */
const installationSecrets = (config: RuntimeConfig): ReadonlyArray<string> =>
  [
    config.operatorToken,
    config.previousOperatorToken?.token,
    config.firstAdmin?.password,
    config.databaseUrl,
    ...[config.singleSignOn?.clientSecret, config.llm?.apiKey, config.search.embedding?.apiKey].map(
      (one) => one && Redacted.value(one),
    ),
  ].filter((one) => one !== undefined)

/** Checks a configuration that is already in memory. */
export const checkConfig = Effect.fnUntraced(function* (raw: unknown, env: Environment, name: string) {
  const resolved = yield* resolveEnv(raw, env)
  if (!isRecord(resolved)) {
    return yield* new ConfigurationError({
      problem: `${name} holds no configuration: it must be one object.`,
      hint: 'The smallest one: { "organizations": [{ "id": "acme", "name": "Acme" }] }',
    })
  }
  yield* checkPort(env["OPENCX_PORT"])
  yield* checkPrevious(env)
  const http = resolved["http"] ?? {}
  // Anything but an object stays as it is, so that the check below refuses it.
  const listening = isRecord(http) ? { ...http, ...httpOverrides(env) } : http
  const merged = { ...resolved, ...overrides(env), http: listening }
  const config = yield* decode(merged).pipe(
    Effect.mapError(
      (error) =>
        new ConfigurationError({
          problem: `${name} is not a valid configuration:\n${error.message}${whereFrom(error.message, env)}`,
          hint: "The README lists every setting, with an example.",
        }),
    ),
  )
  const ids = config.organizations.map((o) => o.id)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) {
    return yield* new ConfigurationError({
      problem: `${name} has two organizations with the id "${twice}".`,
      hint: "Give each organization an id of its own; sessions and secrets are kept under it.",
    })
  }
  const known = yield* KnownSecrets
  for (const secret of installationSecrets(config)) known.add(secret)
  return yield* withModelsFromEnv(config, env)
})

/** Plugins are packages installed beside the configuration, or files named from there (`./line.js`). */
const locatePlugin = (name: string, folder: string): string => {
  if (name.startsWith(".")) return resolve(folder, name)
  try {
    return createRequire(join(folder, "opencx.config.json")).resolve(name)
  } catch {
    // Reported where plugins are loaded, with what to do.
    return name
  }
}

/** Reads and checks the configuration file. */
export const loadConfig = Effect.fn("loadConfig")(function* (given: string | undefined, env: Environment) {
  const file = yield* find(given ?? env["OPENCX_CONFIG"])
  const raw = yield* readFile(file)
  const known = yield* KnownSecrets
  for (const secret of secretValues(raw, env)) known.add(secret)
  for (const name of secretNames) if (env[name]) known.add(env[name])
  const config = yield* checkConfig(raw, env, file)
  // From here on nobody needs to know where the file lies.
  return { ...config, plugins: config.plugins.map((name) => locatePlugin(name, dirname(resolve(file)))) }
})
