/** What the two entities do with a message. Both may run again after a crash: every step is idempotent. */
import { Clock, Effect, Layer, Schema } from "effect"
import { Entity } from "effect/cluster"
import { SecureRandom } from "effect/crypto"
import type { Session } from "../domain/Session.ts"
import { type Lane, parseLaneKey } from "../domain/Lane.ts"
import type { Work } from "../domain/Work.ts"
import { isOpenAt } from "../settings/officeHours.ts"
import { OrganizationSettings } from "../settings/OrganizationSettings.ts"
import { ConversationStore } from "../ports/ConversationStore.ts"
import { Deciding } from "./Deciding.ts"
import { EngineMetrics } from "./EngineMetrics.ts"
import type { LaneEvent } from "./LaneEvent.ts"
import { decide, type MachineEvent, nothing } from "./machine/decide.ts"
import type { Env, HandoffPath } from "./machine/Draft.ts"
import { Live } from "./Live.ts"
import { type Organization, Organizations } from "./Organizations.ts"
import { Outbox } from "./Outbox.ts"
import { Progress } from "./Progress.ts"
import { Conversation, WorkQueueEntity } from "./protocol.ts"
import { spoken } from "./tasks/deliver.ts"
import { untilStored } from "./untilStored.ts"
import { runWork } from "./Worker.ts"

/** Adds to a `WorkDone` what the machine must know but may not look up. Null when there is nothing to apply. */
const machineEvent = Effect.fnUntraced(function* ({ orgId }: Lane, event: LaneEvent) {
  if (event._tag !== "WorkDone") return event satisfies MachineEvent
  const store = yield* ConversationStore
  const work = yield* untilStored(store.work(orgId, event.workId))
  if (work === null || work.outcome === null || work.epoch !== event.epoch) return null
  const { outcome, task } = work
  if (task._tag !== "Deliver")
    return { _tag: "WorkDone", work, outcome, deliveryId: null } satisfies MachineEvent
  const [entry] = yield* untilStored(store.timeline(orgId, work.sessionId, { after: task.seq - 1, limit: 1 }))
  const deliveryId = entry === undefined ? null : (spoken(entry)?.deliveryId ?? null)
  return { _tag: "WorkDone", work, outcome, deliveryId } satisfies MachineEvent
})

const bareSettings = Schema.decodeUnknownSync(OrganizationSettings)

const byTicket: HandoffPath = { path: "ticket", remark: null }

const closed = "Outside of office hours: this handoff makes a ticket instead of a live chat."

/** A live chat where the channel is made for it and one is connected; else a ticket, and the session says why. */
const pathOf = (lane: Lane, organization: Organization, now: number): HandoffPath => {
  const capabilities = organization.channels.get(lane.accountId)?.bound.plugin.capabilities
  if (capabilities?.handoff !== "messaging") return byTicket
  const { officeHours, outsideOfficeHours, paths } = organization.settings.handoff
  if (Object.hasOwn(paths, lane.channel) && paths[lane.channel] === "ticket") return byTicket
  if (outsideOfficeHours === "ticket" && !isOpenAt(officeHours, now))
    return { path: "ticket", remark: closed }
  return organization.messaging === null
    ? {
        path: "ticket",
        remark: "Zendesk Messaging is not connected: this handoff makes a ticket instead of a live chat.",
      }
    : { path: "chat", remark: null }
}

/** An organization that was taken out of the configuration keeps its timelines in order by the default settings. */
const policyOf = Effect.fnUntraced(function* (lane: Lane) {
  const organizations = yield* Organizations
  const now = yield* Clock.currentTimeMillis
  return yield* organizations.get(lane.orgId).pipe(
    Effect.map((organization) => ({
      settings: organization.settings,
      handoff: pathOf(lane, organization, now),
    })),
    Effect.catchTag("UnknownOrganization", (error) =>
      Effect.as(Effect.logError("An event of an organization without configuration", error.message), {
        settings: bareSettings({ id: lane.orgId, name: lane.orgId }),
        handoff: byTicket,
      }),
    ),
  )
})

