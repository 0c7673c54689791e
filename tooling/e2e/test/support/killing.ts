/** A runtime that dies by SIGKILL at random moments while conversations go on, and is started again each time. */
import { pause } from "./customers.ts"
import { type RuntimeProcess, startRuntime } from "./runtimeProcess.ts"
import type { Stage } from "./stage.ts"

export interface Killing {
  readonly stage: Stage
  readonly kills: number
  readonly seed: number
  /** Conversations that go on at the same time. */
  readonly atOnce: number
  /** One conversation from beginning to end. */
  readonly converse: (stage: Stage, n: number) => Promise<void>
  /** Grows with everything that is written anywhere: when it stands still, all is done. */
  readonly written: () => number
}

/** A small generator, so that a failed run can be had again by its seed. */
const generator = (seed: number) => {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

/** From `OPENCX_KILLS` and `OPENCX_SEED`. */
export const killSettings = (usual: number) => ({
  kills: Number(process.env["OPENCX_KILLS"] ?? usual),
  seed: Number(process.env["OPENCX_SEED"] ?? Date.now() % 1_000_000),
})

/** Nothing new anywhere for two seconds. */
const quiet = async (written: () => number): Promise<void> => {
  for (let still = 0, last = -1; still < 20; still += 1) {
    const now = written()
    if (now !== last) still = 0
    last = now
    await pause(100)
  }
}

/** Resolves when every conversation has come to its end; with how many there were, and the last runtime. */
export const killWhile = async (
  first: RuntimeProcess,
  { atOnce, converse, kills, seed, stage, written }: Killing,
): Promise<{ readonly started: number; readonly runtime: RuntimeProcess }> => {
  const random = generator(seed)
  let runtime = first
  let started = 0
  let done = 0
  const load = { on: true }
  const running: Array<Promise<void>> = []
  const talk = async () => {
    await converse(stage, started++)
    done += 1
  }
  const loading = (async () => {
    while (load.on) {
      if (started - done < atOnce) running.push(talk())
      await pause(150 + random() * 250)
    }
  })()
  for (let kill = 0; kill < kills; kill += 1) {
    await pause(random() * 1500)
    await runtime.kill()
    // One time in four the next kill may hit the start itself.
    runtime = await startRuntime(stage.configFile, { untilReady: kill + 1 === kills || random() < 0.75 })
  }
  load.on = false
  await loading
  await Promise.all(running)
  await quiet(written)
  return { started, runtime }
}
