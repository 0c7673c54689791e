/** The models of installations that name them in the environment: `OPENCX_LLM_*` and `OPENCX_EMBEDDING_*`. */
import { embeddingSettingsFromEnv, llmSettingsFromEnv } from "@opencx/agent"
import { type Config, ConfigProvider, Effect, Option } from "effect"
import { ConfigurationError } from "./ConfigError.ts"
import type { Environment } from "./envReferences.ts"
import type { RuntimeConfig } from "./RuntimeConfig.ts"

/** Variables whose values must never be shown. */
export const secretNames = [
  "OPENCX_LLM_API_KEY",
  "OPENCX_LLM_FALLBACK_API_KEY",
  "OPENCX_EMBEDDING_API_KEY",
] as const

const found = <A>(
  settings: Config.Config<Option.Option<A>>,
  env: Environment,
  { prefix, providers, what }: { readonly prefix: string; readonly providers: string; readonly what: string },
): Effect.Effect<Option.Option<A>, ConfigurationError> =>
  settings.parse(ConfigProvider.fromEnvRecord(env)).pipe(
    Effect.mapError(
      (error) =>
        new ConfigurationError({
          problem: `${prefix}_* do not describe ${what}: ${error.message}`,
          hint: `Set ${prefix}_PROVIDER (${providers}), ${prefix}_MODEL and ${prefix}_API_KEY, or unset them.`,
        }),
    ),
  )

const llm = {
  prefix: "OPENCX_LLM",
  what: "a language model",
  providers: "openai, anthropic or openai_compatible",
}
const embedding = {
  prefix: "OPENCX_EMBEDDING",
  what: "an embedding model",
  providers: "openai or openai_compatible",
}

/** The configuration's own models win: it says more than the environment can. */
export const withModelsFromEnv = Effect.fnUntraced(function* (config: RuntimeConfig, env: Environment) {
  const answers =
    config.llm === undefined ? yield* found(llmSettingsFromEnv, env, llm) : Option.some(config.llm)
  const { search } = config
  const meaning =
    search.embedding === undefined
      ? yield* found(embeddingSettingsFromEnv, env, embedding)
      : Option.some(search.embedding)
  return {
    ...config,
    ...(Option.isSome(answers) ? { llm: answers.value } : {}),
    search: { ...search, ...(Option.isSome(meaning) ? { embedding: meaning.value } : {}) },
  } satisfies RuntimeConfig
})
