/**
 * 10,000 articles in three languages: 2 % restricted, 5 % of the calls refused with 429, a page that fails, clocks that differ,
 * and a process that dies in the middle. In the end the store holds what the Help Center shows, within the promised calls.
 */
import { assert, describe, it } from "@effect/vitest"
import type { SyncProgress } from "@opencx/core"
import { type Emulator, make as startEmulator } from "@opencx/zendesk-emulator"
import { Deferred, Effect, Fiber } from "effect"
import { type MemoryStore, memoryStore } from "./fake/articles.ts"
import { author, callsOf, seeded, synced } from "./fake/syncedCenter.ts"
import { overHttp } from "./fake/http.ts"

const count = 10_000
const locales = ["en-us", "de", "ar"]

const isRestricted = (i: number) => i % 50 === 0
const isDraft = (i: number) => i % 100 === 1
const isPartlyTranslated = (i: number) => i % 10 === 3

/** What the source shows: written down here from the seed and the test's own changes, not asked from the sync. */
interface Expected {
  readonly title: string
  readonly visibility: "public" | "internal"
}

const articles = seeded(count, ["de", "ar"], (i) => ({
  ...(isRestricted(i) ? { segment: "Agents" } : {}),
  ...(isDraft(i) ? { draft: true } : {}),
  ...(isPartlyTranslated(i) ? { translations: [] } : {}),
}))

const expectedAtFirst = (): Map<string, Expected> => {
  const all = new Map<string, Expected>()
  for (const [i, article] of articles.entries()) {
    const visibility = isRestricted(i) ? "internal" : "public"
    if (!isDraft(i)) all.set(`${article.id}:en-us`, { title: article.title, visibility })
    for (const { locale, title } of article.translations ?? [])
      all.set(`${article.id}:${locale}`, { title, visibility })
  }
  return all
}

const assertSame = Effect.fnUntraced(function* (store: MemoryStore, expected: ReadonlyMap<string, Expected>) {
  const stored = yield* store.look
  const plain = (map: ReadonlyMap<string, Expected>) =>
    [...map].map(([key, { title, visibility }]) => `${key} ${visibility} ${title}`).toSorted()
  const [have, want] = [plain(stored), plain(expected)]
  const wanted = new Set(want)
  assert.deepStrictEqual(
    have.filter((line) => !wanted.has(line)),
    [],
    "nothing else",
  )
  assert.strictEqual(have.length, want.length)
})

const fault429 = (emulator: Emulator) =>
  emulator.addFault({
    kind: "status429json",
    match: { path: "/help_center/" },
    probability: 0.05,
    retryAfter: 0,
  })

/** Calls that list articles of a locale, refused ones left out. */
const listingCalls = (emulator: Emulator, locale: string) =>
  emulator
    .calls()
    .filter((call) => call.path.includes(`/${locale}/`) && call.status === 200 && call.fault === null)

describe("a large Help Center", () => {
  it.live(
    "is read whole over refusals, a failed page and a death in the middle, and kept up to date at the price of its changes",
    () =>
      Effect.gen(function* () {
        const emulator = yield* startEmulator({
          timeScale: 0.01,
          seed: { locales, articles },
          limits: { requestsPerMinute: 1_000_000 },
        })
        emulator.setClockSkew(-7 * 60_000)
        fault429(emulator)
        const store = yield* memoryStore
        const expected = expectedAtFirst()

        // The first process dies after a third of the second language.
        const middle = yield* Deferred.make<void>()
        const seen: Array<SyncProgress> = []
        const onProgress = (progress: SyncProgress) =>
          Effect.gen(function* () {
            seen.push(progress)
            if (progress.done >= 13_000) {
              yield* Deferred.succeed(middle, undefined)
              return yield* Effect.never
            }
          })
        const first = yield* synced(undefined, { emulator, store, onProgress })
        const dying = yield* Effect.forkChild(first.sync.incremental)
        yield* Deferred.await(middle)
        yield* Fiber.interrupt(dying)
        const told = seen.at(-1)
        assert.deepInclude(told, { kind: "full", phase: "reading", total: count * 3 - 2 * (count / 10) })
        assert.deepStrictEqual(
          told?.shelves.map(({ name, total }) => [name, total]),
          [
            ["en-us", count],
            ["de", count - count / 10],
            ["ar", count - count / 10],
          ],
        )
        assert.isAbove(told?.estimatedEnd ?? 0, told?.startedAt ?? 0)
        const partial = yield* store.look
        assert.isAbove(partial.size, 12_000, "what is read is searchable already")

        // While nobody listens, articles change, vanish and are restricted, before and behind the cursor.
        for (const id of [1_002, 6_002, 10_902]) {
          yield* author(emulator, id, { action: "archive" })
          for (const locale of locales) expected.delete(`${id}:${locale}`)
        }
        for (const id of [1_004, 9_004]) {
          yield* author(emulator, id, { title: "Edited meanwhile" })
          expected.set(`${id}:en-us`, { title: "Edited meanwhile", visibility: "public" })
        }
        yield* author(emulator, 1_005, { segment: "Agents" })
        for (const locale of locales) {
          const before = expected.get(`1005:${locale}`)
          if (before !== undefined) expected.set(`1005:${locale}`, { ...before, visibility: "internal" })
        }

        // One page fails once; the next process goes on where the first one was.
        emulator.addFault({ kind: "status500html", match: { path: "/ar/articles" }, afterN: 40, times: 1 })
        const second = yield* synced(undefined, { emulator, store })
        const resumed = yield* second.sync.incremental
        assert.deepInclude(resumed, { kind: "full", resumed: true, heldBack: 0, failed: 0 })
        for (const locale of locales) {
          const total = locale === "en-us" ? count : count - count / 10
          // The page at which it died comes again; three articles were asked for by their ids.
          assert.isAtMost(listingCalls(emulator, locale).length, Math.ceil(total / 100) + 5 + 3, locale)
        }
        assert.isAtMost(store.writes.largest, 100, "no more than a page at a time is ever held")

        // What changed behind the cursor is news for the next run.
        emulator.advanceClock(3_600_000)
        const caughtUp = yield* second.sync.incremental
        assert.deepInclude(caughtUp, { kind: "incremental", heldBack: 0, failed: 0 })
        yield* assertSame(store, expected)

        // From now on a run costs what has changed.
        emulator.clearFaults()
        const idle = yield* callsOf(emulator, second.sync.incremental)
        assert.deepInclude(idle.result, { changed: 0, removed: 0 })
        assert.lengthOf(idle.calls, 1 + 1 + 2 * locales.length)
        for (let id = 2_000; id < 2_020; id++) {
          yield* author(emulator, id, { title: `Edit ${id}` })
          const before = expected.get(`${id}:en-us`)
          if (before !== undefined) expected.set(`${id}:en-us`, { ...before, title: `Edit ${id}` })
        }
        const changes = yield* callsOf(emulator, second.sync.incremental)
        assert.isAtMost(changes.calls.length, idle.calls.length + 20 + 2 * locales.length)
        yield* assertSame(store, expected)

        // A full run over an unchanged Help Center writes nothing and keeps to its calls.
        store.writes.count = 0
        const full = yield* callsOf(emulator, second.sync.full)
        assert.deepInclude(full.result, { kind: "full", changed: 0, removed: 0, failed: 0 })
        assert.strictEqual(store.writes.count, 0)
        const pages = Math.ceil(count / 100) + 2 * Math.ceil((count - count / 10) / 100)
        assert.isAtMost(full.calls.length, pages + 3 * 5)
        yield* assertSame(store, expected)
      }).pipe(overHttp),
    120_000,
  )
})
