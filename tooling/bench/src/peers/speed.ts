/** How fast an answer is with the provider, one message at a time and many. */
import { momentAt } from "../process/moments.ts"
import { type Spread, spreadOf } from "../report/stats.ts"
import type { Lane } from "./lanes.ts"
import { post, postAll } from "./post.ts"

const withinMs = 20_000
const oneAtATime = 150
const warmUp = 40
const senders = 400
const atOnce = 64

const oneMessage = async (lane: Lane, person: string, n: number): Promise<number> => {
  const webhook = lane.webhook(person, [`message ${n}`])
  const before = lane.taken()
  const startedAt = performance.now()
  const moment = momentAt(lane.port, () => lane.taken() > before, withinMs)
  await post(webhook)
  const at = await moment
  if (at === null) throw new Error(`${lane.name}: no answer within ${withinMs} ms`)
  return at - startedAt
}

export interface Latency {
  readonly spread: Spread
  /** Requests to the provider for each message. */
  readonly requests: number
}

/** Lanes take turns, so that whatever else the machine does happens to each. */
export const latencies = async (lanes: ReadonlyArray<Lane>): Promise<ReadonlyArray<Latency>> => {
  const all = lanes.map((lane) => ({
    lane,
    people: Array.from({ length: 10 }, () => lane.person()),
    took: new Array<number>(),
    requestsBefore: 0,
  }))
  for (let n = 0; n < warmUp + oneAtATime; n += 1) {
    for (const one of all) {
      if (n === warmUp) one.requestsBefore = one.lane.requests()
      const ms = await oneMessage(one.lane, one.people[n % one.people.length] ?? "", n)
      if (n >= warmUp) one.took.push(ms)
    }
  }
  return all.map(({ lane, requestsBefore, took }) => ({
    spread: spreadOf(took),
    requests: (lane.requests() - requestsBefore) / oneAtATime,
  }))
}

export interface Throughput {
  readonly perSecond: number
  /** Answers that had not come within the time that a burst gets. */
  readonly missing: number
  /** Webhooks answered a second: for us, when they were safe on disk. */
  readonly ackedPerSecond: number
  /** Share of a core that the outside world and the senders used. */
  readonly ownCpu: number
}

const burst = async (lane: Lane, people: ReadonlyArray<string>): Promise<Throughput> => {
  // Signed before the clock runs.
  const webhooks = people.map((person, n) => lane.webhook(person, [`message ${n}`]))
  const wanted = lane.taken() + people.length
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  const moment = momentAt(lane.port, () => lane.taken() >= wanted, withinMs)
  await postAll(webhooks, atOnce)
  const ackedMs = performance.now() - startedAt
  const at = await moment
  const used = process.cpuUsage(cpu)
  const ms = (at ?? performance.now()) - startedAt
  const missing = Math.max(0, wanted - lane.taken())
  return {
    perSecond: ((people.length - missing) * 1000) / ms,
    missing,
    ackedPerSecond: (people.length * 1000) / ackedMs,
    ownCpu: (used.user + used.system) / 1000 / ms,
  }
}

/** Each of many customers writes once, for the second time: the first time made them known. */
export const throughput = async (lane: Lane): Promise<Throughput> => {
  const people = Array.from({ length: senders }, () => lane.person())
  const first = await burst(lane, people)
  const second = await burst(lane, people)
  return { ...second, missing: first.missing + second.missing }
}
