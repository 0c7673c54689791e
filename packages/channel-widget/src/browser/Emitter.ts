/** What a page can listen to. */

export interface Events {
  /** The widget can be used. */
  readonly ready: Record<never, never>
  readonly open: Record<never, never>
  readonly close: Record<never, never>
  /** Somebody said something; without its text, which is nobody's business but the customer's. */
  readonly message: { readonly author: string; readonly id: string }
  readonly unread: { readonly count: number }
  /** Who has the conversation: `none`, `ai`, `handing_off`, `human` or `closed`. */
  readonly state: { readonly state: string; readonly humanName: string | null }
}

export type EventName = keyof Events
export type Listener = (detail: Events[EventName]) => void

export class Emitter {
  readonly #listeners = new Map<string, Set<Listener>>()

  on(name: EventName, listener: Listener): void {
    const all = this.#listeners.get(name) ?? new Set()
    all.add(listener)
    this.#listeners.set(name, all)
  }

  off(name: EventName, listener?: Listener): void {
    if (listener === undefined) this.#listeners.delete(name)
    else this.#listeners.get(name)?.delete(listener)
  }

  emit<Name extends EventName>(name: Name, detail: Events[Name]): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        listener(detail)
      } catch (error) {
        // A page's own fault is the page's: it shows up in its console, and the widget goes on.
        reportError(error)
      }
    }
  }
}
