import { acquirePostgres, reportSkipped } from "@opencx-tooling/postgres"
import { Effect, Layer } from "effect"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, describe, it } from "vitest"
import { AlreadyRunning, Exclusive, Postgres } from "../src/index.ts"

const build = <E>(layer: Layer.Layer<Exclusive.OnlyProcess, E>) =>
  Effect.runPromise(Effect.exit(Effect.scoped(Layer.build(layer))))

/** Holds the first while the second is tried, then tries the second alone. */
const contend = async <E>(layer: () => Layer.Layer<Exclusive.OnlyProcess, E>) => {
  const during = await Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        yield* Layer.build(layer())
        return yield* Effect.flip(Effect.scoped(Layer.build(layer())))
      }),
    ),
  )
  return { during, after: await build(layer()) }
}

describe("one process per database", () => {
  it("embedded: the second is refused, and taken when the first is gone", async () => {
    const directory = await mkdtemp(join(tmpdir(), "opencx-lock-"))
    const { after, during } = await contend(() => Exclusive.layerDirectory(directory))
    assert.instanceOf(during, AlreadyRunning)
    assert.include(String(during), "Stop it first")
    assert.strictEqual(after._tag, "Success")
    await rm(directory, { recursive: true, force: true })
  })
})

const server = await acquirePostgres()

describe("one process per Postgres database", () => {
  afterAll(async () => {
    if (!("skipped" in server)) await server.close()
  })

  it("the second is refused, and taken when the first is gone", { timeout: 30_000 }, async (context) => {
    if ("skipped" in server) {
      reportSkipped(server.skipped)
      return context.skip("no Postgres here; the reason is printed above")
    }
    const url = await server.createDatabase("opencx_exclusive")
    const layer = () => Exclusive.layerPostgres.pipe(Layer.provide(Layer.orDie(Postgres.layer({ url }))))
    const { after, during } = await contend(layer)
    assert.instanceOf(during, AlreadyRunning)
    assert.strictEqual(after._tag, "Success")
  })
})
