/**
 * How a command that looks at something ends, for programs that only see the exit code: 0 all is well, 1 something does not
 * work, 2 nothing was found to be wrong, but not everything could be looked at (or the command could not begin).
 */
import { Console, Effect, Schema } from "effect"

/** A command's end other than good, with the exit code that the process shall have. */
export class EndsWith extends Schema.TaggedError<EndsWith>("@opencx/runtime/EndsWith")("EndsWith", {
  code: Schema.Literals([1, 2]),
  problem: Schema.String,
  hint: Schema.String,
}) {
  override get message(): string {
    return `${this.problem}\n${this.hint}`
  }
}

/**
 * Whether the command runs until it is told to stop, so that a signal is its good end. Any other command that a signal ends
 * has not done its work, and the process says so with 130.
 */
export const ending = { untilStopped: false }

export const untilStopped: Effect.Effect<void> = Effect.sync(() => {
  ending.untilStopped = true
})

/** Says, when a signal ends a command half way, how it stands and how to go on. */
export const resumable =
  (again: string) =>
  <A, E, R>(command: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.onInterrupt(command, () =>
      Console.error(
        `Broken off. What is done stays done; ${again} looks at what is there and goes on with the rest.`,
      ),
    )

/** Whatever kept the command from looking is no statement about what it looks at. */
export const couldNotLook = <A, R>(command: Effect.Effect<A, Error, R>): Effect.Effect<A, EndsWith, R> =>
  Effect.mapError(command, (error) =>
    error instanceof EndsWith
      ? error
      : new EndsWith({
          code: 2,
          problem: error.message,
          hint: "Nothing was looked at, so that this says nothing about Zendesk.",
        }),
  )