const envOf = Effect.fnUntraced(function* (lane: Lane) {
  const env: Env = {
    now: yield* Clock.currentTimeMillis,
    newId: SecureRandom.uuidV4Unsafe,
    lane,
    ...(yield* policyOf(lane)),
  }
  return env
})

interface Received {
  readonly eventKey: string
  readonly sessionId: Session["id"] | null
  readonly event: LaneEvent
}

const receive = Effect.fnUntraced(function* (lane: Lane, received: Received) {
  const store = yield* ConversationStore
  const outbox = yield* Outbox
  const event = yield* machineEvent(lane, received.event)
  const env = yield* envOf(lane)
  const applied = yield* untilStored(
    store.apply({
      lane,
      eventKey: received.eventKey,
      sessionId: received.sessionId,
      // An outcome that was purged or replayed meanwhile: its event is noted as dealt with, and changes nothing.
      decide: (current) => (event === null ? nothing : decide(env, current, event)),
    }),
  )
  yield* Effect.annotateCurrentSpan({
    "opencx.session": applied.session?.id ?? "",
    "opencx.event": received.event._tag,
  })
  yield* applied.fresh ? EngineMetrics.applied : EngineMetrics.duplicate
  if (applied.fresh) yield* (yield* Live).publish(lane, { _tag: "Changed" })
  yield* Effect.forEach(applied.pending, (work) => untilStored(outbox.kick(work)), { discard: true })
})

const receiveSafely = Effect.fn("Conversation.receive")(function* (entityId: string, received: Received) {
  const lane = parseLaneKey(entityId)
  if (lane === null)
    return yield* Effect.logError("A message for something that is no lane was dropped", entityId)
  yield* receive(lane, received).pipe(Effect.annotateLogs({ lane: entityId, event: received.event._tag }))
})

/**
 * How long a lane or queue without work stays in memory. People seldom write again within seconds, and to begin anew is
 * quick; a minute's worth of new customers would lie in memory otherwise.
 */
const maxIdleTime = "10 seconds"

/** A lane: one event at a time, in order. */
export const ConversationLive = Conversation.toLayer(
  Effect.gen(function* () {
    const progress = yield* Progress
    const deciding = yield* Deciding
    const { entityId } = yield* Entity.CurrentAddress
    return Conversation.of({
      Receive: ({ payload }) => {
        const key = `${entityId}#${payload.eventKey}`
        return progress
          .running(key, entityId)
          .pipe(
            Effect.andThen(deciding.inTurn(receiveSafely(entityId, payload))),
            Effect.ensuring(progress.finished(key)),
          )
      },
    })
  }),
  { maxIdleTime },
)

/**
 * Waits until the lane has decided about it: the next piece of work of this queue reads the session, and would forward the
 * same words again, or make a second ticket, if it read an old one.
 */
const reportBack = Effect.fnUntraced(function* (work: Work) {
  const outbox = yield* Outbox
  yield* untilStored(
    outbox.settle({
      lane: work.lane,
      eventKey: `work:${work.id}:${work.epoch}`,
      sessionId: work.sessionId,
      event: { _tag: "WorkDone", workId: work.id, epoch: work.epoch },
    }),
  )
})

/** A session's queue: one piece of work at a time, in order. */
export const WorkQueueLive = WorkQueueEntity.toLayer(
  Effect.gen(function* () {
    const progress = yield* Progress
    const { entityId } = yield* Entity.CurrentAddress
    return WorkQueueEntity.of({
      Run: ({ payload }) => {
        const key = `${payload.workId}:${payload.epoch}`
        return progress.running(key, entityId).pipe(
          Effect.andThen(runWork(payload.workId)),
          Effect.flatMap((work) => (work === null ? Effect.void : reportBack(work))),
          Effect.ensuring(progress.finished(key)),
        )
      },
    })
  }),
  { maxIdleTime },
)

export const EntitiesLive = Layer.mergeAll(ConversationLive, WorkQueueLive)
