/** `opencx doctor`: looks at both sides, names what is wrong, why, and what to do; for all, or for one conversation. */
import { Console, Effect, Option, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { ConfigurationError } from "../config/ConfigError.ts"
import { loadConfig } from "../config/load.ts"
import { type About, diagnose, usualPatienceMs } from "../doctor/diagnose.ts"
import { type Diagnosis, doctorReport, DoctorReport, isComplete } from "../doctor/Diagnosis.ts"
import { diagnosisLines } from "../doctor/lines.ts"
import { configuredOrganizations } from "../organizations/configured.ts"
import { setupServices } from "../setup/services.ts"
import { environment } from "./environment.ts"
import { couldNotLook, EndsWith } from "./ending.ts"
import { configFlag, jsonFlag, orgFlag } from "./flags.ts"
import { printAs } from "./output.ts"

const flags = {
  config: configFlag,
  org: orgFlag,
  session: Flag.String("session").pipe(
    Flag.withDescription("Look at this session (its id is the ticket's external_id)"),
    Flag.optional,
  ),
  ticket: Flag.String("ticket").pipe(
    Flag.withDescription("Look at the conversation of this Zendesk ticket"),
    Flag.optional,
  ),
  timeout: Flag.Int("timeout").pipe(
    Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 3600 }))),
    Flag.withDescription(
      "Seconds to wait for Zendesk, all questions of an organization together (default 120)",
    ),
    Flag.withDefault(usualPatienceMs / 1000),
  ),
  json: jsonFlag,
}

const aboutOf = (session: Option.Option<string>, ticket: Option.Option<string>) => {
  if (Option.isSome(session) && Option.isSome(ticket))
    return new ConfigurationError({
      problem: "Both --session and --ticket were given.",
      hint: "Name the conversation by one of them.",
    })
  if (Option.isSome(session)) return Effect.succeed<About>({ _tag: "Session", id: session.value })
  return Effect.succeed(Option.isSome(ticket) ? ({ _tag: "Ticket", id: ticket.value } satisfies About) : null)
}

/** The named one, or all, those kept in the database too; a conversation is looked for in exactly one. */
const organizationsFor = Effect.fnUntraced(function* (named: string | null, about: About | null) {
  const all = (yield* configuredOrganizations).map(({ config }) => config)
  const ids = all.map(({ id }) => id).join(", ")
  const chosen = all.filter(({ id }) => named === null || id === named)
  if (chosen.length === 0)
    return yield* new ConfigurationError({
      problem: `There is no organization "${named ?? ""}".`,
      hint: `Organizations: ${ids}.`,
    })
  if (about !== null && chosen.length > 1)
    return yield* new ConfigurationError({
      problem: "There are several organizations.",
      hint: `Name the conversation's with --org: ${ids}.`,
    })
  return chosen
})

/** That Zendesk does not answer says nothing about the account. */
const isBroken = ({ checks }: Diagnosis): boolean =>
  checks.some(({ id, needed, status }) => needed && status === "problem" && !id.endsWith(".reachable"))

/** Fails with the exit code that tells what was found: 1 for a problem, 2 for what could not be looked at. */
const endOf = (found: ReadonlyArray<Diagnosis>): Effect.Effect<void, EndsWith> => {
  if (found.some(isBroken))
    return new EndsWith({
      code: 1,
      problem: "A problem was found.",
      hint: "Why, and what to do, is said for each; docs/troubleshooting.md tells more.",
    })
  return found.some((one) => !one.ok || !isComplete(one))
    ? new EndsWith({
        code: 2,
        problem: "No problem was found, but not everything could be looked at.",
        hint: "What did not answer, and each line that begins with unknown, says why. Mend that, or run it again later.",
      })
    : Effect.void
}

export const doctor = Command.make("doctor", flags, ({ config: file, json, org, session, ticket, timeout }) =>
  Effect.gen(function* () {
    const about = yield* aboutOf(session, ticket)
    const config = yield* loadConfig(Option.getOrUndefined(file), environment)
    const work = Effect.gen(function* () {
      const organizations = yield* organizationsFor(Option.getOrNull(org), about)
      const found = yield* Effect.forEach(organizations, (one) => diagnose(one, about, timeout * 1000))
      if (json) yield* printAs(DoctorReport, doctorReport(found))
      else for (const one of found) for (const line of diagnosisLines(one)) yield* Console.log(line)
      yield* endOf(found)
    })
    yield* Effect.provide(work, setupServices(config))
  }).pipe(couldNotLook),
).pipe(
  Command.withDescription(
    "Find out what does not work, why, and what to do: for all, or for one conversation. Ends with 0: all is well, 1: a problem, 2: not everything could be looked at",
  ),
)
