/** How far the runtime is with what it has accepted, from its own `/metrics`. */
import { Effect, Schema } from "effect"

class MetricsUnread extends Schema.TaggedError<MetricsUnread>("@opencx-tooling/bench/MetricsUnread")(
  "MetricsUnread",
  {
    detail: Schema.String,
  },
) {}

const read = (url: string) =>
  Effect.tryPromise({
    try: async () => (await fetch(`${url}/metrics`)).text(),
    catch: (cause) => new MetricsUnread({ detail: String(cause) }),
  })

/** Sum over all label sets of a metric; 0 when there is none yet. */
const valueOf = (text: string, name: string): number => {
  let total = 0
  for (const found of text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? ([0-9.e+-]+)$`, "gm")))
    total += Number(found[1])
  return total
}

export const progressOf = (url: string) =>
  Effect.map(read(url), (text) => ({
    accepted: valueOf(text, "opencx_events_accepted_total"),
    applied: valueOf(text, "opencx_events_applied_total"),
    waiting: valueOf(text, "opencx_lane_events_waiting"),
    pendingWork: valueOf(text, "opencx_work_pending"),
    deadLetters: valueOf(text, "opencx_work_dead"),
    restarts: valueOf(text, "opencx_engine_restarts_total"),
  }))

/** Waits until nothing waits any more, for at most `seconds`; answers with the last look and the milliseconds it took. */
export const settled = Effect.fnUntraced(function* (url: string, seconds: number) {
  const started = performance.now()
  for (;;) {
    const now = yield* progressOf(url)
    const ms = performance.now() - started
    if ((now.waiting === 0 && now.pendingWork === 0) || ms > seconds * 1000) return { ...now, ms }
    yield* Effect.sleep("200 millis")
  }
})
