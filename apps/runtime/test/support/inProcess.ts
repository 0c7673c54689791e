/** Commands in this process: many of them cost no start of a program each. What only a process shows is in `cli.ts`. */
import { Cause, Effect, Exit, Layer } from "effect"
import { Command } from "effect/cli"
import { TestConsole } from "effect/testing"
import { commands } from "../../src/commands/all.ts"
import type { Ended } from "./cli.ts"
import { outside } from "./run.ts"

const opencx = Command.make("opencx").pipe(Command.withSubcommands(commands))

const messageOf = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.findErrorOption(cause)
  return error._tag === "Some" && error.value instanceof Error ? error.value.message : Cause.pretty(cause)
}

/** Runs a command to its end, with its output caught. */
export const runHere = (args: ReadonlyArray<string>): Promise<Ended> =>
  Effect.runPromise(
    Effect.gen(function* () {
      const exit = yield* Effect.exit(Command.runWith(opencx, { version: "0.0.0" })(args))
      const out = (yield* TestConsole.logLines).join("\n")
      const told = (yield* TestConsole.errorLines).join("\n")
      return Exit.isSuccess(exit)
        ? { code: 0, out, err: told }
        : { code: 1, out, err: `${told}\n${messageOf(exit.cause)}` }
    }).pipe(Effect.provide(Layer.mergeAll(outside, TestConsole.layer))),
  )
