/** Lets callers of the API in by what each endpoint says that it needs. Nothing that happens behind it ends as a 500. */
import { OrgId, type StoreError } from "@opencx/core"
import { OrganizationDocuments } from "@opencx/storage"
import { ByteSize, Context, Effect, Layer, Option, Schema } from "effect"
import { HttpServerRequest, MaxBodySize } from "effect/http/HttpServerRequest"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerError from "effect/http/HttpServerError"
import { type HttpApiEndpoint, HttpApiError } from "effect/http-api"
import { Access, NotFound } from "../access/Access.ts"
import { everywhere } from "../access/Principal.ts"
import { LiveOrganizations } from "../organizations/LiveOrganizations.ts"
import { BadRequest, problemsOf } from "../organizations/problems.ts"
import { BodyRefused, Caller, Guard, Needs, Unavailable } from "./contract/Guard.ts"

/** Whole organizations are some kilobytes. */
const maxBodyBytes = 1_000_000

const orgIn = Schema.decodeUnknownOption(OrgId)

export const notNow = new Unavailable({ hint: "Not now; please try again in a moment." })

/** The organization that the path names. A name that cannot be one is of none. */
const orgOfPath = Effect.fnUntraced(function* (path: string) {
  if (!path.includes("/:org")) return null
  const { org } = yield* HttpRouter.params
  const orgId = Option.getOrNull(orgIn(org))
  return orgId ?? (yield* new NotFound({ what: `organization "${(org ?? "").slice(0, 60)}"` }))
})

/** Asked after the caller's rights: who knows nothing of an organization learns nothing here either. */
const mustExist = Effect.fnUntraced(function* (orgId: OrgId) {
  if ((yield* LiveOrganizations).get(orgId) !== null) return
  // Another process may have made it a moment ago.
  if ((yield* (yield* OrganizationDocuments).get(orgId)) !== null) return
  return yield* new NotFound({ what: `organization "${orgId}"` })
})

/** What of a request could not be read, by the names that its sender gave. */
const unreadable = ({ cause, kind }: HttpApiError.HttpApiSchemaError) => {
  const place = kind === "Payload" ? "" : `${kind.toLowerCase()}`
  return new BadRequest({
    problems: problemsOf(cause.issue, place),
    hint: "Correct what `problems` names and send it again; /api/openapi.json describes every request.",
  })
}

/** For handlers: the store does not answer. All of a change was made, or nothing. */
export const outage = (error: StoreError): Effect.Effect<never, Unavailable> =>
  Effect.andThen(Effect.logWarning("The API cannot reach its store", error.message), Effect.fail(notNow))

/** An answer of ours that does not fit its own description is our fault, a request is its sender's. */
const onSchemaError = Effect.fnUntraced(function* (error: HttpApiError.HttpApiSchemaError) {
  if (error.kind !== "Body" && error.kind !== "ResponseHeaders") return yield* unreadable(error)
  yield* Effect.logError("An answer of the API does not fit its description", error.cause.message)
  return yield* notNow
})

/** The body is read inside of the endpoint, where its failures are defects; every other one is a fault of ours. */
const onDefect = Effect.fnUntraced(function* (endpoint: string, defect: unknown) {
  if (HttpServerError.isHttpServerError(defect))
    return yield* new BodyRefused({ hint: `Send a whole body of at most ${maxBodyBytes} bytes.` })
  yield* Effect.logError(`The API failed at ${endpoint}`, defect)
  return yield* notNow
})

export const GuardLive = Layer.effect(
  Guard,
  Effect.gen(function* () {
    const access = yield* Access
    const context = yield* Effect.context<LiveOrganizations | OrganizationDocuments>()

    const enter = Effect.fnUntraced(
      function* (endpoint: HttpApiEndpoint.Top) {
        const needs = Option.getOrNull(Context.getOption(endpoint.annotations, Needs))
        if (needs === null) return yield* new NotFound({ what: "this endpoint" })
        const orgId = yield* orgOfPath(endpoint.path)
        const principal = yield* access.requires(yield* HttpServerRequest, needs, orgId ?? everywhere)
        if (orgId !== null) yield* Effect.provide(mustExist(orgId), context)
        return { principal, orgId }
      },
      Effect.catchTag("StoreError", outage),
    )

    return Guard.of((answer, { endpoint }) =>
      enter(endpoint).pipe(
        Effect.flatMap((caller) => Effect.provideService(answer, Caller, caller)),
        Effect.provideService(MaxBodySize, ByteSize.bytes(maxBodyBytes)),
        Effect.catch(
          Effect.fnUntraced(function* (error) {
            return yield* HttpApiError.HttpApiSchemaError.is(error)
              ? onSchemaError(error)
              : Effect.fail(error)
          }),
        ),
        Effect.catchDefect((defect) => onDefect(endpoint.identifier, defect)),
      ),
    )
  }),
)
