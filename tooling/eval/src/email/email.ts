/** `email`: what the email channel makes of real mails. */
import { Effect } from "effect"
import type { Eval } from "../report/Report.ts"
import { classify } from "./classify.ts"
import { openMailbox } from "./mailbox.ts"
import { trimming } from "./trimming.ts"

export const email: Eval = Effect.fn("eval.email")(function* (options) {
  const mailbox = yield* openMailbox()
  const trimmed = yield* trimming(options, mailbox)
  const classified = yield* classify(options, mailbox)
  return {
    sections: [...trimmed, ...classified],
    skipped: [
      ...(trimmed.length === 0 ? [`no folder email-reply* in ${options.data}`] : []),
      ...(classified.length === 0 ? [`no folder email-classify* in ${options.data}`] : []),
    ],
  }
})
