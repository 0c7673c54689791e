/** The `opencx` command line. */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Cause, Effect, Exit, Layer } from "effect"
import { CliError, Command } from "effect/cli"
import { FetchHttpClient } from "effect/http"
import { commands } from "./commands/all.ts"
import { loggingFromEnvironment } from "./commands/logging.ts"

const opencx = Command.make("opencx").pipe(
  Command.withDescription("OpenCX for Zendesk: an AI support agent in front of your Zendesk"),
  Command.withSubcommands(commands),
)

/** Failures that a person can mend are said in plain words; everything else with its stack. */
const explain = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.findErrorOption(cause)
  if (error._tag === "Some" && error.value instanceof Error && !CliError.isCliError(error.value)) return error.value.message
  return Cause.pretty(cause)
}

const program = Command.run(opencx, { version: "0.0.0" }).pipe(
  Effect.provide(Layer.mergeAll(NodeServices.layer, FetchHttpClient.layer, loggingFromEnvironment)),
  Effect.tapCause((cause) =>
    Cause.hasInterruptsOnly(cause) ? Effect.void : Effect.sync(() => void process.stderr.write(`${explain(cause)}\n`)),
  ),
)

NodeRuntime.runMain(program, {
  disableErrorReporting: true,
  teardown: (exit, onExit) => onExit(Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause) ? 0 : 1),
})
