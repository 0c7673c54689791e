/** The webhook route beside the least that a durable webhook can be, under the same load in the same run. */
import { join } from "node:path"
import { Effect, Schema } from "effect"
import { runChild, startChild } from "../process/children.ts"
import { temporaryDir } from "../process/temporary.ts"
import type { Bench } from "../report/Bench.ts"
import type { Figure } from "../report/Figure.ts"
import { type Job, Outcome } from "./job.ts"
import { openConversations, startRuntimeChild } from "./runtimeChild.ts"
import { settled } from "./progress.ts"

const rate = 500
const rateSeconds = 8
const maxSeconds = 5
const conversations = 20

type Aim = Pick<Job, "url" | "secret" | "tickets">
type Load = Pick<Job, "rate" | "seconds" | "connections">

const load = (aim: Aim, how: Load) =>
  runChild(
    {
      what: "the load generator",
      script: new URL("loader.ts", import.meta.url),
      args: [JSON.stringify({ ...aim, ...how } satisfies Job)],
      within: `${how.seconds + 25} seconds`,
    },
    Outcome,
  )

// The first seconds measure the compiler, not the server.
const warmUp: Load = { rate: 250, seconds: 2, connections: 16 }
const steady: Load = { rate, seconds: rateSeconds, connections: 64 }
const flatOut: Load = { rate: null, seconds: maxSeconds, connections: 16 }

const measure = Effect.fnUntraced(function* (aim: Aim) {
  yield* load(aim, warmUp)
  const atRate = yield* load(aim, steady)
  return { atRate, aim }
})

const startBare = Effect.gen(function* () {
  const dir = yield* temporaryDir
  const secret = "bench"
  const { url } = yield* startChild(
    {
      what: "the bare server",
      script: new URL("bareServer.ts", import.meta.url),
      args: [secret, join(dir, "bare.db")],
      within: "10 seconds",
    },
    Schema.Struct({ url: Schema.String }),
  )
  return { url, secret }
})

const refused = (outcome: Outcome): number =>
  Object.entries(outcome.statuses).reduce(
    (total, [status, count]) => (status === "200" ? total : total + count),
    0,
  )

const bare = Effect.scoped(
  Effect.gen(function* () {
    const { secret, url } = yield* startBare
    const tickets = Array.from({ length: conversations }, (_, n) => ({
      ticketId: String(n + 1),
      externalId: "3f2b6a52-0b8e-4a5e-9d0c-0123456789ab",
    }))
    const { aim, atRate } = yield* measure({ url, secret, tickets })
    return { atRate, flatOut: yield* load(aim, flatOut) }
  }),
)

const runtime = Effect.scoped(
  Effect.gen(function* () {
    const child = yield* startRuntimeChild
    const tickets = yield* openConversations(child, conversations)
    const { aim, atRate } = yield* measure({ url: child.hook, secret: child.signingSecret, tickets })
    const afterRate = yield* settled(child.url, 12)
    const max = yield* load(aim, flatOut)
    const afterMax = yield* settled(child.url, 8)
    return { atRate, flatOut: max, afterRate, afterMax }
  }),
)

type Bare = Effect.Success<typeof bare>
type Ours = Effect.Success<typeof runtime>

const beside = (value: number) => ({ name: "bare node:http + SQLite", value })

const steadyFigures = (ours: Ours, other: Bare): ReadonlyArray<Figure> => [
  {
    name: `ack p50 at ${rate}/s`,
    value: ours.atRate.p50,
    unit: "ms",
    beside: beside(other.atRate.p50),
  },
  {
    name: `ack p99 at ${rate}/s`,
    value: ours.atRate.p99,
    unit: "ms",
    beside: beside(other.atRate.p99),
    target: { of: "value", atMost: 50 },
  },
  { name: `ack max at ${rate}/s`, value: ours.atRate.max, unit: "ms", beside: beside(other.atRate.max) },
  {
    name: `answered at ${rate}/s`,
    value: ours.atRate.perSecond,
    unit: "/s",
    beside: beside(other.atRate.perSecond),
  },
  {
    name: "not 2xx",
    value: refused(ours.atRate),
    unit: "",
    target: { of: "value", atMost: 0 },
    note: JSON.stringify(ours.atRate.statuses),
  },
  {
    name: "until all of it was worked off",
    value: ours.afterRate.ms,
    unit: "ms",
    note: `after the last ack; ${ours.afterRate.applied} of ${ours.afterRate.accepted} events applied, ${ours.afterRate.pendingWork} works pending`,
  },
]

const flatOutFigures = (ours: Ours, other: Bare): ReadonlyArray<Figure> => [
  {
    name: "most webhooks, 16 connections",
    value: ours.flatOut.perSecond,
    unit: "/s",
    beside: beside(other.flatOut.perSecond),
    target: { of: "ratio", atLeast: 0.5 },
    note: `load generator's CPU: ${(ours.flatOut.ownCpu * 100).toFixed(0)} % and ${(other.flatOut.ownCpu * 100).toFixed(0)} % of a core`,
  },
  { name: "ack p50 flat out", value: ours.flatOut.p50, unit: "ms", beside: beside(other.flatOut.p50) },
  { name: "ack p99 flat out", value: ours.flatOut.p99, unit: "ms", beside: beside(other.flatOut.p99) },
  { name: "not 2xx", value: refused(ours.flatOut), unit: "", note: JSON.stringify(ours.flatOut.statuses) },
  {
    name: "until all of it was worked off",
    value: ours.afterMax.ms,
    unit: "ms",
    note: `${ours.afterMax.applied} of ${ours.afterMax.accepted} events applied, ${ours.afterMax.pendingWork} works pending`,
  },
  {
    name: "engine restarts by the watchdog",
    value: ours.afterMax.restarts,
    unit: "",
    target: { of: "value", atMost: 0 },
  },
  { name: "dead letters", value: ours.afterMax.deadLetters, unit: "", target: { of: "value", atMost: 0 } },
]

export const webhook: Bench = Effect.gen(function* () {
  const other = yield* bare
  const ours = yield* runtime
  return { figures: [...steadyFigures(ours, other), ...flatOutFigures(ours, other)], remark: null }
})
