/** Sources in whole runtimes: two of them over one database, the index, the metrics, and what a console can read. */
import { assert, describe, it } from "@effect/vitest"
import { Knowledge, OrgId } from "@opencx/core"
import { Effect, Layer, Metric } from "effect"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { checkConfig } from "../../src/config/load.ts"
import { Sync } from "../../src/layers/Sync.ts"
import { servicesLayer } from "../../src/Runtime.ts"
import type { SyncEvent } from "../../src/sync/SyncEvent.ts"
import { eventually, inFolder, refusal, run } from "../support/run.ts"

const orgId = OrgId.make("acme")

const configOf = (dataDir: string, sources: ReadonlyArray<object>, more: object = {}) =>
  checkConfig({ dataDir, organizations: [{ id: "acme", name: "Acme", sources, ...more }] }, {}, "the test")

const found = (text: string) =>
  Knowledge.use((knowledge) =>
    knowledge.search({ orgId, text, surface: "customer", locale: null, limit: 5 }),
  ).pipe(Effect.map((hits) => hits.map((hit) => hit.title)))

/** Asks until the titles are these, for some seconds. */
const soon = Effect.fnUntraced(function* <E>(
  look: Effect.Effect<ReadonlyArray<string>, E>,
  expected: ReadonlyArray<string>,
) {
  for (let tries = 0; tries < 400; tries++) {
    if ((yield* look).join() === expected.join()) return
    yield* Effect.sleep(25)
  }
  assert.deepStrictEqual(yield* look, expected)
})

const refunds = "# Refund times\n\nA refund takes five working days after the parcel has arrived."
const warranty = "# Warranty of bicycles\n\nThe warranty of a bicycle frame lasts for ten years."

describe("two runtimes on one database", () => {
  it("read a source once, both answer from it, and both tell where it stands", () =>
    inFolder((folder) =>
      run(
        Effect.scoped(
          Effect.gen(function* () {
            yield* Effect.promise(() => writeFile(join(folder, "a.md"), refunds))
            const source = { id: "files", type: "folder", path: folder, every: "daily" }
            const config = yield* configOf(join(folder, ".data"), [source])
            const runtimes = [
              yield* Layer.build(servicesLayer(config)),
              yield* Layer.build(servicesLayer(config)),
            ]
            const events: Array<SyncEvent> = []
            for (const services of runtimes) {
              const { listen, schedule } = yield* Effect.provide(Sync, services)
              yield* listen((event) => Effect.sync(() => void events.push(event)))
              yield* Effect.forkScoped(schedule)
            }
            yield* Effect.promise(() =>
              eventually("the run", () => events.some((event) => event._tag === "finished")),
            )
            for (const services of runtimes) {
              // The one that did not read it looks again within a second.
              yield* soon(Effect.provide(found("How long does a refund take?"), services), ["Refund times"])
              const [status] = yield* Effect.provide(
                Effect.flatMap(Sync, (sync) => sync.status),
                services,
              )
              assert.deepInclude(status, { orgId, sourceId: "files", type: "folder", everyMs: 86_400_000 })
              assert.isNotNull(status?.run.lastAt)
              assert.isNull(status?.run.holder)
            }
            assert.lengthOf(
              events.filter((event) => event._tag === "started"),
              1,
            )
          }),
        ),
      ),
    ))

  it("answer from what was until what is is stored, and count it", () =>
    inFolder((folder) =>
      run(
        Effect.scoped(
          Effect.gen(function* () {
            yield* Effect.promise(() => writeFile(join(folder, "a.md"), refunds))
            const source = { id: "files", type: "folder", path: folder, every: "manual" }
            const config = yield* configOf(join(folder, ".data"), [source])
            const services = yield* Layer.build(servicesLayer(config))
            yield* Effect.gen(function* () {
              const { run: sync, sources } = yield* Sync
              const one = sources[0]
              if (one === undefined) return assert.fail("no source")
              assert.isNull(one.everyMs)
              yield* sync(one)
              yield* Effect.promise(() => writeFile(join(folder, "a.md"), warranty))
              assert.deepStrictEqual(yield* found("How long does a refund take?"), ["Refund times"])
              assert.deepInclude(yield* sync(one), { kind: "incremental", changed: 1 })
              assert.deepStrictEqual(yield* found("How long is the warranty of a bicycle?"), [
                "Warranty of bicycles",
              ])
              assert.deepStrictEqual(yield* found("How long does a refund take?"), [])
              yield* sync(one, "full")
            }).pipe(Effect.provide(services))
            const metrics = (yield* Metric.snapshot).filter(
              (one) => one.id.startsWith("opencx_sync_") && one.attributes?.["source"] === "files",
            )
            const names = new Set(metrics.map((one) => one.id))
            for (const name of [
              "running",
              "done",
              "total",
              "articles",
              "failed",
              "held_back",
              "last_success_seconds",
            ])
              assert.isTrue(names.has(`opencx_sync_${name}`), name)
            for (const name of ["calls", "changed", "removed"])
              assert.isTrue(names.has(`opencx_sync_${name}_total`), name)
          }),
        ),
      ),
    ))
})

describe("the Help Center of a brand", () => {
  const zendesk = {
    subdomain: "acme",
    auth: { type: "oauth_client_credentials", clientId: "opencx", clientSecret: "not-a-secret" },
  }
  const built = (folder: string, source: object, more: object = { zendesk }) =>
    Effect.scoped(
      Effect.flatMap(
        configOf(join(folder, ".data"), [{ id: "hc", type: "zendesk_help_center", ...source }], more),
        (config) => Layer.build(servicesLayer(config)),
      ),
    )

  it("is read with the organization's credentials, under the brand's own subdomain", () =>
    inFolder(async (folder) => {
      await run(built(folder, { brand: "acme-shoes" }))
      const refusals: ReadonlyArray<readonly [object, object, string]> = [
        [{ brand: "https://shoes.acme.example" }, { zendesk }, "subdomain"],
        [
          { brand: "acme-shoes", connection: { subdomain: "x", auth: { type: "none" } } },
          { zendesk },
          "Leave out `brand`",
        ],
        [{ brand: "acme-shoes" }, {}, "has no connection"],
      ]
      for (const [source, more, words] of refusals)
        assert.include((await refusal(built(folder, source, more))).message, words)
    }))
})

describe("the address of a sitemap", () => {
  it("that may not be read stops the start with a sentence", () =>
    inFolder(async (folder) => {
      const source = { id: "site", type: "sitemap", url: "http://intranet/sitemap.xml" }
      const error = await refusal(
        Effect.scoped(
          Effect.flatMap(configOf(join(folder, ".data"), [source]), (config) =>
            Layer.build(servicesLayer(config)),
          ),
        ),
      )
      assert.include(error.message, "http://intranet/sitemap.xml")
      assert.include(error.message, "https://")
    }))
})
