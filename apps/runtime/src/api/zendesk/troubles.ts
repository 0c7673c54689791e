/** Failures on the way to Zendesk as the API tells them, within a time. */
import { Effect } from "effect"
import type { ConfigurationError } from "../../config/ConfigError.ts"
import type { Cut } from "../../setup/cutter.ts"
import { NotPossible, ZendeskFailed } from "../contract/trouble.ts"
import { outage } from "../GuardLive.ts"

const failed =
  (cut: Cut) =>
  ({ message }: { readonly message: string }) =>
    Effect.fail(
      new ZendeskFailed({
        problem: cut(message),
        hint: "POST …/zendesk/verify says what is wrong and what to do.",
      }),
    )

/** For `Effect.catchTags`, where Zendesk is not asked. */
export const ownTroubles = (cut: Cut) => ({
  StoreError: outage,
  ConfigurationError: ({ hint, problem }: ConfigurationError) =>
    Effect.fail(new NotPossible({ problem: cut(problem), hint })),
})

export const troubles = (cut: Cut) => ({
  ...ownTroubles(cut),
  TicketingError: failed(cut),
  MessagingError: failed(cut),
})

/** Longer than a look at a whole account takes. */
export const lookMs = 120_000
/** Longer than all steps with every timeout of their own. */
export const doMs = 600_000

/** Ends what has not ended in time. */
export const within =
  (ms: number) =>
  <A, E, R>(work: Effect.Effect<A, E, R>) =>
    Effect.timeoutOrElse(work, {
      duration: ms,
      orElse: () =>
        Effect.fail(
          new ZendeskFailed({
            problem: `Zendesk has not answered everything within ${ms / 1_000} seconds.`,
            hint: "What was done stays done. Try again: it goes on where it was.",
          }),
        ),
    })
