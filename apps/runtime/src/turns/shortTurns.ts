/**
 * Work in short turns of the event loop, the urgent first. Node accepts one new connection a turn (libuv, since pull request
 * 3696), and by default every fiber that can go on does so within one turn: with hundreds of them a turn takes long, and a
 * provider whose webhook opens a connection of its own waits for as many turns as there are connections before it.
 */
import { UrgentScheduler } from "@opencx/core"
import { Effect, Scheduler } from "effect"

/** What turns are made of: the time in milliseconds, and how to run something in the next turn. */
export interface Loop {
  readonly now: () => number
  readonly nextTurn: (run: () => void) => void
}

const eventLoop: Loop = {
  now: () => performance.now(),
  nextTurn: (run) => void setImmediate(run),
}

/** How long one turn begins further work; what has begun is never cut. */
const turnMs = 1

/** Emptied places at the front of a line are given back when there are so many. */
const emptied = 1024

/** First come, first served. */
class Line {
  private entries: Array<{ work: (() => void) | null }> = []
  private next = 0

  get isEmpty(): boolean {
    return this.next === this.entries.length
  }

  /** Gives back how to take that work out again. */
  readonly add = (work: () => void): (() => void) => {
    const entry: { work: (() => void) | null } = { work }
    this.entries.push(entry)
    return () => {
      entry.work = null
    }
  }

  runFirst(): void {
    const entry = this.entries[this.next++]
    if (this.isEmpty || this.next > emptied) {
      this.entries = this.entries.slice(this.next)
      this.next = 0
    }
    entry?.work?.()
  }
}

/** Both schedule like `setImmediate`. Each turn begins with one piece of ordinary work, so that none waits for ever. */
export const inShortTurns = (loop: Loop = eventLoop) => {
  const urgent = new Line()
  const ordinary = new Line()
  const isDone = (): boolean => urgent.isEmpty && ordinary.isEmpty
  let scheduled = false

  const schedule = (): void => {
    if (scheduled || isDone()) return
    scheduled = true
    loop.nextTurn(turn)
  }

  const turn = (): void => {
    scheduled = false
    const until = loop.now() + turnMs
    try {
      if (!ordinary.isEmpty) ordinary.runFirst()
      while (!isDone() && loop.now() < until) (urgent.isEmpty ? ordinary : urgent).runFirst()
    } finally {
      schedule()
    }
  }

  const into = (line: Line) => (work: () => void) => {
    const cancel = line.add(work)
    schedule()
    return cancel
  }
  return { urgent: into(urgent), ordinary: into(ordinary) }
}

/** For a whole program: Effect's own schedulers, in short turns. */
export const withShortTurns = <A, E, R>(program: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.suspend(() => {
    const { ordinary, urgent } = inShortTurns()
    return program.pipe(
      Effect.provideService(UrgentScheduler, new Scheduler.MixedScheduler("async", urgent)),
      Effect.provideService(Scheduler.Scheduler, new Scheduler.MixedScheduler("async", ordinary)),
    )
  })
