import { ConversationStore, type OrgId, type WorkId } from "@opencx/core"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { NotFound } from "../../access/Access.ts"
import { listDeadLetters, showWork } from "../../operate/deadLetters.ts"
import { discardNoted, replayNoted } from "../../operate/notedDeadLetters.ts"
import { Api } from "../contract/Api.ts"
import { NotPossible } from "../contract/trouble.ts"
import { outage } from "../GuardLive.ts"
import { inOrg } from "./common.ts"

const usual = 50
/** More than anybody has. */
const all = 100_000

const missing = (id: WorkId) => new NotFound({ what: `dead letter "${id}"` })

const letterIn = Effect.fnUntraced(function* (orgId: OrgId, id: WorkId) {
  const work = yield* (yield* ConversationStore).work(orgId, id)
  if (work?.status !== "dead") return yield* missing(id)
  return work
})

interface Choice {
  readonly ids?: ReadonlyArray<WorkId>
  readonly all?: true
  readonly tasks?: ReadonlyArray<string>
}

const chosen = Effect.fnUntraced(function* (orgId: OrgId, choice: Choice) {
  const { ids, tasks = [] } = choice
  if ((ids === undefined) !== (choice.all === true) || (ids !== undefined && tasks.length > 0))
    return yield* new NotPossible({
      problem: "It is not clear which dead letters are meant.",
      hint: "Send either `ids` alone, or `all` with or without `tasks`.",
    })
  const found = ids ?? (yield* listDeadLetters({ orgId, tasks, limit: all })).map(({ id }) => id)
  return { ids: found, orgId }
})

const single = Effect.fnUntraced(function* (params: { readonly work: WorkId }) {
  const { orgId, principal } = yield* inOrg
  const { id } = yield* letterIn(orgId, params.work)
  return { principal, which: { ids: [id], orgId } }
})

export const DeadLettersHandlers = HttpApiBuilder.group(Api, "deadLetters", (handlers) =>
  handlers.handleAll({
    list: Effect.fnUntraced(
      function* ({ query: { limit = usual, task } }) {
        const { orgId } = yield* inOrg
        return yield* listDeadLetters({ orgId, tasks: task === undefined ? [] : [task], limit })
      },
      Effect.catchTag("StoreError", outage),
    ),
    read: Effect.fnUntraced(
      function* ({ params }) {
        const { orgId } = yield* inOrg
        return (yield* showWork(params.work, orgId)) ?? (yield* missing(params.work))
      },
      Effect.catchTag("StoreError", outage),
    ),
    replay: Effect.fnUntraced(
      function* ({ params }) {
        const { principal, which } = yield* single(params)
        yield* replayNoted(principal, which)
      },
      Effect.catchTag("StoreError", outage),
    ),
    replayMany: Effect.fnUntraced(
      function* ({ payload }) {
        const { orgId, principal } = yield* inOrg
        return yield* replayNoted(principal, yield* chosen(orgId, payload))
      },
      Effect.catchTag("StoreError", outage),
    ),
    discard: Effect.fnUntraced(
      function* ({ params, payload }) {
        const { principal, which } = yield* single(params)
        yield* discardNoted(principal, which, payload.reason)
      },
      Effect.catchTag("StoreError", outage),
    ),
    discardMany: Effect.fnUntraced(
      function* ({ payload: { reason, ...choice } }) {
        const { orgId, principal } = yield* inOrg
        return yield* discardNoted(principal, yield* chosen(orgId, choice), reason)
      },
      Effect.catchTag("StoreError", outage),
    ),
  }),
)
