/** What every part of the widget's interface has at hand. */
import type { Chat } from "../Chat.ts"
import { fill, type State, type TextKey } from "../store.ts"

export interface Ui {
  readonly chat: Chat
  readonly state: State
  /** Ids of elements, different for every widget of a page. */
  readonly ids: string
  /** A text in the visitor's language, filled in. */
  readonly t: (key: TextKey, values?: Readonly<Record<string, string | number>>) => string
}

/** Props of every part. */
export interface Has {
  readonly ui: Ui
}

export const makeUi = (chat: Chat, state: State, ids: string): Ui => ({
  chat,
  state,
  ids,
  t: (key, values = {}) => fill(state.config?.texts[key] ?? "", values),
})

/** Bytes for people: `9.5 MB`. */
export const sizeOf = (bytes: number, locale: string | undefined): string => {
  const [value, unit] =
    bytes < 1_000_000 ? [Math.ceil(bytes / 1_000), "kilobyte"] : [bytes / 1_000_000, "megabyte"]
  return new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: 1 }).format(value)
}

/** Screens that the panel covers as a whole; the style sheet has the same width. */
export const smallScreen = matchMedia("(max-width: 480px)")
