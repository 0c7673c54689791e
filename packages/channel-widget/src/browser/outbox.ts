/** Messages on their way: in order, each until the server has it, also over reloads and lost connections. */
import { type Timer, later, now } from "./platform.ts"
import { type Failure, isPassing } from "./api.ts"
import { listOf, numberOf, parse, textOf } from "./read.ts"
import { storage } from "./storage.ts"
import type { Pending, Store } from "./store.ts"

/** Sends one message; null when the server has it. */
export type Post = (message: Pending) => Promise<Failure | null>

export class Outbox {
  readonly #store: Store
  readonly #post: Post
  readonly #prefix: string
  #busy = false
  #failures = 0
  #timer: Timer
  #closed = false

  constructor(store: Store, prefix: string, post: Post) {
    this.#store = store
    this.#post = post
    this.#prefix = `${prefix}.out.`
    const kept = storage.keys(this.#prefix).flatMap((key) => this.#load(key))
    // Written before there was a session.
    for (const message of store.state.pending) this.#keep(message)
    const known = new Set(store.state.pending.map(({ id }) => id))
    const pending = kept.filter(({ id }) => !known.has(id)).sort((a, b) => a.at - b.at)
    store.set({ pending: [...pending, ...store.state.pending] })
    this.flush()
  }

  #load(key: string): ReadonlyArray<Pending> {
    const value = parse(storage.get(key))
    const id = textOf(value, "id")
    if (id === null) return []
    const fileNames = listOf(value, "fileNames")
    const lost = fileNames.length > 0
    const message: Pending = {
      id,
      text: textOf(value, "text") ?? "",
      at: numberOf(value, "at"),
      files: lost ? null : [],
      fileNames,
      status: lost ? "failed" : "sending",
      why: lost ? "lostFiles" : null,
    }
    return [message]
  }

  add(message: Pending): void {
    this.#keep(message)
    this.#store.set({ pending: [...this.#store.state.pending, message] })
    this.flush()
  }

  #keep({ at, fileNames, id, text }: Pending): void {
    storage.set(this.#prefix + id, JSON.stringify({ id, text, at, fileNames }))
  }

  retry(id: string): void {
    this.#change(id, { status: "sending", why: null })
    this.#failures = 0
    this.flush()
  }

  discard(id: string): void {
    storage.remove(this.#prefix + id)
    this.#store.set({ pending: this.#store.state.pending.filter((message) => message.id !== id) })
  }

  /** Sends what waits. Called again when the network is back. */
  flush(): void {
    clearTimeout(this.#timer)
    if (!this.#busy && !this.#closed) void this.#run()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  #change(id: string, change: Partial<Pending>): void {
    const pending = this.#store.state.pending.map((each) => (each.id === id ? { ...each, ...change } : each))
    this.#store.set({ pending })
  }

  async #run(): Promise<void> {
    this.#busy = true
    try {
      for (;;) {
        const next = this.#store.state.pending.find(({ status }) => status === "sending")
        if (next === undefined || this.#closed) return
        const failure = await this.#post(next)
        if (this.#closed) return
        if (failure !== null && isPassing(failure)) return this.#later(failure)
        this.#failures = 0
        if (failure === null) this.#sent(next.id)
        else
          this.#change(next.id, {
            status: "failed",
            why: failure.code === "text_too_long" ? "tooLong" : "failed",
          })
      }
    } finally {
      this.#busy = false
    }
  }

  #sent(id: string): void {
    storage.remove(this.#prefix + id)
    this.#change(id, { status: "sent" })
  }

  #later({ retryAfter, status }: Failure): void {
    this.#failures++
    if (status === 429) this.#store.set({ notice: "slowDown" })
    const pause = Math.max(retryAfter * 1000, Math.min(30_000, 500 * 2 ** Math.min(this.#failures, 6)))
    this.#timer = later(() => this.flush(), pause)
  }
}

/** A UUID, also on pages without a secure context. */
export const randomId = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")
}

export const newMessage = (text: string, files: ReadonlyArray<File>): Pending => ({
  id: randomId(),
  text,
  at: now(),
  files,
  fileNames: files.map(({ name }) => name),
  status: "sending",
  why: null,
})
