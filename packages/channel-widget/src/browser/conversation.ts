/** How news changes what is known. No network here. */
import type { WireLine, WirePage, WireSync } from "../wire.ts"
import type { State } from "./store.ts"

/** Lines in the order of arrival, each once; what was on its way and has arrived is not on its way any more. */
export const withLines = (state: State, news: ReadonlyArray<WireLine>): Partial<State> => {
  const known = new Set(state.lines.map(({ cursor }) => cursor))
  const fresh = news.filter(({ cursor }) => !known.has(cursor))
  if (fresh.length === 0) return {}
  const arrived = new Set(fresh.map(({ id }) => id))
  const spoken = fresh.some(({ author }) => author !== "customer")
  return {
    lines: [...state.lines, ...fresh],
    pending: state.pending.filter(({ id }) => !arrived.has(id)),
    ...(spoken ? { draft: "", typing: null } : {}),
  }
}

/** Where the conversation stands. A draft that the server does not repeat was withheld or is final by now. */
export const withSync = (state: State, sync: WireSync): Partial<State> => {
  const waiting = sync.state === "handing_off"
  const statuses = { ...state.sync.statuses, ...sync.statuses }
  return {
    sync: { ...sync, statuses },
    draft: "",
    typing: sync.state === "closed" ? null : state.typing,
    waited: state.waited && waiting,
    humanAsked: state.humanAsked && (sync.state === "ai" || sync.state === "none" || waiting),
    rated: state.rated && sync.state === "closed",
  }
}

export const withPage = (state: State, page: WirePage): Partial<State> => ({
  ...withSync(state, page),
  ...withLines(state, page.lines),
})

/** The cursor to go on from. */
export const cursorOf = ({ lines }: State): string | null => lines.at(-1)?.cursor ?? null
