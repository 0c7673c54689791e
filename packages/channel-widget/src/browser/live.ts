/** The live connection of one browser: server-sent events, or long polls where something holds events back. */
import { type Timer, later, random } from "./platform.ts"
import type { Api } from "./api.ts"
import { isPage, parse, textOf } from "./read.ts"

/** What comes in: the server's event name, and its data. */
export type Sink = (name: string, data: unknown) => void

export interface LiveHost {
  readonly api: Api
  readonly sink: Sink
  cursor(): string | null
  up(yes: boolean): void
  /** The token does not hold any more: a new session is needed. */
  refused(): void
}

/** The first event comes at once; a proxy that holds it back is found out after this time. */
const firstEventMs = 10_000
/** The server gives a sign of life every 15 s. */
const silenceMs = 50_000
/** So many streams without a single event, and polling begins. */
const maxEmpty = 2

const names = ["line", "sync", "partial", "typing", "ping", "gone"]

export class Live {
  readonly #host: LiveHost
  #source: EventSource | null = null
  #watch: Timer
  #again: Timer
  #abort: AbortController | null = null
  #failures = 0
  #empty = 0
  #closed = false

  constructor(host: LiveHost) {
    this.#host = host
    void this.#connect()
  }

  close(): void {
    this.#closed = true
    this.#drop()
    this.#abort?.abort()
    clearTimeout(this.#again)
  }

  /** Tries at once, without waiting for the next turn: the network is back, or the tab is looked at again. */
  hurry(): void {
    if (this.#closed || this.#source !== null || this.#abort !== null) return
    clearTimeout(this.#again)
    this.#failures = 0
    void this.#connect()
  }

  #drop(): void {
    clearTimeout(this.#watch)
    this.#source?.close()
    this.#source = null
  }

  #retry(): void {
    this.#drop()
    this.#host.up(false)
    if (this.#closed) return
    this.#failures++
    const pause = Math.min(30_000, 500 * 2 ** Math.min(this.#failures, 6)) * (0.75 + random() / 2)
    clearTimeout(this.#again)
    this.#again = later(() => void this.#connect(), pause)
  }

  async #connect(): Promise<void> {
    if (this.#empty >= maxEmpty) return await this.#poll()
    const answer = await this.#host.api.post("ticket", {})
    if (this.#closed) return
    const ticket = answer.ok ? textOf(answer.body, "ticket") : null
    if (!answer.ok && answer.status === 401) return this.#host.refused()
    if (ticket === null) return this.#retry()
    this.#open(ticket)
  }

  #open(ticket: string): void {
    const after = this.#host.cursor()
    const url = this.#host.api.url("stream", { ticket, ...(after === null ? {} : { after }) })
    const source = new EventSource(url)
    this.#source = source
    let heard = false
    const rewatch = (ms: number): void => {
      clearTimeout(this.#watch)
      this.#watch = later(() => {
        if (!heard) this.#empty++
        this.#retry()
      }, ms)
    }
    rewatch(firstEventMs)
    for (const name of names) {
      source.addEventListener(name, (event) => {
        if (this.#source !== source) return
        if (!heard) this.#host.up(true)
        heard = true
        this.#failures = 0
        this.#empty = 0
        rewatch(silenceMs)
        if (name === "gone") return this.#host.refused()
        if (name !== "ping") this.#host.sink(name, parse(String(event.data)))
      })
    }
    source.addEventListener("error", () => {
      // The browser would try the same URL again, whose ticket may have run out: better a new one.
      if (this.#source !== source) return
      if (!heard) this.#empty++
      this.#retry()
    })
  }

  async #poll(): Promise<void> {
    this.#abort = new AbortController()
    const { signal } = this.#abort
    // Once right away, so that the connection counts as up before the first long wait.
    let wait = "0"
    while (!this.#closed) {
      const after = this.#host.cursor()
      const limit = AbortSignal.any([signal, AbortSignal.timeout(40_000)])
      const answer = await this.#host.api.get("lines", { wait, ...(after === null ? {} : { after }) }, limit)
      if (this.#closed) return
      if (!answer.ok || !isPage(answer.body)) {
        this.#abort = null
        return !answer.ok && answer.status === 401 ? this.#host.refused() : this.#retry()
      }
      this.#failures = 0
      this.#host.up(true)
      this.#host.sink("page", answer.body)
      wait = answer.body.more ? "0" : "20"
    }
  }
}
