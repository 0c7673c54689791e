/** Failures inside this package; each is turned into one of the contract's errors before it leaves. */
import { Data } from "effect"

/** Something outside did not do what it should: a socket, a server, a library on foreign bytes. */
export class Fault extends Data.TaggedError("Fault")<{
  readonly message: string
  readonly cause?: unknown
}> {}

/** An answer for an SMTP client; `smtp-server` reads code and text. */
export class SmtpAnswer extends Data.TaggedError("SmtpAnswer")<{
  readonly responseCode: number
  readonly message: string
}> {}

/** Wraps whatever was thrown. */
export const toFault = (error: unknown): Fault =>
  new Fault({ message: error instanceof Error ? error.message : "unknown error", cause: error })
