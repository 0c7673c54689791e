import { Effect, Semaphore } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { NotFound } from "../../access/Access.ts"
import { type About, diagnose } from "../../doctor/diagnose.ts"
import { Api } from "../contract/Api.ts"
import { outage } from "../GuardLive.ts"
import { organizationHere } from "./common.ts"

interface Query {
  readonly session?: string
  readonly ticket?: string
}

const aboutOf = ({ session, ticket }: Query): About | null => {
  if (session !== undefined) return { _tag: "Session", id: session }
  return ticket === undefined ? null : { _tag: "Ticket", id: ticket }
}

export const DoctorHandlers = HttpApiBuilder.group(
  Api,
  "doctor",
  Effect.fnUntraced(function* (handlers) {
    // Each look costs Zendesk's budget, which conversations need: callers wait for each other.
    const oneAtATime = yield* Semaphore.make(1)
    return handlers.handle(
      "look",
      Effect.fnUntraced(
        function* ({ query }) {
          const { config } = yield* organizationHere
          return yield* oneAtATime.withPermit(diagnose(config, aboutOf(query)))
        },
        Effect.catchTag("StoreError", outage),
        Effect.catchTag("ConfigurationError", ({ problem }) => Effect.fail(new NotFound({ what: problem }))),
      ),
    )
  }),
)
