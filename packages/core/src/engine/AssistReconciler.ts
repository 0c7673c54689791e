/**
 * The backstop for lost webhooks of assist mode: reads which tickets of the account have changed, from where it stopped, also
 * after a restart, and signals those with a comment that a draft is wanted for. What is drafted, and that it is drafted once,
 * is decided by the ticket's lane as for a webhook.
 */
import { Clock, Context, Effect, Layer, Option, Schema } from "effect"
import { assistLane } from "../domain/Lane.ts"
import type { OrgId, TicketId } from "../domain/Ids.ts"
import type { StoreError, TicketingError } from "../errors/PortErrors.ts"
import { Bookmarks } from "../ports/Bookmarks.ts"
import { ConversationStore } from "../ports/ConversationStore.ts"
import type { ChangedTicket, Ticketing } from "../ports/Ticketing.ts"
import { Engine } from "./Engine.ts"
import { type Organization, Organizations } from "./Organizations.ts"
import { handledIn } from "./tasks/assist.ts"
import { isAssistOn, newForMs, planAssist, quietTicket } from "./tasks/assistPlan.ts"
import { isOurConversation } from "./tasks/ourTickets.ts"

const feed = "assist:changed-tickets"
/** The next pass goes on; an account that changes faster than this is caught up with over several. */
const pagesPerPass = 5
/** Tickets that may fail before a pass is given up. */
const mostFailures = 3
/** Tickets whose last look is remembered, so that one that comes again unchanged costs nothing. */
const mostRemembered = 5_000

/** `at`: when it was read, epoch ms. */
const Place = Schema.fromJsonString(
  Schema.Struct({ cursor: Schema.NullOr(Schema.String), at: Schema.Number }),
)
const decodePlace = Schema.decodeUnknownOption(Place)
const encodePlace = Schema.encodeSync(Place)

/** Where to go on: comments that are too old for a draft are not looked for. */
const startOf = (kept: string | null, now: number) => {
  const place = Option.getOrNull(decodePlace(kept))
  const oldest = now - newForMs
  // Switched on just now: what was written before had no webhook either.
  if (place === null) return { after: null, since: now }
  return place.at < oldest ? { after: null, since: oldest } : { after: place.cursor, since: place.at }
}

interface Scene {
  readonly organization: Organization
  readonly ticketing: Ticketing["Service"]
  /** Ticket → its last change that was looked at. */
  readonly looked: Map<TicketId, number>
  /** Ticket → passes in which it could not be read. */
  readonly failed: Map<TicketId, number>
}

const remember = (looked: Map<TicketId, number>, ticketId: TicketId, at: number): void => {
  looked.delete(ticketId)
  looked.set(ticketId, at)
  const [oldest] = looked.keys()
  if (looked.size > mostRemembered && oldest !== undefined) looked.delete(oldest)
}

/** Everything that was dealt with on this ticket. */
const handledOn = Effect.fnUntraced(function* (orgId: OrgId, ticketId: TicketId) {
  const store = yield* ConversationStore
  const sessions = yield* store.sessionsOfLane(assistLane(orgId, ticketId), 5)
  const timelines = yield* Effect.forEach(sessions, ({ id, orgId }) => store.timeline(orgId, id))
  return handledIn(timelines.flat())
})

/** Reads the ticket and signals it when a draft is wanted; answers with how many were signalled. */
const look = Effect.fnUntraced(function* ({ organization, ticketing }: Scene, ticketId: TicketId) {
  const { settings } = organization
  const thread = yield* ticketing.thread(ticketId, { background: true })
  const handled = yield* handledOn(settings.id, ticketId)
  const plan = planAssist(settings, thread, { handled, now: yield* Clock.currentTimeMillis })
  if (plan._tag === "Quiet") return 0
  yield* (yield* Engine).accept({
    lane: assistLane(settings.id, ticketId),
    eventKey: `poll:${plan.commentIds.at(-1) ?? ""}`,
    sessionId: null,
    event: { _tag: "TicketSignal", ticketId, statusHint: null },
  })
  return 1
})

