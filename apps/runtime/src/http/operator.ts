/** What operators see and do: sessions, timelines, dead letters, commands. HTML for people, JSON under `/api`. */
import {
  Contacts,
  ConversationStore,
  Engine,
  Ingest,
  OperatorCommandName,
  Organizations,
  OrgId,
  type Session,
  SessionId,
  WorkId,
} from "@opencx/core"
import { Effect, Layer, Option, Predicate, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import * as HttpRouter from "effect/http/HttpRouter"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { Access } from "../access/Access.ts"
import { everywhere, may, type Principal } from "../access/Principal.ts"
import type { Action } from "../access/roles.ts"
import { toLogin } from "./access.ts"
import { comeAgain } from "./answers.ts"
import { rawBody } from "./body.ts"
import { customersOf } from "./customersOf.ts"
import { LoginRoutes } from "./login.ts"
import { Banner } from "./pages/Banner.ts"
import { htmlAnswer } from "./pages/html.ts"
import { forbiddenPage } from "./pages/nav.ts"
import { deadLettersPage, sessionListPage, sessionPage } from "./pages/session.ts"

type Answer = HttpServerResponse.HttpServerResponse

const json = (body: unknown, status = 200): Answer => HttpServerResponse.jsonUnsafe(body, { status })
const notFound = json({ error: "not_found" }, 404)
const forbidden = json({ error: "forbidden", detail: "Send the operator token as a bearer token." }, 403)

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

/** `/api`: a plain refusal. Over all organizations, so for people of the installation. */
export const api = <E, R>(
  request: HttpServerRequest,
  body: Effect.Effect<Answer, E, R>,
  action: Action = request.method === "GET" ? "installation.read" : "installation.write",
) =>
  guarded(
    Effect.gen(function* () {
      yield* (yield* Access).requires(request, action, everywhere)
      return yield* body
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

const timelineOf = Effect.fnUntraced(function* (session: Session) {
  const entries = yield* (yield* ConversationStore).timeline(session.id)
  const contact = yield* (yield* Contacts).get(session.orgId, session.contactId)
  return { session, contact, entries }
})

const workRef = Schema.decodeUnknownOption(WorkId)

const backOrJson = (request: HttpServerRequest, body: unknown): Answer =>
  request.headers["accept"]?.includes("text/html") === true
    ? HttpServerResponse.redirect("/dead-letters", { status: 303 })
    : json(body)

const onDeadLetter = (request: HttpServerRequest, action: "replay" | "discard") =>
  Effect.gen(function* () {
    const { id } = yield* HttpRouter.params
    const workId = Option.getOrNull(workRef(id))
    if (workId === null) return notFound
    const done =
      action === "replay"
        ? (yield* (yield* Engine).replay(workId)) !== null
        : yield* (yield* ConversationStore).discard(workId, "discarded by an operator")
    return done ? backOrJson(request, { ok: true }) : notFound
  })

const Command = Schema.Struct({
  command: OperatorCommandName,
  /** The sender's own id of this command: the same one again has no effect. */
  key: Schema.optionalKey(Schema.String.check(Schema.isMaxLength(100))),
})
const commandBody = Schema.decodeUnknownOption(Schema.fromJsonString(Command))

const maxCommandBytes = 10_000

/** The command in a request; null when it is none, or too large to be one. */
const commandOf = (request: HttpServerRequest) =>
  rawBody(request, maxCommandBytes).pipe(
    Effect.map((bytes) => Option.getOrNull(commandBody(new TextDecoder().decode(bytes)))),
    Effect.orElseSucceed(() => null),
  )

const onCommand = (request: HttpServerRequest) =>
  withSession((session) =>
    Effect.gen(function* () {
      const body = yield* commandOf(request)
      if (body === null)
        return json(
          { error: "bad_request", detail: 'Send { "command": "take_over" | "hand_back" | "close" }.' },
          400,
        )
      const key = `operator:${body.key ?? SecureRandom.uuidV4Unsafe()}`
      const ingest = yield* Ingest
      yield* ingest.command({
        orgId: session.orgId,
        sessionId: session.id,
        command: body.command,
        by: "operator",
        commandKey: key,
      })
      return json({ ok: true }, 202)
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
          ? Effect.map(timelineOf(session), ({ contact, entries }) =>
              htmlAnswer(sessionPage(session, contact, entries)),
            )
          : Effect.succeed(notFound),
      ),
    ),
  ),
  HttpRouter.add("GET", "/dead-letters", (request) =>
    page(
      request,
      Effect.gen(function* () {
        return htmlAnswer(deadLettersPage(yield* (yield* ConversationStore).deadLetters(null, 200)))
      }),
    ),
  ),
)

const Api = Layer.mergeAll(
  HttpRouter.add("GET", "/api/sessions", (request) =>
    api(
      request,
      Effect.map(
        recentSessions(() => true),
        (sessions) => json({ sessions }),
      ),
    ),
  ),
  HttpRouter.add("GET", "/api/sessions/:org/:session", (request) =>
    api(
      request,
      withSession((session) => Effect.map(timelineOf(session), (found) => json(found))),
    ),
  ),
  HttpRouter.add("POST", "/api/sessions/:org/:session/commands", (request) =>
    api(request, onCommand(request), "sessions.command"),
  ),
  HttpRouter.add("GET", "/api/dead-letters", (request) =>
    api(
      request,
      Effect.gen(function* () {
        return json({ deadLetters: yield* (yield* ConversationStore).deadLetters(null, 200) })
      }),
    ),
  ),
  HttpRouter.add("POST", "/api/dead-letters/:id/replay", (request) =>
    api(request, onDeadLetter(request, "replay"), "deadLetters.write"),
  ),
  HttpRouter.add("POST", "/api/dead-letters/:id/discard", (request) =>
    api(request, onDeadLetter(request, "discard"), "deadLetters.write"),
  ),
)

export const OperatorRoutes = Layer.mergeAll(Pages, Api, ...LoginRoutes)
