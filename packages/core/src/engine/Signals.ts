/**
 * A help desk's signals: kept at once, as many in one write as are there, and answered; handed to their lanes afterwards,
 * those of one ticket as one. Why signals have a journal of their own before the lanes' stands in AGENTS.md.
 */
import { Clock, Duration, Effect, Exit, Latch, Request, RequestResolver } from "effect"
import { StoreError } from "../errors/PortErrors.ts"
import { ConversationStore } from "../ports/ConversationStore.ts"
import { type KeptSignal, SignalInbox, type WaitingSignal } from "../ports/SignalInbox.ts"
import { Courtesy } from "./Courtesy.ts"
import { EngineMetrics } from "./EngineMetrics.ts"
import { asksForStatus } from "./machine/decide.ts"
import { laneOf, sessionOfTicket } from "./lookups.ts"
import type { Outbox } from "./Outbox.ts"
import { SignalFold } from "./SignalFold.ts"

/** Signals in one write, and in one pass of handing on. */
const perWrite = 256
const perPass = 4000

/** Between two passes; in it, signals gather that become one look. */
const gatherMs = 100
/** A ticket that was looked at less than this ago waits: a look costs calls to the help desk, and each reads everything. */
const paceMs = 500
/** How often the store is asked for signals that this process does not know of, and how long to wait after a failure. */
const idleMs = 1000

class Keep extends Request.Class<{ readonly signal: KeptSignal }, void, StoreError> {}

const ticketKey = (signal: KeptSignal): string => `${signal.orgId}|${signal.ticketId}`

/**
 * All signals of one ticket as one event for its lane. Its key is that of the last one: a pass that is repeated after a
 * crash, with newer signals in it, is a new event and sets off a new look.
 */
const handOn = Effect.fnUntraced(function* (
  outbox: Outbox["Service"],
  signals: readonly [WaitingSignal, ...ReadonlyArray<WaitingSignal>],
) {
  const store = yield* ConversationStore
  const fold = yield* SignalFold
  const last = signals.at(-1) ?? signals[0]
  const { orgId, signalKey, ticketId } = last
  const asking = signals.findLast((one) => asksForStatus(one.statusHint))
  const readStatus = asking !== undefined
  if (yield* fold.covers(orgId, ticketId, readStatus)) return
  const sessionId = signals.findLast((one) => one.sessionId !== null)?.sessionId ?? null
  const session = yield* sessionOfTicket({ orgId, ticketId, sessionId })
  if (session === null) return
  const lane = laneOf(session)
  // Dealt with already: no look will follow, so nothing may be folded into this one.
  if (yield* store.wasApplied(lane, signalKey)) return
  yield* fold.announced(orgId, ticketId, readStatus)
  const { statusHint } = asking ?? last
  const event = { _tag: "TicketSignal", ticketId, statusHint } as const
  yield* outbox
    .deposit({ lane, eventKey: signalKey, sessionId: session.id, event })
    .pipe(Effect.tapError(() => fold.begun(orgId, ticketId)))
})

/** How many wait, and since when none of them has been handed on. */
class Waiting {
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
}

const inTime = (within: Duration.Duration) =>
  Effect.timeoutOrElse({
    duration: within,
    orElse: () =>
      Effect.fail(new StoreError({ operation: "Signals", detail: "the store did not answer in time" })),
  })

const makeKeep = Effect.fnUntraced(function* (options: SignalsOptions, waiting: Waiting, news: Latch.Latch) {
  const inbox = yield* SignalInbox
  const keepAll = Effect.fnUntraced(function* (signals: ReadonlyArray<KeptSignal>) {
    const keep = inbox.keep(signals).pipe(
      inTime(options.within),
      Effect.tapError(() => options.refused),
    )
    const [took] = yield* Effect.timed(keep)
    waiting.kept(signals.length, yield* Clock.currentTimeMillis)
    news.openUnsafe()
    yield* EngineMetrics.accepted(Duration.toMillis(took), signals.length)
  })
  return RequestResolver.make<Keep>((entries) =>
    Effect.map(Effect.exit(keepAll(entries.map((entry) => entry.request.signal))), (exit) => {
      for (const entry of entries) entry.completeUnsafe(exit)
    }),
  ).pipe(RequestResolver.batchN(perWrite))
})

type Group = [WaitingSignal, ...Array<WaitingSignal>]

/** By ticket, oldest first, without those whose ticket was looked at just now. */
const dueTickets = (
  signals: ReadonlyArray<WaitingSignal>,
  lookedAt: ReadonlyMap<string, number>,
): ReadonlyArray<Group> => {
  const groups = new Map<string, Group>()
  for (const signal of signals) {
    const key = ticketKey(signal)
    if (lookedAt.has(key)) continue
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [signal])
    else group.push(signal)
  }
  return [...groups.values()]
}

const makePass = Effect.fnUntraced(function* (options: SignalsOptions, waiting: Waiting) {
  const inbox = yield* SignalInbox
  const lookedAt = new Map<string, number>()
  const read = Effect.fnUntraced(function* () {
    const seen = waiting.count
    const signals = yield* inbox.waiting(perPass)
    return { signals, seen: signals.length < perPass ? seen : Math.min(seen, signals.length) }
  })
  /** True when some of what waits was left for later. */
  return Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    // While the store is what everything waits for, nothing is stuck.
    const { seen, signals } = yield* Effect.tapError(read(), () => Effect.sync(() => void (waiting.since = now)))
    for (const [key, at] of lookedAt) if (now - at >= paceMs) lookedAt.delete(key)
    const handedOn: Array<number> = []
    const handing = Effect.gen(function* () {
      for (const group of dueTickets(signals, lookedAt)) {
        yield* inTime(options.within)(handOn(yield* options.outbox, group))
        for (const { position } of group) handedOn.push(position)
        lookedAt.set(ticketKey(group[0]), now)
      }
    })
    const handed = yield* Effect.exit(handing)
    if (handedOn.length > 0) yield* inbox.handedOn(handedOn)
    if (Exit.isFailure(handed)) return yield* handed
    const left = signals.length - handedOn.length
    waiting.passed(seen, left, yield* Clock.currentTimeMillis)
    return left > 0 || signals.length === perPass
  })
})

/** Takes signals in, and hands them on for as long as the scope lives; what waits then is handed on by the next process. */
export const makeSignals = Effect.fnUntraced(function* (options: SignalsOptions) {
  const courtesy = yield* Courtesy
  const waiting = new Waiting()
  const news = Latch.makeUnsafe()
  const keep = yield* makeKeep(options, waiting, news)
  const pass = yield* makePass(options, waiting)
  const round = Effect.gen(function* () {
    yield* Effect.timeoutOption(news.await, idleMs)
    yield* courtesy.step
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
      waiting: waiting.count,
      oldestMs: waiting.count === 0 ? 0 : now - waiting.since,
    })),
  }
})
