/** Reads an organization's account, settings and sources for the checks. Never fails but for our own store. */
import { ArticleStore, type OrgId, SessionSearch } from "@opencx/core"
import {
  type AccountFindings,
  type AccountToVerify,
  readSchedule,
  readClockAhead,
  readSupportFacts,
  type SupportFacts,
  ticketingOf,
  verifyAccount,
  ZendeskConnection,
} from "@opencx/zendesk"
import { HooksSeen } from "@opencx/storage"
import { Clock, Effect, Schema } from "effect"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import type { SourceConfig } from "../config/SourceConfig.ts"
import { scheduleIn } from "../config/HandoffConfig.ts"
import { keyOfSchedule, nothingKnown, readKnown } from "../schedules/KnownSchedule.ts"
import type { Chart, ScheduleChart, SourceChart } from "./Chart.ts"
import { absent, type Reading, reading, unread } from "./Reading.ts"

const decodeSupport = Schema.decodeUnknownOption(ZendeskConnection)

const noRights =
  "Webhooks and triggers cannot be read: the credentials do not work, or belong to no admin (ticketing.setup_rights)."
const notUsable = "The connection to Zendesk Support does not work; see the checks that begin with ticketing."

/** The help desk over the account's own client; null while its settings cannot be used. */
export const ticketingFor = (account: AccountToVerify) => {
  const connection = decodeSupport(account.ticketing)
  const client = account.setup?.support?.client
  return connection._tag === "Some" && client !== undefined ? ticketingOf(connection.value, client) : null
}

const supportReading = (
  organization: OrganizationConfig,
  account: AccountToVerify,
  findings: AccountFindings["ticketing"],
): Effect.Effect<Reading<SupportFacts>> => {
  if (organization.zendesk === undefined) return Effect.succeed(absent)
  const connection = decodeSupport(account.ticketing)
  const { setup } = account
  if (setup === null || setup.support === null || connection._tag === "None")
    return Effect.succeed(unread(notUsable))
  const silent = findings.find(({ id, ok }) => id === "reachable" && !ok)
  if (silent !== undefined) return Effect.succeed(unread(silent.problem ?? notUsable))
  if (!findings.some(({ id, ok }) => id === "setup_rights" && ok)) return Effect.succeed(unread(noRights))
  return reading(
    readSupportFacts(setup.store, setup.support, {
      ticketing: connection.value.webhookSigningSecret ?? null,
      assist: organization.assistSigningSecret ?? null,
    }),
  )
}

const fieldsReading = (
  organization: OrganizationConfig,
  account: AccountToVerify,
): Effect.Effect<Chart["fields"]> => {
  if (organization.fields.length === 0) return Effect.succeed(absent)
  if (organization.zendesk === undefined)
    return Effect.succeed(unread("Fields are read from Zendesk Support, which is not connected."))
  const ticketing = ticketingFor(account)
  return ticketing === null ? Effect.succeed(unread(notUsable)) : reading(ticketing.fields({ fresh: true }))
}

const clockReading = (
  account: AccountToVerify,
  findings: AccountFindings["ticketing"],
): Effect.Effect<Chart["clockAhead"]> => {
  const client = account.setup?.support?.client
  if (client === undefined) return Effect.succeed(absent)
  const isIn = findings.some(({ id, ok }) => id === "credentials" && ok)
  return isIn ? reading(readClockAhead(client)) : Effect.succeed(unread(notUsable))
}

const sourceChart = Effect.fnUntraced(function* (orgId: OrgId, source: SourceConfig, now: number) {
  const { hashes, listing, runs } = yield* ArticleStore
  const run = yield* runs.status(orgId, source.id)
  const shelves = [...(yield* listing.counts(orgId, source.id)).values()]
  const sum = (name: "listed" | "public") => shelves.reduce((total, shelf) => total + shelf[name], 0)
  return {
    source,
    run,
    isRunning: run.holder !== null && run.until > now,
    counts: { listed: sum("listed"), public: sum("public") },
    kept: (yield* hashes(orgId, source.id)).size,
  } satisfies SourceChart
})

/** The schedule of Zendesk's that office hours come from, on both sides. */
const scheduleChart = Effect.fnUntraced(function* (
  { handoff, id }: OrganizationConfig,
  account: AccountToVerify,
) {
  const from = scheduleIn(handoff)
  if (from === null) return null
  const connection = decodeSupport(account.ticketing)
  const client = account.setup?.support?.client
  const wanted = from.zendeskSchedule
  const key = connection._tag === "Some" ? keyOfSchedule(connection.value.subdomain, wanted) : null
  return {
    wanted,
    everyMs: from.everyMinutes * 60_000,
    now: client === undefined ? unread(notUsable) : yield* reading(readSchedule(client, wanted)),
    known: key === null ? nothingKnown : yield* readKnown(id, key),
  } satisfies ScheduleChart
})

const heardOf = Effect.fnUntraced(function* (orgId: OrgId) {
  const { all, since } = yield* HooksSeen
  const seen = (yield* all).flatMap(({ at, hook, orgId: one }) =>
    one === orgId ? [[hook, at] as const] : [],
  )
  return { since: yield* since, hooks: new Map<string, number>(seen) }
})

/** The newest so many conversations of a channel are looked through. */
const lookedThrough = 500

/** Accounts without a conversation. One that many others of its channel push out of sight is not among them. */
const silentAccounts = Effect.fnUntraced(function* ({ accounts, id }: OrganizationConfig) {
  const search = yield* SessionSearch
  const silent: Array<string> = []
  for (const account of accounts) {
    const page = { limit: lookedThrough, after: null }
    const { next, sessions } = yield* search.search(id, { channel: account.channel }, page)
    if (next === null && !sessions.some(({ accountId }) => accountId === account.id)) silent.push(account.id)
  }
  return silent
})

/** Both sides of the account, what it has of fields, and what we learn from. */
export const readAccount = Effect.fnUntraced(function* (
  organization: OrganizationConfig,
  account: AccountToVerify,
) {
  const now = yield* Clock.currentTimeMillis
  const findings = yield* verifyAccount(account)
  const sources = yield* Effect.forEach(organization.sources, (source) =>
    sourceChart(organization.id, source, now),
  )
  return {
    now,
    findings,
    support: yield* supportReading(organization, account, findings.ticketing),
    fields: yield* fieldsReading(organization, account),
    clockAhead: yield* clockReading(account, findings.ticketing),
    sources,
    schedule: yield* scheduleChart(organization, account),
    heard: yield* heardOf(organization.id),
    silentAccounts: yield* silentAccounts(organization),
  } satisfies Partial<Chart>
})
