/** The contract's send failures, in short. */
import { SendFailure } from "@opencx/core"
import { Data } from "effect"

export const retry = (detail: string, afterMs: number | null = null): SendFailure =>
  new SendFailure({ kind: { _tag: "Retry", afterMs, detail } })

export const permanent = (code: string, explanation: string): SendFailure =>
  new SendFailure({ kind: { _tag: "Permanent", code, explanation } })

/** Not sent, and that is right. */
export const withheld = (why: string): SendFailure => new SendFailure({ kind: { _tag: "Withheld", why } })

/** Something outside did not do what it should; always turned into one of the contract's errors. */
export class Fault extends Data.TaggedError("Fault")<{ readonly message: string }> {}
