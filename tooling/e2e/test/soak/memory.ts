/** What a process holds in memory, and whether that keeps growing. */
import { execFile } from "node:child_process"
import { readFile } from "node:fs/promises"
import { promisify } from "node:util"

const run = promisify(execFile)

/** Resident bytes of a process; by `ps` where there is no /proc. */
export const residentBytes = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => null)
  const kilobytes =
    status === null
      ? (await run("ps", ["-o", "rss=", "-p", String(pid)])).stdout.trim()
      : /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
  return Number(kilobytes) * 1024
}

const median = (values: ReadonlyArray<number>): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

export interface Growth {
  /** Medians, in bytes, of the second and of the last fifth of the run. */
  readonly early: number
  readonly late: number
  readonly grows: boolean
}

/** More than this above the early part counts as growth: collectors leave so much lying about. */
const slackShare = 0.2
const slackBytes = 30 * 1_048_576

/** The first fifth is for caches to fill. */
export const growthOf = (samples: ReadonlyArray<number>): Growth => {
  const fifth = Math.max(1, Math.floor(samples.length / 5))
  const early = median(samples.slice(fifth, 2 * fifth))
  const late = median(samples.slice(-fifth))
  return { early, late, grows: late > early * (1 + slackShare) + slackBytes }
}
