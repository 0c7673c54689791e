/** Office hours from Zendesk over sockets: read, kept, shared, and what goes on when Zendesk answers something else. */
import { assert, describe, it } from "@effect/vitest"
import { ArticleStore, isOpenAt, OrgId } from "@opencx/core"
import { Effect, type Layer, type Scope } from "effect"
import { mkdtempSync } from "node:fs"
import { rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { checkConfig } from "../../src/config/load.ts"
import { keyOfSchedule } from "../../src/schedules/KnownSchedule.ts"
import { eventually, outside, refusal } from "../support/run.ts"
import { emulated, nineToFive, orgOf, runtimeOver } from "./stage.ts"

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "opencx-runtime-test-"))),
  (dir) => Effect.promise(() => rm(dir, { recursive: true, force: true })),
)

const copenhagen = { timeZone: "Copenhagen", intervals: nineToFive }
const weekdays = [{ days: ["mon", "tue", "wed", "thu", "fri"] as const, from: "09:00", to: "17:00" }]

/** One organization with the schedule of this name. */
const acme = Effect.gen(function* () {
  const emulator = yield* emulated()
  const id = emulator.schedules.add({ name: "Support", ...copenhagen })
  const dataDir = yield* folder
  const over = (officeHours: unknown) => runtimeOver(dataDir, [orgOf("acme", emulator, officeHours)])
  return { emulator, id, dataDir, over }
})

const soon = (what: string, look: Effect.Effect<boolean>) =>
  Effect.promise(() => eventually(what, () => Effect.runPromise(look)))

const stage = <A, E>(effect: Effect.Effect<A, E, Scope.Scope | Layer.Success<typeof outside>>) =>
  effect.pipe(Effect.scoped, Effect.provide(outside))

