/** Pages for operators: sessions, timelines, dead letters. Programs use the API. */
import { ConversationStore, Organizations, OrgId, type Session, SessionId, WorkId } from "@opencx/core"
import { Effect, Layer, Option, Predicate, Schema } from "effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { Access } from "../access/Access.ts"
import { everywhere, may, type Principal } from "../access/Principal.ts"
import type { Action } from "../access/roles.ts"
import { listDeadLetters } from "../operate/deadLetters.ts"
import { discardNoted, replayNoted } from "../operate/notedDeadLetters.ts"
import { sessionStory } from "../operate/sessionStory.ts"
import { toLogin } from "./access.ts"
import { comeAgain } from "./answers.ts"
import { formOf } from "./body.ts"
import { customersOf } from "./customersOf.ts"
import { LoginRoutes } from "./login.ts"
import { Banner } from "./pages/Banner.ts"
import { htmlAnswer } from "./pages/html.ts"
import { forbiddenPage } from "./pages/nav.ts"
import { deadLettersPage, sessionListPage, sessionPage } from "./pages/session.ts"

type Answer = HttpServerResponse.HttpServerResponse

const plain = (text: string, status: number): Answer => HttpServerResponse.text(`${text}\n`, { status })
const notFound = plain("There is no such thing.", 404)
const forbidden = plain("Log in under /login as somebody who may do this.", 403)

/** Pages: people who are not logged in are sent to the login. */
export const page = <E, R>(request: HttpServerRequest, body: Effect.Effect<Answer, E, R>) =>
  ownPage(request, (principal) =>
    may(principal, "installation.read", everywhere) ? body : Effect.succeed(htmlAnswer(forbiddenPage, 403)),
  )

/** Pages of which everybody sees the part that is theirs. */
const ownPage = <E, R>(
  request: HttpServerRequest,
  body: (principal: Principal) => Effect.Effect<Answer, E, R>,
) =>
  guarded(
    Effect.gen(function* () {
      const principal = yield* (yield* Access).principalOf(request)
      return yield* principal === null ? Effect.succeed(toLogin(request)) : body(principal)
    }),
  )

/** What a form of ours asks for: over all organizations, so for people of the installation. */
export const act = <E, R>(
  request: HttpServerRequest,
  action: Action,
  body: (principal: Principal) => Effect.Effect<Answer, E, R>,
) =>
  guarded(
    Effect.gen(function* () {
      return yield* body(yield* (yield* Access).requires(request, action, everywhere))
    }).pipe(
      Effect.catchIf(
        (error) => isRefusal(error),
        () => Effect.succeed(forbidden),
      ),
    ),
  )

const refusals = new Set(["Unauthenticated", "Forbidden"])
const isRefusal = (error: unknown): boolean =>
  Predicate.hasProperty(error, "_tag") && refusals.has(String(error._tag))

const guarded = <E, R>(body: Effect.Effect<Answer, E, R>) =>
  body.pipe(
    Effect.catchCause((cause) => Effect.as(Effect.logError("An operator route failed", cause), comeAgain)),
  )

const recentSessions = Effect.fnUntraced(function* (mayRead: (orgId: OrgId) => boolean) {
  const store = yield* ConversationStore
  const organizations = yield* (yield* Organizations).all
  const lists = yield* Effect.forEach(
    organizations.filter(({ settings }) => mayRead(settings.id)),
    ({ settings }) => store.sessions(settings.id, { limit: 100 }),
  )
  return lists
    .flat()
    .sort((a, b) => b.updatedAt - a.updatedAt)
    .slice(0, 200)
})

const sessionRef = Schema.decodeUnknownOption(Schema.Struct({ org: OrgId, session: SessionId }))

/** The session that the path names; null when the organization has no such session. */
const sessionFromPath = Effect.gen(function* () {
  const ref = Option.getOrNull(sessionRef(yield* HttpRouter.params))
  if (ref === null) return null
  return yield* (yield* ConversationStore).session(ref.org, ref.session)
})

const withSession = <E, R>(use: (session: Session) => Effect.Effect<Answer, E, R>) =>
  Effect.flatMap(sessionFromPath, (session) => (session === null ? Effect.succeed(notFound) : use(session)))

const workRef = Schema.decodeUnknownOption(Schema.Struct({ org: OrgId, id: WorkId }))
const reasonIn = Schema.decodeUnknownOption(Schema.Trim.check(Schema.isNonEmpty(), Schema.isMaxLength(500)))

const backToLetters = HttpServerResponse.redirect("/dead-letters", { status: 303 })

/** 404 when it is no dead letter any more, so that nobody takes it for done by them. */
const handled = Effect.fnUntraced(function* (
  principal: Principal,
  /** To discard; null: run it again. */
  reason: string | null,
) {
  const ref = Option.getOrNull(workRef(yield* HttpRouter.params))
  const work = ref === null ? null : yield* (yield* ConversationStore).work(ref.org, ref.id)
  if (work?.status !== "dead") return notFound
  const which = { ids: [work.id], orgId: work.lane.orgId }
  yield* reason === null ? replayNoted(principal, which) : discardNoted(principal, which, reason)
  return backToLetters
})

const onReplay = (request: HttpServerRequest) =>
  act(request, "deadLetters.write", (principal) => handled(principal, null))

const onDiscard = (request: HttpServerRequest) =>
  act(
    request,
    "deadLetters.write",
    Effect.fnUntraced(function* (principal) {
      const reason = Option.getOrNull(reasonIn((yield* formOf(request)).get("reason")))
      if (reason === null) return plain("Say in the field `reason` why, in at most 500 characters.", 400)
      return yield* handled(principal, reason)
    }),
  )

const Pages = Layer.mergeAll(
  HttpRouter.add("GET", "/", () => Effect.succeed(HttpServerResponse.redirect("/sessions", { status: 303 }))),
  HttpRouter.add("GET", "/sessions", (request) =>
    ownPage(
      request,
      Effect.fnUntraced(function* (principal) {
        const sessions = yield* recentSessions((orgId) => may(principal, "sessions.read", orgId))
        return htmlAnswer(sessionListPage(sessions, yield* Banner, yield* customersOf(sessions)))
      }),
    ),
  ),
  HttpRouter.add("GET", "/sessions/:org/:session", (request) =>
    ownPage(request, (principal) =>
      withSession((session) =>
        may(principal, "sessions.read", session.orgId)
          ? Effect.map(sessionStory(session.orgId, session.id), (story) =>
              story === null
                ? notFound
                : htmlAnswer(sessionPage(story.session, story.contact, story.entries)),
            )
          : Effect.succeed(notFound),
      ),
    ),
  ),
  HttpRouter.add("GET", "/dead-letters", (request) =>
    page(
      request,
      Effect.gen(function* () {
        return htmlAnswer(deadLettersPage(yield* listDeadLetters({ orgId: null, tasks: [], limit: 200 })))
      }),
    ),
  ),
  HttpRouter.add("POST", "/dead-letters/:org/:id/replay", onReplay),
  HttpRouter.add("POST", "/dead-letters/:org/:id/discard", onDiscard),
)

export const OperatorRoutes = Layer.mergeAll(Pages, ...LoginRoutes)
