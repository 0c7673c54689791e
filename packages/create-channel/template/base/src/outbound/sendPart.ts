/** One part of a message, at most once: what is out is not sent again, what is doubtful is looked for first. */
import { type Account, SendFailure } from "@opencx/core"
import { Clock, Effect, Schedule } from "effect"
import type { Settings } from "../settings.ts"
import { findMessage, type NewMessage, postMessage } from "./api.ts"
import type { Tried } from "./Tried.ts"

/** An account that is open for sending. */
export interface Outbox {
  readonly account: Account<Settings>
  readonly tried: Tried
}

const failure = (kind: SendFailure["kind"]) => new SendFailure({ kind })

/**
 * Asks the provider whether it has the part. Where even that cannot be said, sending again is safe all the same: the next
 * try comes through here first, and sends nothing before it has an answer.
 */
const look = (outbox: Outbox, reference: string) =>
  findMessage(outbox.account, reference).pipe(
    Effect.mapError(({ detail }) => failure({ _tag: "Ambiguous", detail, resendIsSafe: true })),
  )

/** A provider shows a message in its list a moment after it took it. */
const lookAgain = (outbox: Outbox, reference: string) =>
  look(outbox, reference).pipe(
    Effect.repeat({ schedule: Schedule.spaced("200 millis"), times: 2, while: (id) => id === null }),
  )

const settle = Effect.fnUntraced(function* (outbox: Outbox, reference: string, detail: string) {
  const found = yield* lookAgain(outbox, reference)
  if (found !== null) return found
  return yield* failure({ _tag: "Retry", afterMs: 2000, detail: `${detail}; the provider does not have it` })
})

const post = (outbox: Outbox, message: NewMessage) =>
  postMessage(outbox.account, message).pipe(
    Effect.catchTags({
      NotTaken: ({ afterMs, detail }) => Effect.fail(failure({ _tag: "Retry", afterMs, detail })),
      Refused: ({ code, explanation }) => Effect.fail(failure({ _tag: "Permanent", code, explanation })),
      WindowClosed: () => Effect.fail(failure(windowClosed)),
      Doubtful: ({ detail }) => settle(outbox, message.reference, detail),
    }),
  )

/** Kept by the engine until the customer writes again. */
export const windowClosed: SendFailure["kind"] = {
  _tag: "Hold",
  explanation:
    "The customer's last message is too long ago: this channel allows an answer within seven days.",
}

/** Sends the part unless it is out already. Its id, or null when the provider named none. */
export const sendPart = Effect.fnUntraced(function* (outbox: Outbox, message: NewMessage) {
  const { tried } = outbox
  const { reference } = message
  const known = tried.sentId(reference)
  if (known !== undefined) return known
  const before = tried.maybe(reference, yield* Clock.currentTimeMillis)
    ? yield* look(outbox, reference)
    : null
  tried.begin(reference)
  const id = before ?? (yield* post(outbox, message))
  tried.markSent(reference, id)
  return id
})
