/**
 * When each webhook was last heard of: shown at once, and kept in the database, so that after a restart nobody is told that
 * webhooks are silent. Keeping it never holds an answer up: it is done apart, once a minute for each webhook at most.
 */
import type { OrgId } from "@opencx/core"
import { HooksSeen } from "@opencx/storage"
import { Clock, Context, Effect, Layer, Queue } from "effect"
import { showSeen } from "../http/hookMetrics.ts"
import { LiveOrganizations } from "../organizations/LiveOrganizations.ts"

/** Between two writes for one webhook, in milliseconds. */
const writeEveryMs = 60_000

/** Writes that wait; what finds no place is written with the next webhook. */
const waiting = 1_000

const never = Number.NEGATIVE_INFINITY

interface Sighting {
  readonly orgId: OrgId
  readonly hook: string
  /** Epoch milliseconds. */
  at: number
  /** When it was last put down for writing. */
  askedAt: number
  /** What the database is known to have. */
  keptAt: number
}

export class WebhooksSeen extends Context.Service<
  WebhooksSeen,
  {
    /** To be told once a webhook has proved to be genuine. Waits for nothing. */
    seen(orgId: OrgId, hook: string): Effect.Effect<void>
    /** Takes over what other processes have heard. Shows nothing of organizations that are not configured any more. */
    readonly refresh: Effect.Effect<void>
  }
>()("@opencx/runtime/layers/WebhooksSeen") {}

const make = Effect.gen(function* () {
  const store = yield* HooksSeen
  const organizations = yield* LiveOrganizations
  const sightings = new Map<string, Sighting>()
  const queue = yield* Queue.dropping<Sighting>(waiting)

  const sightingOf = (orgId: OrgId, hook: string): Sighting => {
    const key = `${orgId} ${hook}`
    const known = sightings.get(key)
    if (known !== undefined) return known
    const made = { orgId, hook, at: 0, askedAt: never, keptAt: 0 }
    sightings.set(key, made)
    return made
  }

  const write = Effect.fnUntraced(function* (one: Sighting) {
    const { at, hook, orgId } = one
    yield* store.note({ orgId, hook, at })
    one.keptAt = Math.max(one.keptAt, at)
  })

  const writeQuietly = (one: Sighting) =>
    write(one).pipe(
      Effect.catch(({ message }) => {
        // The next webhook asks again.
        one.askedAt = never
        return Effect.logDebug("When a webhook was last seen could not be kept", message)
      }),
    )

  const seen = Effect.fnUntraced(function* (orgId: OrgId, hook: string) {
    const now = yield* Clock.currentTimeMillis
    const one = sightingOf(orgId, hook)
    one.at = Math.max(one.at, now)
    yield* showSeen(one)
    if (now - one.askedAt < writeEveryMs) return
    one.askedAt = now
    if (!Queue.offerUnsafe(queue, one)) one.askedAt = never
  })

  const refresh = Effect.gen(function* () {
    for (const { at, hook, orgId } of yield* store.all) {
      if (organizations.get(orgId) === null) continue
      const one = sightingOf(orgId, hook)
      one.keptAt = Math.max(one.keptAt, at)
      one.at = Math.max(one.at, at)
      yield* showSeen(one)
    }
  }).pipe(
    Effect.catch(({ message }) => Effect.logDebug("When webhooks were last seen is not known", message)),
  )

  const lastOnes = Effect.suspend(() =>
    Effect.forEach(
      [...sightings.values()].filter(({ at, keptAt }) => at > keptAt),
      writeQuietly,
      { discard: true },
    ),
  )

  yield* refresh
  yield* Effect.addFinalizer(() => lastOnes)
  yield* Effect.forkScoped(Effect.forever(Effect.flatMap(Queue.take(queue), writeQuietly)))
  return WebhooksSeen.of({ seen, refresh })
})

export const layer: Layer.Layer<WebhooksSeen, never, HooksSeen | LiveOrganizations> = Layer.effect(
  WebhooksSeen,
  make,
)
