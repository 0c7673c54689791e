/** What happens in a turn, written down as it happens, so that the trace is whole however the turn ends. */
import type { Hit, ModelUse, Surface, ToolUse, Trace } from "@opencx/core"
import type { LlmFailure } from "./model/LlmFailure.ts"
import type { CallResult, ToolCall } from "./model/call.ts"
import { nameOf } from "./model/models.ts"
import type { LlmTarget } from "./settings.ts"

const agentName = "llm"
/** Characters. Traces are read by people. */
const longestReasoning = 4000
const longestArguments = 1000
const longestName = 60
const mostTools = 40

const perMillion = 1_000_000

export class TurnLog<S extends Surface> {
  readonly queries: Array<string> = []
  /** The best passage of each article found in this turn. */
  readonly hits = new Map<string, Hit<S>>()
  readonly #prompt: string
  readonly #calls: Array<ModelUse["calls"][number]> = []
  readonly #tools: Array<ToolUse> = []
  readonly #failures: Array<string> = []
  #reasoning = ""
  #retries = 0
  #cost: number | null = null

  /** `prompt`: version of the words that the model is instructed with. */
  constructor(prompt: string) {
    this.#prompt = prompt
  }

  get tokens(): number {
    return this.#calls.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0)
  }

  found(query: string, hits: ReadonlyArray<Hit<S>>): void {
    this.queries.push(query)
    for (const hit of hits) {
      const known = this.hits.get(hit.articleId)
      if (known === undefined || known.score < hit.score) this.hits.set(hit.articleId, hit)
    }
  }

  /** `told`: what the model read of it; null when the turn ended with it. */
  tool({ input, tool }: ToolCall, result: string, told: string | null): void {
    if (this.#tools.length >= mostTools) return
    this.#tools.push({
      name: tool.slice(0, longestName),
      arguments: (JSON.stringify(input) ?? "").slice(0, longestArguments),
      result,
      resultSize: told?.length ?? 0,
    })
  }

  called(target: LlmTarget, result: CallResult, ms: number): void {
    const { inputTokens, outputTokens, reasoning } = result
    this.#calls.push({ model: nameOf(target), ms, inputTokens, outputTokens })
    this.#reasoning = `${this.#reasoning}${reasoning}`.slice(0, longestReasoning)
    if (target.prices === undefined) return
    const { input, output } = target.prices
    this.#cost = (this.#cost ?? 0) + (inputTokens * input + outputTokens * output) / perMillion
  }

  failed(target: LlmTarget, failure: LlmFailure): void {
    this.#failures.push(`${nameOf(target)}: ${failure.message}`)
  }

  retried(): void {
    this.#retries += 1
  }

  /** Nothing when no model was asked. */
  use(): { readonly model?: ModelUse } {
    if (this.#calls.length === 0 && this.#failures.length === 0) return {}
    return {
      model: {
        prompt: this.#prompt,
        calls: this.#calls,
        tools: this.#tools,
        reasoning: this.#reasoning === "" ? null : this.#reasoning,
        retries: this.#retries,
        failures: this.#failures,
        cost: this.#cost === null ? null : Math.round(this.#cost * perMillion) / perMillion,
      },
    }
  }

  trace(signals: Trace["signals"], latencyMs: number): Trace {
    return {
      agent: agentName,
      queries: this.queries,
      hits: [...this.hits.values()].map(({ articleId, score, title }) => ({ articleId, title, score })),
      signals,
      latencyMs,
      ...this.use(),
    }
  }
}