describe("office hours from a schedule", { timeout: 60_000 }, () => {
  it.live("are always before it was read, then what Zendesk says, and change with it", () =>
    stage(
      Effect.gen(function* () {
        const { emulator, id, over } = yield* acme
        const { hours, keep, read } = yield* over({ zendeskSchedule: "Support" })
        assert.isNull(yield* hours("acme"))
        yield* keep
        yield* soon(
          "the schedule",
          Effect.map(hours("acme"), (now) => now !== null),
        )
        assert.deepStrictEqual(yield* hours("acme"), {
          timeZone: "Europe/Copenhagen",
          open: weekdays,
          holidays: [],
        })
        emulator.schedules.edit(id, { intervals: [], holidays: [["2099-12-24", "2099-12-26"]] })
        const known = yield* read("acme")
        assert.strictEqual(known?.copy?.id, String(id))
        assert.deepStrictEqual(yield* hours("acme"), {
          timeZone: "Europe/Copenhagen",
          open: [],
          holidays: [{ from: "2099-12-24", to: "2099-12-26" }],
        })
        // No intervals: never open, as in Zendesk.
        assert.isFalse(isOpenAt(yield* hours("acme"), Date.now()))
      }),
    ),
  )

  it.live("are known after a restart without Zendesk, by id and by an Arabic name", () =>
    stage(
      Effect.gen(function* () {
        const { dataDir, emulator } = yield* acme
        const id = emulator.schedules.add({
          name: "ساعات الدعم",
          timeZone: "Riyadh",
          intervals: [[540, 1_020]],
        })
        const organizations = [
          orgOf("by-id", emulator, { zendeskSchedule: id }),
          orgOf("by-name", emulator, { zendeskSchedule: "ساعات الدعم" }),
        ]
        yield* Effect.scoped(
          Effect.gen(function* () {
            const { read } = yield* runtimeOver(dataDir, organizations)
            for (const org of ["by-id", "by-name"]) assert.isNull((yield* read(org))?.trouble)
          }),
        )
        yield* Effect.promise(() => emulator.close())
        const { hours } = yield* runtimeOver(dataDir, organizations)
        for (const org of ["by-id", "by-name"])
          assert.strictEqual((yield* hours(org))?.timeZone, "Asia/Riyadh")
      }),
    ),
  )

  it.live(
    "go on by the last good copy while it is deleted, nonsense or not to be had; since when is kept",
    () =>
      stage(
        Effect.gen(function* () {
          const { emulator, id, over } = yield* acme
          const { hours, read } = yield* over({ zendeskSchedule: id })
          yield* read("acme")
          const good = yield* hours("acme")
          const breaks: ReadonlyArray<readonly [RegExp, () => void]> = [
            [/time zone "Middle Earth"/, () => emulator.schedules.edit(id, { timeZone: "Middle Earth" })],
            [/not part of this plan/, () => emulator.schedules.plan(403)],
            [/not part of this plan/, () => emulator.schedules.plan(404)],
            [
              /not found/,
              () => {
                emulator.schedules.plan("on")
                emulator.schedules.remove(id)
              },
            ],
            [/rate limited for 70000 ms/, () => emulator.addFault({ kind: "status429json", retryAfter: 70 })],
          ]
          const since = new Set<number>()
          for (const [problem, spoil] of breaks) {
            spoil()
            const { copy, trouble } = (yield* read("acme")) ?? {}
            assert.match(trouble?.problem ?? "", problem)
            assert.deepStrictEqual(copy?.hours, good ?? undefined)
            assert.deepStrictEqual(yield* hours("acme"), good)
            since.add(trouble?.since ?? 0)
          }
          assert.lengthOf([...since], 1)
        }),
      ),
  )

  it.live("are asked for again when Zendesk wants it, and not before", () =>
    stage(
      Effect.gen(function* () {
        const { emulator, id, over } = yield* acme
        const { read, services } = yield* over({ zendeskSchedule: id, everyMinutes: 1 })
        yield* read("acme")
        const fault = emulator.addFault({ kind: "status503", retryAfter: 1_800 })
        const before = Date.now()
        const known = yield* read("acme")
        assert.isNotNull(known?.trouble)
        assert.isNotNull(known?.copy)
        const status = yield* Effect.orDie(
          Effect.provide(
            ArticleStore.use(({ runs }) => runs.status(OrgId.make("acme"), keyOfSchedule("acme", id))),
            services,
          ),
        )
        assert.isNull(status.holder)
        assert.isAtLeast(status.retryAt, before + 1_800_000)
        emulator.removeFault(fault)
        // Who asks for it by hand need not wait.
        assert.isNotNull((yield* read("acme"))?.copy)
      }),
    ),
  )

  it.live("of two organizations with schedules of one name do not mix", () =>
    stage(
      Effect.gen(function* () {
        const emulators = [yield* emulated(), yield* emulated()] as const
        emulators[0].schedules.add({ id: 7, name: "Support", timeZone: "Tokyo", intervals: nineToFive })
        emulators[1].schedules.add({ id: 7, name: "Support", timeZone: "Kathmandu", intervals: [] })
        const wanted = { zendeskSchedule: "Support" }
        const { hours, read } = yield* runtimeOver(yield* folder, [
          orgOf("one", emulators[0], wanted),
          orgOf("two", emulators[1], wanted),
          orgOf("three", emulators[0], { timeZone: "UTC", open: [] }),
        ])
        yield* read("one")
        assert.strictEqual((yield* hours("one"))?.timeZone, "Asia/Tokyo")
        assert.isNull(yield* hours("two"))
        yield* read("two")
        assert.strictEqual((yield* hours("two"))?.timeZone, "Asia/Kathmandu")
        assert.strictEqual((yield* hours("one"))?.open.length, 1)
        assert.isNull(yield* read("three"))
        assert.strictEqual((yield* hours("three"))?.timeZone, "UTC")
      }),
    ),
  )

  it.live("are read once for two runtimes on one database, and both have them", () =>
    stage(
      Effect.gen(function* () {
        const { emulator, over } = yield* acme
        const runtimes = [
          yield* over({ zendeskSchedule: "Support" }),
          yield* over({ zendeskSchedule: "Support" }),
        ]
        for (const { keep } of runtimes) yield* keep
        for (const { hours } of runtimes)
          yield* soon(
            "the schedule in both",
            Effect.map(hours("acme"), (now) => now !== null),
          )
        const listings = emulator.calls().filter(({ path }) => path.endsWith("/business_hours/schedules"))
        assert.lengthOf(listings, 1)
      }),
    ),
  )

  it.live("of another schedule are not taken for those of the one that is configured now", () =>
    stage(
      Effect.gen(function* () {
        const { emulator, over } = yield* acme
        const night = emulator.schedules.add({ name: "Night", timeZone: "Bern", intervals: [[0, 300]] })
        yield* Effect.scoped(Effect.flatMap(over({ zendeskSchedule: "Support" }), ({ read }) => read("acme")))
        const { hours, read } = yield* over({ zendeskSchedule: night })
        assert.isNull(yield* hours("acme"))
        yield* read("acme")
        assert.strictEqual((yield* hours("acme"))?.timeZone, "Europe/Zurich")
      }),
    ),
  )

  it.each([
    [{ zendeskSchedule: "" }],
    [{ zendeskSchedule: " " }],
    [{ zendeskSchedule: "a\u0000b" }],
    [{ zendeskSchedule: 1.5 }],
    [{ zendeskSchedule: "Support", everyMinutes: 0 }],
    [{ zendeskSchedule: "Support", timeZone: "UTC" }],
    [{ timeZone: "UTC" }],
  ])("%j is refused by its place in the configuration", async (officeHours) => {
    const organizations = [orgOf("acme", { url: "http://127.0.0.1:1" }, officeHours)]
    const error = await refusal(checkConfig({ dataDir: "/nowhere", organizations }, {}, "the test"))
    assert.match(error.message, /officeHours/)
  })

  it("need a connection to Zendesk", async () => {
    const error = await refusal(
      Effect.scoped(
        Effect.flatMap(folder, (dir) =>
          runtimeOver(dir, [{ id: "acme", name: "A", handoff: { officeHours: { zendeskSchedule: 1 } } }]),
        ),
      ),
    )
    assert.match(error.message, /has no connection to Zendesk Support/)
  })
})
