/** One widget's conversation: who it is with, and what the customer's buttons do. */
import { type Timer, later } from "./platform.ts"
import type { WireSession } from "../wire.ts"
import { type Answer, Api, type Failure, isPassing } from "./api.ts"
import { Link } from "./Link.ts"
import { newMessage, randomId } from "./outbox.ts"
import { isConfig, isSession, parse } from "./read.ts"
import { type GetToken, Sessions } from "./session.ts"
import { storage } from "./storage.ts"
import { emptyConversation, type Facts, factsOf, type Pending, Store, unreadOf } from "./store.ts"

export interface ChatOptions {
  readonly site: string
  /** Where the server's routes are, with a slash at the end. */
  readonly base: string
  /** Languages, most wanted first. */
  readonly locales: ReadonlyArray<string>
}

/** Values that a page tells about its visitor. */
export type Context = Readonly<Record<string, string | number | boolean>>

/** The same person in the same conversation. */
const isSame = (a: WireSession | null, b: WireSession | null): boolean =>
  a?.visitor === b?.visitor && a?.conversation === b?.conversation

export class Chat {
  readonly store = new Store()
  readonly api: Api
  readonly #options: ChatOptions
  readonly #sessions: Sessions
  #link: Link | null = null
  #patience: Timer
  #context: Context = {}
  #pageTold = false
  #reading = false
  #refusals = 0
  #closed = false
  readonly #off: Array<() => void> = []

