/**
 * A help desk's signals: kept at once, as many in one write as are there, and answered; handed to their lanes afterwards,
 * those of one ticket as one. Why signals have a journal of their own before the lanes' stands in AGENTS.md.
 */
import { Clock, Duration, Effect, Exit, Latch, Request, RequestResolver } from "effect"
import type { Session } from "../domain/Session.ts"
import { StoreError } from "../errors/PortErrors.ts"
import { ConversationStore } from "../ports/ConversationStore.ts"
import { type KeptSignal, SignalInbox, type WaitingTicket } from "../ports/SignalInbox.ts"
import { EngineMetrics } from "./EngineMetrics.ts"
import { laneOf, sessionOfTicket } from "./lookups.ts"
import type { Outbox } from "./Outbox.ts"
import { SignalFold } from "./SignalFold.ts"

/** Signals in one write; signals, and tickets, in one pass of handing on. */
const perWrite = 256
const perPass = 20_000
const ticketsPerPass = 100

/** After each ticket: looks begin one after the other, or the answers to new signals would stand in line behind them all. */
const spreadMs = 5
/** Between two passes; in it, signals gather that become one look. */
const gatherMs = 100
/** A ticket that was looked at less than this ago waits: a look costs calls to the help desk, and each reads everything. */
const paceMs = 1000
/**
 * How long a ticket waits for the answer to its own creation. Longer than a worker pauses between two tries to store that
 * answer: else a human's reply could overtake it, and the customer would not be told that there is a ticket.
 */
const linkMs = 6000
/** How often the store is asked for signals that this process does not know of, and how long to wait after a failure. */
const idleMs = 1000

/** Keys of signals that are known to be kept; at least as many of the newest ones are remembered. */
const rememberedKeys = 25_000

class Keep extends Request.Class<{ readonly signal: KeptSignal }, void, StoreError> {}

/**
 * The newest keys that were kept, in two halves of which the older one is dropped. What is sent again shortly after need
 * not be written again; what is sent again later, or to another process, costs one more look at the most.
 */
class RecentKeys {
  #newer = new Set<string>()
  #older = new Set<string>()
  has({ orgId, signalKey }: KeptSignal): boolean {
    const key = `${orgId}|${signalKey}`
    return this.#newer.has(key) || this.#older.has(key)
  }
  add({ orgId, signalKey }: KeptSignal): void {
    if (this.#newer.size >= rememberedKeys) {
      this.#older = this.#newer
      this.#newer = new Set()
    }
    this.#newer.add(`${orgId}|${signalKey}`)
  }
}

/** How many wait, and since when none of them has been handed on. */
class Backlog {
  count = 0
  since = 0
  kept(count: number, now: number): void {
    if (this.count === 0) this.since = now
    this.count += count
  }
  /** `seen`: how many were known to wait before the store was asked; `left`: how many of what it named wait on. */
  passed(seen: number, left: number, now: number): void {
    this.count = Math.max(0, this.count - seen) + left
    this.since = now
  }
}

export interface SignalsOptions {
  /** The way into the lanes; fails while there is none. */
  readonly outbox: Effect.Effect<Outbox["Service"], StoreError>
  /** Longest that keeping and handing on may take. */
  readonly within: Duration.Duration
  /** Told when the store did not take some. */
  readonly refused: Effect.Effect<void>
  /** As far as the watchdog knows. */
  readonly isStoreWell: Effect.Effect<boolean>
}

const inTime = (within: Duration.Duration) =>
  Effect.timeoutOrElse({
    duration: within,
    orElse: () =>
      Effect.fail(new StoreError({ operation: "Signals", detail: "the store did not answer in time" })),
  })

/** Writes what is asked for within one turn of the event loop together: one commit for all of it. */
const makeKeep = Effect.fnUntraced(function* (options: SignalsOptions, backlog: Backlog, news: Latch.Latch) {
  const inbox = yield* SignalInbox
  const recent = new RecentKeys()
  const write = Effect.fnUntraced(function* (signals: ReadonlyArray<KeptSignal>) {
    if (signals.length === 0) return
    yield* inbox.keep(signals).pipe(
      inTime(options.within),
      Effect.tapError(() => options.refused),
    )
    for (const signal of signals) recent.add(signal)
    backlog.kept(signals.length, yield* Clock.currentTimeMillis)
    news.openUnsafe()
  })
  const keepAll = Effect.fnUntraced(function* (signals: ReadonlyArray<KeptSignal>) {
    const [took] = yield* Effect.timed(write(signals.filter((signal) => !recent.has(signal))))
    yield* EngineMetrics.accepted(Duration.toMillis(took), signals.length)
  })
  return RequestResolver.make<Keep>((entries) =>
    Effect.map(Effect.exit(keepAll(entries.map((entry) => entry.request.signal))), (exit) => {
      for (const entry of entries) entry.completeUnsafe(exit)
    }),
  ).pipe(RequestResolver.batchN(perWrite))
})

/**
 * All signals of one ticket as one event for its lane. Its key is that of the newest: when this is repeated after a crash,
 * and newer signals have come, it is a new event and sets off a new look.
 */
