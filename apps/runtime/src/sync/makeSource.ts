/** From the configuration of a source to its sync. */
import type { OrgId, SyncProgress } from "@opencx/core"
import { makeHelpCenterSync, PublicHelpCenter, ZendeskConnection } from "@opencx/zendesk"
import { Effect, Schema } from "effect"
import { ConfigurationError } from "../config/ConfigError.ts"
import { type HelpCenterSourceConfig, intervalOf, type SourceConfig } from "../config/SourceConfig.ts"
import { ZendeskAccounts } from "../layers/ZendeskAccounts.ts"
import { makeFolderSync } from "./folder/folderSync.ts"
import { countProgress } from "./metrics.ts"
import { makeSitemapSync } from "./sitemap/sitemapSync.ts"
import type { Source } from "./Source.ts"
import type { Watchers } from "./Watchers.ts"

const decodeOwn = Schema.decodeUnknownEffect(Schema.Union([PublicHelpCenter, ZendeskConnection]))

const refused = (orgId: OrgId, source: HelpCenterSourceConfig, hint: string) => (error: Error) =>
  new ConfigurationError({
    problem: `The connection of source "${source.id}" of "${orgId}" is not valid:\n${error.message}`,
    hint,
  })

/** The organization's account, at the brand's own address when there is one. */
const accountOf = Effect.fnUntraced(function* (orgId: OrgId, source: HelpCenterSourceConfig) {
  const account = (yield* ZendeskAccounts).get(orgId)
  if (account === null) {
    return yield* new ConfigurationError({
      problem: `Source "${source.id}" of "${orgId}" has no connection.`,
      hint: "Give the organization a `zendesk` section, or the source a `connection` of its own.",
    })
  }
  if (source.brand === undefined) return { connection: account.connection, client: account.client }
  const subdomain = yield* Schema.decodeUnknownEffect(ZendeskConnection.fields.subdomain)(source.brand).pipe(
    Effect.mapError(refused(orgId, source, "`brand` is the brand's subdomain: `acme-shoes`.")),
  )
  return { connection: { ...account.connection, subdomain } }
})

const connectionOf = Effect.fnUntraced(function* (orgId: OrgId, source: HelpCenterSourceConfig) {
  if (source.connection === undefined) return yield* accountOf(orgId, source)
  if (source.brand !== undefined) {
    return yield* new ConfigurationError({
      problem: `Source "${source.id}" of "${orgId}" has a brand and a connection of its own.`,
      hint: "Leave out `brand`, and name the brand's subdomain in the connection.",
    })
  }
  const connection = yield* decodeOwn(source.connection).pipe(
    Effect.mapError(
      refused(orgId, source, 'For a public Help Center: { "subdomain": "acme", "auth": { "type": "none" } }'),
    ),
  )
  return { connection }
})

type OnProgress = (progress: SyncProgress) => Effect.Effect<void>

const helpCenterOf = Effect.fnUntraced(function* (
  orgId: OrgId,
  source: HelpCenterSourceConfig,
  onProgress: OnProgress,
) {
  const { categories, id, locales } = source
  const wanted = {
    id,
    ...(locales === undefined ? {} : { locales }),
    ...(categories === undefined ? {} : { categories: categories.map(String) }),
  }
  const input = yield* connectionOf(orgId, source)
  return yield* makeHelpCenterSync({ ...input, orgId, source: wanted, onProgress })
})

/** Makes the sync of one source. Fails on what only its adapter can tell to be wrong. */
export const makeSource = Effect.fnUntraced(function* (
  watchers: Watchers,
  orgId: OrgId,
  source: SourceConfig,
) {
  const onProgress: OnProgress = (progress) =>
    Effect.andThen(
      countProgress({ organization: orgId, source: source.id }, progress),
      watchers.tellProgress(orgId, progress),
    )
  const make = () => {
    switch (source.type) {
      case "zendesk_help_center":
        return helpCenterOf(orgId, source, onProgress)
      case "folder":
        return makeFolderSync({ orgId, source, onProgress })
      case "sitemap":
        return makeSitemapSync({ orgId, source, onProgress })
    }
  }
  return { orgId, source, sync: yield* make(), everyMs: intervalOf(source) } satisfies Source
})
