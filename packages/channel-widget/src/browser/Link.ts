/** One session's connection: its history, the live news, and the messages on their way. Ends with the session. */
import { type Timer, later } from "./platform.ts"
import type { Api } from "./api.ts"
import { cursorOf, withLines, withPage, withSync } from "./conversation.ts"
import { Live } from "./live.ts"
import { Outbox, type Post } from "./outbox.ts"
import { isLine, isPage, isSync, textOf } from "./read.ts"
import type { Store } from "./store.ts"
import { Tabs } from "./tabs.ts"

export interface LinkHost {
  readonly api: Api
  readonly store: Store
  /** Names the session's storage and channels. */
  readonly key: string
  readonly post: Post
  /** The server does not take the session any more. */
  refused(): void
  /** Something came in. */
  heard(): void
}

const typingMs = 25_000

export class Link {
  readonly outbox: Outbox
  readonly #host: LinkHost
  #tabs: Tabs | null = null
  #live: Live | null = null
  #typing: Timer
  #closed = false

  constructor(host: LinkHost) {
    this.#host = host
    this.outbox = new Outbox(host.store, host.key, host.post)
    void this.#begin()
  }

  close(): void {
    this.#closed = true
    this.#tabs?.close()
    this.outbox.close()
    clearTimeout(this.#typing)
  }

  /** The network is back, or the customer looks again. */
  wake(): void {
    this.#live?.hurry()
    this.outbox.flush()
    // The tab that leads knows by itself; the others look.
    if (this.#tabs?.leads === false) void this.#load()
  }

  async #begin(): Promise<void> {
    // First the history: news that the leading tab passes on come after it. Without it the stream begins at the beginning.
    await this.#load()
    if (this.#closed) return
    this.#tabs = new Tabs(this.#host.key, {
      lead: () => this.#lead(),
      hear: (name, data) => this.#hear(name, data),
    })
    // What was passed on in between.
    if (!this.#tabs.leads) void this.#load()
  }

  async #load(): Promise<void> {
    const { api, refused, store } = this.#host
    const after = cursorOf(store.state)
    const answer = await api.get("lines", after === null ? { tail: "1" } : { after })
    if (this.#closed) return
    if (answer.ok && isPage(answer.body)) {
      store.set(withPage(store.state, answer.body))
      this.#host.heard()
    } else if (!answer.ok && answer.status === 401) refused()
  }

  #lead(): () => void {
    const pass = (name: string, data: unknown): void => {
      this.#hear(name, data)
      this.#tabs?.tell(name, data)
    }
    const live = new Live({
      api: this.#host.api,
      cursor: () => cursorOf(this.#host.store.state),
      up: (yes) => pass("up", yes),
      sink: pass,
      refused: () => this.#host.refused(),
    })
    this.#live = live
    return () => live.close()
  }

  #hear(name: string, data: unknown): void {
    if (this.#closed) return
    const { store } = this.#host
    const { state } = store
    if (name === "line" && isLine(data)) store.set(withLines(state, [data]))
    else if (name === "sync" && isSync(data)) store.set(withSync(state, data))
    else if (name === "page" && isPage(data)) store.set(withPage(state, data))
    else if (name === "partial")
      store.set({ draft: textOf(data, "text") ?? state.draft + (textOf(data, "add") ?? ""), typing: null })
    else if (name === "typing") this.#showTyping(textOf(data, "author") === "human" ? "human" : "ai")
    else if (name === "up") {
      store.set({ connection: data === true ? "up" : navigator.onLine ? "lost" : "offline" })
      if (data === true) this.outbox.flush()
    }
    this.#host.heard()
  }

  #showTyping(typing: "ai" | "human"): void {
    clearTimeout(this.#typing)
    this.#host.store.set({ typing })
    this.#typing = later(() => this.#host.store.set({ typing: null }), typingMs)
  }
}
