/** What one widget knows, in one place; whoever shows it is told of changes. */
import type { Texts } from "../locales/en.ts"
import type { WireConfig, WireLine, WireSession, WireSync } from "../wire.ts"

/** Key of a text in the visitor's language. */
export type TextKey = keyof Texts

/** A message on its way. `sent`: the server has it, the timeline does not show it yet. */
export interface Pending {
  readonly id: string
  readonly text: string
  readonly at: number
  /** Null after a reload: a page cannot keep files. */
  readonly files: ReadonlyArray<File> | null
  readonly fileNames: ReadonlyArray<string>
  readonly status: "sending" | "sent" | "failed"
  /** Key of the text that says why it failed. */
  readonly why: TextKey | null
}

export interface State {
  readonly open: boolean
  /** Null until the server, or an earlier page, has said what to look like; nothing is shown before. */
  readonly config: WireConfig | null
  readonly session: WireSession | null
  readonly lines: ReadonlyArray<WireLine>
  readonly sync: WireSync
  readonly pending: ReadonlyArray<Pending>
  /** An answer that is being written. */
  readonly draft: string
  readonly typing: "ai" | "human" | null
  readonly connection: "idle" | "up" | "lost" | "offline"
  /** A call that a person made failed: key of what to say. */
  readonly notice: TextKey | null
  /** True from the press of the button until a human writes or lets go. */
  readonly humanAsked: boolean
  /** True when the conversation has waited for a human for so long that an address should be asked for. */
  readonly waited: boolean
  readonly thumbs: Readonly<Record<string, 0 | 1>>
  readonly rated: boolean
  /** The address that the customer has left. */
  readonly contact: string | null
  /** What was asked before the first message. */
  readonly name: string
  readonly admitted: boolean
  readonly consent: boolean
  /** Files that go with the next message, and why the last ones were not taken. */
  readonly files: ReadonlyArray<File>
  readonly fault: string | null
  /** Files are held over the panel. */
  readonly over: boolean
}

const nothing: WireSync = { state: "none", humanName: null, statuses: {} }

/** What belongs to one conversation, and goes with it. */
export const emptyConversation = {
  lines: [],
  sync: nothing,
  pending: [],
  draft: "",
  typing: null,
  notice: null,
  humanAsked: false,
  waited: false,
  thumbs: {},
  rated: false,
  contact: null,
  name: "",
  admitted: false,
  consent: false,
  files: [],
  fault: null,
} satisfies Partial<State>

const first: State = {
  ...emptyConversation,
  open: false,
  over: false,
  config: null,
  session: null,
  connection: "idle",
}

export class Store {
  #state = first
  readonly #listeners = new Set<() => void>()

  get state(): State {
    return this.#state
  }

  set(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change }
    for (const listener of this.#listeners) listener()
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

/** What was said to the customer since they last wrote, and not seen yet. */
export const unreadOf = ({ lines, sync }: State): ReadonlyArray<string> =>
  lines
    .slice(lines.findLastIndex(({ author }) => author === "customer") + 1)
    .map(({ id }) => id)
    .filter((id) => sync.statuses[id] !== "read")

/** Fills in a text's `{…}`. */
export const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole))

/** Small facts of a conversation that the server does not know, or that must survive a reload. */
export type Facts = Pick<State, "consent" | "contact" | "name" | "rated" | "thumbs">

const isFacts = (value: unknown): value is Facts =>
  typeof value === "object" && value !== null && "name" in value && "thumbs" in value

/** Facts as an earlier page has kept them. */
export const factsOf = (value: unknown): Partial<Facts> => (isFacts(value) ? value : {})
