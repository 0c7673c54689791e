/** The first administrator: from the environment, or by a link that is printed once. */
import { Tickets, Users } from "@opencx/storage"
import { Effect } from "effect"
import { ConfigurationError } from "../config/ConfigError.ts"
import { Settings } from "../layers/Settings.ts"
import { linkUrl, makeOwner, newLink } from "./logIn.ts"

/**
 * While there is no user: makes the owner that the configuration names, or a link under which one can be made. Answers with
 * the link; null when none is needed. Links of earlier starts are void.
 */
export const firstStart = Effect.gen(function* () {
  const { config, publicUrl } = yield* Settings
  if ((yield* (yield* Users).count) > 0) return null
  yield* (yield* Tickets).once.drop("setup")
  const { firstAdmin } = config
  if (firstAdmin === undefined) return linkUrl(publicUrl, yield* newLink("setup", ""))
  // Of two processes that start at once the slower finds the address taken, by just this owner.
  yield* makeOwner({ ...firstAdmin, name: firstAdmin.email }).pipe(
    Effect.catchTag("EmailTaken", () => Effect.void),
  )
  yield* Effect.logInfo(`Made the first owner ${firstAdmin.email}`)
  return null
}).pipe(
  Effect.mapError(
    (error) =>
      new ConfigurationError({
        problem: `The first administrator could not be made: ${error.message}`,
        hint: "Check the database, then start again.",
      }),
  ),
)