  constructor(options: ChatOptions) {
    this.#options = options
    this.api = new Api(options.base, options.site)
    this.#sessions = new Sessions(this.api, options.site)
    this.#off.push(this.store.subscribe(() => this.#wait()))
    this.#listen(window, "online", () => {
      this.store.set({ connection: this.#link === null ? "idle" : "lost" })
      this.#wake()
    })
    this.#listen(window, "offline", () => this.store.set({ connection: "offline" }))
    this.#listen(document, "visibilitychange", () => this.#seen())
    this.#listen(window, "storage", (event) => {
      if (event instanceof StorageEvent && event.key === this.#sessions.key) this.#changedElsewhere()
    })
    void this.#configure()
    const stored = this.#sessions.stored()
    if (stored !== null) {
      this.api.token = stored.token
      this.#start(stored)
    }
  }

  destroy(): void {
    this.#closed = true
    this.#end()
    for (const off of this.#off) off()
  }

  /** Begins the session, if there is none yet. True when there is one. */
  async begin(): Promise<boolean> {
    if (this.#link !== null) return true
    const answer = await this.#sessions.renew()
    if (this.#closed) return false
    if (answer.ok && isSession(answer.body)) {
      if (this.#link === null) this.#start(answer.body)
      return true
    }
    this.store.set({ notice: navigator.onLine ? "unavailable" : null })
    if (answer.ok || isPassing(answer)) later(() => this.#wake(), 5_000)
    return false
  }

  #wake(): void {
    if (this.#link !== null) this.#link.wake()
    else if (!this.#closed && (this.store.state.open || this.#sessions.stored() !== null)) void this.begin()
  }

  #start(session: WireSession): void {
    this.store.set({
      session,
      notice: null,
      ...factsOf(parse(storage.get(`${this.#prefix(session)}.facts`))),
    })
    const link: Link = new Link({
      api: this.api,
      store: this.store,
      key: this.#prefix(session),
      post: (message) => this.#post(message),
      refused: () => void this.#refused(link),
      heard: () => this.#seen(),
    })
    this.#link = link
  }

  #end(): void {
    this.#link?.close()
    this.#link = null
  }

  /** Another person: nothing of the old conversation stays on the screen. */
  #leave(): void {
    this.#end()
    this.store.set({ ...emptyConversation, session: null })
  }

  /** The conversation goes on under another name; what was still on its way goes along. */
  #switch(session: WireSession): void {
    const { pending } = this.store.state
    this.#leave()
    this.store.set({ pending: pending.filter(({ status }) => status === "sending") })
    this.#start(session)
  }

  /** The server does not take the token any more. */
  async #refused(link: Link | null): Promise<void> {
    if (link !== this.#link || this.#closed) return
    const before = this.store.state.session
    // A server that takes not even its own tokens is not asked without a pause.
    await new Promise<void>((resolve) => later(resolve, 500 * this.#refusals++))
    const answer = await this.#sessions.renew()
    if (link !== this.#link) return
    if (!answer.ok || !isSession(answer.body)) {
      later(() => link?.wake(), 5_000)
      return
    }
    if (isSame(before, answer.body)) link?.wake()
    else this.#switch(answer.body)
  }

  /** A call; when the session does not hold any more, once again with a new one. */
  async #call(call: () => Promise<Answer>): Promise<Answer> {
    const link = this.#link
    const answer = await call()
    if (answer.ok || answer.status !== 401) return answer
    await this.#refused(link)
    return link === this.#link ? await call() : answer
  }

  async #post(message: Pending): Promise<Failure | null> {
    const { consent, name } = this.store.state
    const body = {
      id: message.id,
      text: message.text,
      locale: this.#options.locales[0],
      ...(name === "" ? {} : { name }),
      ...(consent ? { consent } : {}),
      ...(this.#pageTold
        ? {}
        : { page: { url: location.href.slice(0, 2_000), title: document.title.slice(0, 200) } }),
      context: this.#context,
    }
    const answer = await this.#call(() => {
      if (message.fileNames.length === 0) return this.api.post("messages", body)
      const form = new FormData()
      form.set("message", JSON.stringify(body))
      for (const file of message.files ?? []) form.append("file", file, file.name)
      return this.api.post("messages", form)
    })
    if (!answer.ok) return answer
    this.#pageTold = true
    this.#context = {}
    return null
  }

  /** What stands in an open panel of a visible tab has been read. */
  #seen(): void {
    const { open, sync } = this.store.state
    if (!open || this.#link === null || document.visibilityState !== "visible" || this.#reading) return
    const read = unreadOf(this.store.state).slice(-200)
    if (read.length === 0) return
    this.#reading = true
    const statuses = { ...sync.statuses, ...Object.fromEntries(read.map((id) => [id, "read"])) }
    this.store.set({ sync: { ...sync, statuses } })
    void this.api.post("read", { read }).finally(() => {
      this.#reading = false
    })
  }

  /** Asks for an address when nobody comes for as long as the site has set. */
  #wait(): void {
    const { config, sync } = this.store.state
    const after = config?.contactAfterSeconds ?? null
    if (sync.state !== "handing_off") {
      clearTimeout(this.#patience)
      this.#patience = undefined
    } else if (after !== null) {
      this.#patience ??= later(() => this.store.set({ waited: true }), after * 1000)
    }
  }

  setOpen(open: boolean): void {
    this.store.set({ open })
    if (!open) return
    this.#wake()
    this.#seen()
  }

  send(text: string, files: ReadonlyArray<File>): void {
    const message = newMessage(text, files)
    this.store.set({ notice: null, admitted: true })
    // Without a session yet it waits in the store, where the outbox will find it.
    if (this.#link === null) this.store.set({ pending: [...this.store.state.pending, message] })
    else this.#link.outbox.add(message)
    void this.begin()
  }

  retry(id: string): void {
    this.#link?.outbox.retry(id)
  }

  discard(id: string): void {
    this.#link?.outbox.discard(id)
  }

  /** Does something that a button asks for; says so when it failed. */
  async act(path: string, body: Readonly<Record<string, unknown>>, then?: () => void): Promise<void> {
    if (!(await this.begin())) return
    const id = randomId()
    const answer = await this.#call(() => this.api.post(path, { id, ...body }))
    this.store.set({ notice: answer.ok ? null : answer.status === 429 ? "slowDown" : "unavailable" })
    if (answer.ok) then?.()
  }

  /** Keeps small facts of this conversation over reloads. */
  remember(change: Partial<Facts>): void {
    this.store.set(change)
    const { consent, contact, name, rated, session, thumbs } = this.store.state
    const facts: Facts = { consent, contact, name, rated, thumbs }
    if (session !== null) storage.set(`${this.#prefix(session)}.facts`, JSON.stringify(facts))
  }

  /** Names the visitor. False when the server did not believe the token, or nobody is signed in. */
  async identify(getToken: GetToken): Promise<boolean> {
    this.#sessions.identifyBy(getToken)
    const answer = await this.#sessions.renew()
    if (!answer.ok || !isSession(answer.body)) {
      this.#sessions.identifyBy(null)
      return false
    }
    // Pages name their visitor again and again: nothing changes by that.
    if (isSame(this.store.state.session, answer.body)) this.store.set({ session: answer.body })
    else this.#switch(answer.body)
    return answer.body.identified
  }

  /** Forgets the visitor in this browser. */
  logout(): void {
    const { open, session } = this.store.state
    this.#sessions.forget((session ?? this.#sessions.stored())?.visitor ?? "")
    this.#leave()
    this.store.set({ connection: "idle" })
    if (open) void this.begin()
  }

  setContext(context: Context): void {
    this.#context = { ...this.#context, ...context }
  }

  #changedElsewhere(): void {
    const stored = this.#sessions.stored()
    this.api.token = stored?.token ?? null
    if (isSame(stored, this.store.state.session)) return
    this.#leave()
    if (stored !== null) this.#start(stored)
  }

  #prefix({ visitor }: WireSession): string {
    return `${this.#sessions.key}.${visitor}`
  }

  /** What an earlier page has learnt shows at once, also without a network; news replace it. */
  async #configure(): Promise<void> {
    const locale = this.#options.locales.join(",")
    const key = `${this.#sessions.key}.config.${locale}`
    const kept = parse(storage.get(key))
    if (this.store.state.config === null && isConfig(kept)) this.store.set({ config: kept })
    const answer = await this.api.get("config", { locale })
    if (this.#closed) return
    if (answer.ok && isConfig(answer.body)) {
      storage.set(key, JSON.stringify(answer.body))
      this.store.set({ config: answer.body })
    } else if (answer.ok || isPassing(answer)) later(() => void this.#configure(), 10_000)
  }

  #listen(target: EventTarget, name: string, listener: (event: Event) => void): void {
    target.addEventListener(name, listener)
    this.#off.push(() => target.removeEventListener(name, listener))
  }
}
