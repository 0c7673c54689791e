/** From "mail accepted" to "ticket created", with a Zendesk that takes 50 ms for every answer. */
import type { World } from "@opencx/runtime"
import type { Call } from "@opencx/zendesk-emulator"
import { Effect, Schema } from "effect"
import type { Bench } from "../report/Bench.ts"
import { spreadOf, sum } from "../report/stats.ts"
import { apiCalls, calm, lastCall, mailNumber, quietWorld, wantsHuman, write } from "./world.ts"

const mails = 30
const latencyMs = 50

const isCreation = (call: Call): boolean =>
  call.method === "POST" && /\/api\/v2\/tickets(\.json)?$/.test(call.path)

/** Milliseconds from the 250 to the moment at which Zendesk answered that there is a ticket, and the calls in between. */
const oneHandoff = Effect.fnUntraced(function* (world: World, n: number) {
  const from = `customer${n}@example.com`
  const since = lastCall(world)
  const acceptedAt = yield* write(world, { from, text: wantsHuman })
  yield* mailNumber(world, from, 1)
  const made = apiCalls(world, since)
  const end = made.findIndex(isCreation)
  const creation = made[end]
  const ms = creation === undefined ? Number.NaN : creation.time + creation.durationMs - acceptedAt
  return { ms, calls: made.slice(0, end + 1) }
})

const Token = Schema.Struct({ access_token: Schema.String })

const tokenOf = (world: World) =>
  Effect.promise(async () => {
    const response = await fetch(`${world.emulator.url}/oauth/tokens`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        grant_type: "client_credentials",
        client_id: "opencx",
        client_secret: "opencx-secret",
        scope: "read write",
      }),
    })
    return Schema.decodeUnknownSync(Token)(await response.json()).access_token
  })

/** The same requests again with plain `fetch`, one after the other, and nothing in between. */
const rawRoundTrips = (world: World, token: string, calls: ReadonlyArray<Call>) =>
  Effect.promise(async () => {
    const took: Array<number> = []
    for (const call of calls) {
      const query = call.query === "" || call.query.startsWith("?") ? call.query : `?${call.query}`
      const started = performance.now()
      const response = await fetch(world.emulator.url + call.path + query, {
        method: call.method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        ...(call.body === null ? {} : { body: JSON.stringify(call.body) }),
      })
      await response.arrayBuffer()
      took.push(performance.now() - started)
    }
    return sum(took)
  })

export const handoffLatency: Bench = Effect.scoped(
  Effect.gen(function* () {
    const world = yield* quietWorld
    // The first ones fetch a token and warm up.
    for (let n = 0; n < 3; n += 1) yield* oneHandoff(world, 1000 + n)
    world.emulator.addFault({ kind: "latency", ms: latencyMs, match: { path: "^/api/" } })
    const handoffs = yield* Effect.forEach(
      Array.from({ length: mails }, (_, n) => n),
      (n) => oneHandoff(world, n),
    )
    yield* calm(world)
    const token = yield* tokenOf(world)
    const raw = yield* Effect.forEach(handoffs, (one) => rawRoundTrips(world, token, one.calls))
    const ours = spreadOf(handoffs.map((one) => one.ms))
    const bare = spreadOf(raw)
    const most = Math.max(...handoffs.map((one) => one.calls.length))
    const name = "the same calls with plain fetch"
    return {
      figures: [
        {
          name: "mail accepted to ticket created, p50",
          value: ours.p50,
          unit: "ms",
          beside: { name, value: bare.p50 },
          note: `${mails} mails, ${most} calls each, ${latencyMs} ms emulated latency per call`,
        },
        {
          name: "mail accepted to ticket created, p95",
          value: ours.p95,
          unit: "ms",
          beside: { name, value: bare.p95 },
        },
        {
          name: "of it not Zendesk, p50",
          value: ours.p50 - bare.p50,
          unit: "ms",
          target: { of: "value", atMost: 100 } as const,
        },
      ],
      remark: null,
    }
  }),
)
