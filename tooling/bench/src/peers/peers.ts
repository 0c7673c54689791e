/** Side by side with the `chat` SDK and its Twilio and WhatsApp adapters: the same payloads, the same outside world. */
import { make as makeEmulator } from "@opencx/zendesk-emulator"
import { sampleSeed } from "@opencx/runtime"
import { Effect, Schema, type Scope } from "effect"
import type { Bench } from "../report/Bench.ts"
import type { Figure } from "../report/Figure.ts"
import { type Contestant, startContestant } from "./contestant.ts"
import { rows } from "./faults.ts"
import { installedPeers, packages } from "./install.ts"
import { type Lane, smsLane, whatsappLane } from "./lanes.ts"
import { closeConnections } from "./post.ts"
import { type Latency, latencies, type Throughput, throughput } from "./speed.ts"
import { type Tally, told, wrongIn } from "./tally.ts"

class PeersFailed extends Schema.TaggedError<PeersFailed>("@opencx-tooling/bench/PeersFailed")(
  "PeersFailed",
  {
    detail: Schema.String,
  },
) {
  override get message(): string {
    return this.detail
  }
}

const run = <A>(act: () => Promise<A>) =>
  Effect.tryPromise({ try: act, catch: (cause) => new PeersFailed({ detail: String(cause) }) })

const peer = "chat SDK, state in memory"

const laneNames = ["SMS", "WhatsApp"] as const

interface Side {
  readonly contestant: Contestant
  readonly lanes: ReadonlyArray<Lane>
}

const sideOf = (contestant: Contestant): Side => ({
  contestant,
  lanes: [smsLane(contestant), whatsappLane(contestant)],
})

const speedFigures = (
  lane: Lane["name"],
  [ours, theirs]: ReadonlyArray<Latency>,
  [most, theirMost]: ReadonlyArray<Throughput>,
): ReadonlyArray<Figure> => {
  if (ours === undefined || theirs === undefined || most === undefined || theirMost === undefined) return []
  const missing = most.missing + theirMost.missing
  const late = missing === 0 ? "" : `; not within 20 s: ${most.missing} and ${theirMost.missing}`
  const percent = ({ ownCpu }: Throughput) => `${(ownCpu * 100).toFixed(0)} %`
  return [
    {
      name: `${lane}: message to answer at the provider, p50`,
      value: ours.spread.p50,
      unit: "ms",
      beside: { name: peer, value: theirs.spread.p50 },
      note: `one at a time; ${ours.requests.toFixed(1)} and ${theirs.requests.toFixed(1)} requests to the provider each`,
    },
    {
      name: `${lane}: message to answer at the provider, p99`,
      value: ours.spread.p99,
      unit: "ms",
      beside: { name: peer, value: theirs.spread.p99 },
    },
    {
      name: `${lane}: answered, 64 webhooks at once`,
      value: most.perSecond,
      unit: "/s",
      beside: { name: peer, value: theirMost.perSecond },
      note: `webhooks acknowledged: ${most.ackedPerSecond.toFixed(0)}/s and ${theirMost.ackedPerSecond.toFixed(0)}/s; senders and providers used ${percent(most)} and ${percent(theirMost)} of a core${late}`,
    },
  ]
}

/** One after the other for each lane of each side; the sides do not disturb each other's counts. */
const faultTallies = async ({ contestant, lanes }: Side): Promise<ReadonlyMap<string, Tally>> => {
  const tallies = new Map<string, Tally>()
  const onLane = async (lane: Lane): Promise<void> => {
    for (const row of rows) {
      if (row.on.includes(lane.name))
        tallies.set(`${lane.name}: ${row.name}`, await row.run(lane, contestant))
    }
  }
  await Promise.all(lanes.map(onLane))
  return tallies
}

const faultFigure = (name: string, ours: Tally, theirs: Tally): Figure => ({
  name,
  value: wrongIn(ours),
  unit: "wrong",
  beside: { name: "chat SDK", value: wrongIn(theirs) },
  target: { of: "value", atMost: 0 },
  note: `ours: ${told(ours)}; chat SDK: ${told(theirs)}`,
})

const faultFigures = ([ours, theirs]: ReadonlyArray<ReadonlyMap<string, Tally>>): ReadonlyArray<Figure> =>
  laneNames.flatMap((lane) =>
    rows.flatMap((row) => {
      const name = `${lane}: ${row.name}`
      const [mine, other] = [ours?.get(name), theirs?.get(name)]
      return mine === undefined || other === undefined ? [] : [faultFigure(name, mine, other)]
    }),
  )

const measure = (dir: string): Effect.Effect<ReadonlyArray<Figure>, Error, Scope.Scope> =>
  Effect.gen(function* () {
    yield* Effect.addFinalizer(() => Effect.sync(closeConnections))
    const emulator = yield* makeEmulator({ host: "127.0.0.1", subdomain: "larkspoke", seed: sampleSeed })
    const from = { packages: dir, zendesk: emulator.url }
    const sides = [
      sideOf(yield* startContestant("ours", from)),
      sideOf(yield* startContestant("chat SDK", from)),
    ]
    const tallies = yield* run(() => Promise.all(sides.map(faultTallies)))
    const figures: Array<Figure> = []
    for (const name of laneNames) {
      const lanes = sides.flatMap((side) => side.lanes.filter((lane) => lane.name === name))
      const alone = yield* run(() => latencies(lanes))
      const many: Array<Throughput> = []
      for (const lane of lanes) many.push(yield* run(() => throughput(lane)))
      figures.push(...speedFigures(name, alone, many))
    }
    return [...figures, ...faultFigures(tallies)]
  })

const versions = Object.entries(packages)
  .map(([name, version]) => `${name} ${version}`)
  .join(", ")

export const peers: Bench = Effect.scoped(
  Effect.gen(function* () {
    const { dir, problem } = yield* installedPeers
    if (dir === null) {
      const remark = `SKIPPED: the peer's packages (${versions}) could not be installed: ${problem}`
      return { figures: [], remark }
    }
    const figures = yield* measure(dir)
    return {
      figures,
      remark: `${versions}. "wrong": lost, duplicated and out of order together, of 10 customers in each row.`,
    }
  }),
)
