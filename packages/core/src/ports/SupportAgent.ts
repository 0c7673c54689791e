/**
 * The AI: answers a customer, asks back, or gives the conversation to a human; writes the brief and fills ticket fields for
 * that human; and drafts replies on tickets that humans work on.
 */
import { Context, type Effect } from "effect"
import type { Brief, HandoffReason } from "../domain/Brief.ts"
import type { AgentSource, AssistVerdict, Source, Trace } from "../domain/Entry.ts"
import type { ChannelId, OrgId, SessionId } from "../domain/Ids.ts"
import type { CustomerText } from "../domain/Surface.ts"
import type { SupportAgentError } from "../errors/PortErrors.ts"
import type { FieldAssignment, TicketField } from "./TicketFields.ts"

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
  /** What it costs is counted for this session. Absent outside of one: nothing is remembered. */
  readonly sessionId?: SessionId
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

/** A field to fill. `instruction`: what the organization says that it is for, or null. */
export interface FieldRequest {
  readonly field: TicketField
  readonly instruction: string | null
}

/** `confidence`: 0 to 1. Whether the value may stand in the field, the engine checks. */
export interface FilledField extends FieldAssignment {
  readonly confidence: number
}

/** A ticket that humans work on. Lines of `human` are public replies; internal notes are not among them. */
export interface AssistContext {
  readonly orgId: OrgId
  /** As in `TurnContext`. */
  readonly sessionId?: SessionId
  readonly organizationName: string
  readonly subject: string | null
  /** Oldest first. */
  readonly lines: ReadonlyArray<ConversationLine>
  /** How many customer lines at the end have no answer yet. At least 1. */
  readonly unanswered: number
  /** What an agent asked for in a note of their own, without the mention; null when nobody did. */
  readonly request: string | null
  /** The customer's language so far (BCP-47), or null. */
  readonly language: string | null
  /** The language that agents read (BCP-47). */
  readonly agentLanguage: string
  /** Words or phrases of topics on which the AI stays quiet. */
  readonly quietTopics: ReadonlyArray<string>
}

/** Why there is no draft. */
export type AssistSkip = Exclude<AssistVerdict, "drafted">

export type AssistResult =
  | {
      readonly _tag: "Draft"
      /** A reply that an agent may send, in Markdown. For agents: it may rest on internal articles. */
      readonly text: string
      readonly sources: ReadonlyArray<AgentSource>
      /** 0 to 1. */
      readonly confidence: number
      readonly language: string | null
      readonly trace: Trace
    }
  | { readonly _tag: "Skip"; readonly reason: AssistSkip; readonly trace: Trace }

export class SupportAgent extends Context.Service<
  SupportAgent,
  {
    /** `onPartial`: told the whole text so far, whenever there is more of it, by agents that can; never awaited for long. */
    respond(
      context: TurnContext,
      onPartial?: (text: string) => Effect.Effect<void>,
    ): Effect.Effect<TurnResult, SupportAgentError>
    brief(context: TurnContext, reason: HandoffReason): Effect.Effect<Brief, SupportAgentError>
    /** Values for the fields, at most one each; a field that nothing certain can be said about is left out. */
    fill(
      fields: ReadonlyArray<FieldRequest>,
      context: TurnContext,
    ): Effect.Effect<ReadonlyArray<FilledField>, SupportAgentError>
    /** A reply for the agent to look over, from public and internal articles; or why none is worth reading. */
    assist(context: AssistContext): Effect.Effect<AssistResult, SupportAgentError>
  }
>()("@opencx/core/ports/SupportAgent") {}