/** Failures of one ticket, and not of the account: nothing would come of reading it again. */
const ofTheTicket = new Set(["NotFound", "Closed", "PermissionDenied", "Invalid", "Conflict"])

/** A ticket that could not be read in so many passes holds up no others any longer. */
const mostTries = 30

/** A ticket that fails for now is read again with its page; the others of the page are looked at in the meantime. */
const unlessHopeless = (scene: Scene, ticketId: TicketId) =>
  Effect.fnUntraced(function* (error: TicketingError) {
    const isAccounts = error.reason._tag === "RateLimited" || error.reason._tag === "CredentialsRejected"
    const tries = (scene.failed.get(ticketId) ?? 0) + (isAccounts ? 0 : 1)
    if (!ofTheTicket.has(error.reason._tag) && tries < mostTries) {
      scene.failed.set(ticketId, tries)
      return yield* error
    }
    scene.failed.delete(ticketId)
    yield* Effect.logWarning(`Ticket ${ticketId} is passed over: no draft is made up for`, error.message)
    return 0
  })

const check = Effect.fnUntraced(function* (scene: Scene, changed: ChangedTicket) {
  const { looked, organization } = scene
  const { ticket } = changed
  const { ticketId, updatedAt } = ticket
  if (quietTicket(organization.settings, changed) !== null || looked.get(ticketId) === updatedAt) return 0
  if (yield* isOurConversation(organization.settings.id, ticket)) return 0
  const signalled = yield* look(scene, ticketId).pipe(
    Effect.catchTag("TicketingError", unlessHopeless(scene, ticketId)),
  )
  remember(looked, ticketId, updatedAt)
  return signalled
})

const passOver = Effect.fnUntraced(function* (scene: Scene) {
  const bookmarks = yield* Bookmarks
  const orgId = scene.organization.settings.id
  let signalled = 0
  for (let page = 0; page < pagesPerPass; page += 1) {
    const now = yield* Clock.currentTimeMillis
    const start = startOf(yield* bookmarks.get(orgId, feed), now)
    const changed = yield* scene.ticketing.changed(start)
    const failures: Array<TicketingError> = []
    for (const one of changed.tickets) {
      signalled += yield* check(scene, one).pipe(
        Effect.catchTag("TicketingError", (error) => {
          failures.push(error)
          return Effect.succeed(0)
        }),
      )
      // The account's own trouble: the others would fail as well.
      if (failures.length >= mostFailures) break
    }
    const [failure] = failures
    if (failure !== undefined) return yield* failure
    // Kept after the last of the page: a stop before that reads the page again.
    yield* bookmarks.keep(orgId, feed, encodePlace({ cursor: changed.cursor, at: now }))
    if (changed.atEnd) break
  }
  return signalled
})

export class AssistReconciler extends Context.Service<
  AssistReconciler,
  {
    /** One pass over one organization; answers with how many tickets were signalled. Nothing while assist mode is off. */
    pass(orgId: OrgId): Effect.Effect<number, StoreError | TicketingError>
  }
>()("@opencx/core/engine/AssistReconciler") {
  static readonly layer = Layer.effect(
    AssistReconciler,
    Effect.gen(function* () {
      const organizations = yield* Organizations
      const services = yield* Effect.context<Bookmarks | ConversationStore | Engine>()
      const memories = new Map<OrgId, Pick<Scene, "looked" | "failed">>()

      const memoryOf = (orgId: OrgId) => {
        const known = memories.get(orgId) ?? { looked: new Map(), failed: new Map() }
        memories.set(orgId, known)
        return known
      }

      const pass = Effect.fn("AssistReconciler.pass")(function* (orgId: OrgId) {
        const organization = yield* organizations.get(orgId).pipe(Effect.orDie)
        const { settings, ticketing } = organization
        if (ticketing === null || !isAssistOn(settings.assist)) return 0
        const scene = { organization, ticketing, ...memoryOf(orgId) }
        return yield* passOver(scene).pipe(Effect.provideContext(services))
      })
      return { pass }
    }),
  )
}
