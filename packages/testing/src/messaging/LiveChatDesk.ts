/** What the messaging suite must be able to do besides calling the port. */
import type { ChatId, Messaging } from "@opencx/core"
import type { Effect, Scope } from "effect"

/** A message as the humans at the help desk see it; `text` at least contains what was written. */
export interface ShownMessage {
  readonly id: string
  /** True when it stands there as the customer's own words. */
  readonly fromCustomer: boolean
  /** The name that is shown with it. */
  readonly authorName: string | null
  readonly text: string
  readonly fileName: string | null
  /** False for what only humans see. */
  readonly reachesCustomer: boolean
}

/** What the ticket got with the pass that was done last. */
export interface PassedOn {
  readonly tags: ReadonlyArray<string>
  /** In any form that contains the value. */
  readonly fields: Readonly<Record<string, string>>
  readonly requesterName: string | null
  readonly requesterEmail: string | null
}

/** The adapter under test, and the people and the weather around it. */
export interface LiveChatDesk {
  readonly messaging: Messaging["Service"]
  /** An agent of the help desk, who has the chat, writes to the customer. */
  readonly humanWrites: (conversationId: ChatId, text: string) => Effect.Effect<void>
  /** The agent is done, and nobody has the chat. */
  readonly release: (conversationId: ChatId) => Effect.Effect<void>
  /** The next pass to the humans is accepted, and not done. */
  readonly stickPass: Effect.Effect<void>
  /** The next such write takes effect, but its answer never arrives: the conversation's creation, one message. */
  readonly loseAnswer: (operation: "open" | "post") => Effect.Effect<void>
  /** All conversations. */
  readonly conversations: Effect.Effect<ReadonlyArray<ChatId>>
  /** Everything in a conversation, oldest first. */
  readonly messages: (conversationId: ChatId) => Effect.Effect<ReadonlyArray<ShownMessage>>
  /** Null when no pass was done. */
  readonly passed: (conversationId: ChatId) => Effect.Effect<PassedOn | null>
}

/** Starts a live chat without conversations, where a customer may have several; runs once per test, in the test's scope. */
export type MakeLiveChatDesk = Effect.Effect<LiveChatDesk, unknown, Scope.Scope>
