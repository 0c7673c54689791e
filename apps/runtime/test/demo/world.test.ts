import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises"
import { createServer } from "node:net"
import { join } from "node:path"
import { freePort, wantedPort } from "../../src/demo/ports.ts"
import { startWorld } from "../../src/demo/world.ts"
import { inFolder, refusal, run } from "../support/run.ts"

const anyPorts = { http: 0, emulator: 0, smtp: 0, sink: 0 }
const start = (dataDir: string, ports: Parameters<typeof startWorld>[0]["ports"] = anyPorts) =>
  startWorld({ dataDir, ports })

/** A port that somebody has. */
const withBusyPort = async (use: (port: number) => Promise<void>): Promise<void> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  try {
    await use(typeof address === "object" && address !== null ? address.port : 0)
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
}

describe("worlds", () => {
  it(
    "stand side by side: other ports, other data, other webhook URLs, each reachable",
    { timeout: 30_000 },
    () =>
      inFolder((one) =>
        inFolder((two) =>
          run(
            Effect.scoped(
              Effect.gen(function* () {
                const worlds = yield* Effect.all([start(one), start(two)], { concurrency: 2 })
                const [a, b] = worlds.map(({ urls }) => urls)
                if (a === undefined || b === undefined) throw new Error("two worlds were started")
                for (const name of [
                  "runtime",
                  "emulator",
                  "smtp",
                  "sink",
                  "zendeskWebhook",
                  "dataDir",
                ] as const) {
                  assert.notStrictEqual(a[name], b[name], name)
                }
                for (const { urls } of worlds) {
                  const seen = yield* Effect.promise(() => fetch(urls.sessions))
                  assert.strictEqual(seen.status, 200)
                  assert.include(yield* Effect.promise(() => seen.text()), "This is the demonstration")
                  const health = yield* Effect.promise(() => fetch(`${urls.runtime}/readyz`))
                  assert.strictEqual(health.status, 200)
                }
              }),
            ),
          ),
        ),
      ),
  )
})

describe("the data folder", () => {
  it("is emptied in its own `demo` only, at each start", { timeout: 30_000 }, () =>
    inFolder(async (dir) => {
      await writeFile(join(dir, "precious.txt"), "mine")
      await mkdir(join(dir, "demo2"))
      const secretAfter = () => readFile(join(dir, "demo", "master.key"), "utf8")
      const once = () => run(Effect.scoped(Effect.andThen(start(dir), Effect.promise(secretAfter))))
      const first = await once()
      await writeFile(join(dir, "demo", "left-over.txt"), "of the last run")
      const second = await once()
      assert.notStrictEqual(first, second, "the demonstration began anew")
      assert.notInclude(await readdir(join(dir, "demo")), "left-over.txt")
      assert.strictEqual(await readFile(join(dir, "precious.txt"), "utf8"), "mine")
      assert.include(await readdir(dir), "demo2")
    }),
  )

  it("is left alone when somebody else's `demo` is there", () =>
    inFolder(async (dir) => {
      await mkdir(join(dir, "demo"))
      await writeFile(join(dir, "demo", "slides.txt"), "mine")
      const error = await refusal(Effect.scoped(start(dir)))
      assert.include(error.message, join(dir, "demo"))
      assert.include(error.message, "--data-dir")
      assert.strictEqual(await readFile(join(dir, "demo", "slides.txt"), "utf8"), "mine")
    }))

  it("is left alone when `demo` is a file", () =>
    inFolder(async (dir) => {
      await writeFile(join(dir, "demo"), "mine")
      assert.include((await refusal(Effect.scoped(start(dir)))).message, "--data-dir")
      assert.strictEqual(await readFile(join(dir, "demo"), "utf8"), "mine")
    }))
})

describe("ports", () => {
  it.each(["http", "smtp", "sink", "emulator"] as const)("a taken one for %s names its flag", (name) =>
    inFolder((dir) =>
      withBusyPort(async (port) => {
        const { message } = await refusal(Effect.scoped(start(dir, { ...anyPorts, [name]: port })))
        assert.include(message, `Port ${port} is in use`)
        assert.include(message, name === "http" ? "--port" : `--${name}-port`)
      }),
    ),
  )

  it("nobody insisted on are replaced when taken; wanted ones are not", () =>
    withBusyPort(async (port) => {
      const other = await run(freePort("127.0.0.1", port))
      assert.notStrictEqual(other, port)
      assert.isAbove(other, 0)
      await refusal(wantedPort("127.0.0.1", port, "--port"))
      assert.isAbove(await run(wantedPort("127.0.0.1", 0, "--port")), 0)
    }))
})
