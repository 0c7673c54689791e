/** How sessions, entries and work lie in their tables. */
import {
  type DeliveryId,
  Entry,
  EntryBody,
  Lane,
  Outcome,
  Session,
  type SessionFacts,
  type SessionId,
  Task,
  Work,
  type WorkOrder,
} from "@opencx/core"
import { Effect, Schema } from "effect"
import { Int64 } from "../sql/columns.ts"
import { factFields, factsToRow } from "./facts.ts"
import { keyOf } from "../sql/keys.ts"
import { decoderOf } from "../sql/rows.ts"

const SessionJson = Schema.fromJsonString(Session)
const BodyJson = Schema.fromJsonString(EntryBody)
const LaneJson = Schema.fromJsonString(Lane)
const TaskJson = Schema.fromJsonString(Task)
const OutcomeJson = Schema.fromJsonString(Outcome)

export const sessionRows = decoderOf(Schema.Struct({ body: SessionJson }))

/** A session with what came of it so far. */
export const countedRows = decoderOf(Schema.Struct({ body: SessionJson, ...factFields }))

export const deliveryRows = decoderOf(Schema.Struct({ seq: Int64, body: SessionJson }))

export const entryRows = decoderOf(
  Schema.Struct({ ...Entry.fields, seq: Int64, at: Int64, body: BodyJson }).pipe(
    Schema.encodeKeys({ sessionId: "session_id" }),
  ),
)

export const workRows = decoderOf(
  Schema.Struct({
    ...Work.fields,
    lane: LaneJson,
    task: TaskJson,
    outcome: Schema.NullOr(OutcomeJson),
    epoch: Int64,
    attempts: Int64,
    notBefore: Schema.NullOr(Int64),
    createdAt: Int64,
    updatedAt: Int64,
  }).pipe(
    Schema.encodeKeys({
      sessionId: "session_id",
      lastError: "last_error",
      notBefore: "not_before",
      createdAt: "created_at",
      updatedAt: "updated_at",
    }),
  ),
)

export const countRows = decoderOf(Schema.Struct({ status: Schema.String, count: Int64 }))

/** The columns that `workRows` reads. */
export const workColumns =
  "id, lane, session_id, queue, task, status, epoch, attempts, step, outcome, last_error, not_before, created_at, updated_at"

const encodeSession = Schema.encodeEffect(SessionJson)
const encodeBody = Schema.encodeEffect(BodyJson)
const encodeLane = Schema.encodeEffect(LaneJson)
const encodeTask = Schema.encodeEffect(TaskJson)
export const encodeOutcome = Schema.encodeEffect(OutcomeJson)

/** A human may still answer on this session's ticket. */
const isWatched = (session: Session): boolean =>
  session.state !== "closed" && session.ticket !== null && session.ticket.status !== "closed"

export const sessionToRow = (session: Session, facts: SessionFacts, lane: string, now: number) =>
  Effect.map(encodeSession(session), (body) => ({
    ...factsToRow(facts),
    channel: session.channel,
    id: session.id,
    org_id: session.orgId,
    lane,
    contact_id: session.contactId,
    state: session.state,
    closed: session.state === "closed" ? 1 : 0,
    ticket_id: session.ticket?.ticketId ?? null,
    chat_id: session.chat === null ? null : keyOf(session.chat.conversationId),
    watched: isWatched(session) ? 1 : 0,
    created_at: session.createdAt,
    updated_at: session.updatedAt,
    seen_at: now,
    body,
  }))

/** The delivery that an entry is, as against one that it merely tells about. */
const deliveryOf = (body: EntryBody): DeliveryId | null => {
  switch (body._tag) {
    case "AiAnswer":
    case "HumanReply":
    case "SystemMessage":
      return body.deliveryId
    default:
      return null
  }
}

export const entryToRow = (orgId: string, entry: Entry) =>
  Effect.map(encodeBody(entry.body), (body) => ({
    session_id: entry.sessionId,
    seq: entry.seq,
    org_id: orgId,
    at: Math.round(entry.at),
    tag: entry.body._tag,
    delivery_id: deliveryOf(entry.body),
    body,
  }))

export const orderToRow = Effect.fnUntraced(function* (
  order: WorkOrder,
  at: { readonly lane: Lane; readonly sessionId: SessionId; readonly now: number },
) {
  return {
    id: order.id,
    org_id: at.lane.orgId,
    lane: yield* encodeLane(at.lane),
    session_id: at.sessionId,
    queue: order.queue,
    task: yield* encodeTask(order.task),
    status: "pending",
    epoch: 0,
    attempts: 0,
    not_before: order.notBefore === null ? null : Math.round(order.notBefore),
    created_at: at.now,
    updated_at: at.now,
  }
})
