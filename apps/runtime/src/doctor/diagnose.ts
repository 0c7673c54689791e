/**
 * The doctor: reads both sides of an organization once, and answers every check as plain data. For the command and for an API
 * alike; it writes nothing but the refused probes of verification.
 */
import { ConversationStore, SessionId, TicketId } from "@opencx/core"
import { type AccountFindings, type AccountToVerify, CallsEndAt } from "@opencx/zendesk"
import { Clock, Effect, Schema } from "effect"
import { ConfigurationError } from "../config/ConfigError.ts"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import { accountToVerify } from "../setup/account.ts"
import type { Chart, Focus } from "./Chart.ts"
import { allChecks } from "./checks/all.ts"
import { conversationReport } from "./conversation.ts"
import type { CheckResult, Diagnosis } from "./Diagnosis.ts"
import { readAccount, ticketingFor } from "./readAccount.ts"
import { absent, reading, unread } from "./Reading.ts"
import { readOne, readRecent } from "./readSessions.ts"

/** The conversation to look at: by our session id, or by the number of a ticket. */
export type About =
  | { readonly _tag: "Session"; readonly id: string }
  | { readonly _tag: "Ticket"; readonly id: string }

const decodeSession = Schema.decodeUnknownOption(SessionId)
const decodeTicket = Schema.decodeUnknownOption(TicketId.check(Schema.isPattern(/^\d{1,19}$/)))

const wrong = (problem: string, hint: string) => new ConfigurationError({ problem, hint })

const sessionNamed = Effect.fnUntraced(function* (organization: OrganizationConfig, id: string) {
  const sessionId = decodeSession(id)
  const store = yield* ConversationStore
  const found = sessionId._tag === "None" ? null : yield* store.session(organization.id, sessionId.value)
  if (found !== null) return found
  return yield* wrong(
    `There is no session "${id.slice(0, 80)}" of ${organization.id}.`,
    "A session's id is the ticket's external_id, and is in the address of its page. Name the organization with --org.",
  )
})

const ticketNamed = Effect.fnUntraced(function* (organization: OrganizationConfig, id: string) {
  const ticketId = decodeTicket(id)
  if (ticketId._tag === "None")
    return yield* wrong(
      `"${id.slice(0, 80)}" is no number of a ticket.`,
      "Use the number that Zendesk shows: --ticket 123.",
    )
  const store = yield* ConversationStore
  return { ticketId: ticketId.value, session: yield* store.sessionByTicket(organization.id, ticketId.value) }
})

const threadOf = (account: AccountToVerify, ticketId: TicketId | null): Effect.Effect<Focus["thread"]> => {
  if (ticketId === null) return Effect.succeed(absent)
  const ticketing = ticketingFor(account)
  return ticketing === null
    ? Effect.succeed(unread("Zendesk Support is not connected, or its settings cannot be used."))
    : reading(ticketing.thread(ticketId))
}

/** The conversation by its session or ticket; checked before anything is asked of Zendesk. */
const named = Effect.fnUntraced(function* (organization: OrganizationConfig, about: About) {
  if (about._tag === "Ticket") return yield* ticketNamed(organization, about.id)
  const session = yield* sessionNamed(organization, about.id)
  return { session, ticketId: session.ticket?.ticketId ?? null }
})

type Named = Effect.Success<ReturnType<typeof named>>

const focusOn = Effect.fnUntraced(function* (
  { session, ticketId }: Named,
  account: AccountToVerify,
  findings: AccountFindings,
) {
  const [chart] = session === null ? [] : yield* readOne(session, account, findings)
  return {
    session: chart ?? null,
    ticketId,
    thread: yield* threadOf(account, ticketId),
  } satisfies Focus
})

const answers = (chart: Chart): ReadonlyArray<CheckResult> =>
  allChecks.flatMap(({ id, look }) => {
    const verdict = look(chart)
    return verdict === null ? [] : [{ id, ...verdict }]
  })

const lookAt = Effect.fnUntraced(function* (organization: OrganizationConfig, about: About | null) {
  const wanted = about === null ? null : yield* named(organization, about)
  const account = yield* accountToVerify(organization)
  const read = yield* readAccount(organization, account)
  const focus = wanted === null ? null : yield* focusOn(wanted, account, read.findings)
  const sessions =
    focus === null
      ? yield* readRecent(organization.id, account, read.findings)
      : focus.session === null
        ? []
        : [focus.session]
  const chart: Chart = { ...read, organization, sessions, focus }
  const checks = answers(chart)
  return {
    organization: organization.id,
    ok: !checks.some(({ needed, status }) => needed && status === "problem"),
    checks,
    conversation: conversationReport(chart, checks),
  } satisfies Diagnosis
})

/** How long a diagnosis may take by itself: what Zendesk has not answered until then is told as unknown. */
export const usualPatienceMs = 120_000

/**
 * Diagnoses one organization, or one conversation of it (`about`). Fails with a ConfigurationError for a session or a ticket
 * that does not exist, and with a StoreError when our own database does not answer; whatever is wrong with Zendesk is an
 * answer, and comes within `patienceMs`.
 */
export const diagnose = Effect.fn("Doctor.diagnose")(function* (
  organization: OrganizationConfig,
  about: About | null,
  patienceMs = usualPatienceMs,
) {
  const until = (yield* Clock.currentTimeMillis) + patienceMs
  return yield* Effect.provideService(lookAt(organization, about), CallsEndAt, until)
})
