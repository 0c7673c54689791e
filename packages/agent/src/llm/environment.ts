/** The settings as environment variables, for installations that configure nothing else. */
import { Config, Effect, Option, Schema } from "effect"
import { LlmSettings } from "./settings.ts"

const text = (name: string) => Config.option(Config.NonEmptyString(name))

/** Of a model: its provider, name, key and address under a prefix. */
export const modelParts = (prefix: string) =>
  Config.all({
    provider: text(`${prefix}PROVIDER`),
    model: text(`${prefix}MODEL`),
    apiKey: text(`${prefix}API_KEY`),
    baseUrl: text(`${prefix}BASE_URL`),
  })

/** Only what is set. */
export const present = <A>(all: Readonly<Record<string, Option.Option<A>>>): Readonly<Record<string, A>> =>
  Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (Option.isSome(value) ? [[name, value.value]] : [])),
  )

const decode = Schema.decodeUnknownEffect(LlmSettings)

/**
 * `OPENCX_LLM_PROVIDER`, `OPENCX_LLM_MODEL`, `OPENCX_LLM_API_KEY`, `OPENCX_LLM_BASE_URL`, `OPENCX_LLM_ON_FAILURE`, and the same
 * four under `OPENCX_LLM_FALLBACK_`. None without a provider. Fails when the values make no settings.
 */
export const llmSettingsFromEnv: Config.Config<Option.Option<LlmSettings>> = Config.all({
  target: modelParts("OPENCX_LLM_"),
  fallback: modelParts("OPENCX_LLM_FALLBACK_"),
  onFailure: text("OPENCX_LLM_ON_FAILURE"),
}).pipe(
  Config.mapEffect(({ fallback, onFailure, target }) => {
    if (Option.isNone(target.provider)) return Effect.succeedNone
    const second = Option.isNone(fallback.provider) ? {} : { fallback: present(fallback) }
    return decode({ ...present({ ...target, onFailure }), ...second }).pipe(
      Effect.mapError((error) => new Config.ConfigError(error)),
      Effect.asSome,
    )
  }),
)
