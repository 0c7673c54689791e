/** The `KnowledgeSync` port over a Zendesk Help Center. */
import {
  ArticleStore,
  type KnowledgeError,
  KnowledgeSync,
  NotFound,
  type OrgId,
  type StoreError,
  type SyncReport,
} from "@opencx/core"
import { Clock, Effect, Result } from "effect"
import { type ClientLimits, makeZendeskClient, type ZendeskClient } from "../client/Client.ts"
import type { AccountAccess } from "../client/Connection.ts"
import { makeCalls } from "./Calls.ts"
import { listLocale } from "./Listing.ts"
import { readStructure, type Structure } from "./Paths.ts"
import { type HelpCenterSource, recordError, type Run } from "./Run.ts"
import { sweep } from "./Sweep.ts"
import { storedState, type SyncState, unfinishedRun } from "./SyncState.ts"
import { LocaleList } from "./Wire.ts"

/** One sync: whose articles, from where. Pass `client` to share an account's rate budget with `makeTicketing`. */
export interface HelpCenterSyncInput {
  readonly connection: AccountAccess
  readonly source: HelpCenterSource
  readonly orgId: OrgId
  readonly client?: ZendeskClient
  readonly limits?: Partial<ClientLimits>
}

const safeLocale = (locale: string): boolean => /^[A-Za-z0-9-]{1,35}$/.test(locale)

/** The locales to read; `[null]` reads the listing without a locale, for Help Centers that do not tell theirs. */
const localesOf = Effect.fnUntraced(function* (run: Run) {
  const wanted = (run.source.locales ?? []).map((locale) => locale.toLowerCase())
  if (wanted.length > 0) return [...new Set(wanted.filter(safeLocale))] satisfies ReadonlyArray<string | null>
  const list = yield* Effect.result(run.calls.get(LocaleList, "/locales.json"))
  if (Result.isSuccess(list)) {
    const all: ReadonlyArray<string | null> = [
      ...new Set(list.success.locales.map((one) => one.toLowerCase()).filter(safeLocale)),
    ]
    return all.length > 0 ? all : [null]
  }
  if (list.failure.reason instanceof NotFound) return [null]
  return yield* list.failure
})

const emptyStructure: Structure = { sections: new Map(), categories: new Map() }

/** Articles are worth having without their section names; the failure is recorded. */
const structureOf = Effect.fnUntraced(function* (run: Run, prefix: string) {
  const result = yield* Effect.result(readStructure(run.calls, prefix))
  if (Result.isSuccess(result)) return result.success
  if (result.failure.isRetryable) return yield* result.failure
  recordError(run, "*", `sections and categories could not be read: ${result.failure.message}`)
  return emptyStructure
})

const save = (run: Run, state: SyncState | null): Effect.Effect<void, StoreError> =>
  run.store.setState(run.orgId, run.source.id, storedState(state))

/** Reads every locale; answers with their structures. Writes down where it is after each page. */
const readAll = Effect.fnUntraced(function* (run: Run, resumed: SyncState | null, startedAt: number) {
  const structures = new Map<string, Structure>()
  const done = [...(resumed?.done ?? [])]
  for (const locale of yield* localesOf(run)) {
    const name = locale ?? "*"
    if (done.includes(name)) continue
    const prefix = locale === null ? "" : `/${locale}`
    const structure = yield* structureOf(run, prefix)
    structures.set(name, structure)
    const at = (cursor: string | null): SyncState => ({ version: 1, locale: name, cursor, done, startedAt })
    const cursor = resumed !== null && resumed.locale === name ? resumed.cursor : null
    yield* save(run, at(cursor))
    yield* listLocale(run, { prefix, locale, cursor, structure, onPage: (next) => save(run, at(next)) }).pipe(
      Effect.catchReason("KnowledgeError", "NotFound", (reason, error) =>
        locale === null
          ? Effect.fail(error)
          : Effect.sync(() =>
              recordError(run, "*", `the Help Center has no locale ${locale} (${reason.what})`),
            ),
      ),
    )
    done.push(name)
    yield* save(run, { version: 1, locale: null, cursor: null, done: [...done], startedAt })
  }
  return structures
})

const runSync = Effect.fnUntraced(function* (
  input: HelpCenterSyncInput,
  client: ZendeskClient,
  store: ArticleStore["Service"],
) {
  const startedAt = yield* Clock.currentTimeMillis
  const resumed = unfinishedRun(yield* store.getState(input.orgId, input.source.id), startedAt)
  const run: Run = {
    orgId: input.orgId,
    source: input.source,
    origin: client.origin,
    calls: makeCalls(client),
    store,
    known: yield* store.hashes(input.orgId, input.source.id),
    seenKeys: new Set(),
    tally: { seen: 0, changed: 0, removed: 0, skippedDrafts: 0, internal: 0, errors: [] },
  }
  const structures = yield* readAll(run, resumed, resumed?.startedAt ?? startedAt)
  // A resumed run has not seen what came before its cursor and so cannot tell what vanished; the next run can.
  if (resumed === null) yield* sweep(run, structures)
  yield* save(run, null)
  const report: SyncReport = {
    sourceId: input.source.id,
    ...run.tally,
    calls: run.calls.count(),
    durationMs: (yield* Clock.currentTimeMillis) - startedAt,
  }
  return report
})

/**
 * Makes the sync of one Help Center into the `ArticleStore`. Needs ceil(N/100) calls per locale, two for its sections
 * and categories, one for the list of locales, and one per article that vanished.
 */
export const makeHelpCenterSync = Effect.fn("makeHelpCenterSync")(function* (input: HelpCenterSyncInput) {
  const store = yield* ArticleStore
  const client = input.client ?? (yield* makeZendeskClient(input.connection, input.limits ?? {}))
  const full: Effect.Effect<SyncReport, KnowledgeError | StoreError> = runSync(input, client, store).pipe(
    Effect.withSpan("KnowledgeSync.full", { attributes: { source: input.source.id } }),
  )
  return KnowledgeSync.of({ full })
})
