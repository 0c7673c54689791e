import { ConversationStore, Ingest, type OrgId, type SessionId, type SessionState } from "@opencx/core"
import { Effect } from "effect"
import { SecureRandom } from "effect/crypto"
import { HttpApiBuilder } from "effect/http-api"
import { NotFound } from "../../access/Access.ts"
import { KnownSecrets } from "../../logging/Logging.ts"
import { cutKnown } from "../../logging/redact.ts"
import { redactWork } from "../../operate/redactWork.ts"
import { sessionPage } from "../../operate/sessionPage.ts"
import { sessionStory } from "../../operate/sessionStory.ts"
import { BadRequest, correct } from "../../organizations/problems.ts"
import { Api } from "../contract/Api.ts"
import { outage } from "../GuardLive.ts"
import { inOrg } from "./common.ts"

const usual = 50

const missing = (id: SessionId) => new NotFound({ what: `session "${id}"` })

const sessionIn = Effect.fnUntraced(function* (orgId: OrgId, id: SessionId) {
  return (yield* (yield* ConversationStore).session(orgId, id)) ?? (yield* missing(id))
})

const noPage = new BadRequest({
  problems: [{ path: "after", message: "This is no end of a page: send `next` as it came" }],
  hint: correct,
})

const statesOf = (state: SessionState | ReadonlyArray<SessionState> | undefined) =>
  typeof state === "string" ? [state] : state

export const SessionsHandlers = HttpApiBuilder.group(Api, "sessions", (handlers) =>
  handlers.handleAll({
    list: Effect.fnUntraced(
      function* ({ query: { after = null, limit = usual, state, ...query } }) {
        const { orgId } = yield* inOrg
        return yield* sessionPage(orgId, { ...query, states: statesOf(state) }, { limit, after })
      },
      Effect.catchTags({ StoreError: outage, NoPageEnd: () => Effect.fail(noPage) }),
    ),
    read: Effect.fnUntraced(
      function* ({ params }) {
        const { orgId } = yield* inOrg
        const story = yield* sessionStory(orgId, params.session)
        if (story === null) return yield* missing(params.session)
        const cut = cutKnown(yield* KnownSecrets)
        return { ...story, work: story.work.map((work) => redactWork(work, cut)) }
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
