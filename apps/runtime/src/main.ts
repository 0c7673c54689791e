#!/usr/bin/env node
/** The `opencx` command line. */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Cause, Effect, Exit, Layer } from "effect"
import { CliError, Command } from "effect/cli"
import { FetchHttpClient } from "effect/http"
import { commands } from "./commands/all.ts"
import { ending, EndsWith } from "./commands/ending.ts"
import { environmentSecrets, loggingFromEnvironment } from "./commands/logging.ts"
import { KnownSecrets } from "./logging/Logging.ts"
import { printable } from "./logging/printable.ts"
import { cutKnown } from "./logging/redact.ts"
import { withShortTurns } from "./turns/shortTurns.ts"
import { version } from "./version.ts"

const opencx = Command.make("opencx").pipe(
  Command.withDescription("OpenCX for Zendesk: an AI support agent in front of your Zendesk"),
  Command.withSubcommands(commands),
)

/** Failures that a person can mend are said in plain words; everything else with its stack. */
const explain = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.findErrorOption(cause)
  return error._tag === "Some" && error.value instanceof Error && error.value.message !== ""
    ? error.value.message
    : Cause.pretty(cause)
}

/** Stopping is no failure, and of wrong arguments the command line has already told. */
const isTold = (cause: Cause.Cause<unknown>): boolean => {
  const error = Cause.findErrorOption(cause)
  return Cause.hasInterruptsOnly(cause) || (error._tag === "Some" && CliError.isCliError(error.value))
}

/** What the process ends with: 0 done, 1 failed, 2 wrong arguments or not everything looked at, 130 broken off by a signal. */
const codeOf = (exit: Exit.Exit<unknown, unknown>): number => {
  if (Exit.isSuccess(exit)) return 0
  if (Cause.hasInterruptsOnly(exit.cause)) return ending.untilStopped ? 0 : 130
  const error = Cause.findErrorOption(exit.cause)
  if (error._tag === "None") return 1
  if (error.value instanceof EndsWith) return error.value.code
  return CliError.isCliError(error.value) ? 2 : 1
}

const tell = Effect.fnUntraced(function* (cause: Cause.Cause<unknown>) {
  if (isTold(cause)) return
  const cut = cutKnown([...environmentSecrets, ...(yield* KnownSecrets)])
  process.stderr.write(`${printable(cut(explain(cause)))}\n`)
})

const program = Command.run(opencx, { version }).pipe(
  Effect.provide(Layer.mergeAll(NodeServices.layer, FetchHttpClient.layer, loggingFromEnvironment)),
  Effect.tapCause(tell),
  withShortTurns,
)

NodeRuntime.runMain(program, {
  disableErrorReporting: true,
  teardown: (exit, onExit) => onExit(codeOf(exit)),
})
