/** From the customer's word to the chat that the humans have, and what that costs in calls. */
import type { World } from "@opencx/runtime"
import { until } from "@opencx/runtime"
import type { Call } from "@opencx/zendesk-emulator"
import { Effect } from "effect"
import type { Figure } from "../report/Figure.ts"
import { spreadOf } from "../report/stats.ts"
import { calm, lastCall, wantsHuman } from "../scenarios/world.ts"
import { type Phones, untilTaken } from "./phones.ts"
import { replay } from "./replay.ts"

/** What every Zendesk call takes, so that it is the number of calls and the waiting that count. */
const latencyMs = 20
/** A slow machine measures fewer handoffs of a size rather than longer. Milliseconds. */
const longestMs = 12_000

interface Size {
  /** Messages that the humans find in the chat: the brief, what was said, the wish for a human. */
  readonly messages: number
  readonly rounds: number
}

/** The brief and one message more is the least there is. */
const sizes: ReadonlyArray<Size> = [
  { messages: 2, rounds: 10 },
  { messages: 10, rounds: 4 },
  { messages: 30, rounds: 2 },
]

const isMessage = ({ method, path }: Call): boolean => method === "POST" && path.endsWith("/messages")
const isControl = (name: string, { path }: Call): boolean => path.endsWith(`/${name}`)

/** As the emulator's clock has it, after which the chat is the humans'. */
const handedOverAt = (calls: ReadonlyArray<Call>): number => {
  const passed = calls.findLast((call) => isControl("passControl", call))
  return passed === undefined ? Number.NaN : passed.time + passed.durationMs
}

const oneHandoff = Effect.fnUntraced(function* (
  world: World,
  phones: Phones,
  from: string,
  messages: number,
) {
  // Each question and its answer are two messages; the brief and the last word are two more.
  for (let asked = 0; asked < (messages - 2) / 2; asked += 1)
    yield* untilTaken(phones, () => phones.write(from, `How long, number ${asked}?`))
  const since = lastCall(world)
  const startedAt = Date.now()
  yield* untilTaken(phones, () => phones.write(from, wantsHuman))
  yield* until("control offered back", () =>
    world.emulator.calls(since).some((call) => isControl("offerControl", call)),
  )
  const ms = handedOverAt(world.emulator.calls(since)) - startedAt
  yield* calm(world)
  const all = world.emulator.calls(since)
  const opening = all.slice(0, all.findLastIndex((call) => isControl("offerControl", call)) + 1)
  const passed = opening.findLastIndex((call) => isControl("passControl", call))
  const bareMs = yield* replay(world.emulator.url, opening.slice(0, passed + 1))
  return { ms, bareMs, opening, after: all.slice(opening.length) }
})

type Handoff = Effect.Success<ReturnType<typeof oneHandoff>>

const short = ({ method, path }: Call): string =>
  `${method} ${path.replace(/^\/(?:sc\/v2\/apps\/[^/]+|api\/v2)/, "").replaceAll(/[0-9a-f]{24}|\d{6,}/g, ":id")}`

/** The same call several times in a row is written once. */
const listed = (calls: ReadonlyArray<Call>): string => {
  const rows: Array<{ what: string; times: number }> = []
  for (const what of calls.map(short)) {
    const last = rows.at(-1)
    if (last?.what === what) last.times += 1
    else rows.push({ what, times: 1 })
  }
  return rows.map(({ times, what }) => (times === 1 ? what : `${times} x ${what}`)).join(", ") || "none"
}

const figuresOf = (messages: number, handoffs: ReadonlyArray<Handoff>): ReadonlyArray<Figure> => {
  const ours = spreadOf(handoffs.map(({ ms }) => ms))
  const bare = spreadOf(handoffs.map(({ bareMs }) => bareMs))
  const most = handoffs.reduce((worst, one) => (one.opening.length > worst.opening.length ? one : worst))
  const written = most.opening.filter(isMessage).length
  const beside = (value: number) => ({ name: "the same calls with plain fetch", value })
  return [
    {
      name: `customer's word to the humans' chat, ${messages} messages, p50`,
      value: ours.p50,
      unit: "ms",
      beside: beside(bare.p50),
      note: `${ours.count} handoffs, ${latencyMs} ms emulated latency per call`,
    },
    {
      name: `customer's word to the humans' chat, ${messages} messages, max`,
      value: ours.max,
      unit: "ms",
      beside: beside(bare.max),
    },
    {
      name: `calls until control is offered back, ${messages} messages`,
      value: most.opening.length,
      unit: "calls",
      target: { of: "value", atMost: 6 + messages },
      note: `${written} messages among them: ${listed(most.opening)}. After that: ${listed(most.after)}`,
    },
  ]
}

/** `numberOf`: a customer's number for each handoff. */
export const handoffs = Effect.fnUntraced(function* (
  world: World,
  phones: Phones,
  numberOf: (n: number) => string,
): Effect.fn.Return<ReadonlyArray<Figure>, Error> {
  let customers = 0
  // The first one of a process sets up what later ones find.
  yield* oneHandoff(world, phones, numberOf(customers), 2)
  world.emulator.addFault({ kind: "latency", ms: latencyMs, match: { path: "^/(?:sc|api)/" } })
  const figures: Array<Figure> = []
  for (const { messages, rounds } of sizes) {
    const done: Array<Handoff> = []
    const end = performance.now() + longestMs
    for (let round = 0; round < rounds; round += 1) {
      if (round > 0 && performance.now() > end) break
      customers += 1
      done.push(yield* oneHandoff(world, phones, numberOf(customers), messages))
    }
    figures.push(...figuresOf(messages, done))
  }
  return figures
})
