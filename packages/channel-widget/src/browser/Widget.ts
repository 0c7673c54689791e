/** One widget on a page: its element, and what the page can do with it. */
import { Chat, type Context } from "./Chat.ts"
import { Emitter, type EventName, type Listener } from "./Emitter.ts"
import type { GetToken } from "./session.ts"
import { type State, unreadOf } from "./store.ts"
import { View } from "./View.tsx"
import css from "./widget.css"

export interface InitOptions {
  /** The site's public key. */
  readonly site: string
  /** Names this widget when a page has several. Default: `default`. */
  readonly name?: string
  /** A BCP 47 tag; default: the page's language, then the visitor's. */
  readonly locale?: string
  /** Where the server's routes are. Default: where the script came from. */
  readonly base?: string
  /** Element to put the widget in. Default: the page's body. */
  readonly parent?: Element
}

const sheet = new CSSStyleSheet()
sheet.replaceSync(css)

const localesOf = (locale: string | undefined): ReadonlyArray<string> => {
  const wanted = [locale ?? "", document.documentElement.lang, ...navigator.languages]
  return [...new Set(wanted.filter((tag) => /^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/.test(tag)))].slice(0, 5)
}

export class Widget {
  readonly name: string
  readonly #chat: Chat
  readonly #host: HTMLElement
  readonly #view: View
  readonly #events = new Emitter()
  readonly #observer: MutationObserver
  readonly #unsubscribe: () => void
  #last: State

  constructor(options: InitOptions, base: string, ids: string) {
    this.name = options.name ?? "default"
    this.#chat = new Chat({
      site: options.site,
      base: options.base ?? base,
      locales: localesOf(options.locale),
    })
    this.#host = document.createElement("opencx-chat")
    // Open, so that assistive tools and tests see what is inside.
    const root = this.#host.attachShadow({ mode: "open" })
    root.adoptedStyleSheets = [sheet]
    this.#view = new View(this.#chat, root, ids)
    this.#last = this.#chat.store.state
    this.#unsubscribe = this.#chat.store.subscribe(() => this.#changed())
    const put = (): void => {
      if (!this.#host.isConnected)
        (options.parent?.isConnected ? options.parent : document.body).append(this.#host)
    }
    // Pages that replace their body on the way take the widget along.
    this.#observer = new MutationObserver(put)
    this.#observer.observe(document.documentElement, { childList: true, subtree: false })
    this.#observer.observe(document.body, { childList: true })
    put()
  }

  open(): void {
    this.#chat.setOpen(true)
  }

  close(): void {
    this.#chat.setOpen(false)
  }

  toggle(): void {
    this.#chat.setOpen(!this.#chat.store.state.open)
  }

  /** Names the visitor by an identity token of the site. False when it was not believed. */
  identify(getToken: GetToken): Promise<boolean> {
    return this.#chat.identify(getToken)
  }

  /** Forgets the visitor in this browser. */
  logout(): void {
    this.#chat.logout()
  }

  /** Tells the humans something about the visitor with the next message. Proves nothing. */
  setContext(context: Context): void {
    this.#chat.setContext(context)
  }

  on(name: EventName, listener: Listener): void {
    this.#events.on(name, listener)
    if (name === "ready" && this.#last.config !== null) listener({})
  }

  off(name: EventName, listener?: Listener): void {
    this.#events.off(name, listener)
  }

  destroy(): void {
    this.#observer.disconnect()
    this.#unsubscribe()
    this.#chat.destroy()
    this.#view.destroy()
    this.#host.remove()
  }

  #changed(): void {
    const before = this.#last
    const now = this.#chat.store.state
    this.#last = now
    if (before.config !== now.config && now.config !== null) this.#theme(now.config.theme)
    if (before.config === null && now.config !== null) this.#events.emit("ready", {})
    if (before.open !== now.open) this.#events.emit(now.open ? "open" : "close", {})
    if (before.lines !== now.lines) {
      const known = new Set(before.lines.map(({ cursor }) => cursor))
      for (const { author, cursor, id } of now.lines)
        if (!known.has(cursor)) this.#events.emit("message", { author, id })
    }
    const count = unreadOf(now).length
    if (unreadOf(before).length !== count) this.#events.emit("unread", { count })
    const { humanName, state } = now.sync
    if (before.sync.state !== state || before.sync.humanName !== humanName)
      this.#events.emit("state", { state, humanName })
  }

  #theme(theme: Readonly<Record<string, string>>): void {
    // Through the CSSOM: a page's policy forbids style attributes, not this.
    for (const [key, value] of Object.entries(theme)) {
      if (getComputedStyle(this.#host).getPropertyValue(`--opencx-${key}`) === "")
        this.#host.style.setProperty(`--opencx-${key}`, value)
    }
  }
}
