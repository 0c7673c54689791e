/** The connection to Zendesk: credentials proved and kept, verified, set up, looked at, taken away again. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { ManagedByFile, VersionMismatch } from "../../organizations/problems.ts"
import { Guard, inOrganization, Needs } from "./Guard.ts"
import { SettingsView } from "./organizations.ts"
import { NotPossible, ZendeskFailed } from "./trouble.ts"
import { ifMatch } from "./versions.ts"

/** One capability. `problem`, `fix`: null when it is there. `needed`: OpenCX does not work without it. */
const FindingView = Schema.Struct({
  id: Schema.String,
  ok: Schema.Boolean,
  needed: Schema.Boolean,
  problem: Schema.NullOr(Schema.String),
  fix: Schema.NullOr(Schema.String),
})

const findings = { ticketing: Schema.Array(FindingView), messaging: Schema.Array(FindingView) }

/** The credentials do not let OpenCX do what it needs. Nothing was stored. 422. */
export class NotVerified extends Schema.TaggedError<NotVerified>("@opencx/runtime/NotVerified")(
  "NotVerified",
  { ...findings, hint: Schema.String },
  { httpApiStatus: 422 },
) {}

const StepSchema = Schema.Struct({
  id: Schema.String,
  action: Schema.Literals(["create", "repair", "remove", "keep"]),
  what: Schema.String,
  why: Schema.Array(Schema.String),
  /** Done only when the request says so itself. */
  irreversible: Schema.Boolean,
})

/** What would be done now. `id` goes with the request to do it. */
const PlanView = Schema.Struct({
  id: Schema.String,
  steps: Schema.Array(StepSchema),
  /** What no API does, as instructions. */
  byHand: Schema.Array(Schema.String),
})

/** Something else would be done now than what was shown. Nothing was changed. 409. `plan`: what would be done. */
export class PlanChanged extends Schema.TaggedError<PlanChanged>("@opencx/runtime/PlanChanged")(
  "PlanChanged",
  { plan: PlanView, hint: Schema.String },
  { httpApiStatus: 409 },
) {}

/** `failed`: each with its reason; apply a new plan when that is mended. `left`: what nobody has agreed to. */
const ReportView = Schema.Struct({
  ok: Schema.Boolean,
  done: Schema.Array(StepSchema),
  failed: Schema.Array(Schema.Struct({ step: StepSchema, problem: Schema.String })),
  left: Schema.Array(StepSchema),
  byHand: Schema.Array(Schema.String),
})

const Section = Schema.Record(Schema.String, Schema.Json)
const Name = Schema.NonEmptyString.check(Schema.isMaxLength(200))
const Names = Schema.Array(Name).check(Schema.isMaxLength(100))

/** Channels of Zendesk's on which the AI answers first from now on, and which go back: kinds, ids or names. */
const choice = { channels: Schema.optionalKey(Names), giveBack: Schema.optionalKey(Names) }

const planId = { plan: Schema.NonEmptyString.check(Schema.isMaxLength(100)) }
const troubles = [NotPossible, ZendeskFailed]

/**
 * Proves the credentials, then stores them sealed and runs with them. Refused ones are not stored. `zendesk`, `messaging`: as
 * the integrations of these names.
 */
const connect = HttpApiEndpoint.post("connect", "/organizations/:org/zendesk/connect", {
  params: inOrganization,
  headers: ifMatch,
  payload: Schema.Struct({ zendesk: Schema.optionalKey(Section), messaging: Schema.optionalKey(Section) }),
  success: Schema.Struct({ settings: SettingsView, ...findings }),
  error: [ManagedByFile, VersionMismatch, NotVerified, ...troubles],
}).annotate(Needs, "organization.write")

/**
 * For `auth.type` "oauth_authorization_code": the address of Zendesk's consent page. The browser comes back to `redirectUri`,
 * which the OAuth client must list; the same user, in the same browser session, is then connected. Good once, until
 * `expiresAt` (epoch ms).
 */
const beginConsent = HttpApiEndpoint.post("beginConsent", "/organizations/:org/zendesk/consent", {
  params: inOrganization,
  success: Schema.Struct({
    url: Schema.String,
    state: Schema.String,
    redirectUri: Schema.String,
    expiresAt: Schema.Finite,
  }),
  error: troubles,
}).annotate(Needs, "organization.write")

