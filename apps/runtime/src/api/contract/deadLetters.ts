/** Work that was given up: looked at, run again, discarded. Without any word of a customer or an agent. */
import { WorkId } from "@opencx/core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { Limit } from "./conversations.ts"
import { Guard, inOrganization, Needs } from "./Guard.ts"
import { NotPossible } from "./trouble.ts"
import { WorkView } from "../../operate/WorkView.ts"

const letterPath = { ...inOrganization, work: WorkId }

const Reason = Schema.NonEmptyString.check(Schema.isMaxLength(500))
const Task = Schema.NonEmptyString.check(Schema.isMaxLength(100))

/** Either `ids`, or `all` that `tasks` (`Deliver`, `OpenTicket` …) leave over. */
const choice = {
  ids: Schema.optionalKey(Schema.NonEmptyArray(WorkId).check(Schema.isMaxLength(1_000))),
  all: Schema.optionalKey(Schema.Literal(true)),
  tasks: Schema.optionalKey(Schema.Array(Task).check(Schema.isMaxLength(100))),
}

/** `unchanged`: no dead letter (any more). `unknown`: there is no such work here. */
const Handled = Schema.Array(
  Schema.Struct({ id: WorkId, result: Schema.Literals(["done", "unchanged", "unknown"]) }),
)

export class DeadLettersGroup extends HttpApiGroup.make("deadLetters")
  .add(
    HttpApiEndpoint.get("list", "/organizations/:org/dead-letters", {
      params: inOrganization,
      query: { limit: Schema.optionalKey(Limit), task: Schema.optionalKey(Task) },
      success: Schema.Array(WorkView),
    }).annotate(Needs, "deadLetters.read"),
    /** Also of work that is none any more, as long as it is kept. */
    HttpApiEndpoint.get("read", "/organizations/:org/dead-letters/:work", {
      params: letterPath,
      success: WorkView,
    }).annotate(Needs, "deadLetters.read"),
    /** Runs it again. */
    HttpApiEndpoint.post("replay", "/organizations/:org/dead-letters/:work/replay", {
      params: letterPath,
      success: HttpApiSchema.Accepted,
    }).annotate(Needs, "deadLetters.write"),
    HttpApiEndpoint.post("replayMany", "/organizations/:org/dead-letters/replay", {
      params: inOrganization,
      payload: Schema.Struct(choice),
      success: Handled,
      error: NotPossible,
    }).annotate(Needs, "deadLetters.write"),
    HttpApiEndpoint.post("discard", "/organizations/:org/dead-letters/:work/discard", {
      params: letterPath,
      payload: Schema.Struct({ reason: Reason }),
      success: HttpApiSchema.NoContent,
    }).annotate(Needs, "deadLetters.write"),
    HttpApiEndpoint.post("discardMany", "/organizations/:org/dead-letters/discard", {
      params: inOrganization,
      payload: Schema.Struct({ ...choice, reason: Reason }),
      success: Handled,
      error: NotPossible,
    }).annotate(Needs, "deadLetters.write"),
  )
  .middleware(Guard) {}
