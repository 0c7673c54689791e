/** Where a sync stands, in one line for people. */
import type { SyncProgress } from "@opencx/core"

const number = new Intl.NumberFormat("en-US")

const countOf = (done: number, total: number | null): string =>
  total === null ? number.format(done) : `${number.format(done)}/${number.format(total)}`

/** `about 3 min left`; the estimate is no better than that. */
export const timeLeft = (ms: number): string => {
  if (ms < 10_000) return "a few seconds left"
  if (ms < 90_000) return `about ${Math.round(ms / 10_000) * 10} s left`
  if (ms < 90 * 60_000) return `about ${Math.round(ms / 60_000)} min left`
  return `about ${Math.round(ms / 3_600_000)} h left`
}

const bar = (share: number, width: number): string => {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width)
  return `[${"#".repeat(full)}${"-".repeat(width - full)}]`
}

const detailsOf = (progress: SyncProgress, now: number): ReadonlyArray<string> => {
  const { estimatedEnd, failed, phase, shelves } = progress
  const parts = shelves.map(({ done, name, total }) => `${name} ${countOf(done, total)}`)
  return [
    ...(shelves.length > 1 ? [parts.join(", ")] : []),
    ...(failed > 0 ? [`${number.format(failed)} failed`] : []),
    ...(phase === "confirming" ? ["confirming what is gone"] : []),
    ...(estimatedEnd === null || phase === "confirming" ? [] : [timeLeft(estimatedEnd - now)]),
  ]
}

/** Without a bar, for logs and files. */
export const plainLine = (name: string, progress: SyncProgress, now: number): string =>
  [`${name}: ${countOf(progress.done, progress.total)}`, ...detailsOf(progress, now)].join(" · ")

/** With a bar, cut to the terminal's width. */
export const barLine = (name: string, progress: SyncProgress, now: number, columns: number): string => {
  const { done, total } = progress
  const head = total === null ? name : `${name} ${bar(total === 0 ? 1 : done / total, 24)}`
  const line = [`${head} ${countOf(done, total)}`, ...detailsOf(progress, now)].join(" · ")
  return line.length < columns ? line : line.slice(0, Math.max(0, columns - 1))
}
