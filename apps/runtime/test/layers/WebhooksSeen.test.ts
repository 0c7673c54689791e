/** When webhooks were last heard of: over a restart, in two processes, and while the database does not answer. */
import { assert, describe, it } from "@effect/vitest"
import { OrgId, StoreError } from "@opencx/core"
import { type HookSeen, HooksSeen } from "@opencx/storage"
import { Effect, Layer, Metric } from "effect"
import { TestClock } from "effect/testing"
import { randomUUID } from "node:crypto"
import * as Seen from "../../src/layers/WebhooksSeen.ts"
import { LiveOrganizations } from "../../src/organizations/LiveOrganizations.ts"
import { Watchers } from "../../src/sync/Watchers.ts"

const { WebhooksSeen } = Seen
const hook = "zendesk_ticketing"

/** A database that processes share. Names of organizations are new each time: figures are the process's own. */
const world = () => {
  const orgId = OrgId.make(`o${randomUUID()}`)
  const kept = new Map<string, HookSeen>()
  const state = { writes: 0, broken: false }
  const down = new StoreError({ operation: "HooksSeen", detail: "gone" })
  const store = HooksSeen.of({
    note: (seen) =>
      Effect.suspend(() => {
        if (state.broken) return down
        state.writes += 1
        const key = `${seen.orgId} ${seen.hook}`
        if ((kept.get(key)?.at ?? 0) < seen.at) kept.set(key, seen)
        return Effect.void
      }),
    all: Effect.suspend(() => (state.broken ? down : Effect.succeed([...kept.values()]))),
    since: Effect.succeed(0),
  })
  const standing = { orgId, managedBy: "file", version: 0, trouble: null, live: null } as const
  const organizations = Layer.mock(LiveOrganizations, {
    get: (id: OrgId) => (id === orgId ? standing : null),
    all: () => [standing],
    isDown: () => true,
    watchers: new Watchers(),
  })
  const process = Seen.layer.pipe(Layer.provide([Layer.succeed(HooksSeen, store), organizations]))
  return { orgId, kept, state, process: () => Layer.fresh(process) }
}

/** What /metrics shows for one organization, in seconds; null: nothing. */
const shown = (orgId: string) =>
  Effect.map(Metric.snapshot, (metrics) => {
    const found = metrics.find(
      ({ attributes, id }) =>
        id === "opencx_webhook_last_seen_seconds" && attributes?.["organization"] === orgId,
    )
    return found?.type === "Gauge" ? Number(found.state.value) : null
  })

const seen = (orgId: OrgId) => Effect.flatMap(WebhooksSeen, (one) => one.seen(orgId, hook))

/** Lets the writer do what is put down for it. */
const settled = Effect.forEach(Array.from({ length: 20 }), () => Effect.yieldNow, { discard: true })

describe("webhooks that were seen", () => {
  it.effect(
    "are written once a minute at most, the last one when the process stops, and known after a restart",
    () => {
      const { kept, orgId, process, state } = world()
      return Effect.gen(function* () {
        yield* TestClock.adjust("1 hour")
        const hour = 3_600_000
        yield* Effect.gen(function* () {
          for (let n = 0; n < 100; n += 1) {
            yield* seen(orgId)
            yield* settled
            yield* TestClock.adjust("1 second")
          }
          assert.strictEqual(state.writes, 2)
          assert.strictEqual(yield* shown(orgId), (hour + 99_000) / 1000)
        }).pipe(Effect.provide(process()))
        assert.strictEqual(state.writes, 3)
        assert.strictEqual(kept.get(`${orgId} ${hook}`)?.at, hour + 99_000)
        const gauge = Metric.withAttributes(Metric.gauge("opencx_webhook_last_seen_seconds"), {
          organization: orgId,
          hook,
        })
        yield* Metric.update(gauge, 0)
        yield* settled.pipe(Effect.provide(process()))
        assert.strictEqual(yield* shown(orgId), (hour + 99_000) / 1000)
      })
    },
  )

  it.effect("only move on, whichever process hears of them", () => {
    const { orgId, process } = world()
    return Effect.gen(function* () {
      const [one, other] = [yield* Layer.build(process()), yield* Layer.build(process())]
      yield* TestClock.adjust("10 seconds")
      yield* Effect.provide(Effect.andThen(seen(orgId), settled), one)
      yield* TestClock.adjust("5 minutes")
      yield* Effect.provide(Effect.andThen(seen(orgId), settled), other)
      yield* Effect.provide(
        Effect.flatMap(WebhooksSeen, ({ refresh }) => refresh),
        one,
      )
      assert.strictEqual(yield* shown(orgId), 310)
    }).pipe(Effect.scoped)
  })

  it.effect("are taken while the database is gone, and kept when it is back", () => {
    const { kept, orgId, process, state } = world()
    return Effect.gen(function* () {
      yield* TestClock.adjust("10 seconds")
      state.broken = true
      yield* seen(orgId)
      yield* settled
      assert.strictEqual(yield* shown(orgId), 10)
      state.broken = false
      yield* TestClock.adjust("1 second")
      yield* seen(orgId)
      yield* settled
      assert.strictEqual(kept.get(`${orgId} ${hook}`)?.at, 11_000)
    }).pipe(Effect.provide(process()))
  })

  it.effect("of organizations that are gone are shown to nobody: their alerts would never end", () => {
    const { kept, orgId, process } = world()
    const gone = OrgId.make(`o${randomUUID()}`)
    kept.set("gone", { orgId: gone, hook, at: 5_000 })
    kept.set("here", { orgId, hook, at: 6_000 })
    return Effect.gen(function* () {
      yield* settled
      assert.strictEqual(yield* shown(orgId), 6)
      assert.isNull(yield* shown(gone))
    }).pipe(Effect.provide(process()))
  })
})
