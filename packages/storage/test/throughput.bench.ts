/** How many small decisions per second: `node test/throughput.bench.ts [directory]`. Prints one line. */
import { ConversationStore } from "@opencx/core"
import { Effect } from "effect"
import { sqliteStores, temporaryDirectory } from "./support/databases.ts"
import { appending, deliver, message, newLane, newSession } from "./support/fixtures.ts"

const lanes = Array.from({ length: 50 }, () => newLane())
const total = 20_000

const measure = Effect.gen(function* () {
  const store = yield* ConversationStore
  const sessions = lanes.map((lane) => newSession(lane))
  const took: Array<number> = []
  const one = (i: number) =>
    Effect.gen(function* () {
      const lane = lanes[i % lanes.length] ?? newLane()
      const started = performance.now()
      const applied = yield* store.apply({
        lane,
        eventKey: `e${i}`,
        sessionId: null,
        decide: (current) =>
          appending(
            current ?? sessions[i % lanes.length] ?? newSession(lane),
            [message("Where is my parcel?")],
            [deliver(1)],
          ),
      })
      for (const work of applied.pending) yield* store.settle(work.id, "done", { _tag: "Noted" })
      took.push(performance.now() - started)
    })
  const applyOnly = (i: number) =>
    store.apply({
      lane: lanes[i % lanes.length] ?? newLane(),
      eventKey: `a${i}`,
      sessionId: null,
      decide: (current) =>
        appending(current ?? newSession(lanes[i % lanes.length] ?? newLane()), [
          message("Where is my parcel?"),
        ]),
    })
  const run = (label: string, step: (i: number) => Effect.Effect<unknown, unknown>) =>
    Effect.gen(function* () {
      const started = performance.now()
      yield* Effect.forEach(
        Array.from({ length: total }, (_, i) => i),
        step,
        { concurrency: 16, discard: true },
      )
      const seconds = (performance.now() - started) / 1000
      console.log(`${label}: ${Math.round(total / seconds)}/s`)
    })
  yield* run("warm-up", (i) => applyOnly(i + 10_000_000))
  yield* run("apply (session + entry)", applyOnly)
  yield* run("apply (session + entry + work) and settle", one)
  took.sort((a, b) => a - b)
  console.log(
    `p50 ${took[total / 2]?.toFixed(2)} ms, p99 ${took[Math.floor(total * 0.99)]?.toFixed(2)} ms at 16 at once`,
  )
})

const directory = temporaryDirectory()
await Effect.runPromise(measure.pipe(Effect.provide(sqliteStores(directory.path))))
directory.remove()
