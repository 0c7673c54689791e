/** What happens in a turn, written down as it happens, so that the trace is whole however the turn ends. */
import type { Hit, Trace } from "@opencx/core"
import type { LlmFailure } from "./model/LlmFailure.ts"
import type { CallResult } from "./model/call.ts"
import { nameOf } from "./model/models.ts"
import { respondVersion } from "./prompts/respond.ts"
import type { LlmTarget } from "./settings.ts"

const agentName = "llm"
/** Characters. Traces are read by people. */
const longestReasoning = 4000
const longestCalls = 2000

const perMillion = 1_000_000

export class TurnLog {
  readonly queries: Array<string> = []
  /** The best passage of each article found in this turn. */
  readonly hits = new Map<string, Hit<"customer">>()
  readonly #events: Array<string> = []
  readonly #callMs: Array<number> = []
  readonly #failures: Array<string> = []
  #reasoning = ""
  #model: string | null = null
  #inputTokens = 0
  #outputTokens = 0
  #retries = 0
  #cost: number | null = null

  get tokens(): number {
    return this.#inputTokens + this.#outputTokens
  }

  found(query: string, hits: ReadonlyArray<Hit<"customer">>): void {
    this.queries.push(query)
    for (const hit of hits) {
      const known = this.hits.get(hit.articleId)
      if (known === undefined || known.score < hit.score) this.hits.set(hit.articleId, hit)
    }
  }

  event(text: string): void {
    this.#events.push(text)
  }

  called(target: LlmTarget, result: CallResult, ms: number): void {
    this.#model = nameOf(target)
    this.#callMs.push(ms)
    this.#inputTokens += result.inputTokens
    this.#outputTokens += result.outputTokens
    this.#reasoning = `${this.#reasoning}${result.reasoning}`.slice(0, longestReasoning)
    if (target.prices === undefined) return
    const { input, output } = target.prices
    const cost = (result.inputTokens * input + result.outputTokens * output) / perMillion
    this.#cost = (this.#cost ?? 0) + cost
  }

  failed(target: LlmTarget, failure: LlmFailure): void {
    this.#failures.push(`${nameOf(target)}: ${failure.message}`)
  }

  retried(): void {
    this.#retries += 1
  }

  signals(): Trace["signals"] {
    return {
      prompt: respondVersion,
      steps: this.#callMs.length,
      retries: this.#retries,
      inputTokens: this.#inputTokens,
      outputTokens: this.#outputTokens,
      ...(this.#model === null ? {} : { model: this.#model }),
      ...(this.#callMs.length === 0 ? {} : { callMs: this.#callMs.join(", ") }),
      ...(this.#events.length === 0 ? {} : { toolCalls: this.#events.join("\n").slice(0, longestCalls) }),
      ...(this.#reasoning === "" ? {} : { reasoning: this.#reasoning }),
      ...(this.#failures.length === 0 ? {} : { failures: this.#failures.join("; ") }),
      ...(this.#cost === null ? {} : { cost: Math.round(this.#cost * perMillion) / perMillion }),
    }
  }

  trace(signals: Trace["signals"], latencyMs: number): Trace {
    return {
      agent: agentName,
      queries: this.queries,
      hits: [...this.hits.values()].map(({ articleId, score, title }) => ({ articleId, title, score })),
      signals: { ...this.signals(), ...signals },
      latencyMs,
    }
  }
}
