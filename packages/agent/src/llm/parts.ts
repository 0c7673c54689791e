/** What every task of the LLM agent works with. */
import type { Knowledge, SupportAgent, TokenLedger } from "@opencx/core"
import type { ModelOf } from "./model/models.ts"
import type { LlmSettings, LlmTarget } from "./settings.ts"

/**
 * `knowledge`: any search. `embedded`: the agent without network; it does small talk, and takes over on failure. `ledger`:
 * remembers what each session has cost.
 */
export interface LlmAgentOptions {
  readonly settings: LlmSettings
  readonly knowledge: Knowledge["Service"]
  readonly embedded: SupportAgent["Service"]
  readonly ledger: TokenLedger["Service"]
  /** Another way from a target to a model of the `ai` package: a gateway of one's own, a model for tests. */
  readonly modelOf?: ModelOf
}

export interface Parts extends Required<LlmAgentOptions> {
  readonly targets: ReadonlyArray<LlmTarget>
}
