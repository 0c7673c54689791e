/** Free text while the customer service window is open, else what goes through a closed one. */
import type { SendFailure } from "@opencx/core"
import { Effect } from "effect"
import { nothingToSend } from "./failure.ts"
import type { Window } from "./window.ts"

type Ids = Effect.Effect<ReadonlyArray<string>, SendFailure>

/** `closed`: with the time of closing, null when only the provider knows it. The receipt names the last message. */
export const sendInWindow = Effect.fnUntraced(function* (
  window: Window,
  open: Ids,
  closed: (closesAt: number | null) => Ids,
) {
  const ids = yield* window.open
    ? open.pipe(
        Effect.catch((failure) =>
          // WhatsApp's clock may differ from ours: then its word counts.
          failure.kind._tag === "Hold" ? closed(null) : Effect.fail(failure),
        ),
      )
    : closed(window.closesAt)
  const last = ids.at(-1)
  if (last === undefined) return yield* nothingToSend()
  return { providerId: last, messageId: last }
})
