/** Whether a connection to Zendesk Support can do everything that OpenCX needs: asked of real resources, one by one. */
import { Clock, DateTime, Effect, Schema } from "effect"
import { makeZendeskClient, type ZendeskClient } from "../../client/Client.ts"
import { isSubdomain, subdomainAdvice, ZendeskConnection } from "../../client/Connection.ts"
import type { CallFailure } from "../../client/Failure.ts"
import { jsonText } from "../../client/Json.ts"
import type { TokenVault } from "../../client/TokenVault.ts"
import { assigneeComplaint } from "../../support/Assignee.ts"
import { schedulesPath } from "../../schedules/Schedules.ts"
import { isAgentRole } from "../../support/Self.ts"
import { idText, WireId } from "../../support/Wire.ts"
import { maybe } from "../../sunshine/wire/ApiWire.ts"
import { bad, type Finding, type Probe, runProbes, type Trouble } from "./Probe.ts"
import { placeProbes } from "./places.ts"
import * as say from "./ticketingTroubles.ts"

export interface TicketingProbes {
  /** The connection as somebody typed it. */
  readonly settings: unknown
  /** Where an authorization that a person gave is kept; only for that way of signing in. */
  readonly vault?: TokenVault
  /** Whether the AI fills ticket fields, and whether it reads the Help Center with these credentials. */
  readonly ticketFields: boolean
  readonly helpCenter: boolean
  /** Whether office hours come from a schedule of the account. */
  readonly schedules?: boolean
}

const Me = Schema.Struct({
  user: Schema.Struct({
    id: Schema.NullOr(WireId),
    role: maybe(Schema.String),
    only_private_comments: maybe(Schema.Boolean),
  }),
})

const decode = Schema.decodeUnknownEffect(ZendeskConnection, { errors: "all" })
const Raw = Schema.decodeUnknownOption(Schema.Struct({ subdomain: Schema.String }))

/** What is wrong with settings that cannot be used at all. */
const settingsTrouble = (settings: unknown, message: string): Trouble => {
  const raw = Raw(settings)
  if (raw._tag === "Some" && !isSubdomain(raw.value.subdomain))
    return say.wrongSubdomain(subdomainAdvice(raw.value.subdomain))
  return {
    problem: `The connection's settings are not valid: ${message}`,
    fix: "See “Connecting a real Zendesk account” in the README.",
  }
}

const get = (client: ZendeskClient, path: string, query: Readonly<Record<string, string>> = {}) =>
  client.json(Schema.Unknown, { method: "GET", path, query })

/** 403 in the words of the capability. Other answers prove that the call was let in, or fail as themselves. */
const allowed = (
  call: Effect.Effect<unknown, CallFailure>,
  words: (said: string) => Trouble,
): Effect.Effect<Trouble | null, CallFailure> =>
  call.pipe(
    Effect.as(null),
    Effect.catch((failure) =>
      failure.status === 403 ? Effect.succeed(words(failure.body?.text ?? "403")) : Effect.fail(failure),
    ),
  )

const Made = Schema.Record(Schema.String, Schema.Struct({ id: WireId }))

/**
 * Whether something may be made, without making it: the body is one that Zendesk refuses as incomplete (400 or 422) after it
 * has looked at the rights. Should it be accepted all the same, what was made is deleted again at once.
 */
const mayCreate = (
  client: ZendeskClient,
  kind: "ticket" | "user",
  body: object,
  words: (said: string) => Trouble,
): Effect.Effect<Trouble | null, CallFailure> =>
  allowed(
    client.json(Made, { method: "POST", path: `/api/v2/${kind}s`, json: jsonText({ [kind]: body }) }).pipe(
      Effect.flatMap((made) => {
        const id = made[kind]?.id
        return id === undefined
          ? Effect.void
          : client.request({ method: "DELETE", path: `/api/v2/${kind}s/${encodeURIComponent(idText(id))}` })
      }),
      Effect.catch((failure) =>
        failure.status === 400 || failure.status === 422 ? Effect.void : Effect.fail(failure),
      ),
    ),
    words,
  )

const whoProbes = (client: ZendeskClient): ReadonlyArray<Probe> => {
  const me = client.json(Me, { method: "GET", path: "/api/v2/users/me" })
  return [
    {
      id: "credentials",
      stops: true,
      // 200 alone proves nothing: Zendesk answers so to strangers.
      run: Effect.map(me, ({ user }) => (user.id === null || idText(user.id) === "" ? say.anonymous : null)),
    },
    {
      id: "role",
      stops: true,
      run: Effect.map(me, ({ user }) =>
        isAgentRole(user.role) ? null : say.notAnAgent(user.role ?? "unknown"),
      ),
    },
    {
      id: "public_comments",
      run: Effect.map(me, ({ user }) => (user.only_private_comments === true ? say.privateOnly : null)),
    },
  ]
}

