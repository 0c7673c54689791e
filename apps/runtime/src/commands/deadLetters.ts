/** `opencx dead-letters`: work that was given up, looked at, run again or discarded. */
import { WorkId } from "@opencx/core"
import { Console, Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { ConfigurationError } from "../config/ConfigError.ts"
import {
  discardWork,
  type HandledWork,
  listDeadLetters,
  replayWork,
  showWork,
} from "../operate/deadLetters.ts"
import { printable } from "../logging/printable.ts"
import { limitFlag, orgFlag, withData } from "./data.ts"
import { configFlag, jsonFlag } from "./flags.ts"
import { printJson } from "./output.ts"

const idsArgument = Argument.String("id").pipe(
  Argument.withSchema(WorkId),
  Argument.withDescription("Ids, as `dead-letters list` prints them"),
  Argument.variadic(),
)

const taskFlag = Flag.String("task").pipe(
  Flag.withDescription("Only this kind of task, such as Deliver or OpenTicket; may be given several times"),
  Flag.atLeast(0),
)

const allFlag = Flag.Boolean("all").pipe(
  Flag.withDescription("All that --org and --task leave over"),
  Flag.withDefault(false),
)

const common = { config: configFlag, json: jsonFlag }
const choice = { ...common, ids: idsArgument, all: allFlag, org: orgFlag, task: taskFlag }

interface Choice {
  readonly ids: ReadonlyArray<WorkId>
  readonly all: boolean
  readonly org: Option.Option<Parameters<typeof listDeadLetters>[0]["orgId"] & string>
  readonly task: ReadonlyArray<string>
}

const chosen = Effect.fnUntraced(function* ({ all, ids, org, task }: Choice) {
  if (all === ids.length > 0)
    return yield* new ConfigurationError({
      problem: all ? "Both ids and --all were given." : "Neither ids nor --all were given.",
      hint: "Name the dead letters by their ids, or say --all. `opencx dead-letters list` shows them.",
    })
  // Ids name work of all organizations; --org is for --all.
  if (!all) return { ids, orgId: null }
  const found = yield* listDeadLetters({ orgId: Option.getOrNull(org), tasks: task, limit: 100_000 })
  return { ids: found.map(({ id }) => id), orgId: null }
})

const words = {
  replay: { done: "will run again", unchanged: "is no dead letter (any more)", unknown: "is not known" },
  discard: { done: "discarded", unchanged: "is no dead letter (any more)", unknown: "is not known" },
} as const

const tell = Effect.fnUntraced(function* (
  what: keyof typeof words,
  handled: ReadonlyArray<HandledWork>,
  json: boolean,
) {
  if (json) yield* printJson(handled)
  else for (const { id, result } of handled) yield* Console.log(`${id}  ${words[what][result]}`)
  if (!json && handled.length === 0) yield* Console.log("There are no dead letters.")
  const unknown = handled.filter(({ result }) => result === "unknown").map(({ id }) => id)
  if (unknown.length > 0)
    return yield* new ConfigurationError({
      problem: `There is no work with the id ${unknown.join(", ")}.`,
      hint: "`opencx dead-letters list` shows what there is.",
    })
})

const list = Command.make(
  "list",
  { ...common, org: orgFlag, task: taskFlag, limit: limitFlag(100) },
  ({ config, json, limit, org, task }) =>
    withData(config, () =>
      Effect.gen(function* () {
        const found = yield* listDeadLetters({ orgId: Option.getOrNull(org), tasks: task, limit })
        if (json) return yield* printJson(found)
        for (const { id, organization, queue, session, updatedAt, why } of found)
          yield* Console.log(
            printable(`${id}  ${updatedAt}  ${organization}  ${queue}  session ${session}\n  ${why}`),
          )
        if (found.length === 0) yield* Console.log("There are no dead letters.")
      }),
    ),
).pipe(Command.withDescription("Work that was given up, newest first"))

const show = Command.make(
  "show",
  { ...common, id: Argument.String("id").pipe(Argument.withSchema(WorkId)) },
  ({ config, id }) =>
    withData(config, () =>
      Effect.gen(function* () {
        const found = yield* showWork(id)
        if (found !== null) return yield* printJson(found)
        return yield* new ConfigurationError({
          problem: `There is no work with the id ${id}.`,
          hint: "`opencx dead-letters list` shows what there is; finished work is kept for a time only.",
        })
      }),
    ),
).pipe(Command.withDescription("One of them as JSON, without words of customers or agents"))

const replay = Command.make("replay", choice, ({ config, json, ...which }) =>
  withData(config, () =>
    Effect.flatMap(Effect.flatMap(chosen(which), replayWork), (handled) => tell("replay", handled, json)),
  ),
).pipe(Command.withDescription("Run them again; a runtime that is up takes them over within 20 seconds"))

const discard = Command.make(
  "discard",
  {
    ...choice,
    reason: Flag.String("reason").pipe(
      Flag.withDescription("Why; kept with the work"),
      Flag.filter(
        (text) => text.trim() !== "",
        () => "Say why, in a few words.",
      ),
    ),
  },
  ({ config, json, reason, ...which }) =>
    withData(config, () =>
      Effect.gen(function* () {
        yield* tell("discard", yield* discardWork(yield* chosen(which), reason), json)
      }),
    ),
).pipe(Command.withDescription("Give them up for good, with a reason"))

export const deadLetters = Command.make("dead-letters").pipe(
  Command.withDescription("Work that was given up: list, show, replay, discard"),
  Command.withSubcommands([list, show, replay, discard]),
)
