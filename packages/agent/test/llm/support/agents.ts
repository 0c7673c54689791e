/** LLM agents over scripted providers and a Help Center, and short forms for their settings. */
import {
  type Article,
  ArticleStore,
  articlesMemory,
  Knowledge,
  KnowledgeError,
  SupportAgent,
  TokenLedger,
  tokenLedgerMemory,
  Unavailable,
} from "@opencx/core"
import { Effect, Layer, Schema } from "effect"
import { EmbeddedAgent, LexicalKnowledge, LlmSettings, type LlmSettingsInput } from "../../../src/index.ts"
import { type LlmAgentOptions, makeLlmAgent } from "../../../src/llm/LlmAgent.ts"
import { articles } from "../../fixtures/helpCenter.ts"
import { org } from "../../fixtures/world.ts"

const decode = Schema.decodeUnknownSync(LlmSettings)

/** At an OpenAI-compatible server. Short pauses and limits come from each test. */
export const compatible = (url: string, change: Partial<LlmSettingsInput> = {}): LlmSettings =>
  decode({
    provider: "openai_compatible",
    model: "scripted",
    apiKey: "sk-secret-key",
    baseUrl: `${url}/v1`,
    ...change,
  })

export const anthropic = (url: string, change: Partial<LlmSettingsInput> = {}): LlmSettings =>
  decode({
    provider: "anthropic",
    model: "scripted",
    apiKey: "sk-secret-key",
    baseUrl: `${url}/v1`,
    ...change,
  })

export const openai = (url: string, change: Partial<LlmSettingsInput> = {}): LlmSettings =>
  anthropic(url, { provider: "openai", ...change })

/** Search, store and embedded agent over a list of articles. */
export const groundOf = (list: ReadonlyArray<Article> = articles) => {
  const filled = Layer.effectDiscard(ArticleStore.use((one) => one.upsert(org, list)))
  const knowledge = LexicalKnowledge.layer.pipe(
    Layer.provideMerge(Layer.provideMerge(filled, articlesMemory)),
  )
  return EmbeddedAgent.layer.pipe(Layer.provideMerge(Layer.merge(knowledge, tokenLedgerMemory)))
}

export const ground = groundOf()

export const agentWith = (settings: LlmSettings, rest: Partial<LlmAgentOptions> = {}) =>
  Effect.gen(function* () {
    const knowledge = yield* Knowledge
    const embedded = yield* SupportAgent
    const ledger = yield* TokenLedger
    return yield* makeLlmAgent({ settings, knowledge, embedded, ledger, ...rest })
  })

/** A search that cannot answer yet. */
export const loadingIndex: Knowledge["Service"] = {
  search: () =>
    Effect.fail(
      new KnowledgeError({
        operation: "search",
        reason: new Unavailable({ detail: "index is loading", retryAfterMs: null }),
      }),
    ),
  refresh: () => Effect.void,
}
