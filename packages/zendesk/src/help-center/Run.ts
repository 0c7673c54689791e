/** What one sync run shares between its steps: where it reads, where it writes, and its tally. */
import type { ArticleStore, OrgId } from "@opencx/core"
import type { HelpCenterCalls } from "./Calls.ts"

/** One Help Center, or a part of it. `locales`: only these; all of the Help Center's when absent or empty. */
export interface HelpCenterSource {
  readonly id: string
  readonly locales?: ReadonlyArray<string>
}

export interface Tally {
  seen: number
  changed: number
  removed: number
  skippedDrafts: number
  internal: number
  readonly errors: Array<{ readonly articleId: string; readonly detail: string }>
}

export interface Run {
  readonly orgId: OrgId
  readonly source: HelpCenterSource
  readonly origin: string
  readonly calls: HelpCenterCalls
  readonly store: ArticleStore["Service"]
  /** Key → hash of what was stored before the run. */
  readonly known: ReadonlyMap<string, string>
  /** Keys that the listings showed, drafts included. */
  readonly seenKeys: Set<string>
  readonly tally: Tally
}

/** More errors than this are counted, not kept: a broken Help Center must not fill the memory. */
const maxErrors = 200

export const recordError = (run: Run, articleId: string, detail: string): void => {
  if (run.tally.errors.length < maxErrors) run.tally.errors.push({ articleId, detail: detail.slice(0, 300) })
}
