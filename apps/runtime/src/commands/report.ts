/** `opencx report`: what came of the conversations of a period. It works beside a runtime that is up, or without one. */
import { Console, Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { ConfigurationError } from "../config/ConfigError.ts"
import { loadConfig } from "../config/load.ts"
import type { RuntimeConfig } from "../config/RuntimeConfig.ts"
import { makeReport } from "../report/makeReport.ts"
import { periodOf } from "../report/Period.ts"
import { reportLines } from "../report/reportText.ts"
import { servicesLayer } from "../Runtime.ts"
import { environment } from "./environment.ts"
import { configFlag, jsonFlag } from "./flags.ts"
import { printJson } from "./output.ts"

const dateFlag = (name: string, what: string) =>
  Flag.String(name).pipe(Flag.withDescription(what), Flag.optional)

const flags = {
  config: configFlag,
  org: Flag.String("org").pipe(
    Flag.withDescription("Only the organization with this id; may be given several times"),
    Flag.atLeast(0),
  ),
  from: dateFlag("from", "First day, UTC: 2026-11-01 (default: 30 days before the end)"),
  to: dateFlag("to", "Last day, UTC; that day is part of it (default: now)"),
  json: jsonFlag,
}

const chosen = ({ organizations }: RuntimeConfig, ids: ReadonlyArray<string>) => {
  const known = organizations.map(({ id }) => id)
  const strange = ids.find((id) => !known.some((one) => one === id))
  return strange === undefined
    ? Effect.succeed(known.filter((id) => ids.length === 0 || ids.includes(id)))
    : Effect.fail(
        new ConfigurationError({
          problem: `There is no organization "${strange}".`,
          hint: `Organizations: ${known.join(", ")}.`,
        }),
      )
}

export const report = Command.make("report", flags, (given) =>
  Effect.gen(function* () {
    const config = yield* loadConfig(Option.getOrUndefined(given.config), environment)
    const organizations = yield* chosen(config, given.org)
    const period = yield* periodOf({
      from: Option.getOrUndefined(given.from),
      to: Option.getOrUndefined(given.to),
    })
    const reports = Effect.forEach(organizations, (orgId) => makeReport(orgId, period))
    const [first, ...others] = yield* Effect.provide(reports, servicesLayer(config))
    if (first === undefined) return
    for (const one of [first, ...others]) {
      if (given.json) yield* printJson(one)
      else yield* Console.log(`${one === first ? "" : "\n"}${reportLines(one).join("\n")}`)
    }
  }),
).pipe(Command.withDescription("Print what came of the conversations of a period"))
