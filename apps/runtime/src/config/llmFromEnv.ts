/** The language model of installations that name it in the environment: `OPENCX_LLM_PROVIDER` and its siblings. */
import { llmSettingsFromEnv } from "@opencx/agent"
import { ConfigProvider, Effect, Option } from "effect"
import { ConfigurationError } from "./ConfigError.ts"
import type { Environment } from "./envReferences.ts"
import type { RuntimeConfig } from "./RuntimeConfig.ts"

/** Variables whose values must never be shown. */
export const secretNames = ["OPENCX_LLM_API_KEY", "OPENCX_LLM_FALLBACK_API_KEY"] as const

/** The configuration's own model wins: it says more than the environment can. */
export const withLlmFromEnv = Effect.fnUntraced(function* (config: RuntimeConfig, env: Environment) {
  if (config.llm !== undefined) return config
  const found = yield* llmSettingsFromEnv.parse(ConfigProvider.fromEnvRecord(env)).pipe(
    Effect.mapError(
      (error) =>
        new ConfigurationError({
          problem: `OPENCX_LLM_* do not describe a language model: ${error.message}`,
          hint: "Set OPENCX_LLM_PROVIDER (openai, anthropic or openai_compatible), OPENCX_LLM_MODEL and OPENCX_LLM_API_KEY, or unset them.",
        }),
    ),
  )
  return Option.isNone(found) ? config : { ...config, llm: found.value }
})
