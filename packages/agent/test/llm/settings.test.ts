import { assert, it } from "@effect/vitest"
import { ConfigProvider, Effect, Option, Redacted, Schema } from "effect"
import { llmSettingsFromEnv, LlmSettings } from "../../src/index.ts"

const decode = Schema.decodeUnknownOption(LlmSettings)
const key = { apiKey: "sk-secret-key" }

it("small settings are enough, and secrets are hidden in them", () => {
  const settings = Option.getOrThrow(decode({ provider: "anthropic", model: "m", ...key }))
  assert.strictEqual(settings.onFailure, "embedded")
  assert.strictEqual(settings.maxSteps, 5)
  assert.deepStrictEqual(settings.budget, { turns: 20, tokens: 200_000 })
  assert.deepStrictEqual(settings.timeouts, { callMs: 30_000, turnMs: 60_000, briefMs: 15_000 })
  assert.notInclude(JSON.stringify(settings), "sk-secret-key")
  assert.isTrue(settings.apiKey !== undefined && Redacted.value(settings.apiKey) === "sk-secret-key")
})

it("keys go to https or to this machine, and what is missing is said", () => {
  const at = (baseUrl: string) => decode({ provider: "openai_compatible", model: "m", baseUrl })
  for (const url of ["https://llm.example.com/v1", "http://127.0.0.1:11434/v1", "http://localhost:8000/v1"]) {
    assert.isTrue(Option.isSome(at(url)), url)
  }
  const wrong = [
    "http://llm.example.com/v1",
    "http://127.0.0.1.evil.example/v1",
    "https://user:pass@llm.example.com/v1",
    "https://llm.example.com/v1?x=1",
    "https://llm.example.com/v1/",
    "ftp://llm.example.com",
    "llm.example.com",
  ]
  for (const url of wrong) assert.isTrue(Option.isNone(at(url)), url)
  const refused: ReadonlyArray<unknown> = [
    { provider: "openai", model: "m" },
    { provider: "anthropic", model: "m" },
    { provider: "openai_compatible", model: "m", ...key },
    { provider: "other", model: "m", ...key },
    { provider: "openai", model: "", ...key },
    { provider: "openai", model: "m", ...key, temperature: 3 },
    { provider: "openai", model: "m", ...key, budget: { turns: 0 } },
    { provider: "openai", model: "m", ...key, onFailure: "ignore" },
    { provider: "openai", model: "m", ...key, fallback: { provider: "anthropic", model: "m" } },
  ]
  for (const one of refused) assert.isTrue(Option.isNone(decode(one)), JSON.stringify(one))
})

const fromEnv = (env: Record<string, string>) => llmSettingsFromEnv.parse(ConfigProvider.fromEnv({ env }))

it.effect("the environment makes settings, none, or an error that names no secret", () =>
  Effect.gen(function* () {
    assert.isTrue(Option.isNone(yield* fromEnv({ OPENCX_LLM_MODEL: "m" })))
    const settings = Option.getOrThrow(
      yield* fromEnv({
        OPENCX_LLM_PROVIDER: "openai",
        OPENCX_LLM_MODEL: "m",
        OPENCX_LLM_API_KEY: "sk-1",
        OPENCX_LLM_ON_FAILURE: "escalate",
        OPENCX_LLM_FALLBACK_PROVIDER: "openai_compatible",
        OPENCX_LLM_FALLBACK_MODEL: "n",
        OPENCX_LLM_FALLBACK_BASE_URL: "http://127.0.0.1:11434/v1",
      }),
    )
    assert.strictEqual(settings.onFailure, "escalate")
    assert.strictEqual(settings.fallback?.model, "n")
    const error = yield* Effect.flip(
      fromEnv({ OPENCX_LLM_PROVIDER: "openai", OPENCX_LLM_MODEL: "", OPENCX_LLM_API_KEY: "sk-secret-key" }),
    )
    assert.notInclude(String(error), "sk-secret-key")
  }),
)
