/** Running effects of the runtime in tests, and folders that are gone afterwards. */
import { NodeServices } from "@effect/platform-node"
import { Effect, type FileSystem, Layer, Logger, type Path } from "effect"
import { FetchHttpClient, type HttpClient } from "effect/http"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

type Outside = FileSystem.FileSystem | Path.Path | HttpClient.HttpClient

/** Files, HTTP, and no log: what a test wants to see it looks at. */
export const outside = Layer.mergeAll(NodeServices.layer, FetchHttpClient.layer, Logger.layer([]))

export const run = <A, E>(effect: Effect.Effect<A, E, Outside>): Promise<A> =>
  Effect.runPromise(Effect.provide(effect, outside))

/** What it fails with; a success is the test's failure. */
export const refusal = <A, E>(effect: Effect.Effect<A, E, Outside>): Promise<E> => run(Effect.flip(effect))

/** A folder of its own that is removed when the test is over. */
export const inFolder = async <A>(use: (folder: string) => Promise<A>): Promise<A> => {
  const folder = await mkdtemp(join(tmpdir(), "opencx-runtime-test-"))
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Waits for something, for at most `seconds`; fails by its name. */
export const eventually = async <A>(
  what: string,
  look: () => A | undefined | null | false | Promise<A | undefined | null | false>,
  seconds = 20,
): Promise<A> => {
  const end = Date.now() + seconds * 1000
  for (;;) {
    const seen = await look()
    if (seen !== undefined && seen !== null && seen !== false) return seen
    if (Date.now() > end) throw new Error(`not seen within ${seconds} s: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
