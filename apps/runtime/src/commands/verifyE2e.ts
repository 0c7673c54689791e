/** `opencx verify-e2e`: the check from end to end on a real account, step by step, while `opencx serve` runs. */
import { Console, Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { ConfigurationError } from "../config/ConfigError.ts"
import { loadConfig } from "../config/load.ts"
import { servicesLayer } from "../Runtime.ts"
import { runE2e } from "../setup/e2e/run.ts"
import { E2eLine } from "../setup/reports.ts"
import { onlyConnected } from "../setup/services.ts"
import { environment } from "./environment.ts"
import { configFlag, jsonFlag, orgFlag } from "./flags.ts"
import { printAs } from "./output.ts"

const flags = {
  config: configFlag,
  org: orgFlag,
  minutes: Flag.Finite("minutes").pipe(
    Flag.withDescription("How long each step may take"),
    Flag.withDefault(15),
  ),
  json: jsonFlag,
}

export const verifyE2e = Command.make("verify-e2e", flags, ({ config: file, json, minutes, org }) =>
  Effect.gen(function* () {
    const config = yield* loadConfig(Option.getOrUndefined(file), environment)
    const work = Effect.gen(function* () {
      const organization = yield* onlyConnected(Option.getOrNull(org))
      const { ok, steps } = yield* runE2e({
        organization,
        patience: `${minutes} minutes`,
        every: "500 millis",
        tell: (step, instruction) =>
          json
            ? printAs(E2eLine, { event: "now", step, instruction })
            : Console.log(`\n${step}: ${instruction}`),
      })
      if (json) yield* printAs(E2eLine, { event: "finished", ok, steps })
      else
        for (const one of steps) {
          yield* Console.log(`${one.ok ? "ok  " : "FAIL"} ${one.step}: ${one.said} (${one.seconds} s)`)
          if (one.fix !== null) yield* Console.log(`     ${one.fix}`)
        }
      if (!ok)
        return yield* new ConfigurationError({
          problem: "The check from end to end did not come to its end.",
          hint: "The failed step is named with what to do.",
        })
    })
    yield* Effect.provide(work, servicesLayer(config))
  }),
).pipe(Command.withDescription("Guided check on a real account: handoff, reply, solve and close, handback"))
