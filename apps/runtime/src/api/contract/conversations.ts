/** Conversations of an organization, and the work on them that was given up. */
import {
  Contact,
  Entry,
  OperatorCommandName,
  Session,
  SessionId,
  SessionState,
  Work,
  WorkId,
} from "@opencx/core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { Guard, inOrganization, Needs } from "./Guard.ts"

/** At most 200 at once. */
export const Limit = Schema.FiniteFromString.check(
  Schema.isInt(),
  Schema.isBetween({ minimum: 1, maximum: 200 }),
)

const sessionPath = { ...inOrganization, session: SessionId }

export class SessionsGroup extends HttpApiGroup.make("sessions")
  .add(
    /** Newest first. `before`: epoch milliseconds of the last one's `updatedAt`, for the next page. */
    HttpApiEndpoint.get("list", "/organizations/:org/sessions", {
      params: inOrganization,
      query: {
        limit: Schema.optionalKey(Limit),
        before: Schema.optionalKey(Schema.FiniteFromString),
        state: Schema.optionalKey(SessionState),
      },
      success: Schema.Array(Session),
    }).annotate(Needs, "sessions.read"),
    /** The whole timeline, with how the AI came to each answer. */
    HttpApiEndpoint.get("read", "/organizations/:org/sessions/:session", {
      params: sessionPath,
      success: Schema.Struct({
        session: Session,
        contact: Schema.NullOr(Contact),
        entries: Schema.Array(Entry),
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

const letterPath = { ...inOrganization, work: WorkId }

export class DeadLettersGroup extends HttpApiGroup.make("deadLetters")
  .add(
    HttpApiEndpoint.get("list", "/organizations/:org/dead-letters", {
      params: inOrganization,
      query: { limit: Schema.optionalKey(Limit) },
      success: Schema.Array(Work),
    }).annotate(Needs, "deadLetters.read"),
    /** Runs it again. */
    HttpApiEndpoint.post("replay", "/organizations/:org/dead-letters/:work/replay", {
      params: letterPath,
      success: HttpApiSchema.Accepted,
    }).annotate(Needs, "deadLetters.write"),
    HttpApiEndpoint.post("discard", "/organizations/:org/dead-letters/:work/discard", {
      params: letterPath,
      payload: Schema.Struct({ reason: Schema.NonEmptyString.check(Schema.isMaxLength(500)) }),
      success: HttpApiSchema.NoContent,
    }).annotate(Needs, "deadLetters.write"),
  )
  .middleware(Guard) {}
