/** `opencx schedules`: the business hours that Zendesk has, and those that an organization uses. */
import { Console, DateTime, Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { ConfigurationError } from "../config/ConfigError.ts"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import { loadConfig } from "../config/load.ts"
import { connectZendesk } from "../layers/ZendeskAccounts.ts"
import { printable } from "../logging/printable.ts"
import { type SchedulesOf, schedulesOf } from "../schedules/listSchedules.ts"
import { organizationSchedule } from "../schedules/OrganizationSchedule.ts"
import { readNow } from "../schedules/readNow.ts"
import { connected, setupServices } from "../setup/services.ts"
import { environment } from "./environment.ts"
import { configFlag, jsonFlag, orgFlag } from "./flags.ts"
import { printJson } from "./output.ts"

const iso = (at: number): string => DateTime.formatIso(DateTime.makeUnsafe(at))

const usedLines = ({ used }: SchedulesOf): ReadonlyArray<string> => {
  if (used === null) return ["  Office hours come from none of them: see handoff.officeHours."]
  const { copy, trouble, wanted } = used
  return [
    copy === null
      ? `  Office hours: "${wanted}", of which no copy was ever read; handed over as if somebody were always there.`
      : `  Office hours: "${copy.name}" (${copy.id}), read ${iso(copy.readAt)}, ${copy.hours.holidays.length} holidays to come.`,
    ...(trouble === null
      ? []
      : [`  It cannot be read since ${iso(trouble.since)}: ${trouble.problem} ${trouble.fix}`]),
  ]
}

const lines = (id: string, found: SchedulesOf): ReadonlyArray<string> => [
  `${id}:`,
  ...(found.problem === null ? [] : [`  ${found.problem}`]),
  ...(found.problem === null && found.schedules.length === 0 ? ["  Zendesk has no schedules."] : []),
  ...found.schedules.map(
    ({ id: number, intervals, name, timeZone, zone }) =>
      `  ${number}  ${name}: ${timeZone} (${zone ?? "a zone that OpenCX does not know"}), ${intervals === 0 ? "never open" : `${intervals} intervals a week`}`,
  ),
  ...usedLines(found),
]

const one = Effect.fnUntraced(function* (organization: OrganizationConfig, read: boolean) {
  const zendesk = yield* connectZendesk(organization)
  const schedule = read ? yield* organizationSchedule(organization, zendesk) : null
  if (schedule !== null) yield* readNow(schedule)
  return { organization: organization.id, ...(yield* schedulesOf(organization, zendesk)) }
})

const isBad = ({ problem, used }: SchedulesOf): boolean =>
  problem !== null || (used !== null && used.trouble !== null)

const flags = {
  config: configFlag,
  org: orgFlag,
  read: Flag.Boolean("read").pipe(
    Flag.withDescription(
      "Read the schedule that office hours come from now; a runtime that is up follows within seconds",
    ),
    Flag.withDefault(false),
  ),
  json: jsonFlag,
}

export const schedules = Command.make("schedules", flags, ({ config: file, json, org, read }) =>
  Effect.gen(function* () {
    const config = yield* loadConfig(Option.getOrUndefined(file), environment)
    const work = Effect.gen(function* () {
      const organizations = (yield* connected(Option.getOrNull(org))).filter(
        (each) => each.zendesk !== undefined,
      )
      const results = yield* Effect.forEach(organizations, (each) => one(each, read))
      if (json) yield* printJson(results)
      else
        for (const each of results) yield* Console.log(printable(lines(each.organization, each).join("\n")))
      if (results.some(isBad))
        return yield* new ConfigurationError({
          problem: "Not every schedule can be read.",
          hint: "What is wrong and what to do is said above.",
        })
    })
    yield* Effect.provide(work, setupServices(config))
  }),
).pipe(Command.withDescription("List Zendesk's schedules, and which of them office hours come from"))
