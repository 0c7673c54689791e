/** What the doctor answers, as data: for programs that read its JSON, and for the description of the API. */
import { Schema } from "effect"

/** `unknown`: it could not be found out, and `problem` says why. */
const CheckStatus = Schema.Literals(["ok", "problem", "unknown"])

/**
 * What one check has found. `needed`: while it is a problem, something does not work; otherwise it may be meant so, and is
 * worth knowing. `fix` is null where there is nothing to do. `evidence`: what the verdict rests on, a sentence each; no
 * secrets, and of customers neither words nor addresses.
 */
export const CheckResult = Schema.Struct({
  id: Schema.String,
  status: CheckStatus,
  needed: Schema.Boolean,
  problem: Schema.NullOr(Schema.String),
  fix: Schema.NullOr(Schema.String),
  evidence: Schema.Array(Schema.String),
})
export type CheckResult = typeof CheckResult.Type

/** One conversation. Times are ISO 8601. */
export const ConversationReport = Schema.Struct({
  sessionId: Schema.NullOr(Schema.String),
  ticketId: Schema.NullOr(Schema.String),
  channel: Schema.NullOr(Schema.String),
  state: Schema.NullOr(Schema.String),
  handoffPending: Schema.Boolean,
  /** Status of the linked ticket as Zendesk has it now. */
  ticketStatus: Schema.NullOr(Schema.String),
  ticketTags: Schema.Array(Schema.String),
  /** Who has the live chat in Zendesk now. */
  control: Schema.NullOr(Schema.String),
  deadLetters: Schema.Array(Schema.Struct({ id: Schema.String, task: Schema.String, why: Schema.String })),
  deliveries: Schema.Array(
    Schema.Struct({ at: Schema.String, status: Schema.String, why: Schema.NullOr(Schema.String) }),
  ),
  /** The newest facts of the timeline, oldest first. */
  timeline: Schema.Array(Schema.Struct({ at: Schema.String, what: Schema.String })),
  /** The first thing to do, or what is waited for. */
  next: Schema.String,
})
export type ConversationReport = typeof ConversationReport.Type

/** `ok`: no problem was found with which something does not work. `checks`: in the order of the table, causes first. */
export const Diagnosis = Schema.Struct({
  organization: Schema.String,
  ok: Schema.Boolean,
  checks: Schema.Array(CheckResult),
  /** Null where no conversation was asked about. */
  conversation: Schema.NullOr(ConversationReport),
})
export type Diagnosis = typeof Diagnosis.Type

/** Whether every check could be looked at. */
export const isComplete = ({ checks }: Diagnosis): boolean =>
  checks.every(({ status }) => status !== "unknown")

/** What `opencx doctor --json` prints. `complete`: nothing is unknown, so that `ok` speaks of everything. */
export const DoctorReport = Schema.Struct({
  ok: Schema.Boolean,
  complete: Schema.Boolean,
  organizations: Schema.Array(Diagnosis),
})

export const doctorReport = (organizations: ReadonlyArray<Diagnosis>): typeof DoctorReport.Type => ({
  ok: organizations.every(({ ok }) => ok),
  complete: organizations.every(isComplete),
  organizations,
})
