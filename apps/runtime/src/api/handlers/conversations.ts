import {
  Contacts,
  ConversationStore,
  Engine,
  Ingest,
  type OrgId,
  type SessionId,
  type WorkId,
} from "@opencx/core"
import { Effect } from "effect"
import { SecureRandom } from "effect/crypto"
import { HttpApiBuilder } from "effect/http-api"
import { NotFound } from "../../access/Access.ts"
import { Api } from "../contract/Api.ts"
import { outage } from "../GuardLive.ts"
import { inOrg } from "./common.ts"

const usual = 50

const sessionIn = Effect.fnUntraced(function* (orgId: OrgId, id: SessionId) {
  const session = yield* (yield* ConversationStore).session(orgId, id)
  return session ?? (yield* new NotFound({ what: `session "${id}"` }))
})

export const SessionsHandlers = HttpApiBuilder.group(Api, "sessions", (handlers) =>
  handlers.handleAll({
    list: Effect.fnUntraced(
      function* ({ query: { before, limit = usual, state } }) {
        const { orgId } = yield* inOrg
        return yield* (yield* ConversationStore).sessions(orgId, {
          limit,
          ...(before === undefined ? {} : { before }),
          ...(state === undefined ? {} : { states: [state] }),
        })
      },
      Effect.catchTag("StoreError", outage),
    ),
    read: Effect.fnUntraced(
      function* ({ params }) {
        const { orgId } = yield* inOrg
        const session = yield* sessionIn(orgId, params.session)
        const entries = yield* (yield* ConversationStore).timeline(session.id)
        const contact = yield* (yield* Contacts).get(orgId, session.contactId)
        return { session, contact, entries }
      },
      Effect.catchTag("StoreError", outage),
    ),
    command: Effect.fnUntraced(
      function* ({ params, payload }) {
        const { orgId, principal } = yield* inOrg
        const session = yield* sessionIn(orgId, params.session)
        yield* (yield* Ingest).command({
          orgId,
          sessionId: session.id,
          command: payload.command,
          by: principal.actor,
          commandKey: `operator:${payload.key ?? SecureRandom.uuidV4Unsafe()}`,
        })
      },
      Effect.catchTag("StoreError", outage),
    ),
  }),
)

/** Work is numbered over all organizations: one of another's is none. */
const letterIn = Effect.fnUntraced(function* (orgId: OrgId, id: WorkId) {
  const work = yield* (yield* ConversationStore).work(id)
  if (work?.lane.orgId !== orgId || work.status !== "dead")
    return yield* new NotFound({ what: `dead letter "${id}"` })
  return work
})

export const DeadLettersHandlers = HttpApiBuilder.group(Api, "deadLetters", (handlers) =>
  handlers.handleAll({
    list: Effect.fnUntraced(
      function* ({ query: { limit = usual } }) {
        const { orgId } = yield* inOrg
        return yield* (yield* ConversationStore).deadLetters(orgId, limit)
      },
      Effect.catchTag("StoreError", outage),
    ),
    replay: Effect.fnUntraced(
      function* ({ params }) {
        const { orgId } = yield* inOrg
        const work = yield* letterIn(orgId, params.work)
        yield* (yield* Engine).replay(work.id)
      },
      Effect.catchTag("StoreError", outage),
    ),
    discard: Effect.fnUntraced(
      function* ({ params, payload }) {
        const { orgId, principal } = yield* inOrg
        const work = yield* letterIn(orgId, params.work)
        yield* (yield* ConversationStore).discard(work.id, `${principal.name}: ${payload.reason}`)
      },
      Effect.catchTag("StoreError", outage),
    ),
  }),
)
