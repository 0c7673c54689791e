/** The AI: answers a customer, asks back, or gives the conversation to a human; and writes the brief for that human. */
import { Context, type Effect } from "effect"
import type { Brief, HandoffReason } from "../domain/Brief.ts"
import type { Source, Trace } from "../domain/Entry.ts"
import type { ChannelId, OrgId } from "../domain/Ids.ts"
import type { CustomerText } from "../domain/Surface.ts"
import type { SupportAgentError } from "../errors/PortErrors.ts"

export interface ConversationLine {
  readonly role: "customer" | "ai" | "human"
  /** Markdown. */
  readonly text: string
  /** Epoch milliseconds. */
  readonly at: number
}

/** What the AI sees of a conversation. Oldest line first; the unanswered customer lines are the last ones. */
export interface TurnContext {
  readonly orgId: OrgId
  readonly organizationName: string
  readonly channel: ChannelId
  readonly subject: string | null
  readonly lines: ReadonlyArray<ConversationLine>
  /** How many customer lines at the end have no answer yet (a burst counts as one turn). At least 1. */
  readonly unanswered: number
  /** The session's language so far (BCP-47), or a hint from the channel, or null. */
  readonly language: string | null
  /** The language that agents read (BCP-47). */
  readonly agentLanguage: string
  /** Words or phrases of topics that always go to a human. */
  readonly escalateTopics: ReadonlyArray<string>
}

export type TurnResult =
  | {
      readonly _tag: "Answer"
      readonly text: CustomerText
      readonly sources: ReadonlyArray<Source>
      /** 0 to 1. */
      readonly confidence: number
      readonly language: string | null
      readonly trace: Trace
    }
  | {
      readonly _tag: "AskBack"
      readonly text: CustomerText
      readonly language: string | null
      readonly trace: Trace
    }
  | {
      readonly _tag: "Escalate"
      readonly reason: HandoffReason
      readonly language: string | null
      readonly trace: Trace
    }

export class SupportAgent extends Context.Service<
  SupportAgent,
  {
    /** `onPartial`: told the whole text so far, whenever there is more of it, by agents that can; never awaited for long. */
    respond(
      context: TurnContext,
      onPartial?: (text: string) => Effect.Effect<void>,
    ): Effect.Effect<TurnResult, SupportAgentError>
    brief(context: TurnContext, reason: HandoffReason): Effect.Effect<Brief, SupportAgentError>
  }
>()("@opencx/core/ports/SupportAgent") {}
