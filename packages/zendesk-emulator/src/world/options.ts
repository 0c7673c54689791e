import type { SunshineBehaviour } from "../sunshine/world/behaviour.ts"
import { systemClock } from "./edge.ts"
import type { Ability, Role } from "./model.ts"

/** What a person may seed. Ids are optional; the emulator numbers what is left out. */
export interface SeedUser {
  readonly id?: number
  readonly name: string
  readonly email?: string
  readonly phone?: string
  readonly externalId?: string
  readonly role?: Role
  readonly suspended?: boolean
  readonly verified?: boolean
  readonly locale?: string
  /** What an agent's custom role leaves out; such calls get a 403. */
  readonly cannot?: ReadonlyArray<Ability>
}

export interface SeedTicketField {
  readonly id?: number
  readonly type:
    | "tagger"
    | "multiselect"
    | "text"
    | "textarea"
    | "checkbox"
    | "integer"
    | "decimal"
    | "date"
    | "regexp"
  readonly title: string
  readonly description?: string
  readonly required?: boolean
  readonly tag?: string
  readonly regexp?: string
  readonly options?: ReadonlyArray<{
    readonly name: string
    readonly value: string
    readonly default?: boolean
  }>
}

export interface SeedTranslation {
  readonly locale: string
  readonly title: string
  readonly body: string
  readonly draft?: boolean
}

export interface SeedArticle {
  readonly id?: number
  readonly title: string
  /** HTML. */
  readonly body: string
  readonly locale?: string
  readonly draft?: boolean
  /** Category and section are made on first use of their names. */
  readonly category?: string
  readonly section?: string
  /** An existing section by id; wins over the names. */
  readonly sectionId?: number
  readonly labels?: ReadonlyArray<string>
  readonly contentTagIds?: ReadonlyArray<string>
  /** Name of a user segment; left out = everyone. Made on first use (staff). */
  readonly segment?: string
  readonly translations?: ReadonlyArray<SeedTranslation>
  /** Milliseconds since the epoch; left out = one day before the start. */
  readonly updatedAt?: number
  readonly attachments?: ReadonlyArray<{
    readonly fileName: string
    readonly contentType: string
    readonly content: string
    readonly inline?: boolean
  }>
}

/** A whole Help Center with its own ids; the bundled sample has this shape. Times are ISO 8601. */
export interface SeedHelpCenter {
  readonly categories: ReadonlyArray<{ readonly id: number; readonly name: string; readonly locale: string }>
  readonly sections: ReadonlyArray<{
    readonly id: number
    readonly categoryId: number
    readonly name: string
    readonly locale: string
  }>
  readonly segments: ReadonlyArray<{
    readonly id: number
    readonly name: string
    readonly userType: "signed_in_users" | "staff"
  }>
  readonly articles: ReadonlyArray<{
    readonly id: number
    readonly sectionId: number
    readonly title: string
    readonly bodyHtml: string
    readonly locale: string
    readonly draft: boolean
    readonly userSegmentId: number | null
    readonly labels: ReadonlyArray<string>
    readonly updatedAt: string
    readonly translations: ReadonlyArray<{
      readonly locale: string
      readonly title: string
      readonly bodyHtml: string
      readonly draft: boolean
    }>
  }>
}

/** A schedule of business hours. Nothing is judged: what Zendesk would refuse can be put in as well. */
export interface SeedSchedule {
  readonly id?: number
  readonly name: string
  /** In Rails' words, as Zendesk has it: "Copenhagen". */
  readonly timeZone: string
  /** Start and end in minutes since Sunday at midnight. */
  readonly intervals?: ReadonlyArray<readonly [number, number]>
  /** First and last day (`2026-12-25`), and a name. */
  readonly holidays?: ReadonlyArray<readonly [string, string, string?]>
}

export interface SeedOAuthClient {
  readonly id: string
  readonly secret: string
  /** E-mail of the user behind `client_credentials`; left out = the admin. */
  readonly userEmail?: string
}

export interface Seed {
  /** The admin behind the OAuth client (the integration user). */
  readonly admin?: SeedUser
  readonly agents?: ReadonlyArray<SeedUser>
  readonly users?: ReadonlyArray<SeedUser>
  readonly oauthClients?: ReadonlyArray<SeedOAuthClient>
  /** Legacy API tokens for Basic `email/token:token`. Empty (default) = token access is off. */
  readonly legacyApiTokens?: ReadonlyArray<string>
  readonly groups?: ReadonlyArray<string>
  readonly brands?: ReadonlyArray<string>
  readonly ticketFields?: ReadonlyArray<SeedTicketField>
  readonly locales?: ReadonlyArray<string>
  readonly articles?: ReadonlyArray<SeedArticle>
  /** Structure and articles with fixed ids, e.g. `sampleHelpCenter`. */
  readonly helpCenter?: SeedHelpCenter
  /** The Sunshine Conversations app; left out = `sampleSunshineApp` with multi-conversations off. */
  readonly sunshine?: SeedSunshine
  readonly schedules?: ReadonlyArray<SeedSchedule>
}

export interface SeedSunshine {
  /** 24 hexadecimal digits. */
  readonly appId?: string
  /** App keys; ids begin with `app_`. */
  readonly keys?: ReadonlyArray<{ readonly id: string; readonly secret: string }>
  readonly multiConvoEnabled?: boolean
}

