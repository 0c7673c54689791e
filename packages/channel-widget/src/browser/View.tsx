/** Draws what is known, and sees to focus and scrolling, which are no part of it. */
import { render } from "preact"
import type { Chat } from "./Chat.ts"
import { Root } from "./ui/Root.tsx"
import { makeUi, smallScreen } from "./ui/ui.ts"

export class View {
  readonly #chat: Chat
  readonly #root: ShadowRoot
  readonly #ids: string
  readonly #off: () => void
  #waiting = false
  #wasOpen = false
  #wasWriting = false

  constructor(chat: Chat, root: ShadowRoot, ids: string) {
    this.#chat = chat
    this.#root = root
    this.#ids = ids
    const later = (): void => {
      if (!this.#waiting) queueMicrotask(() => this.#draw())
      this.#waiting = true
    }
    const off = chat.store.subscribe(later)
    smallScreen.addEventListener("change", later)
    this.#off = () => {
      off()
      smallScreen.removeEventListener("change", later)
      this.#waiting = true
    }
  }

  destroy(): void {
    this.#off()
    render(null, this.#root)
  }

  #find(selector: string): HTMLElement | null {
    return this.#root.querySelector<HTMLElement>(selector)
  }

  #draw(): void {
    this.#waiting = false
    const { state } = this.#chat.store
    const box = this.#find(".scroll")
    // Follows the end, unless the reader has scrolled up.
    const atEnd = box === null || box.scrollHeight - box.scrollTop - box.clientHeight < 48
    render(<Root ui={makeUi(this.#chat, state, this.#ids)} />, this.#root)
    const after = this.#find(".scroll")
    if (after !== null && atEnd) after.scrollTop = after.scrollHeight
    this.#focus(state.open)
  }

  /** Into the panel when it opens or when what was asked is answered, and back to the button when it closes. */
  #focus(open: boolean): void {
    const input = this.#find("textarea")
    const writing = input !== null
    if (open && (!this.#wasOpen || (writing && !this.#wasWriting)))
      (input ?? this.#find("form input"))?.focus()
    if (!open && this.#wasOpen) this.#find(".launcher")?.focus()
    this.#wasOpen = open
    this.#wasWriting = writing
  }
}
