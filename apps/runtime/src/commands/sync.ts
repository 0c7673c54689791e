/** `opencx sync`: brings the sources of the configuration into the search index, now or for as long as it runs. */
import { Console, Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { ConfigurationError } from "../config/ConfigError.ts"
import { loadConfig } from "../config/load.ts"
import { Sync } from "../layers/Sync.ts"
import { servicesLayer } from "../Runtime.ts"
import { type Source, type SyncMode, SyncsFailed } from "../sync/Source.ts"
import { untilStopped } from "./ending.ts"
import { environment } from "./environment.ts"
import { configFlag, jsonFlag } from "./flags.ts"
import { humanOutput, jsonOutput } from "./syncOutput.ts"

const flag = (name: string, description: string) =>
  Flag.Boolean(name).pipe(Flag.withDescription(description), Flag.withDefault(false))

const flags = {
  config: configFlag,
  source: Flag.String("source").pipe(
    Flag.withDescription("Only the source with this id; may be given several times"),
    Flag.atLeast(0),
  ),
  full: flag("full", "Read everything, not only what changed"),
  acceptDeletions: flag(
    "accept-deletions",
    "Read everything, and remove what is gone however much it is: after a look at why so much is missing",
  ),
  watch: flag("watch", "Go on syncing on the sources' intervals until stopped"),
  json: jsonFlag,
}

const idsOf = (sources: ReadonlyArray<Source>): string =>
  [...new Set(sources.map(({ source }) => source.id))].join(", ")

const wanted = Effect.fnUntraced(function* (ids: ReadonlyArray<string>) {
  const { sources } = yield* Sync
  const strange = ids.find((id) => !sources.some(({ source }) => source.id === id))
  const chosen = ids.length === 0 ? sources : sources.filter(({ source }) => ids.includes(source.id))
  if (strange === undefined && chosen.length > 0) return chosen
  return yield* new ConfigurationError({
    problem: strange === undefined ? "No source is configured." : `There is no source "${strange}".`,
    hint: `Sources: ${idsOf(sources) || "none; add one under `sources`"}.`,
  })
})

/** Runs all of them one after the other; one that fails does not keep the others from their turn. */
const runAll = Effect.fnUntraced(function* (sources: ReadonlyArray<Source>, mode: SyncMode) {
  const { run } = yield* Sync
  const results = yield* Effect.forEach(sources, (source) =>
    Effect.matchEffect(run(source, mode), {
      onSuccess: () => Effect.succeed(true),
      // A source that another process keeps has begun no run here, and so nothing has told of it.
      onFailure: (error) =>
        Effect.as(error._tag === "SourceBusy" ? Console.error(error.message) : Effect.void, false),
    }),
  )
  const failed = results.filter((isGood) => !isGood).length
  if (failed > 0) return yield* new SyncsFailed({ failed, all: sources.length })
})

export const sync = Command.make("sync", flags, (given) =>
  Effect.gen(function* () {
    const config = yield* loadConfig(Option.getOrUndefined(given.config), environment)
    const mode = given.acceptDeletions ? "acceptLoss" : given.full ? "full" : "incremental"
    const work = Effect.gen(function* () {
      const { listen, scheduleOf } = yield* Sync
      const sources = yield* wanted(given.source)
      yield* listen(given.json ? jsonOutput : yield* humanOutput)
      if (!given.watch) return yield* runAll(sources, mode)
      yield* untilStopped
      if (mode !== "incremental") yield* Effect.ignore(runAll(sources, mode))
      yield* scheduleOf(sources)
    })
    yield* Effect.provide(Effect.scoped(work), servicesLayer(config))
  }),
).pipe(Command.withDescription("Sync the sources: what changed, or everything"))