const handOn = Effect.fn("Signals.handOn")(function* (
  outbox: Outbox["Service"],
  session: Session,
  ticket: WaitingTicket,
) {
  const store = yield* ConversationStore
  const fold = yield* SignalFold
  const { orgId, readStatus, signalKey, ticketId } = ticket
  const lane = laneOf(session)
  yield* Effect.annotateCurrentSpan({ "opencx.session": session.id })
  // Dealt with already: no look will follow, so nothing may be folded into this one.
  if (yield* store.wasApplied(lane, signalKey)) return
  yield* fold.announced(orgId, ticketId, readStatus)
  const event = { _tag: "TicketSignal", ticketId, statusHint: readStatus ? null : "open" } as const
  yield* outbox
    .deposit({ lane, eventKey: signalKey, sessionId: session.id, event })
    .pipe(Effect.tapError(() => fold.begun(orgId, ticketId)))
})

const signalsOf = (tickets: ReadonlyArray<WaitingTicket>): number =>
  tickets.reduce((sum, one) => sum + one.signals, 0)

/** One pass over what waits; true when some of it was left for later. */
const makePass = Effect.fnUntraced(function* (options: SignalsOptions, backlog: Backlog) {
  const inbox = yield* SignalInbox
  const fold = yield* SignalFold
  const lookedAt = new Map<string, number>()
  const stamp = Effect.map(Clock.currentTimeMillis, (now) => (backlog.since = now))
  const unlinkedSince = new Map<string, number>()
  const waitsForLink = (key: string) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const since = unlinkedSince.get(key) ?? now
      unlinkedSince.set(key, since)
      return now - since < linkMs
    })
  let places = ticketsPerPass
  const visit = Effect.fnUntraced(function* (ticket: WaitingTicket) {
    const { orgId, readStatus, ticketId } = ticket
    const key = `${orgId}|${ticketId}`
    // A look that has not begun yet sees everything.
    if (yield* fold.covers(orgId, ticketId, readStatus)) return "handed on"
    if (lookedAt.has(key) || places === 0) return "left"
    const session = yield* sessionOfTicket(ticket)
    if (session === null) return "handed on"
    const isBeingMade = session.handoffPending && session.ticket?.ticketId !== ticketId
    if (isBeingMade && (yield* waitsForLink(key))) return "left"
    places -= 1
    yield* inTime(options.within)(handOn(yield* options.outbox, session, ticket))
    lookedAt.set(key, yield* stamp)
    yield* Effect.sleep(spreadMs)
    return "handed on"
  })
  const pass = Effect.gen(function* () {
    // While the store is what everything waits for, nothing is stuck; what stores a ticket's link is refused as well, and
    // needs its time anew.
    if (!(yield* options.isStoreWell)) {
      unlinkedSince.clear()
      yield* stamp
      return true
    }
    const seen = backlog.count
    places = ticketsPerPass
    const tickets = yield* Effect.tapError(inbox.waiting(perPass), () => stamp)
    const now = yield* Clock.currentTimeMillis
    for (const [key, at] of lookedAt) if (now - at >= paceMs) lookedAt.delete(key)
    const handed: Array<WaitingTicket> = []
    const visits = Effect.forEach(
      tickets,
      (ticket) =>
        Effect.map(visit(ticket), (came) => {
          if (came === "handed on") handed.push(ticket)
        }),
      { discard: true },
    )
    const visited = yield* Effect.exit(visits)
    if (handed.length > 0) yield* inbox.handedOn(handed)
    for (const { orgId, ticketId } of handed) unlinkedSince.delete(`${orgId}|${ticketId}`)
    if (Exit.isFailure(visited)) return yield* visited
    const named = signalsOf(tickets)
    const isAll = named < perPass
    backlog.passed(isAll ? seen : Math.min(seen, named), named - signalsOf(handed), yield* stamp)
    return handed.length < tickets.length || !isAll
  })
  return { pass }
})

/** Takes signals in, and hands them on for as long as the scope lives; what waits then is handed on by the next process. */
export const makeSignals = Effect.fnUntraced(function* (options: SignalsOptions) {
  const backlog = new Backlog()
  const news = Latch.makeUnsafe()
  const keep = yield* makeKeep(options, backlog, news)
  const { pass } = yield* makePass(options, backlog)
  const round = Effect.gen(function* () {
    yield* Effect.timeoutOption(news.await, idleMs)
    news.closeUnsafe()
    if (yield* pass) news.openUnsafe()
    yield* Effect.sleep(gatherMs)
  }).pipe(
    Effect.catchCause((cause) =>
      Effect.andThen(Effect.logDebug("Signals wait to be handed on", cause), Effect.sleep(idleMs)),
    ),
  )
  yield* Effect.forkScoped(Effect.forever(round))
  return {
    /** Returns when the signal survives a crash. */
    accept: (signal: KeptSignal): Effect.Effect<void, StoreError> =>
      Effect.request(new Keep({ signal }), keep),
    backlog: Effect.map(Clock.currentTimeMillis, (now) => ({
      waiting: backlog.count,
      oldestMs: backlog.count === 0 ? 0 : now - backlog.since,
    })),
  }
})
