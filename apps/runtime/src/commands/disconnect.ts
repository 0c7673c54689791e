/** `opencx disconnect zendesk`: takes away what setting up has made, when nobody needs it any more. */
import { viewOf } from "@opencx/zendesk"
import { Console, Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { loadConfig } from "../config/load.ts"
import { disconnecting } from "../setup/disconnecting.ts"
import { planLines } from "../setup/lines.ts"
import { PlanReport } from "../setup/reports.ts"
import { onlyConnected, setupServices } from "../setup/services.ts"
import { saidPlainly } from "../setup/unreadable.ts"
import { agreed } from "./asking.ts"
import { resumable } from "./ending.ts"
import { environment } from "./environment.ts"
import { configFlag, dryRunFlag, jsonFlag, orgFlag, yesFlag } from "./flags.ts"
import { printAs } from "./output.ts"
import { tellReport } from "./setup.ts"

const flags = {
  config: configFlag,
  org: orgFlag,
  now: Flag.Boolean("now").pipe(
    Flag.withDescription("Do not wait for open conversations: humans' replies in them reach nobody any more"),
    Flag.withDefault(false),
  ),
  dryRun: dryRunFlag,
  yes: yesFlag,
  json: jsonFlag,
}

const lastWords =
  "Disconnected: tickets, customers and conversations in Zendesk are untouched. Remove `zendesk` and `messaging` from the configuration, and the OAuth client in Zendesk if nothing else uses it."

const zendesk = Command.make("zendesk", flags, (given) =>
  Effect.gen(function* () {
    const config = yield* loadConfig(Option.getOrUndefined(given.config), environment)
    const work = Effect.gen(function* () {
      const organization = yield* onlyConnected(Option.getOrNull(given.org))
      const account = yield* disconnecting(organization, given.now)
      const plan = yield* saidPlainly(account.plan)
      const shown = { organization: organization.id, plan: plan.steps.map(viewOf), byHand: plan.byHand }
      if (given.dryRun && given.json) return yield* printAs(PlanReport, shown)
      const isWorth = plan.steps.length + plan.byHand.length > 0
      if (!given.json && (isWorth || given.dryRun))
        for (const line of [
          `${organization.id}, to be taken away in Zendesk:`,
          ...planLines({ steps: shown.plan, byHand: plan.byHand }),
        ])
          yield* Console.log(line)
      if (given.dryRun) return
      if (plan.steps.length > 0 && !given.yes && !(yield* agreed("Take this away in Zendesk?", "--yes")))
        return yield* Console.log("Nothing was changed.")
      const { isOver, report } = yield* saidPlainly(account.apply())
      yield* tellReport(organization.id, report, given.json)
      if (isOver && !given.json) yield* Console.log(lastWords)
    })
    yield* Effect.provide(work, setupServices(config))
  }).pipe(resumable("opencx disconnect zendesk")),
).pipe(
  Command.withDescription(
    "Take away in Zendesk what setup has made; open conversations are finished where they are",
  ),
)

export const disconnect = Command.make("disconnect").pipe(
  Command.withDescription("Undo what setup has made"),
  Command.withSubcommands([zendesk]),
)
