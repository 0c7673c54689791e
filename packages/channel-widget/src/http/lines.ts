/** `GET /lines`: the visitor's own conversation, at once or when something happens. */
import {
  type ConversationView,
  type DeliveryStatus,
  type StoreError,
  type ThreadRef,
  type ThreadState,
  type VisibleLine,
} from "@opencx/core"
import { Effect, Stream } from "effect"
import { clientIdOf, threadRef } from "../identity/visitor.ts"
import type { WireLine, WirePage, WireSync } from "../wire.ts"
import { type Call, visitorFor } from "./access.ts"
import { json } from "./answers.ts"

/** Lines in one answer. */
export const pageSize = 100
/** Lines of a long history that a browser gets when it asks for the end alone. */
const tailSize = 200
/** Longest wait of a long poll, in seconds: below what proxies usually allow. */
const maxWait = 25

export const wireLine = (line: VisibleLine): WireLine => ({
  cursor: line.cursor,
  id: line.author === "customer" ? clientIdOf(line.id) : line.id,
  at: line.at,
  author: line.author,
  authorName: line.authorName,
  text: line.text,
  sources: line.sources.map(({ title, url }) => ({ title, url })),
  files: line.files.map(({ contentType, fileName, size, url }) => ({ contentType, fileName, size, url })),
})

export const wireSync = (
  { humanName, state }: ThreadState,
  statuses: ReadonlyMap<string, typeof DeliveryStatus.Type>,
): WireSync => ({ state, humanName, statuses: Object.fromEntries(statuses) })

/** The last lines of a thread; the view can only be read from its beginning. */
const tailOf = (
  view: ConversationView,
  ref: ThreadRef,
): Effect.Effect<ReadonlyArray<VisibleLine>, StoreError> =>
  Effect.gen(function* () {
    let tail: ReadonlyArray<VisibleLine> = []
    let after: string | null = null
    for (;;) {
      const page: ReadonlyArray<VisibleLine> = yield* view.lines(ref, after, 500)
      tail = [...tail, ...page].slice(-tailSize)
      after = page.at(-1)?.cursor ?? after
      if (page.length < 500) return tail
    }
  })

const readPage = Effect.fnUntraced(function* (call: Call, ref: ThreadRef) {
  const { view } = call.site
  const after = call.query.get("after")
  const whole = after === null && call.query.get("tail") !== null
  const lines = whole ? yield* tailOf(view, ref) : yield* view.lines(ref, after, pageSize)
  const state = yield* view.state(ref)
  const statuses = yield* view.deliveries(ref)
  const page: WirePage = {
    ...wireSync(state, statuses),
    lines: lines.map(wireLine),
    more: !whole && lines.length === pageSize,
  }
  return page
})

/** Until something changes, for at most `seconds`; hints can get lost, so no single wait is long. */
const waitForChange = (call: Call, ref: ThreadRef, seconds: number) =>
  call.site.view.changes(ref).pipe(
    Stream.filter((event) => event._tag === "Changed"),
    Stream.runHead,
    Effect.timeoutOption(`${seconds} seconds`),
  )

const isSame = (a: WireSync, b: WireSync): boolean => {
  const [before, after] = [Object.entries(a.statuses), Object.entries(b.statuses)]
  return (
    a.state === b.state &&
    a.humanName === b.humanName &&
    before.length === after.length &&
    after.every(([id, status]) => a.statuses[id] === status)
  )
}

export const getLines = Effect.fnUntraced(function* (call: Call) {
  const visitor = yield* visitorFor(call)
  const ref = threadRef(call.site.account, visitor)
  let left = Math.min(maxWait, Math.max(0, Math.floor(Number(call.query.get("wait")) || 0)))
  const first = yield* readPage(call, ref)
  let page = first
  while (left > 0 && page.lines.length === 0 && isSame(first, page)) {
    const seconds = Math.min(3, left)
    yield* waitForChange(call, ref, seconds)
    left -= seconds
    page = yield* readPage(call, ref)
  }
  return json(page)
})
