/** `opencx doctor`: looks at both sides, names what is wrong, why, and what to do; for all, or for one conversation. */
import { Console, Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { ConfigurationError } from "../config/ConfigError.ts"
import { loadConfig } from "../config/load.ts"
import { type About, diagnose } from "../doctor/diagnose.ts"
import { diagnosisLines } from "../doctor/lines.ts"
import { configuredOrganizations } from "../organizations/configured.ts"
import { setupServices } from "../setup/services.ts"
import { environment } from "./environment.ts"
import { configFlag, jsonFlag, orgFlag } from "./flags.ts"
import { printJson } from "./output.ts"

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

export const doctor = Command.make("doctor", flags, ({ config: file, json, org, session, ticket }) =>
  Effect.gen(function* () {
    const about = yield* aboutOf(session, ticket)
    const config = yield* loadConfig(Option.getOrUndefined(file), environment)
    const work = Effect.gen(function* () {
      const organizations = yield* organizationsFor(Option.getOrNull(org), about)
      const found = yield* Effect.forEach(organizations, (one) => diagnose(one, about))
      const ok = found.every((one) => one.ok)
      if (json) yield* printJson({ ok, organizations: found })
      else for (const one of found) for (const line of diagnosisLines(one)) yield* Console.log(line)
      if (!ok)
        return yield* new ConfigurationError({
          problem: "A problem was found.",
          hint: "Why, and what to do, is said for each; docs/troubleshooting.md tells more.",
        })
    })
    yield* Effect.provide(work, setupServices(config))
  }),
).pipe(
  Command.withDescription(
    "Find out what does not work, why, and what to do: for all, or for one conversation",
  ),
)
