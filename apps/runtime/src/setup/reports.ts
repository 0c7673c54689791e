/** What the commands about an account print with `--json`, as data: documented in docs/operations/json.md, kept by a test. */
import { type AccountFindings, isVerified } from "@opencx/zendesk"
import { Schema } from "effect"

/** `needed`: without it OpenCX does not work. `problem` and `fix`: null where all is well. */
const FindingReport = Schema.Struct({
  id: Schema.String,
  ok: Schema.Boolean,
  needed: Schema.Boolean,
  problem: Schema.NullOr(Schema.String),
  fix: Schema.NullOr(Schema.String),
})

/** `complete`: Zendesk answered all that was asked, so that a finding that is missing was not wanted. */
export const VerifiedOrganization = Schema.Struct({
  organization: Schema.String,
  ok: Schema.Boolean,
  complete: Schema.Boolean,
  ticketing: Schema.Array(FindingReport),
  messaging: Schema.Array(FindingReport),
})
export type VerifiedOrganization = typeof VerifiedOrganization.Type

/** `opencx verify --json`. */
export const VerifyReport = Schema.Struct({
  ok: Schema.Boolean,
  complete: Schema.Boolean,
  organizations: Schema.Array(VerifiedOrganization),
})

export const verifiedOrganization = (organization: string, found: AccountFindings): VerifiedOrganization => ({
  organization,
  ok: isVerified(found),
  complete: [...found.ticketing, ...found.messaging].every(({ id, ok }) => ok || id !== "reachable"),
  ...found,
})

export const verifyReport = (
  organizations: ReadonlyArray<VerifiedOrganization>,
): typeof VerifyReport.Type => ({
  ok: organizations.every(({ ok }) => ok),
  complete: organizations.every(({ complete }) => complete),
  organizations,
})

/** `opencx connect zendesk --json`: by consent it names the user, or with `--by-hand` the address to open; else findings. */
export const ConnectReport = Schema.Union([
  Schema.Struct({ organization: Schema.String, ok: Schema.Boolean, findings: Schema.Array(FindingReport) }),
  Schema.Struct({
    organization: Schema.String,
    ok: Schema.Literal(true),
    user: Schema.Struct({ userId: Schema.String, name: Schema.String }),
  }),
  Schema.Struct({ organization: Schema.String, url: Schema.String }),
])

const StepReport = Schema.Struct({
  id: Schema.String,
  action: Schema.Literals(["create", "repair", "remove", "keep"]),
  what: Schema.String,
  why: Schema.Array(Schema.String),
  irreversible: Schema.Boolean,
})

/** `opencx setup zendesk --dry-run --json` and `opencx disconnect zendesk --dry-run --json`. */
export const PlanReport = Schema.Struct({
  organization: Schema.String,
  plan: Schema.Array(StepReport),
  byHand: Schema.Array(Schema.String),
})

/** `opencx setup zendesk --json` and `opencx disconnect zendesk --json`, after they have acted. */
export const ActedReport = Schema.Struct({
  organization: Schema.String,
  ok: Schema.Boolean,
  done: Schema.Array(StepReport),
  failed: Schema.Array(Schema.Struct({ step: StepReport, problem: Schema.String })),
  left: Schema.Array(StepReport),
  byHand: Schema.Array(Schema.String),
})

/** A line of `opencx verify-e2e --json`: what is to be done now, and at the end what came of it. */
export const E2eLine = Schema.Union([
  Schema.Struct({ event: Schema.Literal("now"), step: Schema.String, instruction: Schema.String }),
  Schema.Struct({
    event: Schema.Literal("finished"),
    ok: Schema.Boolean,
    steps: Schema.Array(
      Schema.Struct({
        step: Schema.String,
        ok: Schema.Boolean,
        said: Schema.String,
        seconds: Schema.Number,
        fix: Schema.NullOr(Schema.String),
      }),
    ),
  }),
])