const workProbes = (client: ZendeskClient): ReadonlyArray<Probe> => [
  { id: "read_tickets", run: allowed(get(client, "/api/v2/tickets/count"), say.capabilities.read_tickets) },
  {
    id: "create_tickets",
    run: mayCreate(client, "ticket", { comment: { body: "" } }, say.capabilities.create_tickets),
  },
  {
    id: "read_users",
    run: allowed(
      get(client, "/api/v2/users/search", { query: 'email:"nobody@invalid.example"' }),
      say.capabilities.read_users,
    ),
  },
  { id: "create_users", run: mayCreate(client, "user", { name: "" }, say.capabilities.create_users) },
]

const optionalProbes = (
  client: ZendeskClient,
  connection: ZendeskConnection,
  { helpCenter, schedules = false, ticketFields, vault }: TicketingProbes,
): ReadonlyArray<Probe> => {
  const assignee = connection.defaultAssigneeId
  const small = { "page[size]": "1" }
  const setup = Effect.andThen(get(client, "/api/v2/webhooks", small), get(client, "/api/v2/triggers", small))
  const fields = get(client, "/api/v2/ticket_fields", small)
  return [
    ...(ticketFields ? [{ id: "ticket_fields", run: allowed(fields, say.capabilities.ticket_fields) }] : []),
    ...(schedules ? [{ id: "schedules", run: schedulesProbe(client) }] : []),
    ...(helpCenter ? [{ id: "help_center", run: helpCenterProbe(client) }] : []),
    ...(assignee === undefined
      ? []
      : [{ id: "default_assignee", needed: false, run: assigneeProbe(client, String(assignee)) }]),
    ...placeProbes(client, connection),
    { id: "setup_rights", needed: false, run: allowed(setup, () => say.notAnAdmin) },
    ...(connection.auth.type === "oauth_authorization_code" && vault !== undefined
      ? [{ id: "authorization", needed: false, run: authorizationProbe(vault) }]
      : []),
    ...(connection.auth.type === "api_token"
      ? [{ id: "api_token_end", needed: false, run: Effect.succeed(say.tokensEnd) }]
      : []),
  ]
}

/** Accounts without business hours answer 403 or 404; which is not documented. */
const schedulesProbe = (client: ZendeskClient) =>
  allowed(get(client, schedulesPath), () => say.noSchedules).pipe(
    Effect.catch((failure) =>
      failure.status === 404 && failure.body?.html !== true
        ? Effect.succeed(say.noSchedules)
        : Effect.fail(failure),
    ),
  )

const helpCenterProbe = (client: ZendeskClient) =>
  allowed(
    get(client, "/api/v2/help_center/articles.json", { "page[size]": "1" }),
    say.capabilities.help_center,
  ).pipe(
    Effect.catch((failure) =>
      failure.status === 404 ? Effect.succeed(say.noHelpCenter) : Effect.fail(failure),
    ),
  )

/** Whether a refresh has been begun whose answer never came: then the authorization works, and not for long. */
const authorizationProbe = (vault: TokenVault) =>
  Effect.gen(function* () {
    const [tokens, begunAt] = [yield* vault.read, yield* vault.begun]
    const now = yield* Clock.currentTimeMillis
    if (tokens === null || begunAt === null || now < tokens.renewAt) return null
    return say.lostRefresh(DateTime.formatIso(DateTime.makeUnsafe(tokens.expiresAt)))
  }).pipe(Effect.catch(({ message }) => Effect.succeed(say.unreadableVault(message))))

const assigneeProbe = (client: ZendeskClient, id: string) =>
  assigneeComplaint(client, id).pipe(
    Effect.map((why) => (why === null ? null : say.wrongAssignee(why))),
    Effect.catch((error) => Effect.succeed(say.wrongAssignee(error.message))),
  )

/**
 * Verifies a Ticketing connection. Findings in the order of the probes; where the credentials fail, they are the last one.
 * Writes nothing to the account. Never fails.
 */
export const verifyTicketing = Effect.fn("Setup.verifyTicketing")(function* (input: TicketingProbes) {
  const decoded = yield* Effect.result(decode(input.settings))
  if (decoded._tag === "Failure") {
    const findings: ReadonlyArray<Finding> = [
      bad("settings", settingsTrouble(input.settings, decoded.failure.message)),
    ]
    return findings
  }
  const connection = decoded.success
  const client = yield* makeZendeskClient(connection, {}, input.vault)
  return yield* runProbes(
    [...whoProbes(client), ...workProbes(client), ...optionalProbes(client, connection, input)],
    say.explainCall(client.origin, connection.auth.type),
  )
})
