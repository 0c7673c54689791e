/** The configuration of one installation, as a file states it. Secrets stand in it as `{ "$env": "NAME" }`. */
import { EmbeddingSettings, LlmSettings } from "@opencx/agent"
import { AccountId, ChannelId, OrganizationSettings } from "@opencx/core"
import { Effect, Schema } from "effect"
import { HandoffConfig } from "./HandoffConfig.ts"
import { FirstAdmin, SingleSignOnConfig } from "./signIn.ts"
import { LimitsConfig } from "./LimitsConfig.ts"
import { SourceConfig } from "./SourceConfig.ts"

const withDefault = <S extends Schema.Top>(schema: S, value: S["Encoded"]) =>
  schema.pipe(Schema.withDecodingDefault(Effect.succeed(value)))

const Port = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 65_535 }))

/** `https://host`, with a path where a proxy puts one in front. */
const PublicUrl = Schema.String.check(
  Schema.makeFilter(
    (value) =>
      (/^https?:\/\/[^\s?#@]+$/i.test(value) && URL.canParse(value)) ||
      "Use the whole address without query: `https://support-ai.example.com`",
  ),
)

/** Another number is another webhook URL, and the one before is refused from then on: for URLs that got into wrong hands. */
const UrlEdition = withDefault(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_000_000 })), 1)

/** One configured instance of a channel plugin. `settings` are the plugin's own and checked by it. */
export const AccountConfig = Schema.Struct({
  id: AccountId,
  channel: ChannelId,
  settings: Schema.Unknown,
  urlEdition: UrlEdition,
})
export type AccountConfig = typeof AccountConfig.Type

export const OrganizationConfig = Schema.Struct({
  ...OrganizationSettings.fields,
  handoff: withDefault(HandoffConfig, {}),
  /** Connection to Zendesk Support; checked by the Zendesk adapter. */
  zendesk: Schema.optionalKey(Schema.Unknown),
  /** Signing secret of the webhook for assist mode; Zendesk gives each webhook one of its own. */
  assistSigningSecret: Schema.optionalKey(Schema.RedactedFromValue(Schema.NonEmptyString)),
  /** Stays good while that one is rotated. */
  previousAssistSigningSecret: Schema.optionalKey(Schema.RedactedFromValue(Schema.NonEmptyString)),
  /** Another model for this organization than the installation's. */
  llm: Schema.optionalKey(LlmSettings),
  /** Connection to Zendesk Messaging (Sunshine Conversations); without it real-time channels hand over by ticket. */
  messaging: Schema.optionalKey(Schema.Unknown),
  accounts: withDefault(Schema.Array(AccountConfig), []),
  /** Of the organization's own webhook URLs, those for Zendesk; each account has one of its own. */
  urlEdition: UrlEdition,
  sources: withDefault(Schema.Array(SourceConfig), []),
})
export type OrganizationConfig = typeof OrganizationConfig.Type

/** Search over the articles. */
export const SearchConfig = Schema.Struct({
  /** Keeps index and vectors in files in `dataDir`, so that a restart need not read every article again. */
  keep: withDefault(Schema.Boolean, true),
  /** The model that lets search go by meaning, too; texts of articles and questions go there. Without one, by words alone. */
  embedding: Schema.optionalKey(EmbeddingSettings),
})

/** In days. */
export const RetentionConfig = Schema.Struct({
  /** Finished work and the keys of events. Zendesk and providers repeat for up to a week. */
  journalDays: withDefault(Schema.Number.check(Schema.isGreaterThanOrEqualTo(7)), 14),
  /** Closed conversations that nothing has happened in since, with their files; absent: kept. */
  transcriptDays: Schema.optionalKey(Schema.Number.check(Schema.isGreaterThanOrEqualTo(1))),
  /** Who changed which settings; absent: kept. */
  auditDays: Schema.optionalKey(Schema.Number.check(Schema.isGreaterThanOrEqualTo(1))),
  /** The list of who was erased, kept apart from the database; absent: `erasures.jsonl` in `dataDir`. */
  erasuresFile: Schema.optionalKey(Schema.NonEmptyString),
})

const OperatorToken = Schema.String.check(Schema.isMinLength(16))

/** A day (which ends where it begins in UTC) or a moment, as ISO 8601 writes them. */
const Moment = Schema.String.check(
  Schema.makeFilter(
    (text) =>
      (/^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2}))?$/.test(text) &&
        !Number.isNaN(Date.parse(text))) ||
      "Write a date as 2026-12-31 or 2026-12-31T18:00:00Z",
  ),
)

export const RuntimeConfig = Schema.Struct({
  /** Where the outside reaches this runtime: `https://support-ai.example.com`. Signed webhook URLs begin with it. */
  publicUrl: Schema.optionalKey(PublicUrl),
  http: withDefault(
    Schema.Struct({
      host: withDefault(Schema.String, "127.0.0.1"),
      port: withDefault(Port, 3000),
      ...LimitsConfig,
    }),
    {},
  ),
  /** Embedded database, key file and blobs live here. */
  dataDir: withDefault(Schema.String, ".opencx"),
  /** `postgres://…` selects Postgres; absent: SQLite in `dataDir`. */
  databaseUrl: Schema.optionalKey(Schema.String),
  /**
   * What an answered webhook survives: `process` (the death of the process; default) or `power` (also a power cut of the
   * machine, for one disk flush per event). Postgres decides by its own settings.
   */
  durability: withDefault(Schema.Literals(["process", "power"]), "process"),
  /** Channel plugin packages besides the built-in ones: `@acme/opencx-channel-line`, or a file `./line.js`. */
  plugins: withDefault(Schema.Array(Schema.NonEmptyString), []),
  /** Per plugin: what its own listeners need (SMTP port, TLS files). */
  listeners: withDefault(Schema.Record(Schema.String, Schema.Unknown), {}),
  /** The language model that answers; without one, answers are passages of the articles. */
  llm: Schema.optionalKey(LlmSettings),
  search: withDefault(SearchConfig, {}),
  /** Seconds between looks at tickets whose webhook may have been lost. */
  reconcileSeconds: withDefault(Schema.Number.check(Schema.isGreaterThan(0)), 60),
  /** How long things are kept. */
  retention: withDefault(RetentionConfig, {}),
  /** Opens the session pages and metrics to people who know it. Needed when `http.host` is not loopback. */
  operatorToken: Schema.optionalKey(OperatorToken),
  /** Opens the same until its end, while people and machines change to the new one. */
  previousOperatorToken: Schema.optionalKey(Schema.Struct({ token: OperatorToken, until: Moment })),
  /** Made at the first start, while there is no user; without it a link to make one is printed. */
  firstAdmin: Schema.optionalKey(FirstAdmin),
  /** Logging in by a provider of the company (OpenID Connect). */
  singleSignOn: Schema.optionalKey(SingleSignOnConfig),
  /** Others may be kept in the database, where the API changes them. */
  organizations: Schema.Array(OrganizationConfig),
})
export type RuntimeConfig = typeof RuntimeConfig.Type
export type RuntimeConfigInput = typeof RuntimeConfig.Encoded