/** Limits of the imitated plan. `Infinity` switches one off. */
export interface LimitOptions {
  /** Requests per minute in each of the two pools (Support, Help Center). Default 700 (Suite Enterprise). */
  readonly requestsPerMinute?: number
  /** Updates of one ticket by one user in 10 minutes. Default 30. */
  readonly ticketUpdatesPer10Minutes?: number
  /** Update Ticket per account and minute. Default Infinity (100 is reported once, unconfirmed). */
  readonly ticketUpdatesPerMinute?: number
  /** Updates of one user (also by create_or_update) per minute. Default 5. */
  readonly userUpdatesPerMinute?: number
  /** User updates per second in the account. Default 1. */
  readonly userUpdatesPerSecond?: number
  /** Incremental exports per minute. Default 10. */
  readonly incrementalPerMinute?: number
  /** Comments per ticket. Default 5000. */
  readonly commentsPerTicket?: number
  /** UTF-8 bytes of one comment body. Default 65535. */
  readonly commentBytes?: number
  /** Bytes of one upload. Default 50 MiB. */
  readonly uploadBytes?: number
}

export interface WebhookOptions {
  /** Milliseconds until an attempt counts as a timeout. Default 12000. */
  readonly timeoutMs?: number
  /** Pause between the event and its first attempt; placeholders render after it. Default 0. */
  readonly lagMs?: number
  /** 70 % failures or more than 1000 errors in 5 minutes pause the webhook. Default on. */
  readonly breaker?: boolean
  /** How long the breaker pauses. Default 5000. */
  readonly breakerPauseMs?: number
  /** The breaker's ratio rule counts only from this many attempts. Default 20. */
  readonly breakerMinimum?: number
  /** How placeholder values enter a template. What Zendesk does is not documented. Default "escaped". */
  readonly escaping?: "escaped" | "raw"
}

export interface EmulatorOptions {
  /** 0 (default) takes any free port. */
  readonly port?: number
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Base of every URL in answers. Default `http://<host>:<port>`. */
  readonly publicUrl?: string
  /** Origin of the attachment CDN. Default `http://localhost:<second port>`. */
  readonly cdnUrl?: string
  readonly cdnPort?: number
  readonly subdomain?: string
  readonly seed?: Seed
  readonly limits?: LimitOptions
  readonly webhooks?: WebhookOptions
  /** Factor on every real wait (retries, webhook timeout, jobs). 0.01 makes 1 s last 10 ms. Default 1. */
  readonly timeScale?: number
  /** Source of time in milliseconds; control-plane skew and advance come on top. Default the system clock. */
  readonly clock?: () => number
  /** How far the search index is behind. Default 60000 for tickets, 10000 for users. */
  readonly searchLagMs?: { readonly tickets?: number; readonly users?: number }
  /** An option outside a drop-down's list: dropped silently (default) or 422. Not documented by Zendesk. */
  readonly invalidOption?: "drop" | "reject"
  /** Help Center paths without `.json` answer 415, as one live report has it. Default true. */
  readonly helpCenterNeedsJsonSuffix?: boolean
  /** JWT/SAML single sign-on: an unverified user with an external id cannot be merged. Default false. */
  readonly ssoEnabled?: boolean
  /** Triggers must name a `category_id`. Default false. */
  readonly triggerCategoriesRequired?: boolean
  /** How the messaging side behaves; may be changed while it runs. */
  readonly sunshine?: Partial<SunshineBehaviour>
  /** How long after a user merge the tickets change requester. Default 1000. */
  readonly mergeLagMs?: number
  /** Entries kept in the calls log. Default 200000. */
  readonly callsLogSize?: number
  /** Bytes of request bodies kept in the calls log. Default 64 MiB. */
  readonly callsLogBytes?: number
}

export type Limits = Required<LimitOptions>

export interface Settings {
  readonly subdomain: string
  readonly limits: Limits
  readonly webhooks: Required<WebhookOptions>
  readonly timeScale: number
  readonly clock: () => number
  readonly searchLagMs: { readonly tickets: number; readonly users: number }
  readonly invalidOption: "drop" | "reject"
  readonly helpCenterNeedsJsonSuffix: boolean
  readonly ssoEnabled: boolean
  readonly triggerCategoriesRequired: boolean
  readonly mergeLagMs: number
  readonly sunshine: Partial<SunshineBehaviour>
  readonly callsLogSize: number
  readonly callsLogBytes: number
  readonly seed: Seed
}

const defaultLimits: Limits = {
  requestsPerMinute: 700,
  ticketUpdatesPer10Minutes: 30,
  ticketUpdatesPerMinute: Number.POSITIVE_INFINITY,
  userUpdatesPerMinute: 5,
  userUpdatesPerSecond: 1,
  incrementalPerMinute: 10,
  commentsPerTicket: 5000,
  commentBytes: 65_535,
  uploadBytes: 50 * 1024 * 1024,
}

const defaultWebhooks: Required<WebhookOptions> = {
  timeoutMs: 12_000,
  lagMs: 0,
  breaker: true,
  breakerPauseMs: 5_000,
  breakerMinimum: 20,
  escaping: "escaped",
}

export const toSettings = (options: EmulatorOptions): Settings => ({
  subdomain: options.subdomain ?? "acme",
  limits: { ...defaultLimits, ...options.limits },
  webhooks: { ...defaultWebhooks, ...options.webhooks },
  timeScale: options.timeScale ?? 1,
  clock: options.clock ?? systemClock,
  searchLagMs: { tickets: 60_000, users: 10_000, ...options.searchLagMs },
  invalidOption: options.invalidOption ?? "drop",
  helpCenterNeedsJsonSuffix: options.helpCenterNeedsJsonSuffix ?? true,
  ssoEnabled: options.ssoEnabled ?? false,
  triggerCategoriesRequired: options.triggerCategoriesRequired ?? false,
  mergeLagMs: options.mergeLagMs ?? 1_000,
  sunshine: options.sunshine ?? {},
  callsLogSize: options.callsLogSize ?? 200_000,
  callsLogBytes: options.callsLogBytes ?? 64 * 1024 * 1024,
  seed: options.seed ?? {},
})
