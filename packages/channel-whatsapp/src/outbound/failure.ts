/** What became of a try, in the engine's terms. */
import { SendFailure } from "@opencx/core"

export const retry = (detail: string, afterMs: number | null = null): SendFailure =>
  new SendFailure({ kind: { _tag: "Retry", afterMs, detail } })

export const permanent = (code: string, explanation: string): SendFailure =>
  new SendFailure({ kind: { _tag: "Permanent", code, explanation } })

/** WhatsApp shows the same text twice when it is sent twice, so a resend is never safe. */
export const ambiguous = (detail: string): SendFailure =>
  new SendFailure({ kind: { _tag: "Ambiguous", detail, resendIsSafe: false } })

export const hold = (explanation: string): SendFailure =>
  new SendFailure({ kind: { _tag: "Hold", explanation } })

/** 4, 16, 64 … seconds, at most ten minutes: how Meta wants its limit per pair of numbers respected. */
export const slowdownMs = (times: number): number => Math.min(600_000, 1000 * 4 ** Math.min(times, 6))

export const noAddress = (): SendFailure =>
  permanent(
    "no_address",
    "This conversation has no WhatsApp address that can be written to; reach the customer on another channel.",
  )

export const nothingToSend = (): SendFailure =>
  permanent("empty", "There was nothing in the message that could be sent.")
