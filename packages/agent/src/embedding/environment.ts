/** The settings as environment variables, for installations that configure nothing else. */
import { Config, Effect, Option, Schema } from "effect"
import { modelParts, present } from "../llm/environment.ts"
import { EmbeddingSettings } from "./settings.ts"

const decode = Schema.decodeUnknownEffect(EmbeddingSettings)

/**
 * `OPENCX_EMBEDDING_PROVIDER`, `OPENCX_EMBEDDING_MODEL`, `OPENCX_EMBEDDING_API_KEY`, `OPENCX_EMBEDDING_BASE_URL`. None without a
 * provider. Fails when the values make no settings.
 */
export const embeddingSettingsFromEnv: Config.Config<Option.Option<EmbeddingSettings>> = modelParts(
  "OPENCX_EMBEDDING_",
).pipe(
  Config.mapEffect((target) =>
    Option.isNone(target.provider)
      ? Effect.succeedNone
      : decode(present(target)).pipe(
          Effect.mapError((error) => new Config.ConfigError(error)),
          Effect.asSome,
        ),
  ),
)
