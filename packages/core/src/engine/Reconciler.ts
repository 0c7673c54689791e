/**
 * The backstop for lost webhooks: looks at all tickets that a human may have answered, 100 in a call, and signals those
 * that changed since we last looked. What is then read and delivered is decided by the lane, once per comment.
 */
import { Clock, Context, Effect, Layer, Schedule } from "effect"
import type { Duration } from "effect"
import type { OrgId } from "../domain/Ids.ts"
import type { Session } from "../domain/Session.ts"
import type { StoreError, TicketingError } from "../errors/PortErrors.ts"
import { ConversationStore } from "../ports/ConversationStore.ts"
import type { TicketSnapshot } from "../ports/Ticketing.ts"
import { AssistReconciler } from "./AssistReconciler.ts"
import { ChatReconciler } from "./ChatReconciler.ts"
import { Ingest } from "./Ingest.ts"
import { type Organization, Organizations } from "./Organizations.ts"

const perCall = 100
/** The store hands out the longest unseen first, so what one pass leaves the next one takes. */
const pagesPerPass = 10

/**
 * Zendesk's `updated_at` has whole seconds, so that a second change within one second looks like none. A ticket that
 * changed less than this ago is looked at once more afterwards; long enough for clocks that differ by some seconds.
 */
const settlesAfterMs = 10_000

const signalKeyOf = ({ status, ticketId, updatedAt }: TicketSnapshot, now: number): string =>
  `poll:${ticketId}:${updatedAt}:${status}${now - updatedAt < settlesAfterMs ? ":fresh" : ""}`

export class Reconciler extends Context.Service<
  Reconciler,
  {
    /** One pass over one organization; answers with how many tickets were signalled. */
    pass(orgId: OrgId): Effect.Effect<number, StoreError | TicketingError>
  }
>()("@opencx/core/engine/Reconciler") {
  static readonly layer = Layer.effect(
    Reconciler,
    Effect.gen(function* () {
      const store = yield* ConversationStore
      const ingest = yield* Ingest
      const organizations = yield* Organizations

      const signal = (session: Session, ticket: TicketSnapshot, now: number) =>
        ingest.ticketSignal({
          orgId: session.orgId,
          ticketId: ticket.ticketId,
          externalId: ticket.externalId,
          statusHint: ticket.status,
          signalKey: signalKeyOf(ticket, now),
        })

      const check = Effect.fnUntraced(function* (
        organization: Organization,
        sessions: ReadonlyArray<Session>,
      ) {
        const { ticketing } = organization
        if (ticketing === null || sessions.length === 0) return 0
        const byTicket = new Map(
          sessions.flatMap((s) => (s.ticket === null ? [] : [[s.ticket.ticketId, s] as const])),
        )
        const tickets = yield* ticketing.getMany([...byTicket.keys()])
        const now = yield* Clock.currentTimeMillis
        // The signal's key holds the ticket's own time stamp: an unchanged ticket is not journaled again and again.
        for (const ticket of tickets) {
          const session = byTicket.get(ticket.ticketId)
          if (session !== undefined) yield* signal(session, ticket, now)
        }
        return tickets.length
      })

      const pass = Effect.fn("Reconciler.pass")(function* (orgId: OrgId) {
        const organization = yield* organizations.get(orgId).pipe(Effect.orDie)
        let signalled = 0
        for (let page = 0; page < pagesPerPass; page += 1) {
          const sessions = yield* store.watched(orgId, perCall)
          signalled += yield* check(organization, sessions)
          if (sessions.length < perCall) break
        }
        return signalled
      })
      return { pass }
    }),
  )

  /** Passes over every organization for as long as the scope lives; a failed pass is logged and the next one comes. */
  static readonly every = (interval: Duration.Input) =>
    Effect.gen(function* () {
      const reconciler = yield* Reconciler
      const chats = yield* ChatReconciler
      const assists = yield* AssistReconciler
      const organizations = yield* Organizations
      const attempt = <E>(orgId: OrgId, pass: Effect.Effect<number, E>) =>
        Effect.catchCause(pass, (cause) => Effect.logWarning(`Reconciliation of ${orgId} failed`, cause))
      const once = Effect.gen(function* () {
        for (const { settings } of yield* organizations.all) {
          yield* attempt(settings.id, reconciler.pass(settings.id))
          yield* attempt(settings.id, chats.pass(settings.id))
          yield* attempt(settings.id, assists.pass(settings.id))
        }
      })
      yield* Effect.repeat(once, Schedule.spaced(interval)).pipe(Effect.delay(interval))
    })
}
