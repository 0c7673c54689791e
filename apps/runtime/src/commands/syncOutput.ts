/** What `opencx sync` shows: JSON events for programs, a bar on a terminal, plain lines elsewhere. */
import type { SyncReport } from "@opencx/core"
import { Clock, Console, Effect, Terminal } from "effect"
import { barLine, plainLine } from "../sync/progressLine.ts"
import type { SyncEvent, SyncListener } from "../sync/SyncEvent.ts"
import { printJson } from "./output.ts"

/** One line per event; `event` tells its kind, and the rest lies flat beside it. */
export const jsonOutput: SyncListener = (event) => {
  const about = { event: event._tag, organization: event.orgId, source: event.sourceId }
  switch (event._tag) {
    case "progress":
      return printJson({ ...about, ...event.progress })
    case "finished":
      return printJson({ ...about, ...event.report })
    case "failed":
      return printJson({ ...about, detail: event.detail, retryAt: event.retryAt })
    default:
      return printJson({ ...about, at: event.at })
  }
}

const acceptHint = (sourceId: string) =>
  `  If they really were removed: opencx sync --source ${sourceId} --accept-deletions`

const reportLine = (report: SyncReport): string => {
  const { calls, changed, failed, internal, kind, removed, seen, skippedDrafts } = report
  return `${seen} seen, ${changed} changed, ${removed} removed, ${skippedDrafts} drafts skipped, ${internal} internal, ${failed} failed, ${calls} calls (${kind}${report.resumed ? ", resumed" : ""})`
}

const printReport = Effect.fnUntraced(function* (name: string, report: SyncReport) {
  yield* Console.log(`${name}: ${reportLine(report)}`)
  for (const { articleId, detail } of report.errors) {
    yield* Console.error(articleId === "*" ? `  ${detail}` : `  article ${articleId}: ${detail}`)
  }
  if (report.heldBack > 0) yield* Console.error(acceptHint(report.sourceId))
})

/** Plain progress this often. */
const plainEveryMs = 10_000

const printEvent = (event: SyncEvent, name: string): Effect.Effect<void> => {
  switch (event._tag) {
    case "started":
      return Effect.void
    case "waiting":
      return Console.log(`${name}: another process is syncing it; waiting`)
    case "progress":
      return Effect.flatMap(Clock.currentTimeMillis, (now) =>
        Console.log(plainLine(name, event.progress, now)),
      )
    case "finished":
      return printReport(name, event.report)
    case "failed":
      return Console.error(`${name}: ${event.detail}`)
  }
}

const eraseLine = "\r\u001B[K"

/** A bar where standard output is a terminal, else a line now and then. */
export const humanOutput = Effect.gen(function* () {
  const terminal = yield* Terminal.Terminal
  const columns = yield* terminal.columns
  let toldAt = 0
  const listener: SyncListener = (event) =>
    Effect.gen(function* () {
      const name = `${event.orgId}/${event.sourceId}`
      const now = yield* Clock.currentTimeMillis
      if (event._tag !== "progress") {
        if (columns > 0) yield* Effect.ignore(terminal.display(eraseLine))
        return yield* printEvent(event, name)
      }
      if (columns > 0) {
        const line = barLine(name, event.progress, now, yield* terminal.columns)
        return yield* Effect.ignore(terminal.display(eraseLine + line))
      }
      if (now - toldAt < plainEveryMs) return
      toldAt = now
      return yield* printEvent(event, name)
    })
  return listener
})
