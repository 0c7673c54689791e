/** The page of the sources: where each one stands, what went wrong, and a button to sync it now. */
import type { SyncProgress, SyncReport } from "@opencx/core"
import type { SourceStatus } from "../../sync/SyncEvent.ts"
import { type Html, html, type Part } from "./html.ts"
import { operatorPage } from "./nav.ts"
import { time } from "./time.ts"

const isRunning = ({ progress, run }: SourceStatus): boolean => progress !== null || run.holder !== null

const count = (done: number, total: number | null): string =>
  total === null ? `${done}` : `${done} of ${total}`

const progressBox = (progress: SyncProgress): Html =>
  html`<p>
      <progress
        max="${progress.total ?? 1}"
        value="${progress.total === null ? 0 : progress.done}"
      ></progress>
      ${count(progress.done, progress.total)}
      articles${progress.estimatedEnd === null ? "" : `, done at about ${time(progress.estimatedEnd)} UTC`}
    </p>
    <ul>
      ${progress.shelves.map(({ done, name, total }) => html`<li>${name}: ${count(done, total)}</li>`)}
    </ul>`

const errors = ({ errors: all, failed, heldBack }: SyncReport): Part => [
  heldBack > 0
    ? html`<p>
        <strong>${heldBack} articles are missing at once and were kept.</strong> Look why before you remove
        them.
      </p>`
    : null,
  all.length === 0
    ? null
    : html`<details open>
        <summary>${failed} articles failed</summary>
        <ul>
          ${all.map(({ articleId, detail }) => html`<li><code>${articleId}</code> <span dir="auto">${detail}</span></li>`)}
        </ul>
      </details>`,
]

const reportBox = (report: SyncReport): Html =>
  html`<p>
      Last run here (${report.kind}): ${report.seen} seen, ${report.changed} changed, ${report.removed}
      removed, ${report.internal} internal, ${report.skippedDrafts} drafts skipped, ${report.calls} calls,
      ${Math.round(report.durationMs / 1000)} s
    </p>
    ${errors(report)}`

const button = ({ orgId, sourceId }: SourceStatus, mode: string, label: string): Html =>
  html`<form class="inline" method="post" action="/sources/${orgId}/${sourceId}/sync">
    <input type="hidden" name="mode" value="${mode}" />
    <button>${label}</button>
  </form>`

const buttons = (status: SourceStatus): Part => [
  button(status, "incremental", "Sync now"),
  " ",
  button(status, "full", "Read everything"),
  (status.report?.heldBack ?? 0) > 0
    ? [" ", button(status, "acceptLoss", "Read everything, and remove what is missing")]
    : null,
]

const interval = (ms: number | null): string =>
  ms === null ? "only by command" : `every ${Math.round(ms / 60_000)} min`

const standing = ({ run }: SourceStatus): string => {
  const last = run.lastAt === null ? "never synced" : `last synced ${time(run.lastAt)} UTC`
  return run.failures === 0
    ? last
    : `${last}; ${run.failures} runs failed since, next try ${time(run.retryAt)} UTC`
}

const box = (status: SourceStatus): Html =>
  html`<article>
    <header>${status.orgId} · ${status.type} · ${interval(status.everyMs)}</header>
    <h2>${status.sourceId}</h2>
    <p>${standing(status)}</p>
    ${status.progress === null ? null : progressBox(status.progress)}
    ${status.report === null ? null : reportBox(status.report)}
    ${isRunning(status) ? html`<p><span class="state">being synced</span></p>` : buttons(status)}
  </article>`

/** Without scripts, which the policy forbids: while something runs, the page loads itself again. */
export const sourcesPage = (sources: ReadonlyArray<SourceStatus>): Html =>
  operatorPage(
    "OpenCX sources",
    html`${sources.some(isRunning) ? html`<meta http-equiv="refresh" content="3" />` : null}
      <h1>Sources</h1>
      ${sources.length === 0 ? html`<p>No source is configured.</p>` : sources.map(box)}`,
  )
