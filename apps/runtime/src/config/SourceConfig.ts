/** What an organization learns from, and how often. */
import { Effect, Schema } from "effect"

const Id = Schema.String.check(Schema.isPattern(/^[a-z0-9][a-z0-9_-]{0,40}$/))

const Locale = Schema.String.check(Schema.isPattern(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/))

/** Bounds of what is read from outside, each with a default. */
const limit = (most: number, usual: number) =>
  Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: most })).pipe(
    Schema.withDecodingDefault(Effect.succeed(usual)),
  )

const common = {
  id: Id,
  /** How often while the runtime is up; `manual`: only by command. Hourly when neither this nor `everyMinutes` is given. */
  every: Schema.optionalKey(Schema.Literals(["hourly", "daily", "manual"])),
  /** The same in minutes; 0: only by command. */
  everyMinutes: Schema.optionalKey(Schema.Number.check(Schema.isGreaterThanOrEqualTo(0))),
}

/** A Zendesk Help Center. It uses the organization's Zendesk connection unless it has one of its own. */
export const HelpCenterSourceConfig = Schema.Struct({
  ...common,
  type: Schema.Literal("zendesk_help_center"),
  /** Only these locales; all when absent. */
  locales: Schema.optionalKey(Schema.Array(Locale)),
  /** Only these categories, by id; all when absent. */
  categories: Schema.optionalKey(
    Schema.Array(Schema.Union([Schema.Int, Schema.String.check(Schema.isPattern(/^\d{1,20}$/))])),
  ),
  /** Subdomain of the brand whose Help Center it is; the organization's credentials are used there. */
  brand: Schema.optionalKey(Schema.NonEmptyString),
  /** A connection of its own, for instance `{ "subdomain": "acme", "auth": { "type": "none" } }` for a public one. */
  connection: Schema.optionalKey(Schema.Unknown),
})
export type HelpCenterSourceConfig = typeof HelpCenterSourceConfig.Type

/** Markdown and HTML files below a folder. */
export const FolderSourceConfig = Schema.Struct({
  ...common,
  type: Schema.Literal("folder"),
  /** Where the files are; a relative path begins in the working directory. */
  path: Schema.NonEmptyString,
  /** Language of files that do not tell theirs. */
  locale: Locale.pipe(Schema.withDecodingDefault(Effect.succeed("en"))),
  /** Who may read files that do not say so. */
  visibility: Schema.Literals(["public", "internal"]).pipe(
    Schema.withDecodingDefault(Effect.succeed("public" as const)),
  ),
  maxFiles: limit(200_000, 20_000),
  maxFileBytes: limit(50_000_000, 2_000_000),
})
export type FolderSourceConfig = typeof FolderSourceConfig.Type

/** The pages that a site's sitemap lists. */
export const SitemapSourceConfig = Schema.Struct({
  ...common,
  type: Schema.Literal("sitemap"),
  /** `https://help.example.com/sitemap.xml`. Pages of the same host are read. */
  url: Schema.NonEmptyString,
  /** Language of pages that do not tell theirs. */
  locale: Locale.pipe(Schema.withDecodingDefault(Effect.succeed("en"))),
  /** Only pages whose path begins with one of these; all when absent. */
  paths: Schema.optionalKey(Schema.Array(Schema.String.check(Schema.isPattern(/^\//)))),
  maxPages: limit(50_000, 5_000),
  maxPageBytes: limit(50_000_000, 2_000_000),
  requestsPerMinute: limit(6_000, 120),
})
export type SitemapSourceConfig = typeof SitemapSourceConfig.Type

export const SourceConfig = Schema.Union([
  HelpCenterSourceConfig,
  FolderSourceConfig,
  SitemapSourceConfig,
]).check(
  Schema.makeFilter(
    (source) =>
      source.every === undefined ||
      source.everyMinutes === undefined ||
      "Give `every` or `everyMinutes`, not both",
  ),
)
export type SourceConfig = typeof SourceConfig.Type

const minutesOf = { hourly: 60, daily: 24 * 60, manual: 0 } as const

/** Milliseconds from the start of one sync to the start of the next; null: only by command. */
export const intervalOf = (source: SourceConfig): number | null => {
  const minutes = source.everyMinutes ?? minutesOf[source.every ?? "hourly"]
  return minutes === 0 ? null : minutes * 60_000
}
