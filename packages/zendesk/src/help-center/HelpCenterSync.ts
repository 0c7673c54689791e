/** The `KnowledgeSync` port over a Zendesk Help Center. */
import {
  ArticleStore,
  fullSyncEveryMs,
  type KnowledgeError,
  KnowledgeSync,
  type OrgId,
  type StoreError,
  type SyncProgress,
  type SyncReport,
} from "@opencx/core"
import { Clock, Effect } from "effect"
import { type ClientLimits, makeZendeskClient, type ZendeskClient } from "../client/Client.ts"
import type { AccountAccess } from "../client/Connection.ts"
import { type CallCounter, makeCalls } from "./Calls.ts"
import { runFull, saveState } from "./FullRun.ts"
import { runIncremental } from "./Incremental.ts"
import { makeStructures } from "./Paths.ts"
import { doneSoFar, emptyTally, type HelpCenterSource, recordError, type Run } from "./Run.ts"
import { shelvesOf, wantedCategories } from "./Shelves.ts"
import { readState, resumable, sameShelves, type SyncState, type Unfinished } from "./SyncState.ts"

/** One sync: whose articles, from where. Pass `client` to share an account's rate budget with `makeTicketing`. */
export interface HelpCenterSyncInput {
  readonly connection: AccountAccess
  readonly source: HelpCenterSource
  readonly orgId: OrgId
  readonly client?: ZendeskClient
  readonly limits?: Partial<ClientLimits>
  /** Told after every page and article. It must not fail and should be quick. */
  readonly onProgress?: (progress: SyncProgress) => Effect.Effect<void>
}

interface Parts {
  readonly input: HelpCenterSyncInput
  readonly store: ArticleStore["Service"]
  readonly client: ZendeskClient
  /** The same Help Center as everybody sees it; null when that is how we see it anyway. */
  readonly anonymous: ZendeskClient | null
}

const newRun = (
  { anonymous, client, input, store }: Parts,
  about: {
    readonly id: number
    readonly kind: SyncReport["kind"]
    readonly now: number
    readonly resumed: Unfinished | null
    readonly counter: CallCounter
  },
): Run => {
  const { counter, resumed } = about
  if (resumed !== null) counter.count += resumed.calls
  const calls = makeCalls(client, counter)
  const run: Run = {
    orgId: input.orgId,
    source: input.source,
    id: about.id,
    kind: about.kind,
    startedAt: resumed?.startedAt ?? about.now,
    origin: client.origin,
    calls,
    counter,
    anonymous: anonymous === null ? null : makeCalls(anonymous, counter),
    store,
    structureOf: makeStructures(calls, {
      needed: wantedCategories(input.source).length > 0,
      onRefused: (error) =>
        recordError(run, "*", `sections and categories could not be read: ${error.message}`),
    }),
    tally: { ...emptyTally(), ...resumed?.tally },
    shelves: new Map(resumed?.progress.map((shelf) => [shelf.name, { ...shelf }])),
    base: { done: 0, at: about.now },
    onProgress: input.onProgress ?? (() => Effect.void),
  }
  run.base.done = doneSoFar(run)
  return run
}

const reportOf = Effect.fnUntraced(function* (run: Run, began: number, resumed: boolean) {
  const report: SyncReport = {
    sourceId: run.source.id,
    kind: run.kind,
    resumed,
    ...run.tally,
    calls: run.counter.count,
    durationMs: (yield* Clock.currentTimeMillis) - began,
  }
  return report
})

interface Wish {
  readonly kind: SyncReport["kind"]
  readonly acceptLoss: boolean
}

const mayBeIncremental = (state: SyncState, shelves: ReadonlyArray<string>, now: number): boolean =>
  state.unfinished === null &&
  state.watermark !== null &&
  state.lastFullAt !== null &&
  Math.abs(now - state.lastFullAt) < fullSyncEveryMs &&
  sameShelves(state.shelves, shelves)

const runSync = Effect.fnUntraced(function* (
  parts: Parts,
  wish: Wish,
): Effect.fn.Return<SyncReport, KnowledgeError | StoreError> {
  const { input, store } = parts
  const now = yield* Clock.currentTimeMillis
  const state = readState(yield* store.getState(input.orgId, input.source.id))
  const counter: CallCounter = { count: 0 }
  const shelves = yield* shelvesOf({ calls: makeCalls(parts.client, counter), source: input.source })
  const names = shelves.map((shelf) => shelf.name)
  // A clock that was set back must not give the number of a run that was.
  const id = Math.max(now, state.lastRun + 1)
  if (wish.kind === "incremental" && mayBeIncremental(state, names, now)) {
    const run = newRun(parts, { id, kind: "incremental", now, resumed: null, counter })
    const after = yield* runIncremental(run, shelves, state)
    if (after !== null) {
      yield* saveState(run, after)
      return yield* reportOf(run, now, false)
    }
  }
  const resumed = resumable(state, names, now)
  const run = newRun(parts, { id: resumed?.run ?? id, kind: "full", now, resumed, counter })
  const after = yield* runFull(run, shelves, state, { resumed, acceptLoss: wish.acceptLoss })
  yield* saveState(run, after)
  return yield* reportOf(run, now, resumed !== null)
})

/**
 * Makes the sync of one Help Center into the `ArticleStore`. Calls of a full run: one for the locales, per locale one to
 * look ahead, two or more for sections and categories, ceil(N/100) for N articles, and one per article that vanished. Of an
 * incremental one: one for the locales, one per 1,000 changes, one per changed article, two per locale, and what a full run
 * takes for each locale from which something vanished.
 */
export const makeHelpCenterSync = Effect.fn("makeHelpCenterSync")(function* (input: HelpCenterSyncInput) {
  const store = yield* ArticleStore
  const { baseUrl, subdomain } = input.connection
  const client = input.client ?? (yield* makeZendeskClient(input.connection, input.limits ?? {}))
  const open: AccountAccess = {
    subdomain,
    auth: { type: "none" },
    ...(baseUrl === undefined ? {} : { baseUrl }),
  }
  const anonymous =
    input.connection.auth.type === "none" ? null : yield* makeZendeskClient(open, input.limits ?? {})
  const parts: Parts = { input, store, client, anonymous }
  const run = (wish: Wish) =>
    runSync(parts, wish).pipe(
      Effect.withSpan(`KnowledgeSync.${wish.kind}`, { attributes: { source: input.source.id } }),
    )
  return KnowledgeSync.of({
    full: run({ kind: "full", acceptLoss: false }),
    incremental: run({ kind: "incremental", acceptLoss: false }),
    fullAcceptingLoss: run({ kind: "full", acceptLoss: true }),
  })
})
