/** Help Center syncs: by command, and on their interval while the runtime is up. */
import { ArticleStore, Knowledge, type KnowledgeSync, type OrgId } from "@opencx/core"
import { makeHelpCenterSync, PublicHelpCenter, ZendeskConnection } from "@opencx/zendesk"
import { Context, Effect, Layer, Metric, Schedule, Schema } from "effect"
import { HttpClient } from "effect/http"
import { ConfigurationError } from "../config/ConfigError.ts"
import type { SourceConfig } from "../config/RuntimeConfig.ts"
import { Settings } from "./Settings.ts"
import { ZendeskAccounts } from "./ZendeskAccounts.ts"

const decodeOwn = Schema.decodeUnknownEffect(Schema.Union([PublicHelpCenter, ZendeskConnection]))

const articles = Metric.gauge("opencx_sync_articles", {
  description: "Articles seen by the last sync, by source",
})

const connectionOf = Effect.fnUntraced(function* (orgId: OrgId, source: SourceConfig) {
  const account = (yield* ZendeskAccounts).get(orgId)
  if (source.connection === undefined) {
    if (account !== null) return { connection: account.connection, client: account.client }
    return yield* new ConfigurationError({
      problem: `Source "${source.id}" of "${orgId}" has no connection.`,
      hint: "Give the organization a `zendesk` section, or the source a `connection` of its own.",
    })
  }
  const connection = yield* decodeOwn(source.connection).pipe(
    Effect.mapError(
      (error) =>
        new ConfigurationError({
          problem: `The connection of source "${source.id}" of "${orgId}" is not valid:\n${error.message}`,
          hint: 'For a public Help Center: { "subdomain": "acme", "auth": { "type": "none" } }',
        }),
    ),
  )
  return { connection }
})

const syncOf = Effect.fnUntraced(function* (orgId: OrgId, source: SourceConfig) {
  const input = yield* connectionOf(orgId, source)
  const wanted = source.locales === undefined ? { id: source.id } : { id: source.id, locales: source.locales }
  const sync = yield* makeHelpCenterSync({ ...input, orgId, source: wanted })
  return { orgId, source, sync }
})

interface Source {
  readonly orgId: OrgId
  readonly source: SourceConfig
  readonly sync: KnowledgeSync["Service"]
}

export class Sync extends Context.Service<
  Sync,
  {
    readonly sources: ReadonlyArray<Source>
    /** One full run; the search index has the result afterwards. */
    readonly run: (source: Source) => ReturnType<typeof runOne>
    /** Runs every source on its interval, the first time at once; lives as long as its scope. */
    readonly schedule: Effect.Effect<void>
  }
>()("@opencx/runtime/layers/Sync") {
  static readonly layer = Layer.effect(
    Sync,
    Effect.gen(function* () {
      const { config } = yield* Settings
      const context = yield* Effect.context<Knowledge | ArticleStore | HttpClient.HttpClient>()
      const wanted = config.organizations.flatMap((org) =>
        org.sources.map((source) => ({ orgId: org.id, source })),
      )
      const sources = yield* Effect.forEach(wanted, ({ orgId, source }) => syncOf(orgId, source))
      const run = (source: Source) => Effect.provide(runOne(source), context)
      const scheduled = sources.filter(({ source }) => source.everyMinutes > 0)
      const schedule = Effect.forEach(
        scheduled,
        (source) =>
          Effect.exit(run(source)).pipe(
            Effect.tap((exit) =>
              exit._tag === "Failure" ? Effect.logError("Sync failed", exit.cause) : Effect.void,
            ),
            Effect.repeat(Schedule.spaced(`${source.source.everyMinutes} minutes`)),
          ),
        { concurrency: "unbounded", discard: true },
      )
      return Sync.of({ sources, run, schedule })
    }),
  )
}

const runOne = Effect.fn("Sync.run")(function* ({ orgId, source, sync }: Source) {
  const knowledge = yield* Knowledge
  const report = yield* sync.full
  yield* knowledge.refresh(orgId)
  yield* Metric.update(
    Metric.withAttributes(articles, { organization: orgId, source: source.id }),
    report.seen,
  )
  yield* Effect.logInfo(
    `Synced ${source.id} of ${orgId}: ${report.seen} seen, ${report.changed} changed, ${report.removed} removed, ${report.errors.length} errors, ${report.calls} calls`,
  )
  return report
})
