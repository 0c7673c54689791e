/**
 * Live chat at a help desk in memory: its customers and conversations, what people do there, and faults on demand.
 * `messagingMemory` is the port over it. Nothing here waits, so that each act is a transaction by itself.
 */
import { Clock, Context, Effect, Layer } from "effect"
import { ChatId, type SessionId } from "../domain/Ids.ts"
import type { ChatControl } from "../domain/Session.ts"
import type { MessagingError } from "../errors/PortErrors.ts"
import type { ChatCustomer, ChatPost, Messaging, PassDraft } from "../ports/Messaging.ts"
import { CallLine } from "./callFaults.ts"
import type { ChatFault } from "./chatFaults.ts"
import type { DeskFile } from "./MemoryDesk.ts"

/** A message as the chat keeps it: one piece of a post, or what somebody wrote there. */
export interface ChatMessage {
  readonly id: string
  readonly author: ChatPost["author"]
  readonly authorName: string | null
  /** Null for what people wrote in the chat itself. */
  readonly marker: string | null
  /** Which piece of its post it is. */
  readonly piece: number
  /** Markdown; empty for a file. */
  readonly text: string
  readonly file: DeskFile | null
  /** True: the customer's channel does not show it. */
  readonly silent: boolean
  /** Epoch milliseconds. */
  readonly createdAt: number
}

/** A pass that was asked for, and what the ticket gets with it. `done` false: the chat has not changed hands. */
export interface ChatPass extends Omit<PassDraft, "conversationId"> {
  readonly done: boolean
}

/** A conversation as the chat keeps it. Change it through the chat. */
export interface ChatConversation {
  readonly id: ChatId
  readonly userId: string
  /** Null where the customer began it on a channel of the help desk. */
  readonly sessionId: SessionId | null
  readonly subject: string | null
  /** Oldest first. */
  readonly messages: Array<ChatMessage>
  /** Each pass that was asked for. */
  readonly passes: Array<ChatPass>
  control: ChatControl
  /** It takes no more messages. */
  closed: boolean
  /** How often somebody was shown to be writing. */
  typings: number
  /** How often the customer was shown to have read. */
  reads: number
  /** We hear of what humans do in it. */
  listening: boolean
}

/** The calls of the port that are counted and can meet faults. */
export type ChatOperation = keyof Messaging["Service"]

/** The conversation itself, or its id. */
export type ChatRef = ChatId | { readonly id: ChatId }

const idOf = (ref: ChatRef): ChatId => (typeof ref === "string" ? ref : ref.id)

/** The chat itself. The upper half is for tests, the lower half is what the port is made of. */
export class InMemoryChat {
  readonly conversations: Array<ChatConversation> = []
  /** The human who answers. */
  readonly agentName = "Ada"
  /** True: passes are done, but our wish to hear of the chat further is not taken; only `listen` is. */
  deafPasses = false
  /** Off: a customer has one conversation, and a second session gets it, with a warning. */
  multiConversations = true
  readonly #clock: Clock.Clock
  readonly #line = new CallLine<ChatOperation, MessagingError>("Messaging")
  /** Our id of a customer → the chat's own. */
  readonly #users = new Map<string, string>()
  #stuckPasses = 0
  // Ids grow by a digit early, so that comparing them as text shows.
  #nextConversation = 8
  #nextMessage = 97

  constructor(clock: Clock.Clock) {
    this.#clock = clock
  }

  /** Every call of the port so far, in order. */
  get calls(): ReadonlyArray<ChatOperation> {
    return this.#line.calls
  }

  /** The next calls of this operation meet these faults, one each. */
  next(operation: ChatOperation, ...faults: ReadonlyArray<ChatFault>): void {
    this.#line.next(operation, ...faults)
  }

  /** How often this operation was called. */
  count(operation: ChatOperation): number {
    return this.#line.count(operation)
  }

  /** So many passes are accepted from now on and not done: the chat stays where it is. */
  stickPasses(times: number): void {
    this.#stuckPasses += times
  }

  /** The one conversation that there is; throws when there are none or several. */
  only(): ChatConversation {
    const [conversation] = this.conversations
    if (conversation === undefined || this.conversations.length > 1)
      throw new Error(`${this.conversations.length} conversations, not one`)
    return conversation
  }

