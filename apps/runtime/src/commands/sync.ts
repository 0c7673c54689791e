/** `opencx sync`: brings the Help Centers of the configuration into the search index, now. */
import { Console, Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { ConfigurationError } from "../config/ConfigError.ts"
import { loadConfig } from "../config/load.ts"
import { Sync } from "../layers/Sync.ts"
import { servicesLayer } from "../Runtime.ts"
import { environment } from "./environment.ts"
import { configFlag, jsonFlag } from "./flags.ts"
import { printJson } from "./output.ts"

const sourceFlag = Flag.String("source").pipe(
  Flag.withDescription("Only the source with this id"),
  Flag.optional,
)

const wanted = Effect.fnUntraced(function* (only: string | undefined) {
  const { sources } = yield* Sync
  const chosen = only === undefined ? sources : sources.filter(({ source }) => source.id === only)
  if (chosen.length > 0) return chosen
  return yield* new ConfigurationError({
    problem: only === undefined ? "No source is configured." : `There is no source "${only}".`,
    hint: `Sources: ${sources.map(({ source }) => source.id).join(", ") || "none; add one under `sources`"}.`,
  })
})

export const sync = Command.make(
  "sync",
  { config: configFlag, source: sourceFlag, json: jsonFlag },
  ({ config: file, json, source: only }) =>
    Effect.gen(function* () {
      const config = yield* loadConfig(Option.getOrUndefined(file), environment)
      const run = Effect.gen(function* () {
        const { run } = yield* Sync
        for (const source of yield* wanted(Option.getOrUndefined(only))) {
          const report = yield* run(source)
          if (json) yield* printJson({ organization: source.orgId, ...report })
          else {
            yield* Console.log(
              `${source.orgId}/${report.sourceId}: ${report.seen} seen, ${report.changed} changed, ${report.removed} removed, ${report.skippedDrafts} drafts skipped, ${report.internal} internal, ${report.calls} calls`,
            )
            for (const error of report.errors)
              yield* Console.error(`  article ${error.articleId}: ${error.detail}`)
          }
        }
      })
      yield* Effect.provide(run, servicesLayer(config))
    }),
).pipe(Command.withDescription("Sync the Help Centers once"))
