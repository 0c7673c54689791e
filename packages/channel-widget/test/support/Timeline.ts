/**
 * The engine's side of a chat, in memory: takes events in like the journal, and shows threads like the real view. Cursors
 * grow with the lines; every change gives a hint; a reader who is slow loses hints but the last.
 */
import {
  type ChannelEvent,
  type ConversationView,
  type DeliveryStatus,
  type LiveEvent,
  type SessionState,
  StoreError,
  type ThreadRef,
  type VisibleFile,
  type VisibleLine,
} from "@opencx/core"
import { Effect, Queue, Stream } from "effect"
import { randomUUID } from "node:crypto"

interface Thread {
  readonly lines: Array<VisibleLine>
  readonly statuses: Map<string, typeof DeliveryStatus.Type>
  readonly listeners: Set<(event: LiveEvent) => void>
  state: SessionState | "none"
  humanName: string | null
}

type Said = Partial<Pick<VisibleLine, "authorName" | "files" | "sources" | "id">>

export class Timeline {
  readonly events: Array<ChannelEvent> = []
  readonly accounts: Array<string> = []
  readonly #threads = new Map<string, Thread>()
  readonly #seen = new Set<string>()
  readonly #files = new Map<string, { readonly type: string; readonly bytes: Uint8Array }>()
  /** So many calls of the store fail. */
  failing = 0
  /** Where files of lines are served. */
  filesUrl = ""

  thread(key: string): Thread {
    const known = this.#threads.get(key) ?? {
      lines: [],
      statuses: new Map(),
      listeners: new Set(),
      state: "none" as const,
      humanName: null,
    }
    this.#threads.set(key, known)
    return known
  }

  /** The only thread that somebody has written in. */
  get only(): string {
    const keys = [...this.#threads].filter(([, thread]) => thread.lines.length > 0).map(([key]) => key)
    if (keys.length !== 1) throw new Error(`${keys.length} threads have lines`)
    return keys[0] ?? ""
  }

  /** The lines of all threads. */
  get all(): ReadonlyArray<VisibleLine> {
    return [...this.#threads.values()].flatMap(({ lines }) => lines)
  }

  file(name: string) {
    return this.#files.get(name)
  }

  #tell(key: string, event: LiveEvent): void {
    for (const listener of this.thread(key).listeners) listener(event)
  }

  #add(key: string, line: Omit<VisibleLine, "cursor" | "at">): void {
    const { lines } = this.thread(key)
    // Opaque, and not in the order of its characters.
    lines.push({ ...line, cursor: `c-${lines.length + 1}`, at: Date.now() })
    this.#tell(key, { _tag: "Changed" })
  }

  /** Somebody says something to the customer; gives the delivery's id. */
  say(key: string, author: "ai" | "human" | "system", text: string, said: Said = {}): string {
    const { authorName = null, files = [], id = randomUUID(), sources = [] } = said
    this.thread(key).statuses.set(id, "sent")
    this.#add(key, { id, author, authorName, text, sources, files })
    return id
  }

  partial(key: string, text: string): void {
    this.#tell(key, { _tag: "Partial", text })
  }

  typing(key: string, author: "ai" | "human"): void {
    this.#tell(key, { _tag: "Typing", author })
  }

  become(key: string, state: SessionState, humanName: string | null = null): void {
    Object.assign(this.thread(key), { state, humanName })
    this.#tell(key, { _tag: "Changed" })
  }

  keep(name: string, type: string, bytes: Uint8Array): VisibleFile {
    this.#files.set(name, { type, bytes })
    return {
      fileName: name,
      contentType: type,
      size: bytes.length,
      url: `${this.filesUrl}/${encodeURIComponent(name)}`,
    }
  }

  #take(event: ChannelEvent): void {
    this.events.push(event)
    if (this.#seen.has(event.dedupKey)) return
    this.#seen.add(event.dedupKey)
    if (event._tag === "Message") {
      const key = event.thread.defaultKey
      const thread = this.thread(key)
      if (thread.state === "none" || thread.state === "closed") thread.state = "ai"
      const files = event.files.map(({ bytes, contentType, fileName }) =>
        this.keep(fileName, contentType, bytes),
      )
      const id = event.messageId ?? event.dedupKey
      this.#add(key, { id, author: "customer", authorName: null, text: event.text, sources: [], files })
    } else if (event._tag === "Delivery") {
      for (const [key, thread] of this.#threads) {
        if (!thread.lines.some(({ id }) => id === event.deliveryId)) continue
        thread.statuses.set(event.deliveryId, event.status)
        this.#tell(key, { _tag: "Changed" })
      }
    } else if (event._tag === "HumanWanted") this.become(event.thread.defaultKey, "handing_off")
    else if (event._tag === "HumanDismissed") this.become(event.thread.defaultKey, "ai")
  }

  readonly accept = (account: { readonly accountId: string }, events: ReadonlyArray<ChannelEvent>) =>
    this.#stored(() => {
      for (const event of events) {
        this.accounts.push(account.accountId)
        this.#take(event)
      }
    })

  #stored<A>(use: () => A): Effect.Effect<A, StoreError> {
    return Effect.suspend(() => {
      if (this.failing === 0) return Effect.succeed(use())
      this.failing--
      return Effect.fail(new StoreError({ operation: "timeline", detail: "disk full" }))
    })
  }

  readonly view: ConversationView = {
    lines: ({ threadKey }: ThreadRef, after, limit) =>
      this.#stored(() => {
        const { lines } = this.thread(threadKey)
        const at = after === null ? 0 : lines.findIndex(({ cursor }) => cursor === after) + 1
        return lines.slice(at, at + limit)
      }),
    state: ({ threadKey }) =>
      this.#stored(() => {
        const { humanName, state } = this.thread(threadKey)
        return { state, humanName: state === "human" ? humanName : null }
      }),
    deliveries: ({ threadKey }) => this.#stored(() => new Map(this.thread(threadKey).statuses)),
    changes: ({ threadKey }) =>
      Stream.callback<LiveEvent>(
        (queue) => {
          const listener = (event: LiveEvent) => void Queue.offerUnsafe(queue, event)
          const { listeners } = this.thread(threadKey)
          return Effect.acquireRelease(
            Effect.sync(() => listeners.add(listener)),
            () => Effect.sync(() => listeners.delete(listener)),
          )
        },
        { bufferSize: 32, strategy: "sliding" },
      ),
  }
}
