/** The LLM agent keeps the contract of its port, over real HTTP to scripted providers. */
import { articlesMemory, tokenLedgerMemory } from "@opencx/core"
import { supportAgentContract } from "@opencx/testing"
import { Effect, Layer } from "effect"
import { LexicalKnowledge, LlmAgent, type LlmSettings } from "../../src/index.ts"
import { anthropic, compatible, openai } from "./support/agents.ts"
import { honest } from "./support/doubles.ts"
import { modelServer } from "./support/ModelServer.ts"

const over = (settingsOf: (url: string) => LlmSettings) =>
  Layer.unwrap(Effect.map(modelServer(honest), ({ url }) => LlmAgent.layer(settingsOf(url)))).pipe(
    Layer.provideMerge(
      LexicalKnowledge.layer.pipe(Layer.provideMerge(articlesMemory), Layer.provideMerge(tokenLedgerMemory)),
    ),
  )

supportAgentContract("LlmAgent, OpenAI-compatible", over(compatible))
supportAgentContract("LlmAgent, Anthropic", over(anthropic))
supportAgentContract("LlmAgent, OpenAI", over(openai))