/** For programs that have begun it: `redirected` is the whole address that the browser was sent back to. */
const finishConsent = HttpApiEndpoint.post("finishConsent", "/organizations/:org/zendesk/consent/finish", {
  params: inOrganization,
  payload: Schema.Struct({ redirected: Schema.NonEmptyString.check(Schema.isMaxLength(8_000)) }),
  success: Schema.Struct({ userId: Schema.String, name: Schema.String }),
  error: troubles,
}).annotate(Needs, "organization.write")

/** Asks Zendesk for each thing that OpenCX needs, and for what setting up makes. Changes nothing. */
const verify = HttpApiEndpoint.post("verify", "/organizations/:org/zendesk/verify", {
  params: inOrganization,
  success: Schema.Struct({ ok: Schema.Boolean, ...findings }),
  error: troubles,
}).annotate(Needs, "organization.write")

/** The dry run. */
const planSetup = HttpApiEndpoint.post("planSetup", "/organizations/:org/zendesk/setup/plan", {
  params: inOrganization,
  payload: Schema.Struct(choice),
  success: PlanView,
  error: troubles,
}).annotate(Needs, "organization.write")

/** `multiConversations`: turns them on too, which cannot be undone. The choice of channels is that of the plan. */
const applySetup = HttpApiEndpoint.post("applySetup", "/organizations/:org/zendesk/setup/apply", {
  params: inOrganization,
  payload: Schema.Struct({
    ...planId,
    ...choice,
    multiConversations: Schema.optionalKey(Schema.Boolean),
  }),
  success: ReportView,
  error: [PlanChanged, ...troubles],
}).annotate(Needs, "organization.write")

/** `now`: open conversations are not waited for; humans' replies in them then reach nobody any more. */
const now = { now: Schema.optionalKey(Schema.Boolean) }

const planDisconnect = HttpApiEndpoint.post("planDisconnect", "/organizations/:org/zendesk/disconnect/plan", {
  params: inOrganization,
  payload: Schema.Struct(now),
  success: PlanView,
  error: troubles,
}).annotate(Needs, "organization.write")

/** Takes away what setting up has made; tickets, customers and conversations stay. */
const applyDisconnect = HttpApiEndpoint.post(
  "applyDisconnect",
  "/organizations/:org/zendesk/disconnect/apply",
  {
    params: inOrganization,
    payload: Schema.Struct({ ...planId, ...now }),
    success: ReportView,
    error: [PlanChanged, ...troubles],
  },
).annotate(Needs, "organization.write")

const BreakerView = Schema.Struct({
  state: Schema.Literals(["closed", "open", "half_open"]),
  failuresInARow: Schema.Int,
  /** Epoch milliseconds. */
  openUntil: Schema.NullOr(Schema.Finite),
})

const CallsView = { breaker: BreakerView, calls: Schema.Int, failures: Schema.Int }

/** Calls in this minute. */
const BudgetView = Schema.Struct({
  limit: Schema.Finite,
  available: Schema.Finite,
  blockedUntil: Schema.NullOr(Schema.Finite),
})

/** As this process sees it now, without a call to Zendesk. Null: not connected. */
const StatusView = Schema.Struct({
  ticketing: Schema.NullOr(
    Schema.Struct({
      subdomain: Schema.String,
      signIn: Schema.String,
      ...CallsView,
      budget: Schema.Struct({ support: BudgetView, help_center: BudgetView }),
      /** Epoch milliseconds; null: no token yet, or one without an end. */
      tokenExpiresAt: Schema.NullOr(Schema.Finite),
    }),
  ),
  messaging: Schema.NullOr(Schema.Struct({ appId: Schema.String, ...CallsView })),
  /** `lastSeenAt`: of the last genuine call of Zendesk's, epoch ms; null: none since the start. */
  hooks: Schema.Array(Schema.Struct({ what: Schema.String, lastSeenAt: Schema.NullOr(Schema.Finite) })),
})

const status = HttpApiEndpoint.get("status", "/organizations/:org/zendesk/status", {
  params: inOrganization,
  success: StatusView,
  error: NotPossible,
}).annotate(Needs, "organization.read")

/** What Zendesk and the channels' providers must call: the same as `opencx urls`. Who knows one may call it. */
const hooks = HttpApiEndpoint.get("hooks", "/organizations/:org/zendesk/hooks", {
  params: inOrganization,
  success: Schema.Array(Schema.Struct({ what: Schema.String, url: Schema.String })),
}).annotate(Needs, "organization.write")

export class ZendeskGroup extends HttpApiGroup.make("zendesk")
  .add(
    status,
    hooks,
    connect,
    beginConsent,
    finishConsent,
    verify,
    planSetup,
    applySetup,
    planDisconnect,
    applyDisconnect,
  )
  .middleware(Guard) {}