  find(id: ChatId): ChatConversation | undefined {
    return this.conversations.find((one) => one.id === id)
  }

  /** An agent of the help desk writes to the customer. */
  humanWrites(ref: ChatRef, text: string, file: DeskFile | null = null): ChatMessage {
    return this.write(this.#open(ref), { author: "human", authorName: this.agentName, text, file })
  }

  /** The customer writes past us, on a channel of the help desk. */
  customerWrites(ref: ChatRef, text: string): ChatMessage {
    return this.write(this.#open(ref), { author: "customer", authorName: null, text })
  }

  /** A customer begins a conversation on a channel of the help desk, where we are the first to answer. */
  customerStarts(text: string, externalId: string | null = null): ChatConversation {
    const conversation = this.open({ userId: this.#userId(externalId), sessionId: null, subject: null })
    this.customerWrites(conversation, text)
    return conversation
  }

  /** The chat changes hands there: a human takes it, the help desk's bot gets it. */
  give(ref: ChatRef, control: ChatControl): void {
    this.#open(ref).control = control
  }

  /** The human is done, and nobody has the chat. */
  release(ref: ChatRef): void {
    this.give(ref, "nobody")
  }

  /** For good: a closed conversation takes no message. */
  close(ref: ChatRef): void {
    this.#open(ref).closed = true
  }

  /** Runs one call of the port: counted, and through its fault if one waits. */
  call<A>(
    operation: ChatOperation,
    run: () => Effect.Effect<A, MessagingError>,
  ): Effect.Effect<A, MessagingError> {
    return this.#line.run(operation, run)
  }

  /** The chat's id of this customer; the same one for the same `externalId`. */
  user({ externalId }: ChatCustomer): string {
    return this.#userId(externalId)
  }

  open(input: Pick<ChatConversation, "userId" | "sessionId" | "subject">): ChatConversation {
    const conversation: ChatConversation = {
      ...input,
      id: ChatId.make(`chat-${this.#nextConversation++}`),
      messages: [],
      passes: [],
      control: "ours",
      closed: false,
      typings: 0,
      reads: 0,
      listening: true,
    }
    this.conversations.push(conversation)
    return conversation
  }

  write(
    conversation: ChatConversation,
    input: Pick<ChatMessage, "author" | "authorName" | "text"> &
      Partial<Pick<ChatMessage, "marker" | "piece" | "file" | "silent">>,
  ): ChatMessage {
    const message: ChatMessage = {
      marker: null,
      piece: 0,
      file: null,
      silent: false,
      ...input,
      id: `message-${this.#nextMessage++}`,
      createdAt: this.#clock.currentTimeMillisUnsafe(),
    }
    conversation.messages.push(message)
    return message
  }

  pass(conversation: ChatConversation, draft: Omit<ChatPass, "done">): void {
    const done = this.#stuckPasses === 0
    if (done) conversation.control = "humans"
    else this.#stuckPasses -= 1
    conversation.passes.push({ ...draft, done })
  }

  #userId(externalId: string | null): string {
    const known = externalId === null ? undefined : this.#users.get(externalId)
    const id = known ?? `user-${this.#users.size + 1}`
    this.#users.set(externalId ?? id, id)
    return id
  }

  #open(ref: ChatRef): ChatConversation {
    const conversation = this.find(idOf(ref))
    if (conversation === undefined) throw new Error(`there is no conversation ${idOf(ref)}`)
    if (conversation.closed) throw new Error(`conversation ${conversation.id} is closed`)
    return conversation
  }
}

/** The chat behind `messagingMemory`: with it a test acts as the human and the customer, looks at messages and arms faults. */
export class MemoryChat extends Context.Service<MemoryChat, InMemoryChat>()(
  "@opencx/core/memory/MemoryChat",
) {
  /** A chat without conversations. Its times are those of the clock of whoever makes it. */
  static readonly make: Effect.Effect<InMemoryChat> = Effect.map(
    Clock.Clock,
    (clock) => new InMemoryChat(clock),
  )
  static readonly layer: Layer.Layer<MemoryChat> = Layer.effect(MemoryChat, MemoryChat.make)
}
