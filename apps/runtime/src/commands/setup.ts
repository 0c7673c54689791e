/** `opencx setup zendesk`: makes and repairs in Zendesk what OpenCX needs there, after it has shown what it would do. */
import { applySetup, type Plan, planSetup, type SetupReport, viewOf } from "@opencx/zendesk"
import { Console, Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { ConfigurationError } from "../config/ConfigError.ts"
import { loadConfig } from "../config/load.ts"
import { onlyConnected, setupServices } from "../setup/services.ts"
import { setupInput } from "../setup/account.ts"
import { saidPlainly } from "../setup/unreadable.ts"
import { planLines, reportLines } from "../setup/lines.ts"
import { ActedReport, PlanReport } from "../setup/reports.ts"
import { agreed } from "./asking.ts"
import { resumable } from "./ending.ts"
import { environment } from "./environment.ts"
import { configFlag, dryRunFlag, jsonFlag, orgFlag, yesFlag } from "./flags.ts"
import { printAs } from "./output.ts"

const flags = {
  config: configFlag,
  org: orgFlag,
  channel: Flag.String("channel").pipe(
    Flag.withDescription(
      "A channel of Zendesk's on which the AI answers first: whatsapp, web, …, an id or a name; may be given several times",
    ),
    Flag.atLeast(0),
  ),
  giveBack: Flag.String("give-back").pipe(
    Flag.withDescription("A channel that goes back to who answered first before; may be given several times"),
    Flag.atLeast(0),
  ),
  multiConversations: Flag.Boolean("multi-conversations").pipe(
    Flag.withDescription("Also turn multi-conversations on, which cannot be undone"),
    Flag.withDefault(false),
  ),
  dryRun: dryRunFlag,
  yes: yesFlag,
  json: jsonFlag,
}

const printAll = (lines: ReadonlyArray<string>) =>
  Effect.forEach(lines, (line) => Console.log(line), { discard: true })

const printPlan = Effect.fnUntraced(function* (organization: string, plan: Plan, json: boolean) {
  const steps = plan.steps.map(viewOf)
  if (json) return yield* printAs(PlanReport, { organization, plan: steps, byHand: plan.byHand })
  yield* Console.log(`${organization}, to be done in Zendesk:`)
  yield* printAll(planLines({ steps, byHand: plan.byHand }))
})

/** Prints what came of it; failed steps make the command fail. */
export const tellReport = Effect.fnUntraced(function* (
  organization: string,
  report: SetupReport,
  json: boolean,
) {
  if (json) yield* printAs(ActedReport, { organization, ok: report.failed.length === 0, ...report })
  else yield* printAll(reportLines(report))
  if (report.failed.length > 0)
    return yield* new ConfigurationError({
      problem: `${report.failed.length} step${report.failed.length === 1 ? "" : "s"} did not work.`,
      hint: "Each is named with its reason. Run it again when that is mended: what is done stays done.",
    })
})

/** A misspelt channel must not look like one that was taken care of. */
const areThere = ({ unknownChannels = [] }: Plan): Effect.Effect<void, ConfigurationError> =>
  unknownChannels.length === 0
    ? Effect.void
    : new ConfigurationError({
        problem: unknownChannels.join("\n"),
        hint: "Nothing was changed. Name a channel by its type, its id or its name, as they stand above.",
      })

/** Whether to turn on what can never be turned off: only by its own flag, or its own question. */
const agreedToIrreversible = Effect.fnUntraced(function* (plan: Plan, flag: boolean, silent: boolean) {
  if (flag || silent || !plan.steps.some((step) => step.irreversible)) return flag
  return yield* agreed("Turn multi-conversations on? This cannot be undone.", "--multi-conversations")
})

const zendesk = Command.make("zendesk", flags, (given) =>
  Effect.gen(function* () {
    const config = yield* loadConfig(Option.getOrUndefined(given.config), environment)
    const work = Effect.gen(function* () {
      const organization = yield* onlyConnected(Option.getOrNull(given.org))
      const input = yield* setupInput(organization, { choose: given.channel, giveBack: given.giveBack })
      const plan = yield* saidPlainly(planSetup(input))
      yield* areThere(plan)
      if (given.dryRun) return yield* printPlan(organization.id, plan, given.json)
      const todo = plan.steps.filter((step) => given.multiConversations || !step.irreversible)
      if (!given.json && !given.yes) yield* printPlan(organization.id, plan, false)
      if (plan.steps.length > 0 && !given.yes) {
        if (todo.length > 0 && !(yield* agreed("Do this in Zendesk?", "--yes")))
          return yield* Console.log("Nothing was changed.")
      }
      const irreversible = yield* agreedToIrreversible(plan, given.multiConversations, given.yes)
      yield* tellReport(organization.id, yield* saidPlainly(applySetup(input, { irreversible })), given.json)
    })
    yield* Effect.provide(work, setupServices(config))
  }).pipe(resumable("opencx setup zendesk")),
).pipe(
  Command.withDescription(
    "Make or repair webhooks, triggers, integration and responders in Zendesk, and store their secrets",
  ),
)

export const setup = Command.make("setup").pipe(
  Command.withDescription("Set an account up"),
  Command.withSubcommands([zendesk]),
)
