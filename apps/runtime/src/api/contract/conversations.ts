/** Conversations of an organization: found, read whole, and told what to do. */
import {
  ChannelId,
  Contact,
  Entry,
  OperatorCommandName,
  Session,
  SessionId,
  SessionState,
} from "@opencx/core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { Guard, inOrganization, Needs } from "./Guard.ts"
import { WorkView } from "../../operate/WorkView.ts"

/** At most 200 at once. */
export const Limit = Schema.FiniteFromString.check(
  Schema.isInt(),
  Schema.isBetween({ minimum: 1, maximum: 200 }),
)

/** A moment or a position in a list, as a query writes it: whole, and no more than databases count. */
export const Whole = Schema.FiniteFromString.check(
  Schema.isInt(),
  Schema.isBetween({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
)

const sessionPath = { ...inOrganization, session: SessionId }

const Text = Schema.NonEmptyString.check(Schema.isMaxLength(500))

/** All conditions hold together. */
const search = {
  limit: Schema.optionalKey(Limit),
  /** The `next` of the page before. */
  after: Schema.optionalKey(Schema.String.check(Schema.isMaxLength(100))),
  /** A session's id (a ticket's `external_id`), a ticket's or a live chat's id. */
  externalId: Schema.optionalKey(Text),
  /** A contact's id, one of its addresses, or a part of its name. */
  contact: Schema.optionalKey(Text),
  /** A tag that went to Zendesk at a handoff. */
  tag: Schema.optionalKey(Text),
  channel: Schema.optionalKey(ChannelId),
  /** May be given several times. */
  state: Schema.optionalKey(Schema.Union([SessionState, Schema.Array(SessionState)])),
  /** Words in the subject or in any line. */
  text: Schema.optionalKey(Text),
  /** Last changed in `[since, until)`, epoch milliseconds. */
  since: Schema.optionalKey(Whole),
  until: Schema.optionalKey(Whole),
}

export class SessionsGroup extends HttpApiGroup.make("sessions")
  .add(
    /** Newest change first. A page may be short although there is a next one; `next` null: there is none. */
    HttpApiEndpoint.get("list", "/organizations/:org/sessions", {
      params: inOrganization,
      query: search,
      success: Schema.Struct({
        sessions: Schema.Array(Session),
        next: Schema.NullOr(Schema.String),
      }),
    }).annotate(Needs, "sessions.read"),
    /** The whole timeline, with how the AI came to each answer, and what was asked of the outside world, how often. */
    HttpApiEndpoint.get("read", "/organizations/:org/sessions/:session", {
      params: sessionPath,
      success: Schema.Struct({
        session: Session,
        contact: Schema.NullOr(Contact),
        entries: Schema.Array(Entry),
        work: Schema.Array(WorkView),
      }),
    }).annotate(Needs, "sessions.read"),
    /** `key`: the sender's own id of this command; the same one again has no effect. */
    HttpApiEndpoint.post("command", "/organizations/:org/sessions/:session/commands", {
      params: sessionPath,
      payload: Schema.Struct({
        command: OperatorCommandName,
        key: Schema.optionalKey(Schema.NonEmptyString.check(Schema.isMaxLength(100))),
      }),
      success: HttpApiSchema.Accepted,
    }).annotate(Needs, "sessions.command"),
  )
  .middleware(Guard) {}
