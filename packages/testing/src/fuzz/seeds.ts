/** How often a property is tried, and with which seeds: the same ones on every run, and as many that nobody has seen before. */
import { randomInt } from "node:crypto"

/** A generator of its own: the same numbers for the same seed, on every machine. `below` is exclusive. */
export type Noise = (below: number) => number

export const noise = (seed: number): Noise => {
  // mulberry32: 32 bits of state, which is plenty for choosing what to break.
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(1, below)
  }
}

const setting = (name: string): number | null => {
  // @effect-diagnostics-next-line processEnv:off -- read while suites register tests, where no effect runs yet
  const text = process.env[name]
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null
}

/** Seeds that no run has tried: one per process, so that a failure names the one number that brings it back. */
const fresh = setting("OPENCX_FUZZ_SEED") ?? randomInt(1_000, 900_000_000)

/**
 * Seeds of a property that is usually tried `usual` times: the first half fixed, the rest new on each run.
 * `OPENCX_FUZZ_RUNS=10` tries ten times as often; `OPENCX_FUZZ_SEED=n` repeats the new ones of the run that printed `n`.
 */
export const fuzzSeeds = (usual: number): ReadonlyArray<number> => {
  const runs = usual * (setting("OPENCX_FUZZ_RUNS") ?? 1)
  const fixed = Math.ceil(runs / 2)
  return Array.from({ length: runs }, (_, n) => (n < fixed ? n + 1 : fresh + n - fixed))
}

/** For the name or message of a failing property: what repeats it. */
export const repeatedBy = (seed: number): string => `seed ${seed}; repeat with OPENCX_FUZZ_SEED=${fresh}`
