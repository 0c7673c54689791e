/** The parts of a message: how each is sent, and how one that may be out already is looked for. `sendParts` does the rest. */
import { type Account, type OutboundPart, type PartFate, SendFailure } from "@opencx/core"
import { Effect, Schedule } from "effect"
import type { Settings } from "../settings.ts"
import { findMessage, type NewMessage, postMessage } from "./api.ts"

const failure = (kind: SendFailure["kind"]) => new SendFailure({ kind })

/** Kept by the engine until the customer writes again. */
export const windowClosed: SendFailure["kind"] = {
  _tag: "Hold",
  explanation:
    "The customer's last message is too long ago: this channel allows an answer within seven days.",
}

const post = (account: Account<Settings>, message: NewMessage) =>
  postMessage(account, message).pipe(
    // A message that the provider took without naming it is known by our reference.
    Effect.map((id) => id ?? message.reference),
    Effect.catchTags({
      NotTaken: ({ afterMs, detail }) => Effect.fail(failure({ _tag: "Retry", afterMs, detail })),
      Refused: ({ code, explanation }) => Effect.fail(failure({ _tag: "Permanent", code, explanation })),
      WindowClosed: () => Effect.fail(failure(windowClosed)),
      Doubtful: ({ detail }) => Effect.fail(failure({ _tag: "Ambiguous", detail, resendIsSafe: false })),
    }),
  )

/** Asks the provider by our reference. It shows a message in its list a moment after it took it. */
const find = (account: Account<Settings>, reference: string): Effect.Effect<PartFate> =>
  findMessage(account, reference).pipe(
    Effect.repeat({ schedule: Schedule.spaced("200 millis"), times: 2, while: (id) => id === null }),
    Effect.match({
      onSuccess: (id): PartFate => (id === null ? { _tag: "NotSent" } : { _tag: "Sent", providerId: id }),
      onFailure: ({ detail }): PartFate => ({ _tag: "NotNow", detail }),
    }),
  )

/** One message of the provider. Its name is the same in every try. */
export const partOf = (account: Account<Settings>, name: string, message: NewMessage): OutboundPart => ({
  name,
  send: post(account, message),
  find: () => find(account, message.reference),
})
