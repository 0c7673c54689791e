/** Asking the person at the terminal. */
import { Effect } from "effect"
import { Prompt } from "effect/cli"
import { ConfigurationError } from "../config/ConfigError.ts"
import { isInteractive } from "./environment.ts"

/** Yes or no; without a terminal nobody can say it, and `flag` must. */
export const agreed = Effect.fnUntraced(function* (question: string, flag: string) {
  if (!isInteractive)
    return yield* new ConfigurationError({
      problem: `${question} Nobody is at a terminal to say so.`,
      hint: `Nothing was changed. Run it with ${flag}.`,
    })
  return yield* Prompt.run(Prompt.Confirm({ message: question })).pipe(
    // Ctrl+C is a no.
    Effect.orElseSucceed(() => false),
  )
})
